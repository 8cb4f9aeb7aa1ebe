/* SPDX-License-Identifier: ISC */
/* Root file systems, which oci-unpack makes and removes. */
#include "bundle/unpacking.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bundle/stop.h"
#include "lib/die.h"
#include "lib/io.h"
#include "lib/mem.h"

#define PROGRAM "oci-unpack"
#define NAMES_MAX (1 << 20) /* bytes of those of all layers */

int
unpacking_open(int bundle)
{
	int fd = openat(bundle, "rootfs", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 && errno != ENOENT)
		diesys("rootfs of the bundle");
	return fd;
}

/* The path of a program in the directory that this one is in. */
static char *
sibling(const char *name)
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);

	if (n < 0)
		return NULL;
	self[n] = '\0';
	*strrchr(self, '/') = '\0';
	return xasprintf("%s/%s", self, name);
}

/*
 * Run the program in the directory dir, with the descriptor lock and out for
 * its standard output, to its end, which a signal hastens: its wait status.
 * Whoever ends this process ends what it has begun; until that has ended too
 * the lock is held.
 */
static int
run(const char *const *args, int dir, int lock, int out, const char *what)
{
	char *beside;
	int status;
	pid_t pid;

	stop_block(1);
	pid = fork();
	if (pid < 0)
		diesys("fork");
	if (pid == 0) {
		signal(SIGPIPE, SIG_DFL);
		signal(SIGXFSZ, SIG_DFL);
		stop_block(0);
		die_in_child(NULL);
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		if (lock >= 0)
			fcntl(lock, F_SETFD, 0);
		if (out >= 0 && dup2(out, STDOUT_FILENO) < 0)
			diesys("%s", what);
		beside = sibling(PROGRAM);
		if (dir >= 0 && fchdir(dir))
			diesys("%s", what);
		if (beside && access(beside, X_OK) == 0)
			execv(beside, (char *const *)args);
		else
			execvp(PROGRAM, (char *const *)args);
		diesys(PROGRAM " can't be run for %s", what);
	}
	stop_child(pid);
	stop_block(0);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			diesys(PROGRAM);
	stop_child(0);
	return status;
}

/* Run it, its output to a file; what it fails of it has said. */
static void
unpack(const struct unpacking *u, int out)
{
	const char *args[10] = {PROGRAM};
	size_t n = 1;
	int status;

	args[n++] = xasprintf("--rootless=%s", u->rootless);
	if (u->progress)
		args[n++] = xasprintf("--progress=%s", u->progress);
	if (u->platform)
		args[n++] = xasprintf("--platform=%s", u->platform);
	if (u->layers)
		args[n++] = xasprintf("--layers=%s", u->layers);
	if (u->objects)
		args[n++] = xasprintf("--objects=%s", u->objects);
	args[n++] = "--";
	args[n++] = xasprintf("%s@%s", u->layout, u->digest);
	if (!u->layers)
		args[n++] = u->path;
	status = run(args, -1, u->lock, out, u->path);
	stop_check();
	if (WIFSIGNALED(status))
		die(PROGRAM ": killed by signal %d before %s was complete",
		    WTERMSIG(status), u->path);
	if (WEXITSTATUS(status))
		exit(WEXITSTATUS(status));
}

void
unpacking_run(const struct unpacking *u)
{
	unpack(u, -1);
}

char *
unpacking_layers(const struct unpacking *u)
{
	int out = memfd_create("layers", MFD_CLOEXEC);
	char *names;

	if (out < 0)
		diesys("memfd_create");
	unpack(u, out);
	if (lseek(out, 0, SEEK_SET) < 0 ||
	    !(names = io_slurp(out, NAMES_MAX, NULL)))
		diesys("what " PROGRAM " has printed");
	close(out);
	return names;
}

void
unpacking_remove(int dir, const char *name, const char *rootless)
{
	char *mode = xasprintf("--rootless=%s", rootless);
	const char *const args[] = {
	    PROGRAM, "--remove", mode, "--", name, NULL};

	if (run(args, dir, -1, -1, name))
		warn("%s: could not be removed", name);
	free(mode);
}
