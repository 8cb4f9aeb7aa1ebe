/* SPDX-License-Identifier: ISC */
/* What the programs of a container's life were built to do. */
#include <ctype.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>

#include "lib/json.h"
#include "lib/mem.h"
#include "run/features.h"
#include "run/rootfs/mount_options.h"
#include "run/seccomp/library.h"

static const char *const hooks[] = {"prestart", "createRuntime",
    "createContainer", "startContainer", "poststart", "poststop", NULL};

static const char *const namespaces[] = {
    "cgroup", "ipc", "mount", "network", "pid", "time", "user", "uts", NULL};

static const char *const actions[] = {"SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO",
    "SCMP_ACT_KILL", "SCMP_ACT_KILL_PROCESS", "SCMP_ACT_KILL_THREAD",
    "SCMP_ACT_LOG", "SCMP_ACT_TRACE", "SCMP_ACT_TRAP", NULL};

static const char *const operators[] = {"SCMP_CMP_EQ", "SCMP_CMP_GE",
    "SCMP_CMP_GT", "SCMP_CMP_LE", "SCMP_CMP_LT", "SCMP_CMP_MASKED_EQ",
    "SCMP_CMP_NE", NULL};

static const char *const flags[] = {"SECCOMP_FILTER_FLAG_LOG",
    "SECCOMP_FILTER_FLAG_SPEC_ALLOW", "SECCOMP_FILTER_FLAG_TSYNC",
    "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", NULL};

static const char *const memory_modes[] = {"MPOL_BIND", "MPOL_DEFAULT",
    "MPOL_INTERLEAVE", "MPOL_LOCAL", "MPOL_PREFERRED", "MPOL_PREFERRED_MANY",
    "MPOL_WEIGHTED_INTERLEAVE", NULL};

static const char *const memory_flags[] = {"MPOL_F_NUMA_BALANCING",
    "MPOL_F_RELATIVE_NODES", "MPOL_F_STATIC_NODES", NULL};

/* As the specification names them; libseccomp may be older. */
static const char *const architectures[] = {"SCMP_ARCH_AARCH64",
    "SCMP_ARCH_ARM", "SCMP_ARCH_LOONGARCH64", "SCMP_ARCH_M68K",
    "SCMP_ARCH_MIPS", "SCMP_ARCH_MIPS64", "SCMP_ARCH_MIPS64N32",
    "SCMP_ARCH_MIPSEL", "SCMP_ARCH_MIPSEL64", "SCMP_ARCH_MIPSEL64N32",
    "SCMP_ARCH_PARISC", "SCMP_ARCH_PARISC64", "SCMP_ARCH_PPC",
    "SCMP_ARCH_PPC64", "SCMP_ARCH_PPC64LE", "SCMP_ARCH_RISCV64",
    "SCMP_ARCH_S390", "SCMP_ARCH_S390X", "SCMP_ARCH_SH", "SCMP_ARCH_SHEB",
    "SCMP_ARCH_X32", "SCMP_ARCH_X86", "SCMP_ARCH_X86_64", NULL};

static cJSON *
strings_add(cJSON *to, const char *name, const char *const *all)
{
	cJSON *array = cJSON_AddArrayToObject(to, name);

	for (; *all; all++)
		cJSON_AddItemToArray(array, cJSON_CreateString(*all));
	return array;
}

static void
architectures_add(cJSON *to)
{
	cJSON *array = cJSON_AddArrayToObject(to, "archs");
	char name[32];

	for (const char *const *a = architectures; *a; a++) {
		snprintf(name, sizeof name, "%s", *a + strlen("SCMP_ARCH_"));
		for (char *c = name; *c; c++)
			*c = (char)tolower((unsigned char)*c);
		if (seccomp_arch_resolve_name(name))
			cJSON_AddItemToArray(array, cJSON_CreateString(*a));
	}
}

static void
capabilities_add(cJSON *to)
{
	cJSON *array = cJSON_AddArrayToObject(to, "capabilities");
	char *name;

	for (int n = 0; n <= CAP_LAST_CAP; n++) {
		name = cap_to_name(n);
		if (!name || !isalpha((unsigned char)*name))
			die("capability %d has no name", n);
		for (char *c = name; *c; c++)
			*c = (char)toupper((unsigned char)*c);
		cJSON_AddItemToArray(array, cJSON_CreateString(name));
		cap_free(name);
	}
}

static void
enabled_add(cJSON *to, const char *name, bool enabled)
{
	cJSON *object = cJSON_AddObjectToObject(to, name);

	cJSON_AddBoolToObject(object, "enabled", enabled);
}

static void
cgroup_add(cJSON *to)
{
	cJSON *cgroup = cJSON_AddObjectToObject(to, "cgroup");

	cJSON_AddBoolToObject(cgroup, "v1", true);
	cJSON_AddBoolToObject(cgroup, "v2", true);
	cJSON_AddBoolToObject(cgroup, "systemd", false);
	cJSON_AddBoolToObject(cgroup, "systemdUser", false);
	cJSON_AddBoolToObject(cgroup, "rdma", true);
}

static void
linux_add(cJSON *to)
{
	cJSON *l = cJSON_AddObjectToObject(to, "linux"), *seccomp, *policy,
	      *extensions;

	strings_add(l, "namespaces", namespaces);
	capabilities_add(l);
	cgroup_add(l);
	seccomp = cJSON_AddObjectToObject(l, "seccomp");
	cJSON_AddBoolToObject(seccomp, "enabled", true);
	strings_add(seccomp, "actions", actions);
	strings_add(seccomp, "operators", operators);
	architectures_add(seccomp);
	strings_add(seccomp, "knownFlags", flags);
	strings_add(seccomp, "supportedFlags", flags);
	enabled_add(l, "apparmor", false);
	enabled_add(l, "selinux", false);
	policy = cJSON_AddObjectToObject(l, "memoryPolicy");
	strings_add(policy, "modes", memory_modes);
	strings_add(policy, "flags", memory_flags);
	enabled_add(l, "intelRdt", false);
	extensions = cJSON_AddObjectToObject(l, "mountExtensions");
	enabled_add(extensions, "idmap", true);
	enabled_add(l, "netDevices", false);
}

static void
annotations_add(cJSON *to)
{
	cJSON *all = cJSON_AddObjectToObject(to, "annotations");

	cJSON_AddStringToObject(all, "io.github.seccomp.libseccomp.version",
	    seccomp_library() + strlen("libseccomp/"));
}

void
features_print(void)
{
	cJSON *json = cJSON_CreateObject();
	char *text;

	cJSON_AddStringToObject(json, "ociVersionMin", "1.0.0");
	cJSON_AddStringToObject(json, "ociVersionMax", SPEC_VERSION);
	strings_add(json, "hooks", hooks);
	strings_add(json, "mountOptions", mount_options_known());
	linux_add(json);
	annotations_add(json);
	text = json_pretty(json);
	puts(text);
	free(text);
	cJSON_Delete(json);
}
