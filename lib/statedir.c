/* SPDX-License-Identifier: ISC */
/* The state directory: a directory for each container, by its ID. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/directory.h"
#include "lib/mem.h"
#include "lib/state.h"
#include "lib/statedir.h"

#define LOCK_TRIES 50 /* a millisecond each */
#define LOCK_SECONDS 10
#define LOCK_PAUSE_MS 5

bool
state_id_valid(const char *id)
{
	size_t len = strlen(id);

	/* One less than a name can have: see state_claim. */
	return len > 0 && len < 255 && *id != '.' &&
	       strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			  "0123456789_+.-") == len;
}

void
state_id_check(const char *id)
{
	if (!state_id_valid(id))
		die_usage("%s: an ID consists of letters, digits and _ + . - "
			  "(254 at most), and does not begin with a dot",
		    id);
}

static int
dir_lock(int dir, int how)
{
	int r;

	do
		r = flock(dir, how);
	while (r < 0 && errno == EINTR);
	return r;
}

/*
 * Make the directory name and lock it.  A directory that a killed creator left
 * is used again: its state.json will be replaced.  Whoever is about to remove
 * it as a leftover has it for a moment only.
 */
static int
dir_make(int root, const char *name, const char *id)
{
	const struct timespec millisecond = {.tv_nsec = 1000000};
	int dir, tries = 0;

	for (;;) {
		if (mkdirat(root, name, 0700) < 0 && errno != EEXIST)
			diesys("%s", id);
		dir = openat(root, name, STATE_OPEN | O_NOFOLLOW);
		if (dir < 0 && errno == ENOENT)
			continue;
		if (dir < 0)
			diesys("%s", name);
		if (dir_lock(dir, LOCK_EX | LOCK_NB) < 0) {
			if (errno == EWOULDBLOCK && tries++ < LOCK_TRIES) {
				close(dir);
				nanosleep(&millisecond, NULL);
				continue;
			}
			if (errno == EWOULDBLOCK)
				die("%s: another process is creating it", id);
			diecall("flock", id);
		}
		if (directory_has(root, name, dir))
			return dir;
		close(dir); /* whoever had it has given it its name */
	}
}

/* Who has the name, and what its user can do about that. */
static _Noreturn void
name_refuse(int root, const char *id)
{
	static const char other[] = "or choose another name";
	const char *why, *status;
	struct state s;

	if (state_read(root, id, &s, &why) < 0)
		die("%s: the name is in use by a container whose state cannot "
		    "be read (%s); remove it (oci-delete), %s",
		    id, why, other);
	state_judge(&s);
	status = s.status;
	if (strcmp(status, "running") == 0)
		die("%s: the name is in use by a container of %s that has been "
		    "running since %.19sZ, process %d; end it (oci-kill), %s",
		    id, s.bundle, s.created, (int)s.pid, other);
	if (strcmp(status, "created") == 0)
		die("%s: the name is in use by a container of %s that has been "
		    "waiting since %.19sZ; start it (oci-start), remove it "
		    "(oci-delete), %s",
		    id, s.bundle, s.created, other);
	if (strcmp(status, "stopped") == 0)
		die("%s: the name is in use by a container of %s, made %.19sZ, "
		    "that has stopped; remove it (oci-delete), %s",
		    id, s.bundle, s.created, other);
	die("%s: the name is in use by a container of %s that has been %s "
	    "since %.19sZ; wait for it, %s",
	    id, s.bundle, status, s.created, other);
}

int
state_claim(int root, const struct state *s)
{
	char *name = xasprintf(".%s", s->id);
	int dir = dir_make(root, name, s->id), error;

	state_write(dir, s);
	/*
	 * This replaces an empty directory, which a killed state_remove may
	 * have left, and fails on one with a state in it.
	 */
	if (renameat(root, name, root, s->id) < 0) {
		error = errno;
		state_remove(root, name, dir);
		if (error == ENOTEMPTY || error == EEXIST)
			name_refuse(root, s->id);
		errno = error;
		diesys("%s", s->id);
	}
	free(name);
	return dir;
}

bool
state_is_torn(int root, const char *id)
{
	char *path = xasprintf("%s/state.json", id), first = '\0';
	int fd = openat(root, path,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;
	bool torn = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
		    read(fd, &first, 1) >= 0 && !first;

	if (fd >= 0)
		close(fd);
	free(path);
	return torn;
}

int
state_open(int root, const char *id)
{
	return openat(root, id, STATE_OPEN | O_NOFOLLOW);
}

int
state_try_lock(int root, const char *name)
{
	int dir = state_open(root, name), error;

	if (dir < 0)
		return -1;
	error = ESTALE; /* it was removed, and is another's name maybe */
	if (dir_lock(dir, LOCK_EX | LOCK_NB) < 0)
		error = errno;
	else if (directory_has(root, name, dir))
		return dir;
	close(dir);
	errno = error;
	return -1;
}

int
state_lock(int root, const char *id)
{
	const struct timespec pause = {.tv_nsec = LOCK_PAUSE_MS * 1000000};
	int dir;

	for (int ms = 0;; ms += LOCK_PAUSE_MS) {
		dir = state_try_lock(root, id);
		if (dir >= 0 || errno == ENOENT)
			return dir;
		if (errno != EWOULDBLOCK && errno != ESTALE)
			diesys("%s", id);
		if (ms >= LOCK_SECONDS * 1000)
			die("%s: another program is at it, and has been for "
			    "%d seconds",
			    id, LOCK_SECONDS);
		nanosleep(&pause, NULL);
	}
}

void
state_unlock(int dir)
{
	/* Not by close alone: a child may have the descriptor still. */
	flock(dir, LOCK_UN);
	close(dir);
}

int
state_exit_read(int file)
{
	char text[8] = {0}, *end;
	ssize_t n = pread(file, text, sizeof text - 1, 0);
	long status;

	/* A line, or it isn't all. */
	if (n < 2 || text[0] < '0' || text[0] > '9')
		return -1;
	status = strtol(text, &end, 10);
	return *end == '\n' && !end[1] && status <= 255 ? (int)status : -1;
}
