/* SPDX-License-Identifier: ISC */
/*
 * What a hostile program in a container tries, for t/5401-intruder.t:
 *
 *	intruder key-put COMMAND...	put a key in a new session keyring, run
 *	intruder key-find	find that key
 *	intruder type	type into the terminal that is standard input
 *	intruder look	print what other processes have open, over and over
 *
 * Built with -shared it is loaded into the runtime itself, when a container
 * runs /proc/self/exe, keeps the runtime's file open and becomes a shell.
 * Prints what was got hold of, or fails with the reason.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef __PIC__
__attribute__((constructor)) static void
exe_keep(void)
{
	char script[] = "echo loaded; for i in 0 1; do\n"
			"echo pwned >>/proc/self/fd/9 && echo WRITTEN\n"
			"echo pwned >/proc/self/fd/9 && echo WRITTEN\n"
			"chmod 777 /proc/self/fd/9 && echo WRITTEN\n"
			"done";

	dup2(open("/proc/self/exe", O_RDONLY), 9);
	execle("/bin/busybox", "sh", "-c", script, NULL, (char *[]){NULL});
	_exit(1);
}
#endif

static int
failed(const char *what)
{
	printf("%s: %s\n", what, strerror(errno));
	return 1;
}

static int
key_put(char **command)
{
	if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) < 0 ||
	    syscall(SYS_add_key, "user", "of-the-caller", "x", 1,
		KEY_SPEC_SESSION_KEYRING) < 0)
		return failed("key");
	execvp(*command, command);
	return failed(*command);
}

static int
key_find(void)
{
	if (syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_SESSION_KEYRING, "user",
		"of-the-caller", 0) < 0)
		return failed("key");
	puts("key: FOUND");
	return 0;
}

static int
type(void)
{
	int tty = open("/dev/tty", O_RDWR);

	if (!isatty(0))
		return failed("no terminal");
	if (tty >= 0)
		puts("/dev/tty: OPENED");
	if (ioctl(0, TIOCSCTTY, 1) == 0)
		puts("terminal: TAKEN");
	if (ioctl(0, TIOCSTI, "x") < 0)
		return failed("type");
	puts("type: TYPED");
	return 0;
}

static void
link_print(const char *fmt, int pid, int fd)
{
	char path[64], target[4096];
	ssize_t n;

	snprintf(path, sizeof path, fmt, pid, fd);
	n = readlink(path, target, sizeof target);
	if (n > 0)
		printf("%.*s\n", (int)n, target);
}

/* Pids go up: the next ones are the next to come. */
static _Noreturn void
look(void)
{
	int next = 2;

	for (puts("looking");; fflush(stdout))
		for (int pid = next; pid < next + 4; pid++) {
			if (kill(pid, 0) < 0)
				continue;
			next = pid;
			link_print("/proc/%d/exe", pid, 0);
			for (int fd = 3; fd < 20; fd++)
				link_print("/proc/%d/fd/%d", pid, fd);
		}
}

int
main(int argc, char **argv)
{
	if (argc > 2 && strcmp(argv[1], "key-put") == 0)
		return key_put(argv + 2);
	if (argc > 1 && strcmp(argv[1], "key-find") == 0)
		return key_find();
	if (argc > 1 && strcmp(argv[1], "type") == 0)
		return type();
	if (argc > 1 && strcmp(argv[1], "look") == 0)
		look();
	return 2;
}
