/* SPDX-License-Identifier: ISC */
/* What the process itself is to be. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/mem.h"
#include "run/environment.h"
#include "run/process.h"
#include "run/spec.h"

#define PATH_DEFAULT                                                           \
	"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

void
process_rlimits(const struct process *p)
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
			diesys("config.json: process.rlimits: number %d: soft "
			       "%llu hard %llu",
			    r->resource, (unsigned long long)r->soft,
			    (unsigned long long)r->hard);
	}
}

void
process_user(const struct process *p, bool groups_denied)
{
	if (setgroups(p->ngids, p->gids) < 0 &&
	    (errno != EPERM || p->ngids || !groups_denied))
		diesys("config.json: process.user.additionalGids");
	if (setresgid(p->gid, p->gid, p->gid) < 0)
		diesys("config.json: process.user.gid: %u", p->gid);
	if (setresuid(p->uid, p->uid, p->uid) < 0)
		diesys("config.json: process.user.uid: %u", p->uid);
}

/*
 * A directory that the process got hold of from outside shows as
 * "(unreachable)": getcwd(2), the system call, tells, the function hides it.
 */
bool
process_cwd(const struct process *p, bool again)
{
	char path[4096];

	if (chdir(p->cwd) < 0) {
		if (!again && (errno == EACCES || errno == EPERM))
			return false;
		diesys("config.json: process.cwd: %s", p->cwd);
	}
	if (syscall(SYS_getcwd, path, sizeof path) < 0 || *path != '/')
		die("config.json: process.cwd: %s: lies outside of the root "
		    "file system",
		    p->cwd);
	return true;
}

/* A file that is only read, /etc/passwd perhaps, is not to be given away. */
static bool
is_to_be_given(int fd, const struct stat *st)
{
	if (S_ISREG(st->st_mode))
		return (fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDONLY;
	return S_ISFIFO(st->st_mode) || S_ISSOCK(st->st_mode) ||
	       (S_ISCHR(st->st_mode) && isatty(fd));
}

void
process_streams(const struct process *p)
{
	struct stat st;

	for (int fd = 0; fd < 3; fd++) {
		if (fstat(fd, &st) < 0 || st.st_uid == p->uid ||
		    !is_to_be_given(fd, &st))
			continue;
		/* A file on a read-only mount, or of an id not mapped. */
		(void)!fchown(fd, p->uid, -1);
	}
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

/*
 * exec says "No such file" also when it is the file's interpreter or loader
 * that is missing: tell the two apart, for the cure is another.
 */
static int
exec_failed(const char *path, int error)
{
	if (error == ENOENT && access(path, F_OK) == 0) {
		warn("%s: is there, but the interpreter or the dynamic loader "
		     "that it names is not",
		    path);
		return 127;
	}
	if (error == ENOEXEC) {
		warn("%s: is no program for this machine, nor a script that "
		     "begins with #!",
		    path);
		return 126;
	}
	errno = error;
	warnsys("%s", path);
	return error == ENOENT ? 127 : 126;
}

/* Whether an error of one directory of PATH says nothing of the next. */
static bool
is_elsewhere(int error)
{
	return error == ENOENT || error == ENOTDIR || error == ELOOP ||
	       error == ENAMETOOLONG || error == ENODEV || error == ESTALE ||
	       error == ETIMEDOUT;
}

int
process_exec(const struct process *p)
{
	const char *path = environment_get(p->env, "PATH"), *name = *p->args,
		   *end;
	int refused = 0;
	char *file;

	if (strchr(name, '/')) {
		execve(name, p->args, p->env);
		return exec_failed(name, errno);
	}
	for (path = path ? path : PATH_DEFAULT;; path = end + 1) {
		end = strchrnul(path, ':');
		file = xasprintf("%.*s%s%s", (int)(end - path), path,
		    end > path ? "/" : "./", name);
		execve(file, p->args, p->env);
		if (errno == EACCES)
			refused = EACCES; /* go on, as a shell does */
		else if (!is_elsewhere(errno) || access(file, F_OK) == 0)
			return exec_failed(file, errno);
		free(file);
		if (!*end)
			break;
	}
	if (refused)
		return exec_failed(name, refused);
	warn("%s: executable file not found in PATH", name);
	return 127;
}
