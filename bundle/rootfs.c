/* SPDX-License-Identifier: ISC */
/* BUNDLE/rootfs, which oci-unpack makes. */
#include "bundle/rootfs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/mem.h"

int
rootfs_open(int bundle)
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

_Noreturn static void
unpack_exec(const char *image, const char *rootless, const char *path)
{
	char *option = xasprintf("--rootless=%s", rootless);
	const char *const args[] = {
	    "oci-unpack", option, "--", image, path, NULL};
	char *beside = sibling(args[0]);

	/* Whoever ends this program ends what it has begun. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (beside && access(beside, X_OK) == 0)
		execv(beside, (char *const *)args);
	else
		execvp(args[0], (char *const *)args);
	diesys("oci-unpack, which makes %s", path);
}

void
rootfs_unpack(const char *layout, const char *digest, const char *rootless,
    const char *path)
{
	char *image = xasprintf("%s@%s", layout, digest);
	pid_t pid = fork();
	int status;

	if (pid < 0)
		diesys("fork");
	if (pid == 0) {
		die_in_child(NULL);
		unpack_exec(image, rootless, path);
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			diesys("oci-unpack");
	if (WIFSIGNALED(status))
		die("oci-unpack: ended by signal %d, %s is not there",
		    WTERMSIG(status), path);
	if (WEXITSTATUS(status))
		exit(WEXITSTATUS(status));
	free(image);
}
