/* SPDX-License-Identifier: ISC */
/*
 * atexec FILE COMMAND...: run the command and write to FILE what descriptors
 * each process that it starts has when it calls chdir(2) and execve(2), a
 * line each: the call, its path, and every number with what it is open on.
 * Ends with the command's status.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define OPTIONS                                                                \
	(PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |    \
	    PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL)

static void
descriptors_print(FILE *to, pid_t pid)
{
	char path[64], file[512], target[PATH_MAX];
	struct dirent *e;
	ssize_t n;
	DIR *dir;

	snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
	dir = opendir(path);
	while (dir && (e = readdir(dir))) {
		snprintf(file, sizeof file, "%s/%s", path, e->d_name);
		n = readlink(file, target, sizeof target);
		if (n > 0)
			fprintf(to, " %s=%.*s", e->d_name, (int)n, target);
	}
	if (dir)
		closedir(dir);
}

static void
call_print(FILE *to, pid_t pid)
{
	struct __ptrace_syscall_info info;
	char text[256] = "";
	struct iovec here = {text, sizeof text - 1}, there;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof info, &info) <= 0 ||
	    info.op != PTRACE_SYSCALL_INFO_ENTRY ||
	    (info.entry.nr != SYS_execve && info.entry.nr != SYS_chdir))
		return;
	there = (struct iovec){
	    (void *)(uintptr_t)info.entry.args[0], sizeof text - 1};
	while (
	    there.iov_len && process_vm_readv(pid, &here, 1, &there, 1, 0) < 0)
		there.iov_len /= 2; /* the next page may not be there */
	fprintf(
	    to, "%s %s", info.entry.nr == SYS_chdir ? "chdir" : "execve", text);
	descriptors_print(to, pid);
	fputc('\n', to);
}

int
main(int argc, char **argv)
{
	int status, sig, result = 1;
	pid_t first, pid;
	FILE *to;

	if (argc < 3 || !(to = fopen(argv[1], "we")))
		return 2;
	first = fork();
	if (first == 0) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	waitpid(first, &status, 0);
	ptrace(PTRACE_SETOPTIONS, first, NULL, OPTIONS);
	ptrace(PTRACE_SYSCALL, first, NULL, NULL);
	while ((pid = waitpid(-1, &status, __WALL)) > 0) {
		if (WIFEXITED(status) || WIFSIGNALED(status)) {
			if (pid == first)
				result = WIFEXITED(status)
					     ? WEXITSTATUS(status)
					     : 128 + WTERMSIG(status);
			continue;
		}
		sig = WSTOPSIG(status);
		if (sig == (SIGTRAP | 0x80)) {
			if (pid != first)
				call_print(to, pid);
			sig = 0;
		} else if (sig == SIGTRAP || sig == SIGSTOP) {
			sig = 0; /* an event, a new process */
		}
		ptrace(PTRACE_SYSCALL, pid, NULL, sig);
	}
	return fclose(to) ? 1 : result;
}
