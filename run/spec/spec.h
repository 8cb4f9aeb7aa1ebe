/* SPDX-License-Identifier: ISC */
/*
 * A bundle's config.json (runtime-spec config.md, config-linux.md) as plain
 * C.  Only the reader of it knows JSON; everybody else asks this structure.
 */
#ifndef RUN_SPEC_SPEC_H
#define RUN_SPEC_SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "run/process/affinity.h"

#define UNSET INT64_MIN /* of a number that config.json doesn't give */

struct rlimit_spec {
	const char *type; /* "RLIMIT_NOFILE" */
	int resource;
	uint64_t soft, hard;
};

struct process_spec {
	bool terminal, terminal_said;
	unsigned rows, columns; /* 0: not said */
	uid_t uid;
	gid_t gid;
	gid_t *gids;
	size_t ngids;
	int64_t umask; /* or UNSET */
	char **args;   /* NULL-terminated, as the next; none, maybe */
	char **env;
	char *listen_pid; /* in env, see run/process/listen.h; NULL */
	char *cwd;
	uint64_t bounding, effective, inheritable, permitted, ambient;
	struct rlimit_spec *rlimits;
	size_t nrlimits;
	bool no_new_privileges;
	int64_t oom_score_adj; /* or UNSET */
	struct affinity affinity;
};

struct idmap {
	uint32_t inside, outside, count;
};

struct mount_spec {
	char *destination;
	const char *type; /* "" when absent */
	const char
	    *source;    /* "" when absent; of a bind mount: seen from here */
	char **options; /* NULL-terminated */
	struct idmap *uid_map, *gid_map; /* both or none */
	size_t nuid_map, ngid_map;
};

struct namespace_spec {
	int flag;   /* CLONE_NEW... */
	char *path; /* NULL: a new one */
};

#define TIME_CLOCKS 2 /* that a time namespace has, time_namespaces(7) */

/* linux.timeOffsets: what a clock has more than the caller's. */
struct time_offset {
	const char *clock; /* "monotonic", "boottime" */
	int64_t seconds, nanoseconds;
};

struct device_spec {
	const char *path;
	char type; /* 'c' 'b' 'p' */
	int64_t major, minor;
	mode_t mode;
	uid_t uid;
	gid_t gid;
};

/* linux.resources: what is not given is UNSET or NULL. */
struct device_rule {
	bool allow;
	char type;            /* 'a' 'b' 'c' */
	int64_t major, minor; /* -1: any */
	char access[4];       /* of "rwm" */
};

/* linux.resources.blockIO; a weight is 1 to 1000; 0 or UNSET: not said. */
struct block_weight {
	int64_t major, minor; /* of the device */
	int64_t weight, leaf; /* leaf: beside the cgroups below it */
};

struct block_rate {
	int64_t major, minor;
	uint64_t rate; /* bytes or operations a second; 0: no limit */
};

/* What is limited, in the order of block_rate_names. */
enum block_rates {
	BLOCK_READ_BPS,
	BLOCK_WRITE_BPS,
	BLOCK_READ_IOPS,
	BLOCK_WRITE_IOPS,
	BLOCK_RATES /* how many these are */
};

struct block_io {
	int64_t weight, leaf; /* of all devices that aren't among these */
	struct block_weight *weights;
	size_t nweights;
	struct block_rate *rates[BLOCK_RATES];
	size_t nrates[BLOCK_RATES];
};

struct hugepage_limit {
	const char *size; /* "2MB" */
	uint64_t bytes;
};

struct rdma_limit {
	const char *device;
	int64_t handles, objects; /* or UNSET; 0 is a limit */
};

struct resources {
	struct device_rule *devices;
	size_t ndevices;
	int64_t memory_limit, memory_reservation, memory_swap; /* bytes, -1 */
	int64_t memory_swappiness, kernel_tcp;
	bool oom_disable, check_before_update;
	int64_t cpu_shares, cpu_quota, cpu_period; /* 1024ths; us; us */
	int64_t cpu_burst, cpu_idle, cpu_rt_runtime, cpu_rt_period;
	char *cpu_cpus, *cpu_mems;
	int64_t pids_limit; /* -1 or 0: none */
	struct block_io block_io;
	struct hugepage_limit *hugepages;
	size_t nhugepages;
	struct rdma_limit *rdma;
	size_t nrdma;
	char **unified; /* file, value, file, value, ..., NULL */
};

