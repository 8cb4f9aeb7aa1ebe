/* SPDX-License-Identifier: ISC */
/* Limits, working directory, keys and signals of the process. */
#include <errno.h>
#include <linux/keyctl.h>
#include <signal.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/die.h"
#include "run/process/process.h"
#include "run/spec/spec.h"

void
process_rlimits(const struct process_spec *p)
{
	const struct rlimit_spec *r = p->rlimits;
	struct rlimit now, want;

	for (; r < p->rlimits + p->nrlimits; r++) {
		want =
		    (struct rlimit){.rlim_cur = r->soft, .rlim_max = r->hard};
		/* Asking for what is there needs no privilege. */
		if (getrlimit(r->resource, &now) == 0 &&
		    now.rlim_cur == want.rlim_cur &&
		    now.rlim_max == want.rlim_max)
			continue;
		if (setrlimit(r->resource, &want) < 0)
			diesys("process.rlimits.%s: soft %llu, "
			       "hard %llu, where hard is %llu here",
			    r->type, (unsigned long long)r->soft,
			    (unsigned long long)r->hard,
			    (unsigned long long)now.rlim_max);
	}
}

/*
 * A directory that the process got hold of from outside shows as
 * "(unreachable)": getcwd(2), the system call, tells, the function hides it.
 */
bool
process_cwd(const struct process_spec *p, bool again)
{
	char path[4096];

	if (chdir(p->cwd) < 0) {
		if (!again && (errno == EACCES || errno == EPERM))
			return false;
		diesys("process.cwd: %s", p->cwd);
	}
	if (syscall(SYS_getcwd, path, sizeof path) < 0 || *path != '/')
		die("process.cwd: %s: lies outside of the root "
		    "file system",
		    p->cwd);
	return true;
}

void
process_kernel(const struct spec *spec)
{
	const struct memory_policy *m = &spec->memory_policy;

	if (spec->personality_32 && personality(PER_LINUX32) < 0)
		diesys("config.json: linux.personality");
	if (m->given && syscall(SYS_set_mempolicy, m->mode, m->nodes,
			    MEMORY_NODES + 1UL) < 0)
		diesys("config.json: linux.memoryPolicy");
}

/* Else a key of the host's session could be read in the container. */
void
process_keyring(void)
{
	if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) < 0 &&
	    errno != ENOSYS)
		diesys("session keyring (--no-new-keyring goes without)");
}

void
process_signals(void)
{
	/* In each of the kernel's forms zeros are SIG_DFL and nothing else. */
	const char action[64] = {0};
	sigset_t none;

	/*
	 * What is ignored stays so across clone and exec.  libc keeps two for
	 * itself that signal(2) doesn't touch, and make(1) leaves ignored.
	 */
	for (int n = 1; n < NSIG; n++)
		syscall(SYS_rt_sigaction, n, action, NULL, NSIG / 8);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}
