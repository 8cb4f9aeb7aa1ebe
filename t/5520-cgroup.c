/* SPDX-License-Identifier: ISC */
/* run/cgroup: make, enter, limit and remove cgroups in this machine's tree. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "lib/statecgroup.h"
#include "run/cgroup/backend.h"
#include "run/cgroup/cgroup.h"
#include "run/cgroup/dir.h"
#include "run/cgroup/kill.h"
#include "run/spec/spec.h"
#include "t/resources.h"
#include "t/tap.h"

static char id[64];

/* In a child that has entered: 0 for each of what holds. */
static int
inside(const struct cgroup *c)
{
	int status = 0, fd;

	cgroup_enter(c);
	fd = open("/dev/null", O_RDWR);
	if (fd < 0)
		status |= 1;
	/* /dev/loop-control, 10:237, is no device of a container */
	if (mknod(id, S_IFCHR | 0600, makedev(10, 237)) < 0)
		status |= 2;
	fd = open(id, O_RDWR);
	if (fd >= 0 || errno != EPERM)
		status |= 4;
	unlink(id);
	for (int i = 0; i < 20; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			pause();
			_exit(0);
		}
		if (pid < 0 && errno == EAGAIN)
			return status;
	}
	return status | 8;
}

static size_t
exists(const struct state_cgroups *list)
{
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++)
		n += access(list->v[i].path, F_OK) == 0;
	return n;
}

static pid_t
spawn(const struct cgroup *c)
{
	struct {
		uint64_t flags, pidfd, child_tid, parent_tid, exit_signal;
		uint64_t stack, stack_size, tls, set_tid, set_tid_size, cgroup;
	} args = {.exit_signal = SIGCHLD};

	if (cgroup_clone_fd(c) >= 0) {
		args.flags = 0x200000000; /* CLONE_INTO_CGROUP */
		args.cgroup = cgroup_clone_fd(c);
	}
	return syscall(435, &args, sizeof args);
}

static void
create(struct cgroup **made, const struct spec *s)
{
	*made = cgroup_plan(s, id, false);
	cgroup_create(*made);
}

static void
lifetime(const char *path, bool pids)
{
	struct cgroup *c;
	struct spec s;
	int status = -1, want = pids ? 0 : 8;
	pid_t pid;

	nothing_said(&s);
	s.cgroups_path = path ? xasprintf("%s%s", path, id) : NULL;
	s.resources.pids_limit = pids ? 5 : UNSET;
	create(&c, &s);
	ok(exists(cgroup_list(c)) > 0, path ? path : "beside this process");
	fflush(stdout);
	pid = spawn(c);
	if (pid == 0) {
		die_in_child(NULL);
		_exit(inside(c));
	}
	waitpid(pid, &status, 0);
	status = WIFEXITED(status) ? WEXITSTATUS(status) : 99;
	printf("# inside: %d\n", status);
	ok(status == want, "device rules and the limit hold inside");
	ok(cgroup_destroy(cgroup_list(c)) == 0 && exists(cgroup_list(c)) == 0,
	    "what is left there is killed, and the directories are gone");
}

static struct cgroup *half_made;

static void
half_made_destroy(void)
{
	if (half_made)
		cgroup_destroy(cgroup_list(half_made));
}

/* Whether it dies of it. */
static bool
refused(const char *path, bool populate)
{
	struct spec s;
	struct cgroup *c = NULL;
	int status = -1;
	pid_t pid, other = 0;

	nothing_said(&s);
	s.cgroups_path = xstrdup(path);
	if (populate) {
		create(&c, &s);
		other = spawn(c);
		if (other == 0) {
			pause();
			_exit(0);
		}
	}
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		close(2);
		atexit(half_made_destroy);
		create(&half_made, &s);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	if (c)
		cgroup_destroy(cgroup_list(c));
	if (other)
		waitpid(other, NULL, 0);
	return WIFEXITED(status) && WEXITSTATUS(status) == 1;
}

/* One by one, as where the kernel can't kill a whole cgroup. */
static void
killing(void)
{
	struct cgroup *c;
	struct spec s;
	int status = 0;
	pid_t pid;

	nothing_said(&s);
	create(&c, &s);
	pid = spawn(c);
	if (pid == 0) {
		die_in_child(NULL);
		cgroup_enter(c);
		pause();
		_exit(0);
	}
	for (int i = 0; i < 500 && status == 0; i++) {
		cgroup_kill(cgroup_dirs(c, &(size_t){0})->fd);
		usleep(10000);
		if (waitpid(pid, &status, WNOHANG) < 0)
			break;
	}
	ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL,
	    "the processes of a cgroup are killed one by one");
	kill(pid, SIGKILL);
	cgroup_destroy(cgroup_list(c));
}

/* Whether the container would go on when its process is in. */
static bool
goes_on(const struct cgroup *c)
{
	int status = -1;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		die_in_child(NULL);
		close(2);
		cgroup_check(c);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	return status == 0;
}

/* Two that take one cgroup, empty both times they look. */
static void
takers(void)
{
	struct cgroup *first, *second;
	const char *path;
	struct spec s;

	nothing_said(&s);
	s.cgroups_path = xasprintf("/%s.taken", id);
	create(&first, &s);
	path = cgroup_list(first)->v[0].path;
	cgroup_destroy(cgroup_list(first));
	ok(mkdir(path, 0755) == 0, path);
	create(&first, &s);
	ok(goes_on(first), "who takes a cgroup goes on");
	create(&second, &s);
	ok(!goes_on(first), "but not when another has taken it meanwhile");
	ok(goes_on(second), "who does");
	cgroup_destroy(cgroup_list(first));
	ok(goes_on(second), "also when the first is removed");
	ok(cgroup_destroy(cgroup_list(second)) == 0 && rmdir(path) == 0,
	    "and what was there stays");
}

static void
refusals(void)
{
	char *path = xasprintf("/%s", id);

	ok(refused("/a/../../b", false), "..");
	ok(refused("system.slice:oci:x", false), "a path of systemd");
	ok(refused("/", false), "the root");
	ok(refused(path, true), "a cgroup with processes in it");
	free(path);
}

int
main(void)
{
	snprintf(id, sizeof id, "oci-test-%d", (int)getpid());
	if (geteuid() != 0) {
		ok(true, "# SKIP not root");
		return tap_end();
	}
	/* where device nodes work: /tmp may be mounted nodev */
	if (chdir("/dev") < 0)
		return 1;
	lifetime(NULL, getenv("NO_PIDS") == NULL);
	lifetime("/oci-test/deeper/", getenv("NO_PIDS") == NULL);
	killing();
	refusals();
	takers();
	return tap_end();
}
