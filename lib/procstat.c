/* SPDX-License-Identifier: ISC */
/* What /proc tells of one process. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/procstat.h"

#define STAT_MAX 2048 /* 52 numbers and a name of 64 bytes */

/* The numbers of the fields in proc(5). */
enum {
	FIELD_STATE = 3,
	FIELD_FLAGS = 9,
	FIELD_THREADS = 20,
	FIELD_START = 22,
	FIELD_EXIT = 52
};

#define FORKED_NOT_EXECUTED 0x40 /* PF_FORKNOEXEC, which ps(1) shows as 1 */

struct process_stat {
	char state;
	unsigned long flags;
	unsigned long threads;
	uint64_t start;
	unsigned long exit; /* its status, as of waitpid(2), or to be */
};

/*
 * The name, field 2, is in parentheses and may hold spaces and parentheses
 * itself: the fields are counted from the last one.
 */
static int
stat_parse(const char *text, struct process_stat *st)
{
	const char *p = strrchr(text, ')');

	*st = (struct process_stat){0};
	for (int field = FIELD_STATE; p; field++) {
		p = strchr(p, ' ');
		if (!p && field > FIELD_START)
			return 0;
		if (!p)
			break;
		p++;
		if (field == FIELD_STATE)
			st->state = *p;
		else if (field == FIELD_FLAGS)
			st->flags = strtoul(p, NULL, 10);
		else if (field == FIELD_THREADS)
			st->threads = strtoul(p, NULL, 10);
		else if (field == FIELD_START)
			st->start = strtoull(p, NULL, 10);
		else if (field == FIELD_EXIT) {
			st->exit = strtoul(p, NULL, 10);
			return 0;
		}
	}
	errno = EPROTO;
	return -1;
}

/* 0, or -1 with errno. */
static int
stat_read(pid_t pid, struct process_stat *st)
{
	char path[32], text[STAT_MAX];
	ssize_t n;
	int fd, error;

	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	n = read(fd, text, sizeof text - 1);
	error = errno;
	close(fd);
	if (n < 0) {
		errno = error;
		return -1;
	}
	text[n] = '\0';
	return stat_parse(text, st);
}

void
procstat_check(void)
{
	char self[16];
	ssize_t n = readlink("/proc/self", self, sizeof self - 1);

	self[n < 0 ? 0 : n] = '\0';
	if (atoi(self) != getpid())
		die("/proc: it isn't there, or that of another pid namespace, "
		    "where a pid is another process's; mount -t proc proc "
		    "/proc");
}

uint64_t
procstat_start(pid_t pid)
{
	struct process_stat st;

	return stat_read(pid, &st) < 0 ? 0 : st.start;
}

bool
procstat_lives(pid_t pid, uint64_t start)
{
	struct process_stat st;

	if (pid <= 0)
		return false;
	if (stat_read(pid, &st) < 0)
		return kill(pid, 0) == 0 || errno == EPERM;
	if (st.start != start)
		return false;
	/*
	 * The first thread of a process may end before the others.  It is a
	 * zombie then, and the process lives.
	 */
	if (st.state == 'Z' || st.state == 'X')
		return st.threads > 1;
	return true;
}

int
procstat_open(pid_t pid, uint64_t start)
{
	int fd = pid > 0 ? syscall(SYS_pidfd_open, pid, 0) : -1;

	/* The pid may have become another one's before the open. */
	if (fd < 0 || procstat_lives(pid, start))
		return fd;
	close(fd);
	return -1;
}

bool
procstat_has_executed(pid_t pid)
{
	struct process_stat st;

	return stat_read(pid, &st) < 0 || !(st.flags & FORKED_NOT_EXECUTED);
}

bool
procstat_is_killed(pid_t pid)
{
	struct process_stat st;

	return stat_read(pid, &st) == 0 && st.exit == SIGKILL;
}
