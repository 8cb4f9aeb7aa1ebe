/* SPDX-License-Identifier: ISC */
/* The object linux.seccomp of config.json. */
#include "bundle/seccomp.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/die.h"
#include "lib/json.h"
#include "lib/jsonfile.h"
#include "lib/mem.h"

#define PROFILE_MAX (4 << 20)

/* The instruction sets that a kernel for an architecture runs. */
static const struct {
	const char *arch; /* as Go has it */
	const char *names[4];
} architectures[] = {
    {"amd64", {"SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"}},
    {"386", {"SCMP_ARCH_X86"}},
    {"arm64", {"SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM"}},
    {"arm", {"SCMP_ARCH_ARM"}},
    {"riscv64", {"SCMP_ARCH_RISCV64"}},
    {"ppc64le", {"SCMP_ARCH_PPC64LE"}},
    {"s390x", {"SCMP_ARCH_S390X", "SCMP_ARCH_S390"}},
    {"loong64", {"SCMP_ARCH_LOONGARCH64"}},
    {"mips64", {"SCMP_ARCH_MIPS64", "SCMP_ARCH_MIPS", "SCMP_ARCH_MIPS64N32"}},
    {"mips64le",
	{"SCMP_ARCH_MIPSEL64", "SCMP_ARCH_MIPSEL", "SCMP_ARCH_MIPSEL64N32"}},
};

/* Without the array a filter is for the runtime's own architecture. */
static void
architectures_add(cJSON *seccomp, const char *arch)
{
	cJSON *array;

	for (size_t i = 0; i < sizeof architectures / sizeof *architectures;
	     i++) {
		if (strcmp(architectures[i].arch, arch))
			continue;
		array = cJSON_AddArrayToObject(seccomp, "architectures");
		for (const char *const *n = architectures[i].names; *n; n++)
			cJSON_AddItemToArray(array, cJSON_CreateString(*n));
	}
}

static cJSON *
names_make(const char *names)
{
	char *copy = xstrdup(names), *at = copy, *name;
	cJSON *array = cJSON_CreateArray();

	while ((name = strsep(&at, " ")))
		cJSON_AddItemToArray(array, cJSON_CreateString(name));
	free(copy);
	return array;
}

static void
args_add(cJSON *entry, const struct syscall_rule *rule)
{
	cJSON *array, *item;

	if (!rule->args[0].op)
		return;
	array = cJSON_AddArrayToObject(entry, "args");
	for (size_t i = 0; i < 2 && rule->args[i].op; i++) {
		item = cJSON_CreateObject();
		json_add_uint(item, "index", rule->args[i].index);
		json_add_uint(item, "value", rule->args[i].value);
		if (!strcmp(rule->args[i].op, "SCMP_CMP_MASKED_EQ"))
			json_add_uint(
			    item, "valueTwo", rule->args[i].value_two);
		cJSON_AddStringToObject(item, "op", rule->args[i].op);
		cJSON_AddItemToArray(array, item);
	}
}

static void
rule_add(cJSON *syscalls, const struct syscall_rule *rule, uint64_t has)
{
	cJSON *entry = cJSON_CreateObject();
	int error = rule->error;

	if (rule->needs && !(rule->needs & has))
		error = EPERM;
	cJSON_AddItemToObject(entry, "names", names_make(rule->names));
	cJSON_AddStringToObject(
	    entry, "action", error ? "SCMP_ACT_ERRNO" : "SCMP_ACT_ALLOW");
	if (error)
		json_add_int(entry, "errnoRet", error);
	args_add(entry, rule);
	cJSON_AddItemToArray(syscalls, entry);
}

static bool
list_has(const char *list, const char *word)
{
	size_t len = strlen(word), n;

	for (; *list; list += n + (list[n] == ' ')) {
		n = strcspn(list, " ");
		if (n == len && !memcmp(list, word, n))
			return true;
	}
	return false;
}

static bool
is_there(const struct syscall_rule *r, const char *arch, uint64_t has)
{
	if ((r->with && !(r->with & has)) || (r->without & has))
		return false;
	if (!r->arch)
		return true;
	return *r->arch == '-' ? !list_has(r->arch + 1, arch)
			       : list_has(r->arch, arch);
}

cJSON *
seccomp_default(const char *arch, uint64_t capabilities)
{
	cJSON *seccomp = cJSON_CreateObject(), *syscalls;

	cJSON_AddStringToObject(seccomp, "defaultAction", "SCMP_ACT_ERRNO");
	json_add_int(seccomp, "defaultErrnoRet", ENOSYS);
	architectures_add(seccomp, arch);
	syscalls = cJSON_AddArrayToObject(seccomp, "syscalls");
	for (const struct syscall_rule *r = syscall_rules; r->names; r++)
		if (is_there(r, arch, capabilities))
			rule_add(syscalls, r, capabilities);
	return seccomp;
}

cJSON *
seccomp_read(const char *path)
{
	cJSON *seccomp;
	size_t len;
	char *text;

	seccomp = jsonfile_read(AT_FDCWD, path, path, PROFILE_MAX, &text, &len);
	if (json_get(seccomp, "archMap"))
		die("%s: a profile for an engine (it has archMap), not the "
		    "linux.seccomp of a config.json",
		    path);
	if (!json_string(seccomp, "defaultAction"))
		die("%s: defaultAction is missing", path);
	free(text);
	return seccomp;
}
