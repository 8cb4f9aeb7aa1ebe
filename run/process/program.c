/* SPDX-License-Identifier: ISC */
/* The program: found as a shell would, and executed. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/mem.h"
#include "run/process/environment.h"
#include "run/process/program.h"
#include "run/spec/spec.h"

#define PATH_DEFAULT                                                           \
	"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/*
 * exec says "No such file" also when it is the file's interpreter or loader
 * that is missing: tell the two apart, for the cure is another.  The reason
 * comes last, where engines look for it (run/log.c).
 */
static int
exec_failed(const char *path, int error)
{
	const char *what = "";

	if (error == ENOENT && access(path, F_OK) == 0)
		what = ": the interpreter or dynamic loader that it names";
	if (error == ENOEXEC)
		what = ": neither a program for this machine nor a script "
		       "that begins with #!";
	errno = error;
	warnsys("%s%s", path, what);
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

/* Nothing of that name in PATH; EACCES: what there is can't be executed. */
static int
program_missing(const char *name, int error)
{
	if (error == EACCES)
		return exec_failed(name, error);
	warn("%s: executable file not found in PATH", name);
	return 127;
}

int
program_exec(const struct process_spec *p)
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
	return program_missing(name, refused);
}

/* Whether the file could be executed, with errno when it couldn't. */
static bool
is_executable(const char *file)
{
	struct stat st;

	if (access(file, X_OK) < 0 || stat(file, &st) < 0)
		return false;
	errno = EACCES;
	return S_ISREG(st.st_mode);
}

/* What hinders it for certain, of itself; 0: nothing may. */
static int
hindrance(const char *file)
{
	if (is_executable(file))
		return 0;
	switch (errno) {
	case EACCES:
	case ENOENT:
	case ENOTDIR:
	case ELOOP:
	case ENAMETOOLONG:
		return errno;
	default:
		return 0;
	}
}

int
program_check(const struct process_spec *p)
{
	const char *path = environment_get(p->env, "PATH"), *name = *p->args,
		   *end;
	int worst = ENOENT, error;
	char *file;

	if (strchr(name, '/')) {
		worst = hindrance(name);
		return worst ? exec_failed(name, worst) : 0;
	}
	for (path = path ? path : PATH_DEFAULT;; path = end + 1) {
		end = strchrnul(path, ':');
		file = xasprintf("%.*s%s%s", (int)(end - path), path,
		    end > path ? "/" : "./", name);
		error = hindrance(file);
		free(file);
		if (!error)
			return 0;
		if (error == EACCES)
			worst = EACCES;
		if (!*end)
			break;
	}
	return program_missing(name, worst);
}
