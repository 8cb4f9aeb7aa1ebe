/* SPDX-License-Identifier: ISC */
/* Messages on standard error and the end of the process. */
#ifndef LIB_DIE_H
#define LIB_DIE_H

#include <stddef.h>

#define PRINTF(fmt, args) __attribute__((__format__(__printf__, fmt, args)))

/* The exit status of die and diesys: 1, unless a program sets another. */
extern int die_status;

/*
 * Print "PROGRAM: message" and end the process with die_status; diesys adds
 * ": " and the text of errno.  The message names the object, then the reason.
 */
_Noreturn void die(const char *fmt, ...) PRINTF(1, 2);
_Noreturn void diesys(const char *fmt, ...) PRINTF(1, 2);

/*
 * Die because the system call did not work on object, with errno: "OBJECT:
 * CALL: reason", and of EPERM, too, that a container's seccomp profile may be
 * the reason.
 */
_Noreturn void diecall(const char *call, const char *object);

/*
 * To be called after a system call failed: with ENOSYS, die naming the call and
 * the version of Linux that brought it; else return, errno unchanged.
 */
void die_if_missing(const char *call, const char *linux_version);

/* The command line is wrong: message, a pointer to --help, exit status 2. */
_Noreturn void die_usage(const char *fmt, ...) PRINTF(1, 2);

/* The same line without the end. */
void warn(const char *fmt, ...) PRINTF(1, 2);
void warnsys(const char *fmt, ...) PRINTF(1, 2);

/*
 * From then on messages end with what is being worked on: "MESSAGE (TEXT)".
 * The text is borrowed; NULL: they don't.
 */
void die_about(const char *text);

/*
 * Call in a child right after fork or clone: from then on die, diesys and
 * die_usage leave by _exit, so that what the parent registered with atexit
 * is undone by the parent alone.  last, unless NULL, is called before that
 * with the exit status, to tell the parent.
 */
void die_in_child(void (*last)(int status));

/*
 * Call in a thread that isn't the main one: from then on die and diesys there
 * give their message, without the program's name, to last, which doesn't
 * return: to end the process is the main thread's.
 */
void die_in_thread(void (*last)(void *arg, const char *message), void *arg);

/*
 * From then on each line, with its newline, goes to sink and not to standard
 * error: that of a container's first process is the container's by the time
 * it fails.  Of a warning the process may still die, when others have said why:
 * then an error of no bytes comes.
 */
enum die_level { DIE_WARNING, DIE_ERROR };
void die_sink(void (*sink)(enum die_level level, const char *line, size_t n));

/* What the first sink is. */
void die_standard_error(enum die_level level, const char *line, size_t n);

/* Pass on a line that another process said. */
void die_pass(enum die_level level, const char *line, size_t n);

/* End with the status; the reason has been said. */
_Noreturn void die_said(int status);

/* Close standard output, and die if anything written to it was lost. */
void stdout_close(void);

#endif
