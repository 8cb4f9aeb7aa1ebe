/* SPDX-License-Identifier: ISC */
/*
 * The limits of linux.resources as what is written to which file of a cgroup.
 */
#ifndef RUN_CGROUP_SETTING_H
#define RUN_CGROUP_SETTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/die.h"

struct resources;

struct setting {
	char *property; /* "linux.resources.memory.limit" */
	char *controller;
	char *file, *value; /* file NULL: there is nothing like it */
	char *other_file, *other_value; /* that counts as well, or NULL */
	bool optional; /* means what holds already where there is no file */
};

struct settings {
	struct setting *v;
	size_t n;
};

/* property is without "linux.resources."; value is a printf format. */
void setting_add(struct settings *list, const char *property,
    const char *controller, const char *file, const char *value, ...)
    PRINTF(5, 6);

/*
 * Say of the last one that another file holds it, too, in units of its own,
 * where the kernel goes by that: it is enough that one of them takes it.
 */
void setting_or(struct settings *list, const char *file, const char *value, ...)
    PRINTF(3, 4);

/* Say of the last one that a missing file or controller is no error. */
void setting_optional(struct settings *list);

/* A limit that this version of cgroups hasn't: settings_write dies of it. */
void setting_impossible(
    struct settings *list, const char *property, const char *controller);

/* Whether a number was said at all; of most limits 0, too, is "not said". */
bool is_given(int64_t n);
bool is_limit(int64_t n);

/* blockIO, as either version has it. */
void block_io_settings_v1(const struct resources *r, struct settings *list);
void block_io_settings_v2(const struct resources *r, struct settings *list);

/* hugepageLimits; file is how the names end: "max", "limit_in_bytes". */
void hugepage_settings(
    const struct resources *r, const char *file, struct settings *list);

/* rdma, which both versions have alike. */
void rdma_settings(const struct resources *r, struct settings *list);

/* cpu.cpus and cpu.mems, which both versions have alike. */
void cpuset_settings(const struct resources *r, struct settings *list);

/*
 * The first setting, of those that aren't optional, that belongs to a
 * controller of the hierarchy, or NULL.
 */
struct hierarchy;
const struct setting *setting_in(
    const struct settings *list, const struct hierarchy *h);

/*
 * Write those of a hierarchy to its directory.  Dies when the kernel doesn't
 * take one, naming the property and the file.
 */
void settings_write(const struct settings *list, const struct hierarchy *h,
    int dirfd, const char *path);

/* Write a text to a file of a cgroup in one write; 0 or -1 with errno. */
int control_write(int dirfd, const char *file, const char *value);

#endif
