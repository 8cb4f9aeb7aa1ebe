/* SPDX-License-Identifier: ISC */
/*
 * The mark of a container on its cgroup, an extended attribute of the
 * directory.  There is no other way to tell whose a cgroup is that two
 * containers were given by name: it may be empty, and it may have been
 * somebody else's between the making and the removing.
 *
 * Who wants a cgroup sets the mark, then looks whether it is empty, enters it,
 * and looks whether the mark is still there.  Of two who do so at the same
 * time one at most goes on.
 */
#ifndef RUN_CGROUP_CLAIM_H
#define RUN_CGROUP_CLAIM_H

#include <stdbool.h>
#include <sys/stat.h>

#include "lib/statecgroup.h"

/* A new mark: it names this process, and no other container has it.  Owned. */
char *claim_new(void);

/* Set it, on a directory that is that to the container.  0, or -1 with errno.
 */
int claim_set(int dirfd, const char *claim, enum cgroup_role role);

/* Whether it is on the directory; *role then, unless NULL. */
bool claim_is(int dirfd, const char *claim, enum cgroup_role *role);

/* Whether there is any mark. */
bool claim_is_there(int dirfd);

/*
 * Between the making of a directory and the setting of its mark its maker can
 * be killed.  Until it has the mark a directory of ours has this bit, which
 * mkdir(2) sets with it and which means nothing to a cgroup.
 */
#define CLAIM_COMING S_ISVTX

/* The mark is there: take the bit away. */
void claim_came(int dirfd);

/* Whether this user made it and was killed before it had its mark. */
bool claim_never_came(int dirfd);

/* Whether the process lives that another mark names: it is at it. */
bool claim_is_held(int dirfd);

/* Whether a container's runtime made the directory, this one or another. */
bool claim_is_of_made(int dirfd);

void claim_drop(int dirfd);

#endif
