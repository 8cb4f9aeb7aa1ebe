/* SPDX-License-Identifier: ISC */
/*
 * The descriptors of the container's first process.
 *
 * One rule: from the clone on it holds what its next step needs.  While the
 * root is built names of the image's are looked up so that no link of /proc is
 * followed (run/rootfs/path.h); when the first is looked up as any path, after
 * the pivot, there are none but the streams, those that --preserve-fds hands on
 * and the channel to its parent, which is a socket.  Close-on-exec is too late:
 * the kernel looks up the program, its
 * "#!" line and its loader before it closes, and /proc/self/fd/N/.. of any
 * directory of the host's leads to all of the host (CVE-2024-21626).
 */
#ifndef RUN_PROCESS_DESCRIPTORS_H
#define RUN_PROCESS_DESCRIPTORS_H

#include <stddef.h>

/*
 * In the parent, before it opens a file: what is to be handed on is there,
 * or one of this program's own would take its number, and no stream is a
 * directory.  From 3 on come those that were listened at (listen.h), then the
 * preserved ones: how many of each.  Dies.
 */
void descriptors_check(unsigned listened, unsigned preserved);

/*
 * In the child: close all but the streams, the preserved ones and the n in
 * keep, where -1 is none.  keep is sorted.  Dies.
 */
void descriptors_keep(unsigned preserved, int *keep, size_t n);

#endif
