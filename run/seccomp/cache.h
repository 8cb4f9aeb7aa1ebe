/* SPDX-License-Identifier: ISC */
/*
 * Compiled seccomp filters, kept in the state directory, oci-state(5): to
 * compile one takes longer than all else that is done for a container.
 */
#ifndef RUN_SECCOMP_CACHE_H
#define RUN_SECCOMP_CACHE_H

struct seccomp_filter;
struct seccomp_spec;

/*
 * What seccomp_compile makes of spec, dying as it does: from a file in the
 * state directory root where one holds it, else compiled and then kept there
 * for the next.  A file that can't be read, trusted or written is no error.
 */
struct seccomp_filter *seccomp_cached(
    int root, const struct seccomp_spec *spec);

#endif
