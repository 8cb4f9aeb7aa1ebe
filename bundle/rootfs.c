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

#include "bundle/root.h"
#include "lib/die.h"
#include "lib/io.h"
#include "lib/json.h"
#include "lib/mem.h"

#define RECORD_MAX 4096

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
unpack_exec(const struct unpacking *u)
{
	const char *const args[] = {"oci-unpack",
	    xasprintf("--rootless=%s", u->rootless),
	    xasprintf("--platform=%s", u->platform), "--",
	    xasprintf("%s@%s", u->layout, u->digest), u->path, NULL};
	char *beside = sibling(args[0]);

	/*
	 * Whoever ends this program ends what it has begun.  Until that has
	 * ended too, the bundle stays locked: the lock is the descriptor's.
	 */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	fcntl(u->bundle, F_SETFD, 0);
	if (beside && access(beside, X_OK) == 0)
		execv(beside, (char *const *)args);
	else
		execvp(args[0], (char *const *)args);
	diesys("oci-unpack, which makes %s", u->path);
}

/* What is unpacked, in the bundle before the root file system is. */
static void
record_write(const struct unpacking *u)
{
	cJSON *record = cJSON_CreateObject();
	char *text;

	cJSON_AddStringToObject(record, "manifest", u->digest);
	cJSON_AddStringToObject(record, "platform", u->platform);
	text = json_text(record);
	if (io_replace(u->bundle, ROOTFS_RECORD, text, strlen(text), 0644) < 0)
		diesys(ROOTFS_RECORD " of the bundle");
	free(text);
	cJSON_Delete(record);
}

char *
rootfs_recorded(int bundle)
{
	char *text = root_slurp(bundle, ROOTFS_RECORD, RECORD_MAX);
	const char *why, *digest;
	cJSON *record = text ? json_parse(text, strlen(text), &why) : NULL;
	char *found;

	digest = json_string(record, "manifest");
	found = digest ? xstrdup(digest) : NULL;
	cJSON_Delete(record);
	free(text);
	return found;
}

void
rootfs_unpack(const struct unpacking *u)
{
	pid_t pid;
	int status;

	record_write(u);
	pid = fork();
	if (pid < 0)
		diesys("fork");
	if (pid == 0) {
		die_in_child(NULL);
		unpack_exec(u);
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			diesys("oci-unpack");
	if (WIFSIGNALED(status))
		die("oci-unpack: ended by signal %d, %s is not there",
		    WTERMSIG(status), u->path);
	if (WEXITSTATUS(status))
		exit(WEXITSTATUS(status));
}
