/* SPDX-License-Identifier: ISC */
/* System calls that a profile's author couldn't know. */
#ifndef RUN_SECCOMP_NEWER_H
#define RUN_SECCOMP_NEWER_H

struct seccomp_spec;
struct sock_fprog;

/*
 * Have the filter answer ENOSYS, as an old kernel does, to calls with a higher
 * number than any that the profile names, so that libc does without them; on
 * each architecture, unless they are allowed by default.  What runc does.
 * program->filter is malloc'ed, and grows.  Dies when it is too long.
 */
void seccomp_newer(const struct seccomp_spec *spec, struct sock_fprog *program);

#endif
