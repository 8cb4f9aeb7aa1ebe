/* SPDX-License-Identifier: ISC */
/* run/seccomp: what a process under a compiled filter meets. */
#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/die.h"
#include "run/seccomp/filter.h"
#include "run/spec/spec.h"
#include "t/tap.h"

#define S(text)                                                                \
	(char[])                                                               \
	{                                                                      \
		text                                                           \
	}

static char *make_[] = {S("mkdir"), S("mkdirat"), S("no_such_call"), NULL};
static char *kill_[] = {S("sethostname"), NULL};
static char *socket_[] = {S("socket"), NULL};
static char *same[] = {S("getpid"), NULL};
static char *archs[] = {
    S("SCMP_ARCH_X86_64"), S("SCMP_ARCH_X86"), S("SCMP_ARCH_X32"), NULL};
static char *log_flag[] = {
    S("SECCOMP_FILTER_FLAG_LOG"), S("SECCOMP_FILTER_FLAG_TSYNC"), NULL};
static struct seccomp_arg af_alg[] = {{0, AF_ALG, 0, S("SCMP_CMP_EQ")}};
static struct seccomp_arg masked[] = {{1, 0xf, 2, S("SCMP_CMP_MASKED_EQ")}};

static struct seccomp_rule rules[] = {
    {make_, S("SCMP_ACT_ERRNO"), ENOANO, NULL, 0},
    {kill_, S("SCMP_ACT_KILL_PROCESS"), UNSET, NULL, 0},
    {socket_, S("SCMP_ACT_ERRNO"), UNSET, af_alg, 1},
    {socket_, S("SCMP_ACT_ERRNO"), EXFULL, masked, 1},
    {same, S("SCMP_ACT_ALLOW"), UNSET, NULL, 0}, /* as the default */
};

static struct seccomp_spec spec = {
    .default_action = S("SCMP_ACT_ALLOW"),
    .default_errno = UNSET,
    .architectures = archs,
    .flags = log_flag,
    .rules = rules,
    .nrules = sizeof rules / sizeof *rules,
};

/* The wait status of a child that does it under the filter. */
static int
under_filter(int (*what)(void))
{
	int status = -1;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		seccomp_apply(seccomp_compile(&spec));
		_exit(what());
	}
	waitpid(pid, &status, 0);
	return status;
}

static int
make_directory(void)
{
	return mkdir("/nowhere/x", 0755) < 0 ? errno : 0;
}

static int
set_name(void)
{
	return sethostname("x", 1) < 0 ? errno : 0;
}

static int
socket_of_alg(void)
{
	return socket(AF_ALG, SOCK_SEQPACKET, 0) < 0 ? errno : 0;
}

static int
socket_of_datagrams(void)
{
	return socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0) < 0 ? errno : 0;
}

static int
socket_of_stream(void)
{
	return socket(AF_UNIX, SOCK_STREAM, 0) < 0 ? errno : 0;
}

static bool
exits(int status, int code)
{
	return WIFEXITED(status) && WEXITSTATUS(status) == code;
}

/* Whether seccomp_compile dies of the specification as it is now. */
static bool
dies(void)
{
	int status = -1;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		close(2);
		seccomp_compile(&spec);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	return exits(status, 1);
}

int
main(void)
{
	char *wrong[] = {S("SCMP_ARCH_ABACUS"), NULL};
	int status;

	ok(exits(under_filter(make_directory), ENOANO), "errnoRet");
	ok(exits(under_filter(socket_of_alg), EPERM), "no errnoRet: EPERM");
	ok(exits(under_filter(socket_of_datagrams), EXFULL), "masked");
	ok(exits(under_filter(socket_of_stream), 0), "other arguments");
	status = under_filter(set_name);
	ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS, "killed");
	ok(!dies(), "a system call that nobody knows is passed over");
	rules[1].action = S("SCMP_ACT_NOTIFY");
	ok(dies(), "SCMP_ACT_NOTIFY is refused");
	rules[1].action = S("SCMP_ACT_KILL");
	ok(!dies(), "SCMP_ACT_KILL is the old name of KILL_THREAD");
	spec.architectures = wrong;
	ok(dies(), "an unknown architecture is refused");
	return tap_end();
}
