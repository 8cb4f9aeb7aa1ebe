/* SPDX-License-Identifier: ISC */
/* The default seccomp profile, loaded: what works in it, what fails and how. */
#include <errno.h>
#include <linux/netlink.h>
#include <pthread.h>
#include <sched.h>
#include <seccomp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bundle/capability.h"
#include "bundle/seccomp.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "t/tap.h"

/* The kernel is asked for its opinion of the profile for x86-64 only. */
#ifdef __x86_64__
#define X86_64 true
#else
#define X86_64 false
#endif

/* Of kernels since 5.18, which Debian 12's libseccomp doesn't know. */
static const char newer[] =
    " cachestat fchmodat2 file_getattr file_setattr futex_requeue futex_wait "
    "futex_wake getxattrat listmount listxattrat lsm_get_self_attr "
    "lsm_list_modules lsm_set_self_attr map_shadow_stack mseal "
    "open_tree_attr removexattrat riscv_hwprobe setxattrat statmount "
    "uretprobe ";

static bool
is_newer(const char *name)
{
	char *word = xasprintf(" %s ", name);
	bool found = strstr(newer, word) != NULL;

	free(word);
	return found;
}

static bool
is_known(const char *name)
{
	static const uint32_t archs[] = {SCMP_ARCH_X86_64, SCMP_ARCH_X86,
	    SCMP_ARCH_AARCH64, SCMP_ARCH_ARM, SCMP_ARCH_PPC64LE,
	    SCMP_ARCH_S390X, SCMP_ARCH_RISCV64};

	for (size_t i = 0; i < sizeof archs / sizeof *archs; i++)
		if (seccomp_syscall_resolve_name_arch(archs[i], name) !=
		    __NR_SCMP_ERROR)
			return true;
	return false;
}

/* Every name is one, and none has two rules without conditions. */
static void
names_test(const char *arch, uint64_t capabilities)
{
	cJSON *profile = seccomp_default(arch, capabilities);
	cJSON *seen = cJSON_CreateObject();
	const cJSON *rule, *name;
	bool good = true;

	cJSON_ArrayForEach(rule, json_get(profile, "syscalls"))
	{
		cJSON_ArrayForEach(name, json_get(rule, "names"))
		{
			if (!is_known(name->valuestring) &&
			    !is_newer(name->valuestring)) {
				printf("# no %s\n", name->valuestring);
				good = false;
			}
			if (json_get(rule, "args"))
				continue;
			if (json_get(seen, name->valuestring)) {
				printf("# twice: %s\n", name->valuestring);
				good = false;
			}
			cJSON_AddTrueToObject(seen, name->valuestring);
		}
	}
	ok(good, arch);
	cJSON_Delete(seen);
	cJSON_Delete(profile);
}

static struct scmp_arg_cmp
arg_make(const cJSON *arg)
{
	uint64_t index = 0, value = 0, two = 0;
	const char *op = json_string(arg, "op");
	struct scmp_arg_cmp c = {0};

	json_uint(json_get(arg, "index"), 5, &index);
	json_uint(json_get(arg, "value"), UINT64_MAX, &value);
	json_uint(json_get(arg, "valueTwo"), UINT64_MAX, &two);
	c.arg = (unsigned)index;
	c.datum_a = value;
	c.datum_b = two;
	c.op = !strcmp(op, "SCMP_CMP_EQ")   ? SCMP_CMP_EQ
	       : !strcmp(op, "SCMP_CMP_NE") ? SCMP_CMP_NE
	       : !strcmp(op, "SCMP_CMP_GT") ? SCMP_CMP_GT
					    : SCMP_CMP_MASKED_EQ;
	return c;
}

static void
rule_load(scmp_filter_ctx filter, const cJSON *rule)
{
	struct scmp_arg_cmp args[6];
	const cJSON *item;
	int64_t error = 0;
	unsigned n = 0;
	int number;

	cJSON_ArrayForEach(item, json_get(rule, "args")) args[n++] =
	    arg_make(item);
	json_int(json_get(rule, "errnoRet"), 0, 4095, &error);
	cJSON_ArrayForEach(item, json_get(rule, "names"))
	{
		number = seccomp_syscall_resolve_name(item->valuestring);
		if (number == __NR_SCMP_ERROR)
			continue;
		if (seccomp_rule_add_array(filter,
			error ? SCMP_ACT_ERRNO((uint32_t)error)
			      : SCMP_ACT_ALLOW,
			number, n, args) < 0)
			die("%s: no rule", item->valuestring);
	}
}

static void
profile_load(uint64_t capabilities)
{
	cJSON *json = seccomp_default("amd64", capabilities), *profile;
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
	char *text = json_text(json);
	const cJSON *rule;
	const char *why;

	/* As a runtime reads it. */
	profile = json_parse(text, strlen(text), &why);
	cJSON_ArrayForEach(rule, json_get(profile, "syscalls"))
	    rule_load(filter, rule);
	if (seccomp_load(filter) < 0)
		die("the filter can't be loaded");
	seccomp_release(filter);
	cJSON_Delete(profile);
	cJSON_Delete(json);
	free(text);
}

