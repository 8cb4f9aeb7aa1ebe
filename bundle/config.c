/* SPDX-License-Identifier: ISC */
/* A bundle's config.json, put together in the order in which one reads it. */
#include "bundle/config.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bundle/annotations.h"
#include "bundle/idmap.h"
#include "bundle/imageconfig.h"
#include "bundle/mounts.h"
#include "bundle/options.h"
#include "bundle/overlay.h"
#include "bundle/process.h"
#include "bundle/quantity.h"
#include "bundle/seccomp.h"
#include "bundle/version.h"
#include "lib/die.h"
#include "lib/io.h"
#include "lib/json.h"
#include "lib/mem.h"

static void
resources_add(cJSON *lin, const struct options *o)
{
	cJSON *resources, *item;

	/* Without privilege there may be no cgroup to write to. */
	if (o->rootless && !o->memory && !o->pids && !o->cpu_quota)
		return;
	resources = cJSON_AddObjectToObject(lin, "resources");
	if (!o->rootless) {
		item = cJSON_CreateObject();
		cJSON_AddBoolToObject(item, "allow", false);
		cJSON_AddStringToObject(item, "access", "rwm");
		cJSON_AddItemToArray(
		    cJSON_AddArrayToObject(resources, "devices"), item);
	}
	if (o->memory) {
		item = cJSON_AddObjectToObject(resources, "memory");
		json_add_int(item, "limit", o->memory);
	}
	if (o->cpu_quota) {
		item = cJSON_AddObjectToObject(resources, "cpu");
		json_add_int(item, "quota", o->cpu_quota);
		json_add_int(item, "period", CPU_PERIOD);
	}
	if (o->pids) {
		item = cJSON_AddObjectToObject(resources, "pids");
		json_add_int(item, "limit", o->pids);
	}
}

static void
namespaces_add(cJSON *lin, const struct options *o)
{
	static const char *const types[] = {
	    "pid", "network", "ipc", "uts", "mount", "cgroup", "user"};
	cJSON *array = cJSON_AddArrayToObject(lin, "namespaces"), *item;

	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		if (o->host_network && !strcmp(types[i], "network"))
			continue;
		if (!o->rootless && !strcmp(types[i], "user"))
			continue;
		item = cJSON_CreateObject();
		cJSON_AddStringToObject(item, "type", types[i]);
		cJSON_AddItemToArray(array, item);
	}
}

/*
 * What of /proc and /sys tells of the host or reaches into it, as runc has
 * it; powercap because the power that is used gives keys away.
 */
static void
paths_add(cJSON *lin)
{
	static const char *const masked[] = {"/proc/acpi", "/proc/asound",
	    "/proc/kcore", "/proc/keys", "/proc/latency_stats",
	    "/proc/sched_debug", "/proc/scsi", "/proc/timer_list",
	    "/proc/timer_stats", "/sys/devices/virtual/powercap",
	    "/sys/firmware"};
	static const char *const readonly[] = {"/proc/bus", "/proc/fs",
	    "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"};

	cJSON_AddItemToObject(lin, "maskedPaths",
	    cJSON_CreateStringArray(masked, sizeof masked / sizeof *masked));
	cJSON_AddItemToObject(lin, "readonlyPaths",
	    cJSON_CreateStringArray(
		readonly, sizeof readonly / sizeof *readonly));
}

static cJSON *
linux_make(const struct options *o, const struct image_config *image,
    const struct idmap *ids)
{
	cJSON *lin = cJSON_CreateObject(), *seccomp = NULL;

	if (o->rootless) {
		cJSON_AddItemToObject(
		    lin, "uidMappings", id_map_json(&ids->uids));
		cJSON_AddItemToObject(
		    lin, "gidMappings", id_map_json(&ids->gids));
	}
	resources_add(lin, o);
	namespaces_add(lin, o);
	paths_add(lin);
	if (!o->seccomp)
		seccomp = seccomp_default(image->architecture, o->capabilities);
	else if (o->profile)
		seccomp = cJSON_Duplicate(o->profile, true);
	if (seccomp)
		cJSON_AddItemToObject(lin, "seccomp", seccomp);
	return lin;
}

cJSON *
config_make(const struct options *o, const struct image_config *image,
    const char *manifest_digest, const struct idmap *ids, int root)
{
	cJSON *config = cJSON_CreateObject(), *item;

	cJSON_AddStringToObject(config, "ociVersion", ""); /* comes first */
	cJSON_AddItemToObject(
	    config, "process", process_make(o, image, ids, root));
	item = cJSON_AddObjectToObject(config, "root");
	cJSON_AddStringToObject(item, "path",
	    o->rootfs   ? o->rootfs
	    : o->layers ? OVERLAY_ROOT
			: "rootfs");
	cJSON_AddBoolToObject(item, "readonly", o->read_only);
	if (o->hostname)
		cJSON_AddStringToObject(config, "hostname", o->hostname);
	cJSON_AddItemToObject(
	    config, "mounts", mounts_make(o, image, ids, root));
	cJSON_AddItemToObject(config, "annotations",
	    annotations_make(image, manifest_digest, o->annotations));
	cJSON_AddItemToObject(config, "linux", linux_make(o, image, ids));
	cJSON_ReplaceItemInObjectCaseSensitive(
	    config, "ociVersion", cJSON_CreateString(version_needed(config)));
	return config;
}

static void
leftovers_remove(int bundle)
{
	int fd = openat(bundle, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	size_t len;

	if (!dir)
		return;
	while ((entry = readdir(dir))) {
		len = strlen(entry->d_name);
		if (!strncmp(entry->d_name, ".config.json.", 13) && len > 17 &&
		    !strcmp(entry->d_name + len - 4, ".tmp"))
			unlinkat(bundle, entry->d_name, 0);
	}
	closedir(dir);
}

static char *
config_text(const cJSON *config)
{
	char *json = json_pretty(config), *text = xasprintf("%s\n", json);

	free(json);
	return text;
}

bool
config_is(int bundle, const cJSON *config)
{
	int fd = openat(bundle, "config.json",
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	char *text = config_text(config), *old = NULL;
	struct stat st;
	bool is;

	leftovers_remove(bundle);
	if (fd >= 0 && !fstat(fd, &st) && S_ISREG(st.st_mode))
		old = io_slurp(fd, strlen(text), NULL);
	if (fd >= 0)
		close(fd);
	is = old && !strcmp(old, text);
	free(old);
	free(text);
	return is;
}

void
config_write(int bundle, const cJSON *config)
{
	char *text = config_text(config);

	leftovers_remove(bundle);
	if (io_replace(bundle, "config.json", text, strlen(text), 0644) < 0)
		diesys("config.json");
	free(text);
}
