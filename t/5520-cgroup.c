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
#include "run/cgroup/device.h"
#include "run/cgroup/dir.h"
#include "run/cgroup/kill.h"
#include "run/cgroup/setting.h"
#include "run/spec/spec.h"
#include "t/tap.h"

static char id[64];

static void
nothing_said(struct spec *s)
{
	*s = (struct spec){0};
	s->resources.memory_limit = s->resources.memory_reservation =
	    s->resources.memory_swap = s->resources.memory_swappiness =
		s->resources.kernel_tcp = UNSET;
	s->resources.cpu_shares = s->resources.cpu_quota =
	    s->resources.cpu_period = s->resources.cpu_burst =
		s->resources.cpu_idle = s->resources.cpu_rt_runtime =
		    s->resources.cpu_rt_period = UNSET;
	s->resources.pids_limit = UNSET;
}

static const char *
value_of(
    const struct cgroup_backend *b, const struct resources *r, const char *file)
{
	struct settings list = {0};

	b->settings(r, &list);
	for (size_t i = 0; i < list.n; i++)
		if (list.v[i].file && strcmp(list.v[i].file, file) == 0)
			return list.v[i].value;
	return "";
}

static bool
weight_is(int64_t shares, const char *weight)
{
	struct spec s;

	nothing_said(&s);
	s.resources.cpu_shares = shares;
	return strcmp(value_of(&cgroup_v2, &s.resources, "cpu.weight"),
		   weight) == 0;
}

static void
conversions(void)
{
	struct spec s;
	struct resources *r = &s.resources;

	ok(weight_is(2, "1") && weight_is(1024, "100") &&
		weight_is(262144, "10000"),
	    "least, default and most shares are those weights");
	ok(weight_is(512, "59") && weight_is(2048, "174"),
	    "shares between them are on the curve");
	nothing_said(&s);
	r->memory_limit = 100;
	r->memory_swap = 300;
	ok(strcmp(value_of(&cgroup_v2, r, "memory.swap.max"), "200") == 0,
	    "v2: swap is without the memory");
	ok(strcmp(value_of(&cgroup_v1, r, "memory.memsw.limit_in_bytes"),
	       "300") == 0,
	    "v1: swap is with the memory");
	r->memory_swap = 100;
	ok(strcmp(value_of(&cgroup_v2, r, "memory.swap.max"), "0") == 0,
	    "v2: no swap");
	r->cpu_quota = 5000;
	ok(strcmp(value_of(&cgroup_v2, r, "cpu.max"), "5000 100000") == 0,
	    "v2: quota and the default period");
	r->pids_limit = -1;
	ok(strcmp(value_of(&cgroup_v2, r, "pids.max"), "max") == 0,
	    "no limit of pids");
}

/* Both of the schedulers of v2, and what the kernel would take for nothing. */
static void
block_io(void)
{
	struct block_weight disk = {8, 16, 1000, UNSET};
	struct block_rate rates[] = {{8, 0, 1048576}, {8, 16, 0}};
	struct block_rate most = {8, 0, UINT64_C(1) << 32};
	struct settings list = {0};
	struct spec s;
	struct resources *r = &s.resources;

	nothing_said(&s);
	r->block_io.weight = 500;
	cgroup_v2.settings(r, &list);
	ok(list.n == 1 && strcmp(list.v[0].value, "500") == 0 &&
		strcmp(list.v[0].other_file, "io.weight") == 0 &&
		strcmp(list.v[0].other_value, "4950") == 0,
	    "v2: a weight of bfq, and of iocost");
	ok(strcmp(value_of(&cgroup_v1, r, "blkio.bfq.weight"), "500") == 0,
	    "v1: bfq's alone");
	r->block_io.weights = &disk;
	r->block_io.nweights = 1;
	ok(strcmp(value_of(&cgroup_v1, r, "blkio.bfq.weight_device"),
	       "8:16 1000") == 0,
	    "the weight of a device");
	r->block_io.rates[BLOCK_WRITE_BPS] = rates;
	r->block_io.nrates[BLOCK_WRITE_BPS] = 1;
	ok(strcmp(value_of(&cgroup_v2, r, "io.max"), "8:0 wbps=1048576") == 0,
	    "v2: a rate");
	r->block_io.rates[BLOCK_WRITE_BPS] = rates + 1;
	ok(strcmp(value_of(&cgroup_v2, r, "io.max"), "8:16 wbps=max") == 0,
	    "v2: no limit of it");
	r->block_io.rates[BLOCK_READ_IOPS] = &most;
	r->block_io.nrates[BLOCK_READ_IOPS] = 1;
	ok(strcmp(value_of(&cgroup_v1, r, "blkio.throttle.read_iops_device"),
	       "8:0 4294967295") == 0,
	    "v1: 2^32 operations aren't none");
}

