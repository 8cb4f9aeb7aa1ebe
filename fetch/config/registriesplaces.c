/* SPDX-License-Identifier: ISC */
/* Where registries.conf is. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fetch/config/registries.h"
#include "fetch/config/toml.h"
#include "lib/die.h"
#include "lib/io.h"
#include "lib/mem.h"

#define SYSTEM "/etc/containers/registries.conf"

static void
file_add(struct registries *c, const char *file)
{
	size_t n;
	char *text = io_slurp_at(AT_FDCWD, file, TOML_MAX, &n);

	if (!text)
		diesys("%s", file);
	registries_add(c, file, text, n);
	free(text);
}

/* What can't even be seen isn't there; what is there has to be readable. */
static bool
is_there(const char *path)
{
	return access(path, F_OK) == 0;
}

/* All FILE.conf of it, in the order of their names. */
static void
dir_add(struct registries *c, const char *dir)
{
	struct dirent **list;
	const char *dot;
	char *path;
	int n;

	if (!is_there(dir))
		return;
	n = scandir(dir, &list, NULL, alphasort);
	if (n < 0 && errno == ENOTDIR) /* /dev/null is a way to have none */
		return;
	if (n < 0)
		diesys("%s", dir);
	for (int i = 0; i < n; i++) {
		dot = strrchr(list[i]->d_name, '.');
		path = xasprintf("%s/%s", dir, list[i]->d_name);
		if (dot && strcmp(dot, ".conf") == 0 &&
		    list[i]->d_type != DT_DIR)
			file_add(c, path);
		free(path);
		free(list[i]);
	}
	free(list);
}

/*
 * Without HOME, as services have it, the user database knows; what is blocked
 * there has to be.  Borrowed.
 */
static const char *
home(void)
{
	const char *dir = getenv("HOME");
	const struct passwd *entry;

	if (dir && *dir)
		return dir;
	entry = getpwuid(getuid());
	return entry && *entry->pw_dir ? entry->pw_dir : "/nonexistent";
}

static const char *
variable(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

/*
 * The file that the environment names, or NULL.  The older variable isn't
 * looked at where there is the newer one, be it empty.
 */
static const char *
named(void)
{
	static const char newer[] = "CONTAINERS_REGISTRIES_CONF";

	return variable(getenv(newer) ? newer : "REGISTRIES_CONFIG_PATH");
}

/*
 * The one file that the rest is added to; whether it stands for the machine's
 * drop-ins as well.
 */
static bool
main_add(struct registries *c, const char *own)
{
	const char *file = named();

	if (file)
		file_add(c, file);
	else if (is_there(own))
		file_add(c, own);
	else if (is_there(SYSTEM))
		file_add(c, SYSTEM);
	return !file && is_there(own);
}

void
registries_read(struct registries *c, const char *file)
{
	const char *drop_ins = variable("CONTAINERS_REGISTRIES_CONF_DIR");
	char *own = xasprintf("%s/.config/containers/registries.conf", home());
	char *dir = xasprintf("%s.d", own);

	*c = (struct registries){0};
	if (file && *file) {
		file_add(c, file);
	} else {
		bool stands = main_add(c, own);

		if (drop_ins && is_there(drop_ins)) {
			dir_add(c, drop_ins);
		} else if (drop_ins) {
			diesys("%s", drop_ins);
		} else {
			if (!stands)
				dir_add(c, SYSTEM ".d");
			dir_add(c, dir);
		}
	}
	free(own);
	free(dir);
}
