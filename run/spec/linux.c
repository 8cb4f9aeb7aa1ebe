/* SPDX-License-Identifier: ISC */
/* Reads "linux" of config.json (config-linux.md). */
#include <sched.h>
#include <string.h>

#include "lib/mem.h"
#include "lib/syscalls.h"
#include "run/spec/json.h"

#define IDMAPS_MAX 340 /* what the kernel takes, user_namespaces(7) */
#define DEVICES_MAX 4096
#define TIME_OFFSET_MAX                                                        \
	(INT64_MAX / 1000000000) /* seconds, ktime_t's range                   \
				  */

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif

static const struct {
	const char *name;
	int flag;
} namespace_names[] = {
    {"pid", CLONE_NEWPID},
    {"network", CLONE_NEWNET},
    {"mount", CLONE_NEWNS},
    {"ipc", CLONE_NEWIPC},
    {"uts", CLONE_NEWUTS},
    {"user", CLONE_NEWUSER},
    {"cgroup", CLONE_NEWCGROUP},
    {"time", CLONE_NEWTIME},
};

static int
namespace_flag(const char *name)
{
	for (size_t i = 0; i < sizeof namespace_names / sizeof *namespace_names;
	     i++)
		if (strcmp(namespace_names[i].name, name) == 0)
			return namespace_names[i].flag;
	spec_die("linux", "namespaces",
	    "%s: must be pid, network, mount, ipc, uts, user, cgroup or time",
	    name);
}

static void
linux_namespaces(const cJSON *json, struct spec *s)
{
	size_t n;
	const cJSON *item = get_objects(json, "linux", "namespaces", &n);
	struct namespace_spec *ns = xcalloc(n, sizeof(*ns));
	int flag;

	s->namespaces = ns;
	for (; item; item = item->next) {
		flag = namespace_flag(
		    need_string(item, "linux.namespaces", "type"));
		if (spec_namespace(s, flag))
			spec_die("linux", "namespaces", "%s: given twice",
			    json_string(item, "type"));
		ns[s->nnamespaces].flag = flag;
		ns[s->nnamespaces].path =
		    get_string(item, "linux.namespaces", "path");
		if (ns[s->nnamespaces].path && !*ns[s->nnamespaces].path)
			ns[s->nnamespaces].path = NULL;
		s->nnamespaces++;
	}
}

/* The names are those that the kernel takes, too. */
static void
linux_time(const cJSON *json, struct spec *s)
{
	const char *const clocks[TIME_CLOCKS] = {"monotonic", "boottime"};
	const cJSON *offsets = get_object(json, "linux", "timeOffsets"), *item;
	const struct namespace_spec *ns = spec_namespace(s, CLONE_NEWTIME);
	const char *const where = "linux.timeOffsets";
	struct time_offset *o;
	int64_t n;
	size_t i;

	cJSON_ArrayForEach(item, offsets)
	{
		for (i = 0; i < TIME_CLOCKS; i++)
			if (strcmp(item->string, clocks[i]) == 0)
				break;
		if (i == TIME_CLOCKS)
			spec_die(where, item->string,
			    "must be monotonic or boottime");
		get_object(offsets, where, clocks[i]);
		o = &s->time_offsets[s->ntime_offsets++];
		o->clock = clocks[i];
		n = get_int(
		    item, where, "secs", -TIME_OFFSET_MAX, TIME_OFFSET_MAX);
		o->seconds = n == UNSET ? 0 : n;
		n = get_int(item, where, "nanosecs", 0, 999999999);
		o->nanoseconds = n == UNSET ? 0 : n;
	}
	if (s->ntime_offsets && (!ns || ns->path))
		spec_die("linux", "timeOffsets",
		    "given without a new time namespace in linux.namespaces");
}

struct idmap *
get_idmap(const cJSON *obj, const char *where, const char *name, size_t *n)
{
	const cJSON *item = get_objects(obj, where, name, n);
	struct idmap *map, *m;

	if (*n > IDMAPS_MAX)
		spec_die(where, name, "has more than %d ranges", IDMAPS_MAX);
	m = map = xcalloc(*n, sizeof(*map));
	for (; item; item = item->next, m++) {
		m->inside =
		    need_int(item, name, "containerID", 0, UINT32_MAX - 1);
		m->outside = need_int(item, name, "hostID", 0, UINT32_MAX - 1);
		m->count = need_int(item, name, "size", 1, UINT32_MAX);
	}
	return map;
}

