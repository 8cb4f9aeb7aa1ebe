/* SPDX-License-Identifier: ISC */
/*
 * HOME, from the image's own user database.
 *
 * The file is whatever the image made of it: a link, a device, a terabyte of
 * nothing.  So it is looked up below the root without crossing into a mount
 * (/proc has files that do things when they are read), seen to be a regular
 * file before it is opened, and read by the user who will have the home.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "run/process/capabilities.h"
#include "run/process/environment.h"
#include "run/process/home.h"
#include "run/rootfs/path.h"
#include "run/spec/spec.h"

#define PASSWD "/etc/passwd"
#define PASSWD_MAX (8 << 20)
#define LINE_MAX 4096

enum { NAME, PASSWORD, UID, GID, GECOS, HOME, SHELL, FIELDS };

static bool
is_uid(const char *text, uid_t uid)
{
	char *end;
	unsigned long n;

	if (*text < '0' || *text > '9')
		return false;
	n = strtoul(text, &end, 10);
	return !*end && n == uid;
}

/* Cuts the line up; its home when it is this user's. */
static const char *
line_home(char *line, uid_t uid)
{
	char *field[FIELDS];
	int n = 0;

	while (n < FIELDS && (field[n] = strsep(&line, ":")))
		n++;
	return n > HOME && is_uid(field[UID], uid) ? field[HOME] : NULL;
}

/* The home directory of uid in a passwd file, owned, or NULL. */
static char *
home_in(char *text, uid_t uid)
{
	const char *home;
	char *line;

	while ((line = strsep(&text, "\n"))) {
		if (strlen(line) > LINE_MAX)
			continue;
		home = line_home(line, uid);
		if (home)
			return xstrdup(home);
	}
	return NULL;
}

static void
warn_passed_over(int error)
{
	const char *why = error == EFBIG    ? "longer than 8 MiB"
			  : error == EINVAL ? "no regular file"
			  : error == ELOOP  ? "a link that leads nowhere"
			  : error == EXDEV  ? "a link to another file system"
					    : strerror(error);

	warn("%s of the image is ignored, and HOME is /: %s", PASSWD, why);
}

/* The file's text, owned; NULL: there is none to be had. */
static char *
passwd_read(const struct root *root)
{
	int fd = path_open_file(root, PASSWD), error = errno;
	char *text = NULL;

	if (fd >= 0) {
		text = io_slurp(fd, PASSWD_MAX, NULL);
		error = errno;
		close(fd);
	}
	if (!text && error != ENOENT && error != ENOTDIR && error != EACCES)
		warn_passed_over(error);
	return text;
}

/*
 * The user's ids for files alone, and no capability in effect: of both this
 * process can have its own back.
 */
static char *
passwd_read_as(const struct process_spec *p, const struct root *root)
{
	gid_t gid = setfsgid(p->gid);
	uid_t uid = setfsuid(p->uid);
	uint64_t effective = capabilities_lower();
	char *text;

	text = passwd_read(root);
	capabilities_raise(effective);
	setfsuid(uid);
	setfsgid(gid);
	return text;
}

void
home_set(struct process_spec *p, const struct root *root)
{
	const char *given = environment_get(p->env, "HOME");
	char *text, *home = NULL;

	/* Other runtimes, too, take an empty one for none. */
	if (given && *given)
		return;
	text = passwd_read_as(p, root);
	if (text)
		home = home_in(text, p->uid);
	free(text);
	environment_add(
	    &p->env, xasprintf("HOME=%s", home && *home ? home : "/"));
	environment_settle(p->env);
	free(home);
}
