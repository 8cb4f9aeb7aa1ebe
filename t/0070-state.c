/* SPDX-License-Identifier: ISC */
/* lib/state, lib/statedir, lib/process: a container from its name to its end.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/mem.h"
#include "lib/procstat.h"
#include "lib/state.h"
#include "lib/statedir.h"
#include "t/tap.h"

static char top[] = "/tmp/oci-test.XXXXXX";

static struct state
state_make(const char *id, const char *status, pid_t pid)
{
	return (struct state){
	    .version = (char *)"1.2.0",
	    .id = (char *)id,
	    .status = (char *)status,
	    .pid = pid,
	    .start = procstat_start(pid),
	    .bundle = (char *)"/b \"x\"\n",
	    .rootfs = (char *)"/b/rootfs",
	    .created = (char *)"2026-01-02T03:04:05.000000006Z",
	};
}

static void
ids(void)
{
	char longest[256];

	memset(longest, 'a', 255);
	longest[255] = '\0';
	ok(!state_id_valid(longest), "255 bytes are too long an ID");
	longest[254] = '\0';
	ok(state_id_valid(longest), "254 are not");
	ok(state_id_valid("a_B+9.-") && state_id_valid("-"), "good IDs");
	ok(!state_id_valid("") && !state_id_valid(".") &&
		!state_id_valid("..") && !state_id_valid(".a") &&
		!state_id_valid("a/b") && !state_id_valid("a b"),
	    "bad IDs");
}

/* Whether fn, in a process of its own, dies with status 1. */
static bool
dies(void (*fn)(int), int root)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		if (!freopen("/dev/null", "w", stderr))
			_exit(3);
		fn(root);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) && WEXITSTATUS(status) == 1;
}

static void
claim_box(int root)
{
	struct state s = state_make("box", "creating", 0);

	state_claim(root, &s);
}

static const char *
status_of(int root, const char *id)
{
	static char text[32];
	struct state s;
	const char *why;

	if (state_read(root, id, &s, &why) < 0)
		return why;
	snprintf(text, sizeof text, "%s", state_status(&s));
	state_free(&s);
	return text;
}

static void
lifecycle(int root)
{
	struct state s = state_make("box", "creating", 0), r;
	const char *why;
	int dir;

	ok(state_read(root, "box", &r, &why) < 0 && errno == ENOENT,
	    "a container that isn't there");
	dir = state_claim(root, &s);
	ok(!strcmp(status_of(root, "box"), "creating"), "creating");
	ok(dies(claim_box, root), "a name is claimed once");
	ok(faccessat(root, ".box", F_OK, 0) < 0, "and nothing is left of it");
	flock(dir, LOCK_UN);
	ok(!strcmp(status_of(root, "box"), "stopped"),
	    "creating, and nobody does");
	flock(dir, LOCK_EX);
	s.status = (char *)"running";
	s.pid = getpid();
	s.start = procstat_start(s.pid);
	state_write(dir, &s);
	ok(!strcmp(status_of(root, "box"), "running"), "running");
	ok(state_read(root, "box", &r, &why) == 0 && r.pid == getpid() &&
		r.start == s.start && !strcmp(r.bundle, s.bundle) &&
		!r.annotations,
	    "what is read is what was written");
	state_free(&r);
	s.start++;
	state_write(dir, &s);
	ok(!strcmp(status_of(root, "box"), "stopped"), "another start time");
	state_unlock(dir);
	dir = state_lock(root, "box");
	ok(dir >= 0 && state_remove(root, "box", dir) == 0, "removed");
	ok(state_lock(root, "box") < 0 && errno == ENOENT, "it is gone");
}

