/* SPDX-License-Identifier: ISC */
/*
 * ps/stats: files of cgroups as they are on other machines, with fewer or odder
 * files than this one has.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/io.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "ps/cgroups.h"
#include "ps/stats/stats.h"
#include "t/tap.h"

static char top[] = "/tmp/oci-test.XXXXXX";

/* An empty directory as the one cgroup of a container. */
static struct cgroups
cgroup_make(bool v2)
{
	static int made;
	char *path = xasprintf("%s/%d", top, ++made);
	struct cgroups c = {.all = xcalloc(1, sizeof *c.all), .n = 1};

	if (mkdir(path, 0700) < 0)
		diesys("%s", path);
	c.all->fd = open(path, O_RDONLY | O_DIRECTORY);
	c.all->v2 = v2;
	free(path);
	return c;
}

static void
file(const struct cgroups *c, const char *name, const char *text)
{
	if (io_replace_unsynced(c->all->fd, name, text, strlen(text), 0600) < 0)
		diesys("%s", name);
}

/* What one of the functions adds to an object is this, to the letter. */
static void
gives(const struct cgroups *c, void (*add)(const struct cgroups *, cJSON *),
    const char *wanted, const char *name)
{
	cJSON *obj = cJSON_CreateObject();
	char *text;

	add(c, obj);
	text = json_text(obj);
	ok(strcmp(text, wanted) == 0, name);
	if (strcmp(text, wanted) != 0)
		printf("# got    %s\n# wanted %s\n", text, wanted);
	free(text);
	cJSON_Delete(obj);
}

static void
nothing(void)
{
	struct cgroups c = cgroup_make(true), none = {0};

	gives(&c, stats_cpu, "{\"usage\":{},\"throttling\":{}}", "no cpu.stat");
	gives(&c, stats_cpuset, "{}", "no cpuset");
	gives(&c, stats_memory, "{}", "no memory");
	gives(&c, stats_pids, "{}", "no pids, nor processes");
	gives(&c, stats_blkio, "{}", "no io");
	gives(&c, stats_hugetlb, "{}", "no huge pages");
	gives(&none, stats_memory, "{}", "no cgroup at all");
	gives(&none, stats_hugetlb, "{}", "and no huge pages of it");
	file(&c, "cgroup.procs", "1\n20\n300\n");
	gives(&c, stats_pids, "{\"current\":3}", "processes are counted");
	file(&c, "memory.pressure", "");
	gives(&c, stats_memory, "{}", "pressure that isn't measured");
}

