/* SPDX-License-Identifier: ISC */
/* A bundle on its way: its working directory, and what makes it a bundle. */
#include "bundle/making.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bundle/config.h"
#include "bundle/parts.h"
#include "bundle/record.h"
#include "bundle/stop.h"
#include "bundle/unpacking.h"
#include "bundle/work.h"
#include "lib/die.h"
#include "lib/json.h"
#include "lib/mem.h"

#define BASE_MAX 200 /* bytes of the bundle's name in that of .BUNDLE.new */
#define TRIES 100    /* to find a bundle that others make and remove */

/*
 * What abandon() takes away at exit: its caller's, from making_open until it
 * is published or abandoned, and NULL then.
 */
static struct making *current;

/* Leave nothing of what was begun. */
static void
abandon(void)
{
	struct making *m = current;
	struct timespec times[2];

	if (!m)
		return;
	current = NULL;
	if (m->work.fd >= 0)
		work_remove(&m->work);
	if (m->bundle >= 0) {
		times[0] = m->before.st_atim;
		times[1] = m->before.st_mtim;
		futimens(m->bundle, times);
	}
	stop_raise();
}

/* Whether the bundle is there, and locked. */
static bool
bundle_lock(struct making *m)
{
	m->bundle = open(m->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (m->bundle < 0 && errno == ENOENT)
		return false;
	if (m->bundle < 0)
		diesys("%s", m->path);
	if (is_there(m->bundle, "oci-layout"))
		die("%s: an image layout; give the bundle another name",
		    m->path);
	directory_lock(m->bundle, m->path);
	if (fstat(m->bundle, &m->before))
		diesys("%s", m->path);
	if (m->before.st_nlink)
		return true;
	close(m->bundle); /* it was removed while we waited */
	m->bundle = -1;
	return false;
}

/* Lock .BUNDLE.new: false when it is the bundle by now, or has gone. */
static bool
place_lock(struct making *m)
{
	bool mine;

	if (m->place.parent < 0)
		diesys("%s", m->path);
	if (is_there(m->place.parent, m->place.name))
		return false;
	if (!work_open(&m->work))
		return false;
	directory_lock(m->work.fd, m->path);
	mine = directory_has(m->work.in, m->work.name, m->work.fd);
	if (mine && !is_there(m->place.parent, m->place.name))
		return true;
	if (mine)
		work_remove(&m->work);
	else
		close(m->work.fd);
	m->work.fd = -1;
	return false;
}

/* The path of .BUNDLE.new, beside the bundle's. */
static char *
beside(const struct making *m, const char *name)
{
	size_t n = strlen(m->path);

	while (n > 1 && m->path[n - 1] == '/')
		n--;
	n -= strlen(m->place.name);
	return xasprintf("%.*s%s", (int)n, m->path, name);
}

void
making_open(struct making *m, const char *path, const char *rootless)
{
	*m = (struct making){.path = path,
	    .bundle = -1,
	    .work = {.of = path, .rootless = rootless, .fd = -1}};
	directory_split(path, &m->place);
	m->work.in = m->place.parent;
	m->work.name = xasprintf(".%.*s.new", BASE_MAX, m->place.name);
	m->work.path = beside(m, m->work.name);
	for (int i = 0; !bundle_lock(m) && !place_lock(m); i++)
		if (i == TRIES)
			die("%s: No such file or directory", path);
	current = m;
	atexit(abandon);
	stop_begin();
	if (m->work.fd >= 0) {
		work_empty(&m->work);
		return;
	}
	m->work.in = m->bundle;
	free(m->work.name);
	free(m->work.path);
	m->work.name = xstrdup(".new");
	m->work.path = xasprintf("%s/.new", path);
	if (is_there(m->bundle, ".new")) {
		making_work(m);
		work_empty(&m->work);
	}
}

char *
making_name(const struct making *m)
{
	char *path = m->bundle < 0 ? NULL : realpath(m->path, NULL), *name;

	if (m->bundle >= 0 && !path)
		diesys("%s", m->path);
	name = xstrdup(path ? strrchr(path, '/') + 1 : m->place.name);
	free(path);
	return name;
}

int
making_work(struct making *m)
{
	if (m->work.fd < 0 && !work_open(&m->work))
		diesys("%s", m->work.path);
	return m->work.fd;
}

int
making_lock(const struct making *m)
{
	return m->bundle < 0 ? m->work.fd : m->bundle;
}

static void
rename_or_die(
    const struct making *m, int from, const char *name, int to, const char *as)
{
	if (renameat(from, name, to, as))
		diesys("%s: %s", m->path, as);
}

static void
sync_or_die(const struct making *m, int dir)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || fsync(fd))
		diesys("%s", m->path);
	close(fd);
}

