/* SPDX-License-Identifier: ISC */
/*
 * A directory that has another name until it is whole: a root file system's,
 * or a layer's.
 */
#ifndef UNPACK_TEMPORARY_H
#define UNPACK_TEMPORARY_H

/*
 * The directory of that descriptor gets mode 0700 and the caller's group, and
 * nothing of its parent's is inherited by what comes into it.  Dies; name is
 * for the message.
 */
void temporary_settle(int fd, const char *name);

/*
 * Empty the directory by its descriptor, then take its name in the parent
 * away: 0, or -1 with errno.  If another directory has the name by now (ESTALE)
 * or gets it meanwhile, only one that is empty can be lost.
 */
int temporary_remove(int parent, const char *name, int fd);

#endif