static void
linux_idmaps(const cJSON *json, struct spec *s)
{
	const struct namespace_spec *user = spec_namespace(s, CLONE_NEWUSER);

	s->uid_map = get_idmap(json, "linux", "uidMappings", &s->nuid_map);
	s->gid_map = get_idmap(json, "linux", "gidMappings", &s->ngid_map);
	/* Engines write some for one that is joined; it has its own. */
	if ((s->nuid_map || s->ngid_map) && !user)
		spec_die("linux", "uidMappings",
		    "given without a user namespace in linux.namespaces");
	if (user && !user->path && !(s->nuid_map && s->ngid_map))
		spec_die("linux", s->nuid_map ? "gidMappings" : "uidMappings",
		    "must be given, because linux.namespaces has a new user "
		    "namespace");
}

static char
device_type(const char *type)
{
	if (strcmp(type, "c") == 0 || strcmp(type, "u") == 0)
		return 'c';
	if (strcmp(type, "b") == 0 || strcmp(type, "p") == 0)
		return *type;
	spec_die("linux.devices", "type", "%s: must be c, u, b or p", type);
}

static void
linux_devices(const cJSON *json, struct spec *s)
{
	const char *const where = "linux.devices";
	const cJSON *item = get_objects(json, "linux", "devices", &s->ndevices);
	struct device_spec *d;
	int64_t n;

	if (s->ndevices > DEVICES_MAX)
		spec_die("linux", "devices", "has more than %d", DEVICES_MAX);
	d = s->devices = xcalloc(s->ndevices, sizeof(*d));
	for (; item; item = item->next, d++) {
		d->type = device_type(need_string(item, where, "type"));
		d->path = need_string(item, where, "path");
		if (d->type != 'p') {
			d->major = need_int(item, where, "major", 0, 4095);
			d->minor = need_int(item, where, "minor", 0, 1048575);
		}
		n = get_int(item, where, "fileMode", 0, UINT32_MAX);
		d->mode = n == UNSET ? 0666 : n & 07777;
		n = get_int(item, where, "uid", 0, UINT32_MAX - 1);
		d->uid = n == UNSET ? 0 : n;
		n = get_int(item, where, "gid", 0, UINT32_MAX - 1);
		d->gid = n == UNSET ? 0 : n;
	}
}

static unsigned long
linux_propagation(const cJSON *json)
{
	static const struct {
		const char *name;
		unsigned long flag;
	} names[] = {{"private", MS_PRIVATE}, {"slave", MS_SLAVE},
	    {"shared", MS_SHARED}, {"unbindable", MS_UNBINDABLE}};
	char *name = get_string(json, "linux", "rootfsPropagation"), *plain;

	if (!name || !*name)
		return 0;
	plain = *name == 'r' ? name + 1 : name;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(names[i].name, plain) == 0)
			return names[i].flag | (plain == name ? 0 : MS_REC);
	spec_die("linux", "rootfsPropagation",
	    "%s: must be private, slave, shared or unbindable, or one of these "
	    "with an r before it",
	    name);
}

/* Whether it is the one of 32 bits. */
static bool
linux_personality(const cJSON *json)
{
	const char *const none[] = {"flags", NULL};
	const cJSON *item = get_object(json, "linux", "personality");
	char *domain;

	if (!item)
		return false;
	refuse(item, "linux.personality", none);
	domain = need_string(item, "linux.personality", "domain");
	if (strcmp(domain, "LINUX32") != 0 && strcmp(domain, "LINUX") != 0)
		spec_die("linux.personality", "domain",
		    "%s: must be LINUX or LINUX32", domain);
	return strcmp(domain, "LINUX32") == 0;
}

void
spec_linux(const cJSON *root, struct spec *s)
{
	const char *const undone[] = {
	    "mountLabel", "intelRdt", "netDevices", NULL};
	const cJSON *json = get_object(root, "", "linux");

	refuse(json, "linux", undone);
	linux_namespaces(json, s);
	linux_time(json, s);
	linux_idmaps(json, s);
	linux_devices(json, s);
	s->root_propagation = linux_propagation(json);
	s->cgroups_path = get_string(json, "linux", "cgroupsPath");
	s->masked = get_strings(json, "linux", "maskedPaths");
	s->readonly = get_strings(json, "linux", "readonlyPaths");
	s->sysctl = get_pairs(json, "linux", "sysctl");
	spec_resources(json, &s->resources);
	s->seccomp = spec_seccomp(json);
	s->personality_32 = linux_personality(json);
	spec_memory_policy(json, &s->memory_policy);
}
