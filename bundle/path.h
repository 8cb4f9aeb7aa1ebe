/* SPDX-License-Identifier: ISC */
/* Paths in config.json, as an image or a user writes them. */
#ifndef BUNDLE_PATH_H
#define BUNDLE_PATH_H

#include <stdbool.h>

/*
 * A mount point: absolute, without "//", "." and a last '/'; owned.  NULL
 * with a reason, "must ...", when it is relative, has "..", or is the root
 * itself.
 */
char *destination_clean(const char *path, const char **why);

/*
 * A path of the host or a container: without "//", "." and a last '/', but
 * ".." stays, for what that is depends on links; owned.
 */
char *path_tidy(const char *path);

/* Whether path is dir or lies below it; both are clean. */
bool destination_is_within(const char *path, const char *dir);

/*
 * Die unless a process may start in dir: an absolute path that inside root
 * doesn't lead to a directory which some process has open.  Through
 * /proc/self/fd/N a working directory may lie outside the container
 * (CVE-2024-21626).  With root -1 only that it is absolute is looked at.
 */
void workdir_check(int root, const char *dir);

#endif
