/* SPDX-License-Identifier: ISC */
/* What is known of one container: the file state.json in its directory. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "lib/procstat.h"
#include "lib/state.h"
#include "lib/statedir.h"
#include "lib/statejson.h"

#define STATE_MAX (4 << 20) /* bytes of the file; annotations can be long */
#define BOOT_ID_MAX 64      /* bytes of the file: a UUID and a newline */

static int
fault(const char **why, const char *reason)
{
	*why = reason;
	errno = EINVAL;
	return -1;
}

/*
 * The bytes of state.json in dir; NULL with a reason and errno.  O_NONBLOCK
 * because it may be a FIFO that nobody writes to.
 */
static char *
state_slurp(int dir, uid_t owner, size_t *len, const char **why)
{
	char *text = NULL;
	struct stat st;
	int fd, error;

	fd = openat(dir, "state.json",
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0) {
		*why = errno == ENOENT  ? "no such container"
		       : errno == ELOOP ? "state.json is a symbolic link"
					: strerror(errno);
		return NULL;
	}
	errno = EINVAL;
	if (fstat(fd, &st) < 0)
		*why = strerror(errno);
	else if (!S_ISREG(st.st_mode))
		*why = "state.json is not a regular file";
	else if (st.st_uid != owner && st.st_uid != 0)
		*why = "state.json belongs to somebody else";
	else if (!(text = io_slurp(fd, STATE_MAX, len)))
		*why = errno == EFBIG ? "state.json is longer than 4 MiB"
				      : strerror(errno);
	error = errno;
	close(fd);
	errno = error;
	return text;
}

static int
state_load(int dir, uid_t owner, struct state *s, const char **why)
{
	static char reason[160];
	cJSON *json;
	char *text;
	size_t len;
	int r;

	text = state_slurp(dir, owner, &len, why);
	if (!text)
		return -1;
	json = json_parse(text, len, why);
	free(text);
	if (!json) {
		snprintf(reason, sizeof reason, "state.json %s", *why);
		return fault(why, reason);
	}
	*s = (struct state){0};
	r = state_parse(json, s, why);
	cJSON_Delete(json);
	errno = EINVAL;
	if (r < 0)
		state_free(s);
	return r;
}

/*
 * Whoever creates a container holds the lock until it is created.  When the
 * lock is free, either that is done by now, as a second look tells, or the
 * creator died.
 */
static int
creating_judge(int dir, uid_t owner, struct state *s, const char **why)
{
	if (flock(dir, LOCK_SH | LOCK_NB) < 0)
		return 0;
	state_free(s);
	if (state_load(dir, owner, s, why) < 0)
		return -1;
	s->abandoned = strcmp(s->status, "creating") == 0;
	return 0;
}

/* Where somebody keeps it; what isn't the owner's doesn't say it. */
static void
exit_load(int dir, uid_t owner, struct state *s)
{
	int fd = openat(dir, STATE_EXIT,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return;
	s->exit_status = -1;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    (st.st_uid == owner || st.st_uid == 0))
		s->exit_status = state_exit_read(fd);
	s->exit_known = s->exit_status >= 0;
	close(fd);
}

int
state_read(int root, const char *id, struct state *s, const char **why)
{
	struct stat st;
	int dir, r, error;

	dir = openat(root, id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (dir < 0) {
		*why = errno == ENOENT ? "no such container" : strerror(errno);
		return -1;
	}
	r = fstat(root, &st);
	if (r < 0)
		*why = strerror(errno);
	if (r == 0)
		r = state_load(dir, st.st_uid, s, why);
	if (r == 0 && strcmp(s->status, "creating") == 0)
		r = creating_judge(dir, st.st_uid, s, why);
	if (r == 0 && strcmp(s->id, id) != 0) {
		state_free(s);
		r = fault(why, "state.json is that of another container");
	}
	if (r == 0)
		exit_load(dir, st.st_uid, s);
	error = errno;
	close(dir); /* and with it the lock */
	errno = error;
	return r;
}

void
state_write(int dir, const struct state *s)
{
	cJSON *json = state_json(s);
	char *text, *line;
	size_t len;

	text = json_pretty(json);
	cJSON_Delete(json);
	line = xasprintf("%s\n", text);
	free(text);
	len = strlen(line);
	if (len > STATE_MAX)
		die("%s: annotations of more than 4 MiB", s->id);
	/* Nothing of a container outlives the machine. */
	if (io_replace_unsynced(dir, "state.json", line, len, 0600) < 0)
		diesys("%s/state.json", s->id);
	free(line);
}

void
state_free(struct state *s)
{
	free(s->version);
	free(s->id);
	free(s->status);
	free(s->bundle);
	free(s->rootfs);
	free(s->created);
	free(s->boot);
	state_cgroups_free(&s->cgroups);
	cJSON_Delete(s->annotations);
	*s = (struct state){0};
}

const char *
state_boot(void)
{
	static char *id;

	if (!id) {
		id = io_slurp_at(AT_FDCWD, "/proc/sys/kernel/random/boot_id",
		    BOOT_ID_MAX, NULL);
		if (!id)
			id = xstrdup("");
		id[strcspn(id, "\n")] = '\0';
	}
	return id;
}

bool
state_is_of_this_boot(const struct state *s)
{
	const char *now = state_boot();

	return !s->boot || !*s->boot || !*now || strcmp(s->boot, now) == 0;
}

const char *
state_status(const struct state *s)
{
	if (s->abandoned || !state_is_of_this_boot(s))
		return "stopped";
	if (strcmp(s->status, "creating") == 0)
		return s->status;
	if (!procstat_lives(s->pid, s->start))
		return "stopped";
	if (state_cgroups_frozen(&s->cgroups))
		return "paused";
	/* Whoever started it may have been killed before it wrote that down. */
	if (strcmp(s->status, "created") == 0 && procstat_has_executed(s->pid))
		return "running";
	return s->status;
}

void
state_judge(struct state *s)
{
	char *status = xstrdup(state_status(s));

	free(s->status);
	s->status = status;
	if (strcmp(status, "stopped") == 0 ||
	    (strcmp(status, "creating") == 0 &&
		!procstat_lives(s->pid, s->start)))
		s->pid = 0;
}

char *
state_time(void)
{
	char day[sizeof "2026-01-01T00:00:00"];
	struct timespec now;
	struct tm tm;

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &tm);
	return xasprintf("%s.%09ldZ", day, now.tv_nsec);
}