static void *
thread(void *arg)
{
	return arg;
}

/* A system call, by number: what errno is after it, 0 when it worked. */
static int
try(long number, long a, long b, long c)
{
	return syscall(number, a, b, c, 0, 0) < 0 ? errno : 0;
}

static bool
forks(void)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0)
		_exit(7);
	return pid > 0 && waitpid(pid, &status, 0) == pid &&
	       WEXITSTATUS(status) == 7;
}

static bool
threads(void)
{
	char word[] = "x";
	void *result = NULL;
	pthread_t t;

	return !pthread_create(&t, NULL, thread, word) &&
	       !pthread_join(t, &result) && result == word;
}

/* What a container with the default capabilities meets. */
static void
default_test(void)
{
	long beyond = (long)(UINT64_C(1) << 32);

	ok(forks(), "fork");
	ok(threads(), "a thread");
	ok(!try(SYS_socket, AF_INET, SOCK_STREAM, 0), "an internet socket");
	ok(!try(SYS_socket, AF_UNIX, SOCK_STREAM, 0), "a local socket");
	ok(!try(SYS_socket, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE), "netlink");
	ok(try(SYS_socket, AF_NETLINK, SOCK_RAW, NETLINK_AUDIT) == EINVAL,
	    "no audit");
	ok(try(SYS_socket, AF_ALG, SOCK_SEQPACKET, 0) == EAFNOSUPPORT,
	    "no AF_ALG");
	ok(try(SYS_socket, AF_VSOCK, SOCK_STREAM, 0) == EAFNOSUPPORT,
	    "no AF_VSOCK");
	ok(try(SYS_socket, beyond + AF_ALG, SOCK_SEQPACKET, 0) != 0,
	    "nor with bits that the kernel cuts off");
	ok(!try(SYS_personality, 0xffffffff, 0, 0), "personality asked for");
	ok(try(SYS_personality, ADDR_NO_RANDOMIZE, 0, 0) != 0,
	    "no personality without address randomization");
	ok(try(SYS_unshare, CLONE_NEWUSER, 0, 0) == EPERM, "unshare");
	ok(try(SYS_clone, CLONE_NEWUSER, 0, 0) == EPERM,
	    "clone of a user namespace");
	ok(try(SYS_clone, CLONE_NEWNET | CLONE_NEWNS, 0, 0) == EPERM,
	    "clone of two namespaces");
	ok(try(SYS_clone3, 0, 0, 0) == ENOSYS, "clone3 isn't there");
	ok(try(SYS_mount, 0, 0, 0) == EPERM, "mount");
	ok(try(SYS_keyctl, 0, 0, 0) == EPERM, "keyctl");
	ok(try(SYS_setns, -1, 0, 0) == EPERM, "setns");
	ok(try(SYS_bpf, 0, 0, 0) == EPERM, "bpf");
	ok(try(425, 1, 0, 0) == EPERM, "io_uring_setup");
	ok(try(1000, 0, 0, 0) == ENOSYS, "a call of some later kernel");
	ok(try(SYS_chroot, 0, 0, 0) == EFAULT, "chroot, by its capability");
}

/* CAP_SYS_ADMIN opens what it is needed for; the kernel itself answers. */
static void
admin_test(void)
{
	ok(try(SYS_clone3, 0, 0, 0) == EINVAL, "clone3");
	ok(try(SYS_unshare, 0, 0, 0) == 0, "unshare");
	ok(try(SYS_setns, -1, 0, 0) == EBADF, "setns");
	ok(try(SYS_keyctl, 0, 0, 0) == EPERM, "keyctl still not");
	ok(forks(), "fork");
}

static void
in_child(void (*test)(void), uint64_t capabilities, int count)
{
	int status = -1;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		profile_load(capabilities);
		test();
		fflush(stdout);
		_exit(tap_failed != 0);
	}
	waitpid(pid, &status, 0);
	tap_count += count;
	ok(WIFEXITED(status) && !WEXITSTATUS(status), "all of them");
}

int
main(void)
{
	static const char *const archs[] = {"amd64", "386", "arm64", "arm",
	    "riscv64", "ppc64le", "s390x", "loong64", "else"};

	for (size_t i = 0; i < sizeof archs / sizeof *archs; i++)
		names_test(archs[i], capabilities_default);
	names_test("amd64", CAPABILITIES_ALL);
	names_test("s390x", 0);
	if (X86_64) {
		in_child(default_test, capabilities_default, 22);
		in_child(
		    admin_test, capabilities_change(UINT64_C(1) << 21, 0), 5);
	}
	return tap_end();
}
