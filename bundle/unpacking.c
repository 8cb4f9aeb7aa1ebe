/* SPDX-License-Identifier: ISC */
/* BUNDLE/rootfs, which oci-unpack makes. */
#include "bundle/unpacking.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bundle/imagefile.h"
#include "lib/die.h"
#include "lib/directory.h"
#include "lib/io.h"
#include "lib/json.h"
#include "lib/mem.h"

#define RECORD_MAX 4096

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

_Noreturn static void
unpack_exec(const struct unpacking *u)
{
	const char *args[7] = {"oci-unpack"};
	char *beside = sibling(args[0]);
	size_t n = 1;

	args[n++] = xasprintf("--rootless=%s", u->rootless);
	if (u->platform)
		args[n++] = xasprintf("--platform=%s", u->platform);
	args[n++] = "--";
	args[n++] = xasprintf("%s@%s", u->layout, u->digest);
	args[n++] = u->path;
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
	if (u->platform)
		cJSON_AddStringToObject(record, "platform", u->platform);
	text = json_text(record);
	if (io_replace(u->bundle, UNPACKING_RECORD, text, strlen(text), 0644) <
	    0)
		diesys(UNPACKING_RECORD " of the bundle");
	free(text);
	cJSON_Delete(record);
}

char *
unpacking_recorded(int bundle)
{
	char *text = imagefile_slurp(bundle, UNPACKING_RECORD, RECORD_MAX);
	const char *why, *digest;
	cJSON *record = text ? json_parse(text, strlen(text), &why) : NULL;
	char *found;

	digest = json_string(record, "manifest");
	found = digest ? xstrdup(digest) : NULL;
	cJSON_Delete(record);
	free(text);
	return found;
}

/* What ends this program on the way. */
static const int signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};

/* oci-unpack while it runs, and the signal that was to end us meanwhile. */
static volatile sig_atomic_t unpacker, ended_by;

/*
 * Whoever ends this program means oci-unpack too.  What comes from a terminal
 * (SI_KERNEL) has gone to both; a second one from us would end it at once,
 * with what it had unpacked still there.
 */
static void
on_signal(int sig, siginfo_t *info, void *context)
{
	(void)context;
	if (info->si_code <= 0 && unpacker > 0)
		kill(unpacker, sig);
	ended_by = sig;
}

/* Give those that are not ignored to on_signal, or back to the system. */
static void
signals_take(bool take)
{
	struct sigaction sa = {.sa_flags = take ? SA_SIGINFO : 0}, old;

	if (take)
		sa.sa_sigaction = on_signal;
	else
		sa.sa_handler = SIG_DFL;
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		if (!sigaction(signals[i], NULL, &old) &&
		    old.sa_handler != SIG_IGN)
			sigaction(signals[i], &sa, NULL);
}

static void
signals_mask(int how)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		sigaddset(&set, signals[i]);
	sigprocmask(how, &set, NULL);
}

/* Run oci-unpack to its end, which a signal hastens: its wait status. */
static int
unpack_run(const struct unpacking *u)
{
	int status;
	pid_t pid;

	signals_mask(SIG_BLOCK);
	pid = fork();
	if (pid < 0)
		diesys("fork");
	if (pid == 0) {
		signals_mask(SIG_UNBLOCK);
		die_in_child(NULL);
		unpack_exec(u);
	}
	unpacker = pid;
	signals_take(true);
	signals_mask(SIG_UNBLOCK);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			diesys("oci-unpack");
	unpacker = 0;
	signals_take(false);
	return status;
}

static bool
is_there(const struct unpacking *u)
{
	return !faccessat(u->bundle, "rootfs", F_OK, AT_SYMLINK_NOFOLLOW);
}

/* Nothing was unpacked: leave nothing of what was made for it. */
static void
undo(const struct unpacking *u)
{
	if (is_there(u))
		return;
	unlinkat(u->bundle, UNPACKING_RECORD, 0);
	if (u->made->name)
		unlinkat(u->made->parent, u->made->name, AT_REMOVEDIR);
}

void
unpacking_run(const struct unpacking *u)
{
	int status;

	record_write(u);
	status = unpack_run(u);
	if (!status && !ended_by && is_there(u))
		return;
	undo(u);
	if (ended_by)
		raise(ended_by);
	if (WIFSIGNALED(status))
		die("oci-unpack: ended by signal %d, %s is not there",
		    WTERMSIG(status), u->path);
	if (WEXITSTATUS(status))
		exit(WEXITSTATUS(status));
	die("oci-unpack: it has made no %s", u->path);
}