static void
rdma(void)
{
	struct rdma_limit limits[] = {{"mlx5_1", 3, 10000}, {"rxe3", UNSET, 0},
	    {"a", INT64_C(1) << 31, UNSET}};
	struct spec s;
	struct resources *r = &s.resources;

	nothing_said(&s);
	r->nrdma = 1;
	r->rdma = limits;
	ok(strcmp(value_of(&cgroup_v2, r, "rdma.max"),
	       "mlx5_1 hca_handle=3 hca_object=10000") == 0,
	    "v2: rdma");
	r->rdma = limits + 1;
	ok(strcmp(value_of(&cgroup_v1, r, "rdma.max"), "rxe3 hca_object=0") ==
		0,
	    "v1: rdma, of which 0 is a limit");
	r->rdma = limits + 2;
	ok(strcmp(value_of(&cgroup_v1, r, "rdma.max"), "a hca_handle=max") == 0,
	    "and 2^31 is none");
}

/* Whether something of a backend's settings needs a controller. */
static bool
needs_some(const struct cgroup_backend *b, const struct resources *r)
{
	struct settings list = {0};
	size_t n = 0;

	b->settings(r, &list);
	for (size_t i = 0; i < list.n; i++)
		n += !list.v[i].optional;
	return n > 0;
}

/* What says "no limit" holds where there is nothing to limit by. */
static void
unlimited(void)
{
	struct spec s;
	struct resources *r = &s.resources;

	nothing_said(&s);
	r->memory_limit = r->memory_reservation = r->memory_swap = -1;
	r->kernel_tcp = r->cpu_quota = r->cpu_rt_runtime = -1;
	r->pids_limit = -1;
	ok(!needs_some(&cgroup_v1, r), "v1: no limits need no controller");
	ok(!needs_some(&cgroup_v2, r), "v2: neither");
	r->cpu_period = 100000;
	ok(!needs_some(&cgroup_v1, r) && !needs_some(&cgroup_v2, r),
	    "nor does a period without a quota");
	r->pids_limit = 0;
	ok(!needs_some(&cgroup_v1, r) && !needs_some(&cgroup_v2, r),
	    "nor does 0 of pids, which is none");
	r->pids_limit = 1;
	ok(needs_some(&cgroup_v1, r) && needs_some(&cgroup_v2, r),
	    "a limit needs one");
}

static void
device_policies(void)
{
	struct device_rule rules[] = {{false, 'a', -1, -1, "rwm"},
	    {true, 'c', 10, 229, "rw"}, {true, 'b', 8, -1, "r"},
	    {false, 'b', -1, -1, "rwm"}};
	struct resources r = {.devices = rules, .ndevices = 4};
	struct device_policy p;
	bool fuse = false, disk = false, null = false;

	device_policy_make(&p, &r);
	for (size_t i = 0; i < p.n; i++) {
		fuse |= p.v[i].major == 10 && p.v[i].minor == 229 &&
			strcmp(p.v[i].access, "rw") == 0;
		disk |= p.v[i].type == 'b' && p.v[i].major == 8;
		null |= p.v[i].major == 1 && p.v[i].minor == 3;
	}
	ok(!p.allow && fuse && null, "devices that are allowed");
	ok(!disk, "a wider rule ends a narrower one");
	rules[0].allow = true;
	r.ndevices = 1;
	device_policy_make(&p, &r);
	ok(p.allow && p.n == 0, "all devices");
}

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
	conversions();
	block_io();
	rdma();
	unlimited();
	device_policies();
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