/*
 * All is in the working directory, and on the disk by what wrote it there: it
 * becomes the bundle.
 */
static void
bundle_publish(struct making *m)
{
	stop_check();
	if (renameat(m->work.in, m->work.name, m->place.parent, m->place.name))
		diesys("%s", m->path);
	if (!directory_has(m->place.parent, m->place.name, m->work.fd))
		die("%s: another user has put a directory in its place",
		    m->path);
	current = NULL;
	sync_or_die(m, m->place.parent);
}

/*
 * Until then the bundle is the old one, and abandon() may take away the new.
 * Its record is the old one again then, for that of both goes by inodes, which
 * a copy of the bundle hasn't got.
 */
static void
parts_publish_or_die(struct making *m, bool old)
{
	const char *what;
	int r = parts_move(m->work.fd, m->bundle, old, &what), error = errno;

	if (!r)
		return;
	if (r == -2) {
		current = NULL;
		warn("%s: rootfs and config.json may be of two images now, or "
		     "rootfs be missing; run this again",
		    m->path);
	} else if (!old) {
		unlinkat(m->bundle, RECORD, 0);
	} else {
		renameat(m->work.fd, "was.json", m->bundle, RECORD);
	}
	errno = error;
	diesys("%s: %s", m->path, what);
}

/* The record of both, and the old one in case that all stays as it was. */
static void
both_write(const struct making *m, const char *root_of, const char *old_of,
    const char *platform)
{
	struct record_replaced old = {.digest = old_of,
	    .root = unpacking_open(m->bundle),
	    .by = unpacking_open(m->work.fd)};

	record_write(m->work.fd, "both.json", root_of, platform, &old);
	if (linkat(m->bundle, RECORD, m->work.fd, "was.json", 0))
		record_write(m->work.fd, "was.json", old_of, NULL, NULL);
	close(old.root);
	close(old.by);
}

/*
 * Everything is written before, so that nothing can fail for want of room
 * between the first rename and the last.  Whoever is killed in there leaves
 * a record by which the next run knows which root file system it finds.
 */
static void
parts_publish(struct making *m, const cJSON *config, const char *root_of,
    const char *old_of, const char *platform)
{
	config_write(m->work.fd, config);
	record_write(m->work.fd, RECORD, root_of, platform, NULL);
	if (old_of)
		both_write(m, root_of, old_of, platform);
	stop_check();
	rename_or_die(
	    m, m->work.fd, old_of ? "both.json" : RECORD, m->bundle, RECORD);
	sync_or_die(m, m->bundle);
	parts_publish_or_die(m, old_of != NULL);
	current = NULL;
	sync_or_die(m, m->bundle);
	if (old_of)
		rename_or_die(m, m->work.fd, RECORD, m->bundle, RECORD);
	/* What is left is to go, whatever comes meanwhile. */
	stop_late();
	work_remove(&m->work);
	stop_raise();
}

void
making_publish(struct making *m, const cJSON *config, const char *root_of,
    const char *old_of, const char *platform)
{
	if (m->bundle < 0) {
		config_write(m->work.fd, config);
		if (root_of)
			record_write(
			    m->work.fd, RECORD, root_of, platform, NULL);
		bundle_publish(m);
	} else if (root_of) {
		parts_publish(m, config, root_of, old_of, platform);
	} else {
		stop_check();
		if (m->work.fd >= 0)
			work_remove(&m->work);
		if (!config_is(m->bundle, config))
			config_write(m->bundle, config);
		else
			abandon();
		current = NULL;
	}
}
