/* SPDX-License-Identifier: ISC */
/*
 * Another user who is quick, as a library to be preloaded: each time a program
 * has made a directory whose name begins with $SWAP, it is moved away, and
 * $SWAP_BY stands in its place, as long as there is one; without SWAP_BY the
 * first is removed, as what a killed run has left.  Before it removes a file of
 * the name $MOVE_AT the user nobody, who is in $MOVE_IN since it could be
 * entered, moves $MOVE, where PID stands for the program's, to $MOVE_TO, or
 * exchanges the two, and says so.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void
swap(int dir, const char *name)
{
	const char *begin = getenv("SWAP"), *by = getenv("SWAP_BY");

	static bool removed;

	if (!begin || strncmp(name, begin, strlen(begin)))
		return;
	if (!by) {
		if (!removed && unlinkat(dir, name, AT_REMOVEDIR))
			perror("swap");
		removed = true;
		return;
	}
	if (access(by, F_OK))
		return;
	if (renameat(dir, name, dir, "moved") || renameat(-100, by, dir, name))
		perror("swap");
}

int
mkdirat(int dir, const char *name, mode_t mode)
{
	int (*real)(int, const char *, mode_t) =
	    (int (*)(int, const char *, mode_t))dlsym(RTLD_NEXT, "mkdirat");
	int r = real(dir, name, mode);

	if (!r)
		swap(dir, name);
	return r;
}

static void
move(const char *in, const char *what, const char *to)
{
	const char *number = strstr(what, "PID");
	char from[4096];
	pid_t pid;

	if (number)
		snprintf(from, sizeof from, "%.*s%d%s", (int)(number - what),
		    what, getpid(), number + 3);
	else
		snprintf(from, sizeof from, "%s", what);
	pid = fork();
	if (!pid) {
		if (chdir(in) || syscall(SYS_setresuid, 65534, 65534, 65534) ||
		    (renameat2(-100, from, -100, to, RENAME_EXCHANGE) &&
			rename(from, to)))
			_exit(1);
		_exit(dprintf(2, "%s has gone\n", from) < 0);
	}
	waitpid(pid, NULL, 0);
}

int
unlinkat(int dir, const char *name, int flags)
{
	int (*real)(int, const char *, int) =
	    (int (*)(int, const char *, int))dlsym(RTLD_NEXT, "unlinkat");
	const char *at = getenv("MOVE_AT");

	if (at && !strcmp(name, at))
		move(getenv("MOVE_IN"), getenv("MOVE"), getenv("MOVE_TO"));
	return real(dir, name, flags);
}