static void
cpu(void)
{
	struct cgroups v1 = cgroup_make(false), v2 = cgroup_make(true);

	file(&v1, "cpuacct.usage", "18446744073709551615\n");
	file(&v1, "cpuacct.usage_percpu", "1 9007199254740993 \n");
	file(&v1, "cpuacct.usage_all", "cpu user system\n0 1 2\n1 3 4\n");
	file(&v1, "cpuacct.stat", "user 7\nsystem 9\n");
	file(&v1, "cpu.stat",
	    "nr_periods 1\nnr_throttled 2\nthrottled_time 3\nnew 4\n");
	gives(&v1, stats_cpu,
	    "{\"usage\":{\"total\":18446744073709551615,"
	    "\"percpu\":[1,9007199254740993],\"percpu_kernel\":[2,4],"
	    "\"percpu_user\":[1,3],\"user\":70000000,\"kernel\":90000000},"
	    "\"throttling\":{\"periods\":1,\"throttledPeriods\":2,"
	    "\"throttledTime\":3}}",
	    "v1: ticks are nanoseconds, the largest number is whole");
	file(&v2, "cpu.stat",
	    "usage_usec 9007199254740993\nuser_usec 2\nsystem_usec 3\n"
	    "nr_periods 4\nnr_throttled 5\nthrottled_usec 6\n");
	file(&v2, "cpu.pressure",
	    "some avg10=1.05 avg60=0.00 avg300=12.30 total=18446744073709551615"
	    "\nfull avg10=0.00 avg60=x avg300=1. total=.5\n");
	gives(&v2, stats_cpu,
	    "{\"usage\":{\"total\":9007199254740993000,\"user\":2000,"
	    "\"kernel\":3000},\"throttling\":{\"periods\":4,"
	    "\"throttledPeriods\":5,\"throttledTime\":6000},\"psi\":{"
	    "\"some\":{\"avg10\":1.05,\"avg60\":0.00,\"avg300\":12.30,"
	    "\"total\":18446744073709551615},\"full\":{\"avg10\":0.00}}}",
	    "v2: microseconds are nanoseconds; of pressure, what is a number");
	file(&v1, "cpuset.cpus", "0-2,7\n");
	file(&v1, "cpuset.mems", "\n");
	file(&v1, "cpuset.sched_load_balance", "1\n");
	file(&v1, "cpuset.sched_relax_domain_level", "-1\n");
	gives(&v1, stats_cpuset,
	    "{\"cpus\":[0,1,2,7],\"sched_load_balance\":1,"
	    "\"sched_relax_domain_level\":-1}",
	    "v1: ranges are lists");
	file(&v1, "cpuset.cpus", "0-4294967295,5-3,4\n");
	gives(&v1, stats_cpuset,
	    "{\"cpus\":[4],\"sched_load_balance\":1,"
	    "\"sched_relax_domain_level\":-1}",
	    "and no longer than they can be");
	file(&v2, "cpuset.cpus.effective", "1\n");
	file(&v2, "cpuset.mems.effective", "0-1\n");
	gives(&v2, stats_cpuset, "{\"cpus\":[1],\"mems\":[0,1]}",
	    "v2: what may be used in effect");
}

static void
memory(void)
{
	struct cgroups v1 = cgroup_make(false), v2 = cgroup_make(true);

	file(&v1, "memory.usage_in_bytes", "10\n");
	file(&v1, "memory.limit_in_bytes", "9223372036854771712\n");
	file(&v1, "memory.failcnt", "3\n");
	file(&v1, "memory.kmem.usage_in_bytes", "4\n");
	file(&v1, "memory.stat", "cache 5\nrss 6\n\nodd\nneg -4\nname x\n");
	gives(&v1, stats_memory,
	    "{\"cache\":5,\"usage\":{\"limit\":9223372036854771712,"
	    "\"usage\":10,\"failcnt\":3},\"kernel\":{\"usage\":4},"
	    "\"raw\":{\"cache\":5,\"rss\":6,\"neg\":0}}",
	    "v1: no accounting of swap, no limit of kmem");
	file(&v2, "memory.current", "10\n");
	file(&v2, "memory.max", "max\n");
	file(&v2, "memory.swap.current", "7\n");
	file(&v2, "memory.swap.max", "100\n");
	file(&v2, "memory.peak", "20\n");
	file(&v2, "memory.events", "low 0\nhigh 1\nmax 2\noom 3\noom_kill 4\n");
	file(&v2, "memory.stat", "anon 1\nfile 8\n");
	gives(&v2, stats_memory,
	    "{\"cache\":8,\"usage\":{\"limit\":18446744073709551615,"
	    "\"usage\":10,\"max\":20,\"failcnt\":2},"
	    "\"swap\":{\"limit\":18446744073709551615,\"usage\":17,"
	    "\"failcnt\":0},\"raw\":{\"anon\":1,\"file\":8}}",
	    "v2: no limit and a limit of swap is no limit, not less");
	file(&v2, "memory.max", "1000\n");
	unlinkat(v2.all->fd, "memory.peak", 0);
	unlinkat(v2.all->fd, "memory.stat", 0);
	gives(&v2, stats_memory,
	    "{\"usage\":{\"limit\":1000,\"usage\":10,\"failcnt\":2},"
	    "\"swap\":{\"limit\":1100,\"usage\":17,\"failcnt\":0},\"raw\":{}}",
	    "v2: the limit of swap is that of both");
}