struct seccomp_arg {
	unsigned index;
	uint64_t value, value_two;
	char *op; /* "SCMP_CMP_..." */
};

struct seccomp_rule {
	char **names; /* NULL-terminated */
	char *action; /* "SCMP_ACT_..." */
	int64_t errno_ret;
	struct seccomp_arg *args;
	size_t nargs;
};

struct seccomp_spec {
	char *default_action;
	int64_t default_errno;
	char **architectures; /* "SCMP_ARCH_...", NULL-terminated */
	char **flags;         /* "SECCOMP_FILTER_FLAG_...", NULL-terminated */
	struct seccomp_rule *rules;
	size_t nrules;
};

/* Where in its life a container has hooks, in the order of their turns. */
enum hook_point {
	HOOK_PRESTART,
	HOOK_CREATE_RUNTIME,
	HOOK_CREATE_CONTAINER,
	HOOK_START_CONTAINER,
	HOOK_POSTSTART,
	HOOK_POSTSTOP,
	HOOK_POINTS /* how many these are */
};

struct hook_spec {
	char *path;      /* absolute */
	char **args;     /* NULL-terminated, argv[0] among them; as the next */
	char **env;      /* all of it */
	int64_t timeout; /* seconds, or UNSET */
};

struct hook_list {
	struct hook_spec *all;
	size_t n;
};

#define MEMORY_NODES 1024 /* the most that a kernel is built for */

struct memory_policy {
	bool given;
	int mode; /* MPOL_..., the flags among it */
	unsigned long nodes[MEMORY_NODES / (8 * sizeof(unsigned long))];
};

struct spec {
	char *text; /* all of config.json, as it is */
	size_t text_len;
	char *version; /* ociVersion */
	char *hostname, *domainname;
	struct process_spec process;
	char *root; /* absolute path of the root file system */
	bool root_readonly;
	unsigned long root_propagation; /* MS_... or 0: not said */
	struct mount_spec *mounts;
	size_t nmounts;
	bool mounts_device; /* one of them is a block device's file system */
	struct namespace_spec *namespaces;
	size_t nnamespaces;
	struct time_offset time_offsets[TIME_CLOCKS];
	size_t ntime_offsets;
	struct idmap *uid_map, *gid_map;
	size_t nuid_map, ngid_map;
	struct device_spec *devices;
	size_t ndevices;
	char *cgroups_path; /* NULL: not said */
	struct resources resources;
	char **masked, **readonly; /* NULL-terminated */
	char **sysctl;             /* name, value, ..., NULL */
	struct seccomp_spec *seccomp;
	struct memory_policy memory_policy;
	bool personality_32; /* linux.personality is LINUX32, and not LINUX */
	char **annotations;  /* name, value, ..., NULL */
	struct hook_list hooks[HOOK_POINTS];
};

/*
 * Read bundle/config.json.  Dies on what is not as the specification has it,
 * and on a property that is asked for but not done here, by its name;
 * properties that the specification doesn't know are ignored, as it says.
 */
struct spec *spec_read(const char *bundle);

/*
 * Read the config.json that was kept of a container in its directory dir.
 * There may be no bundle any more: paths in it are not looked at, root is NULL.
 */
struct spec *spec_kept(int dir);

/*
 * Read a file that holds a process object alone, as "process" of config.json
 * is.  Dies likewise.
 */
void spec_process_read(const char *path, struct process_spec *p);

/*
 * The same with changes of its resources, an object as linux.resources is, in
 * the text, too.
 */
struct cJSON;
struct spec *spec_kept_with(int dir, const struct cJSON *changes);

/*
 * Its hooks alone; there are none when no config.json was kept.  One that can't
 * be read is warned of and has none: it is in nobody's way.
 */
void spec_hooks_kept(int dir, struct hook_list lists[HOOK_POINTS]);

/* "throttleReadBpsDevice" */
extern const char *const block_rate_names[BLOCK_RATES];

/* "prestart" */
const char *spec_hook_name(enum hook_point point);

/* Whether a namespace is asked for, new or joined. */
const struct namespace_spec *spec_namespace(const struct spec *s, int flag);

#endif
