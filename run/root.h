/* SPDX-License-Identifier: ISC */
/* The root file system of a container (config-linux.md, rootfsPropagation). */
#ifndef RUN_ROOT_H
#define RUN_ROOT_H

struct spec;

/*
 * In a new mount namespace: cut it off from the host's, mount the root file
 * system on itself and return a descriptor of it.  Dies.
 */
int root_prepare(const struct spec *spec);

/*
 * Make the directory root "/", with nothing of the host left in reach, and
 * read-only where the specification asks for it.  Dies.
 */
void root_enter(const struct spec *spec, int root);

#endif