static void
blkio(void)
{
	struct cgroups v1 = cgroup_make(false), v2 = cgroup_make(true);

	file(&v1, "blkio.throttle.io_service_bytes", "Total 0\n");
	gives(&v1, stats_blkio, "{}", "v1: a total of nothing is nothing");
	file(&v1, "blkio.throttle.io_service_bytes_recursive",
	    "8:0 Read 18446744073709551615\n8:0 Total 2\nTotal 3\n");
	file(&v1, "blkio.bfq.io_service_bytes_recursive", "Total 0\n");
	file(&v1, "blkio.sectors_recursive", "253:16 12\n");
	gives(&v1, stats_blkio,
	    "{\"ioServiceBytesRecursive\":[{\"major\":8,\"minor\":0,"
	    "\"op\":\"Read\",\"value\":18446744073709551615},{\"major\":8,"
	    "\"minor\":0,\"op\":\"Total\",\"value\":2}],\"sectorsRecursive\":["
	    "{\"major\":253,\"minor\":16,\"value\":12}]}",
	    "v1: where bfq has nothing, what was let through");
	file(&v2, "io.stat",
	    "8:16 8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6\n"
	    "253:0 \n7:1 rbytes=x wios=9 cost.usage=1\n");
	gives(&v2, stats_blkio,
	    "{\"ioServiceBytesRecursive\":[{\"major\":8,\"minor\":0,"
	    "\"op\":\"Read\",\"value\":1},{\"major\":8,\"minor\":0,"
	    "\"op\":\"Write\",\"value\":2}],\"ioServicedRecursive\":["
	    "{\"major\":8,\"minor\":0,\"op\":\"Read\",\"value\":3},"
	    "{\"major\":8,\"minor\":0,\"op\":\"Write\",\"value\":4},"
	    "{\"major\":7,\"minor\":1,\"op\":\"Write\",\"value\":9}]}",
	    "v2: a device without figures and without a line of its own");
}

static void
hugetlb(void)
{
	struct cgroups v1 = cgroup_make(false), v2 = cgroup_make(true);

	file(&v1, "hugetlb.2MB.limit_in_bytes", "1\n");
	file(&v1, "hugetlb.2MB.usage_in_bytes", "2\n");
	file(&v1, "hugetlb.2MB.max_usage_in_bytes", "3\n");
	file(&v1, "hugetlb.2MB.failcnt", "4\n");
	gives(&v1, stats_hugetlb,
	    "{\"2MB\":{\"usage\":2,\"max\":3,\"failcnt\":4}}",
	    "v1: before reservations were counted");
	file(&v1, "hugetlb.2MB.rsvd.limit_in_bytes", "5\n");
	file(&v1, "hugetlb.2MB.rsvd.usage_in_bytes", "6\n");
	file(&v1, "hugetlb.2MB.rsvd.max_usage_in_bytes", "7\n");
	file(&v1, "hugetlb.2MB.rsvd.failcnt", "8\n");
	gives(&v1, stats_hugetlb,
	    "{\"2MB\":{\"usage\":6,\"max\":7,\"failcnt\":8}}",
	    "v1: what was reserved");
	file(&v2, "hugetlb.1GB.max", "max\n");
	file(&v2, "hugetlb.1GB.current", "2\n");
	file(&v2, "hugetlb.1GB.rsvd.current", "3\n");
	file(&v2, "hugetlb.1GB.rsvd.max", "max\n");
	file(&v2, "hugetlb.1GB.events", "max 4\n");
	gives(&v2, stats_hugetlb, "{\"1GB\":{\"usage\":3,\"failcnt\":4}}",
	    "v2: failures are counted once for both");
}

static void
network(void)
{
	cJSON *none = stats_network(getpid());

	ok(cJSON_IsNull(none),
	    "this process's own network isn't a container's");
	cJSON_Delete(none);
}

int
main(void)
{
	char *command;

	if (!mkdtemp(top))
		diesys("%s", top);
	command = xasprintf("rm -rf %s", top);
	nothing();
	cpu();
	memory();
	blkio();
	hugetlb();
	network();
	ok(system(command) == 0 && access(top, F_OK) < 0, "all is removed");
	free(command);
	return tap_end();
}
