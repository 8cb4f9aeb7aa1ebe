/* SPDX-License-Identifier: ISC */
/* Whose the files are: user namespaces by newuidmap(1) and newgidmap(1). */
#include "unpack/rootless.h"

#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/options.h"
#include "lib/subid.h"

/* Map 0 to id and 1 and so on to the range, by a program that may. */
static void
map(const char *program, pid_t pid, unsigned id, const struct subid *range)
{
	char target[16], own[16], start[16], count[16];
	int status;
	pid_t child = fork();

	if (child < 0)
		diesys("fork");
	if (!child) {
		snprintf(target, sizeof target, "%d", pid);
		snprintf(own, sizeof own, "%u", id);
		snprintf(start, sizeof start, "%u", range->start);
		snprintf(count, sizeof count, "%u", range->count);
		execlp(program, program, target, "0", own, "1", "1", start,
		    count, NULL);
		diesys("%s", program);
	}
	if (waitpid(child, &status, 0) != child || status)
		die("%s failed: is it set-user-ID root?", program);
}

/* Wait until the parent is in its namespace, and map its ids from outside. */
_Noreturn static void
mapper(
    int ready, pid_t parent, uid_t uid, gid_t gid, const struct subid range[2])
{
	char c;

	die_in_child(NULL);
	if (read(ready, &c, 1) != 1)
		_exit(1);
	map("newuidmap", parent, uid, &range[0]);
	map("newgidmap", parent, gid, &range[1]);
	_exit(0);
}

static void
enter_ranges(const struct subid range[2])
{
	pid_t self = getpid(), child;
	uid_t uid = geteuid();
	gid_t gid = getegid();
	int ready[2], status;

	if (pipe(ready) < 0)
		diesys("pipe");
	child = fork();
	if (child < 0)
		diesys("fork");
	if (!child) {
		close(ready[1]);
		mapper(ready[0], self, uid, gid, range);
	}
	if (unshare(CLONE_NEWUSER) < 0)
		diecall("unshare",
		    "no user namespace; --rootless=single does without");
	if (write(ready[1], "", 1) != 1)
		diesys("newuidmap");
	if (waitpid(child, &status, 0) != child || status)
		die("no subordinate ids can be had; --rootless=single does "
		    "without");
	close(ready[0]);
	close(ready[1]);
	if (setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0 ||
	    setgroups(0, NULL) < 0)
		diesys("user namespace");
	/*
	 * It has all capabilities there, of which nobody else is to make use
	 * by ptrace(2) or /proc/PID/root.  Not before: newuidmap wants its
	 * caller's user to own /proc/PID.
	 */
	if (prctl(PR_SET_DUMPABLE, 0) < 0)
		diesys("prctl");
}

void
rootless_explain(const char *word)
{
	const char *rest = ROOTLESS_WORDS, *w;
	size_t len;

	while ((w = options_word(&rest, &len)))
		if (strlen(word) == len && !strncmp(w, word, len))
			die_usage("--rootless %s: write --rootless=%s; single "
				  "makes all files the caller's and needs "
				  "nothing, ranges needs newuidmap(1) and "
				  "/etc/subuid",
			    word, word);
}

bool
rootless_enter(enum rootless mode)
{
	struct subid range[2];
	bool root = !geteuid(), found;

	if (mode == ROOTLESS_DEFAULT)
		mode = root ? ROOTLESS_NO : ROOTLESS_SINGLE;
	if (mode == ROOTLESS_SINGLE || mode == ROOTLESS_NO)
		return mode == ROOTLESS_SINGLE;
	found = subid_ranges(geteuid(), &range[0], &range[1]);
	if (!found && mode == ROOTLESS_RANGES)
		die("--rootless=ranges needs ranges of ids for this user in "
		    "/etc/subuid and /etc/subgid, and newuidmap");
	if (found)
		enter_ranges(range);
	return !found;
}

static bool
put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : write(fd, text, strlen(text));

	if (fd >= 0)
		close(fd);
	return n >= 0;
}

/* Into a namespace in which the caller's ids, and only they, are themselves. */
static bool
enter_own(void)
{
	char uids[64], gids[64];

	snprintf(uids, sizeof uids, "%u %u 1", geteuid(), geteuid());
	snprintf(gids, sizeof gids, "%u %u 1", getegid(), getegid());
	return unshare(CLONE_NEWUSER) == 0 &&
	       put("/proc/self/setgroups", "deny") &&
	       put("/proc/self/uid_map", uids) &&
	       put("/proc/self/gid_map", gids) &&
	       prctl(PR_SET_DUMPABLE, 0) == 0;
}

/* Once inside there is no way back: a child tries it. */
void
rootless_look(void)
{
	pid_t child;
	int status;

	if (!geteuid())
		return;
	child = fork();
	if (child < 0)
		diesys("fork");
	if (!child)
		_exit(!enter_own());
	if (waitpid(child, &status, 0) == child && !status && !enter_own())
		diesys("user namespace");
}
