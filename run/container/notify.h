/* SPDX-License-Identifier: ISC */
/*
 * Readiness, sd_notify(3): the program of the container says READY=1 at a
 * socket in /run/notify, and who started it says so at the NOTIFY_SOCKET of the
 * environment.  The container sees a directory of its state directory, in which
 * each program that starts it makes the socket: as runc does.
 */
#ifndef RUN_CONTAINER_NOTIFY_H
#define RUN_CONTAINER_NOTIFY_H

#include <stdbool.h>
#include <sys/types.h>

struct spec;

/*
 * When this program has a NOTIFY_SOCKET, and config.json gives the container
 * none: make the directory in dir, the container's, and add to spec its mount
 * and the variable.  The directory isn't found in a mount namespace that is
 * joined by a path, so dies with one, too.
 */
void notify_prepare(int dir, struct spec *spec);

/*
 * Make the socket: a descriptor, or -1 where this program has no NOTIFY_SOCKET
 * or the container no directory for it.  Dies.
 */
int notify_open(int dir);

/* Read a message: whether it says that the program is ready. */
bool notify_hears(int fd);

/*
 * Pass that on.  pid, unless it is 0, is what systemd is to watch from now on,
 * for this program ends; it waits until that has been heard, 30 seconds at
 * most.  What goes wrong is a warning.
 */
void notify_pass(pid_t pid);

/*
 * Wait until the program is ready, and pass that on with its pid, or until its
 * process, of pidfd, has ended; closes fd, -1 is none.  Dies when a signal that
 * ends a program came, if they are held (signals_hold).
 */
void notify_await(int fd, pid_t pid, int pidfd);

#endif
