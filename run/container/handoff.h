/* SPDX-License-Identifier: ISC */
/*
 * A descriptor for whoever listens on a Unix socket of the command line:
 * --console-socket, --pidfd-socket.
 */
#ifndef RUN_CONTAINER_HANDOFF_H
#define RUN_CONTAINER_HANDOFF_H

/*
 * Connect to the stream socket path and send it fd, with the text as the bytes
 * that a descriptor needs for company.  option is for messages; signals is for
 * signals_wait, when nobody takes it.  Dies.
 */
void handoff_send(const char *option, const char *path, const char *text,
    int fd, int signals);

#endif
