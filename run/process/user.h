/* SPDX-License-Identifier: ISC */
/* The user that the process runs as (config.md, "POSIX-platform User"). */
#ifndef RUN_PROCESS_USER_H
#define RUN_PROCESS_USER_H

#include <stdbool.h>
#include <sys/types.h>

struct process_spec;

/*
 * Groups, group and user; capabilities that are kept are kept.  Where groups
 * are denied, as in an ordinary user's namespace of one id, the caller's stay.
 * Dies.
 */
void user_become(const struct process_spec *p, bool groups_denied);

/*
 * Standard streams become the user's, so that /dev/stdout can be opened, as
 * with runc: pipes, sockets, terminals and files that are written to, as far
 * as it may be.
 */
void user_streams(uid_t uid);

#endif
