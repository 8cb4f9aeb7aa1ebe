/* SPDX-License-Identifier: ISC */
/* Messages on standard error and the end of the process. */
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/text.h"

#define MESSAGE_MAX 4096

int die_status = 1;
static bool in_child;
static void (*child_last)(int status);
static const char *about; /* see die_about */
static _Thread_local void (*thread_last)(void *arg, const char *message);
static _Thread_local void *thread_arg;

void
die_standard_error(enum die_level level, const char *line, size_t n)
{
	(void)level;
	if (n > 0 && write(2, line, n) < 0)
		return; /* nobody is left to be told */
}

static void (*line_sink)(
    enum die_level level, const char *line, size_t n) = die_standard_error;

static void say(enum die_level level, const char *fmt, va_list ap, int error)
    PRINTF(2, 0);

/* ENOSYS tells its reader nothing: who hasn't got the call? */
static const char *
reason(int error)
{
	return error == ENOSYS ? "Function not implemented: an old kernel, or "
				 "a container's seccomp profile"
			       : strerror(error);
}

/*
 * One write a line, so that lines of several processes on one terminal or in
 * one log don't mix.  Names in hostile archives and what hostile registries
 * answer are part of it: they don't get to write to the terminal.
 */
static void
say(enum die_level level, const char *fmt, va_list ap, int error)
{
	char line[MESSAGE_MAX];
	size_t len;
	int n;

	n = snprintf(line, sizeof line, "%s: ", program_invocation_short_name);
	len = n;
	vsnprintf(line + len, sizeof line - len - 1, fmt, ap);
	len = strlen(line);
	if (error)
		snprintf(
		    line + len, sizeof line - len - 1, ": %s", reason(error));
	len = strlen(line);
	if (thread_last && level == DIE_ERROR)
		thread_last(thread_arg, line + n);
	if (about)
		snprintf(line + len, sizeof line - len - 1, " (%s)", about);
	text_safe(line);
	len = strlen(line);
	line[len++] = '\n';
	line_sink(level, line, len);
}

void
die_about(const char *text)
{
	about = text;
}

static _Noreturn void
leave(int status)
{
	if (in_child) {
		if (child_last)
			child_last(status);
		_exit(status);
	}
	exit(status);
}

void
die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(DIE_ERROR, fmt, ap, 0);
	va_end(ap);
	leave(die_status);
}

void
diesys(const char *fmt, ...)
{
	int error = errno;
	va_list ap;

	va_start(ap, fmt);
	say(DIE_ERROR, fmt, ap, error);
	va_end(ap);
	leave(die_status);
}

void
diecall(const char *call, const char *object)
{
	if (errno == EPERM)
		die("%s: %s: %s, perhaps to a container's seccomp profile",
		    object, call, strerror(EPERM));
	diesys("%s: %s", object, call);
}

void
die_if_missing(const char *call, const char *linux_version)
{
	if (errno == ENOSYS)
		die("%s: not implemented: it needs Linux %s, or a container's "
		    "seccomp profile hides it",
		    call, linux_version);
}

void
die_usage(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(DIE_ERROR, fmt, ap, 0);
	va_end(ap);
	dprintf(2, "Try '%s --help'.\n", program_invocation_short_name);
	leave(2);
}

void
warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(DIE_WARNING, fmt, ap, 0);
	va_end(ap);
}

void
warnsys(const char *fmt, ...)
{
	int error = errno;
	va_list ap;

	va_start(ap, fmt);
	say(DIE_WARNING, fmt, ap, error);
	va_end(ap);
}

void
die_in_child(void (*last)(int status))
{
	in_child = true;
	child_last = last;
}

void
die_in_thread(void (*last)(void *arg, const char *message), void *arg)
{
	thread_last = last;
	thread_arg = arg;
}

void
die_sink(void (*sink)(enum die_level level, const char *line, size_t n))
{
	line_sink = sink;
}

void
die_pass(enum die_level level, const char *line, size_t n)
{
	line_sink(level, line, n);
}

void
die_said(int status)
{
	line_sink(DIE_ERROR, "", 0);
	leave(status);
}

void
stdout_close(void)
{
	if (fflush(stdout) || ferror(stdout) || fclose(stdout))
		diesys("standard output");
}