/* The cgroups, and the run of the machine that they are of. */
static void
cgroups(int root)
{
	struct state s = state_make("cg", "running", getpid()), r;
	const char *why;
	int dir;

	s.boot = xstrdup(state_boot());
	s.cgroups.claim = xstrdup("1.2.3");
	state_cgroups_add(&s.cgroups, "/a \"b\"", 27, UINT64_MAX, CGROUP_TAKEN);
	state_cgroups_add(&s.cgroups, "/a", 27, 0, CGROUP_PARENT);
	dir = state_claim(root, &s);
	ok(state_read(root, "cg", &r, &why) == 0 && r.cgroups.n == 2 &&
		!strcmp(r.cgroups.claim, "1.2.3") &&
		!strcmp(r.cgroups.v[0].path, "/a \"b\"") &&
		r.cgroups.v[0].device == 27 &&
		r.cgroups.v[0].inode == UINT64_MAX &&
		r.cgroups.v[0].role == CGROUP_TAKEN &&
		r.cgroups.v[1].role == CGROUP_PARENT,
	    "cgroups are read as they were written");
	ok(!strcmp(state_status(&r), "running"), "of this run of the machine");
	state_free(&r);
	strcpy(s.boot, "another");
	state_write(dir, &s);
	ok(!strcmp(status_of(root, "cg"), "stopped"), "of another run");
	state_remove(root, "cg", dir);
	free(s.boot);
	state_cgroups_free(&s.cgroups);
}

/* What killed programs leave doesn't stand in the way of the next. */
static void
leftovers(int root)
{
	struct state s = state_make("box", "creating", 0);
	int dir;

	mkdirat(root, "box", 0700);
	mkdirat(root, ".box", 0700);
	dir = state_claim(root, &s);
	ok(!strcmp(status_of(root, "box"), "creating"), "leftovers are taken");
	state_remove(root, "box", dir);
}

/* A lock that is waited for, of a container that goes away meanwhile. */
static void
waiting(int root)
{
	struct state s = state_make("box", "creating", 0);
	int dir = state_claim(root, &s), status;
	pid_t pid = fork();

	if (pid == 0) {
		close(dir);
		_exit(state_lock(root, "box") < 0 && errno == ENOENT ? 0 : 1);
	}
	usleep(50000);
	state_remove(root, "box", dir);
	waitpid(pid, &status, 0);
	ok(status == 0, "a lock on what was removed is no lock");
}

static void *
outlive(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static void
zombies(void)
{
	pthread_t thread;
	uint64_t start;
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	waitid(P_PID, pid, &(siginfo_t){0}, WEXITED | WNOWAIT);
	start = procstat_start(pid);
	ok(start && !procstat_lives(pid, start), "a zombie has ended");
	ok(!procstat_is_killed(pid), "and not by SIGKILL");
	waitpid(pid, NULL, 0);
	ok(!procstat_start(pid) && !procstat_lives(pid, start), "gone");

	pid = fork();
	if (pid == 0) {
		pthread_create(&thread, NULL, outlive, NULL);
		pthread_exit(NULL);
	}
	usleep(100000);
	ok(!procstat_is_killed(getpid()), "who isn't killed isn't");
	ok(procstat_lives(pid, procstat_start(pid)),
	    "a first thread that ended is no process that ended");
	kill(pid, SIGKILL);
	ok(procstat_is_killed(pid), "who is, is at once");
	waitpid(pid, NULL, 0);
}

static void
open_root(int unused)
{
	(void)unused;
	state_root(top, STATE_LOOK);
}

int
main(void)
{
	char *deep, *made;
	int root;

	if (!mkdtemp(top))
		return 1;
	deep = xasprintf("%s/a/b", top);
	ids();
	ok(state_root(deep, STATE_LOOK) < 0, "no state directory is no error");
	root = state_root(deep, STATE_MAKE);
	ok(root >= 0, "it is made with its parents");
	lifecycle(root);
	cgroups(root);
	leftovers(root);
	waiting(root);
	zombies();
	chmod(top, 0770);
	ok(dies(open_root, -1), "a directory that others can write to");
	made = state_time();
	ok(strlen(made) == strlen("2026-01-02T03:04:05.000000006Z"), made);
	ok(rmdir(deep) == 0, "nothing is left");
	deep[strlen(deep) - 2] = '\0';
	rmdir(deep);
	rmdir(top);
	free(made);
	free(deep);
	return tap_end();
}
