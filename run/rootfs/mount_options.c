/* SPDX-License-Identifier: ISC */
/* The options of a mount, as mount(8) and the specification name them. */
#include <linux/mount.h>
#include <stddef.h>
#include <string.h>

#include "lib/mem.h"
#include "run/rootfs/mount_options.h"
#include "run/spec/spec.h"

/*
 * An access time mode is set by clearing the whole field and setting one
 * value.  With an "r" before the name the option is for the whole tree.
 */
static const struct {
	const char *name;
	uint64_t set, clear;
} attributes[] = {
    {"ro", MOUNT_ATTR_RDONLY, 0},
    {"rw", 0, MOUNT_ATTR_RDONLY},
    {"nosuid", MOUNT_ATTR_NOSUID, 0},
    {"suid", 0, MOUNT_ATTR_NOSUID},
    {"nodev", MOUNT_ATTR_NODEV, 0},
    {"dev", 0, MOUNT_ATTR_NODEV},
    {"noexec", MOUNT_ATTR_NOEXEC, 0},
    {"exec", 0, MOUNT_ATTR_NOEXEC},
    {"nosymfollow", MOUNT_ATTR_NOSYMFOLLOW, 0},
    {"symfollow", 0, MOUNT_ATTR_NOSYMFOLLOW},
    {"nodiratime", MOUNT_ATTR_NODIRATIME, 0},
    {"diratime", 0, MOUNT_ATTR_NODIRATIME},
    {"noatime", MOUNT_ATTR_NOATIME, MOUNT_ATTR__ATIME},
    {"strictatime", MOUNT_ATTR_STRICTATIME, MOUNT_ATTR__ATIME},
    {"relatime", MOUNT_ATTR_RELATIME, MOUNT_ATTR__ATIME},
    {"atime", MOUNT_ATTR_RELATIME, MOUNT_ATTR__ATIME},
    {"norelatime", MOUNT_ATTR_STRICTATIME, MOUNT_ATTR__ATIME},
    {"nostrictatime", MOUNT_ATTR_RELATIME, MOUNT_ATTR__ATIME},
};

static const struct {
	const char *name;
	uint64_t flag;
} propagations[] = {
    {"private", MS_PRIVATE},
    {"slave", MS_SLAVE},
    {"shared", MS_SHARED},
    {"unbindable", MS_UNBINDABLE},
};

/*
 * What only asks for how it is anyway; the kernel's log is silent or not by
 * the file system's choice.
 */
static const char *const nothing[] = {"defaults", "async", "nomand", "loud",
    "silent", "nolazytime", "notmpcopyup", NULL};

static const char *const undone[] = {"remount", "copy", NULL};

static bool
is_one_of(const char *option, const char *const *names)
{
	while (*names && strcmp(option, *names) != 0)
		names++;
	return *names != NULL;
}

static bool
is_attribute(const char *option, uint64_t *set, uint64_t *clear)
{
	for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++) {
		if (strcmp(option, attributes[i].name) != 0)
			continue;
		*set &= ~attributes[i].clear;
		*set |= attributes[i].set;
		*clear &= ~attributes[i].set;
		*clear |= attributes[i].clear;
		return true;
	}
	return false;
}

static bool
is_propagation(const char *option, struct mount_options *o)
{
	const char *plain = *option == 'r' ? option + 1 : option;

	for (size_t i = 0; i < sizeof propagations / sizeof *propagations;
	     i++) {
		if (strcmp(plain, propagations[i].name) != 0)
			continue;
		o->propagation = propagations[i].flag;
		o->propagate_tree = plain != option;
		return true;
	}
	return false;
}

void
mount_options_add(struct mount_options *o, const char *option)
{
	const char **d = o->data;

	while (*d)
		d++;
	*d = option;
}

bool
mount_options_give(const struct mount_options *o, const char *name)
{
	size_t n = strlen(name);

	for (const char **d = o->data; *d; d++)
		if (strncmp(*d, name, n) == 0)
			return true;
	return false;
}

static void
option_parse(
    const char *option, const struct mount_spec *m, struct mount_options *o)
{
	if (strcmp(option, "bind") == 0 || strcmp(option, "rbind") == 0) {
		o->bind = true;
		o->recursive |= *option == 'r';
		return;
	}
	if (strcmp(option, "tmpcopyup") == 0) {
		if (strcmp(m->type, "tmpfs") != 0)
			die("config.json: mounts: %s: tmpcopyup is for a tmpfs",
			    m->destination);
		o->copyup = true;
		return;
	}
	if (strcmp(option, "iversion") == 0 ||
	    strcmp(option, "noiversion") == 0) {
		o->iversion = *option == 'i';
		return;
	}
	if (strcmp(option, "idmap") == 0 || strcmp(option, "ridmap") == 0) {
		o->idmap = true;
		o->idmap_tree |= *option == 'r';
		return;
	}
	if (is_one_of(option, undone))
		die("config.json: mounts: %s: option %s is not supported",
		    m->destination, option);
	/* "ro" begins with an r of its own: the plain names come first. */
	if (is_attribute(option, &o->set, &o->clear) ||
	    is_propagation(option, o) || is_one_of(option, nothing) ||
	    strncmp(option, "x-", 2) == 0 || strncmp(option, "X-", 2) == 0)
		return;
	if (*option == 'r' &&
	    is_attribute(option + 1, &o->tree_set, &o->tree_clear))
		return;
	mount_options_add(o, option);
}

void
mount_options_parse(const struct mount_spec *m, struct mount_options *o)
{
	size_t n = 0;

	while (m->options[n])
		n++;
	*o = (struct mount_options){.data = xcalloc(n + 2, sizeof(*o->data))};
	for (char **option = m->options; *option; option++)
		option_parse(*option, m, o);
	if (strcmp(m->type, "bind") == 0 || strcmp(m->type, "rbind") == 0) {
		o->recursive |= !o->bind || *m->type == 'r';
		o->bind = true;
	}
	o->idmap |= m->nuid_map > 0;
	if (o->idmap && !o->bind)
		die("config.json: mounts: %s: ids are mapped of bind mounts "
		    "only",
		    m->destination);
}

const char *const *
mount_options_known(void)
{
	static const char *const others[] = {"bind", "rbind", "tmpcopyup",
	    "iversion", "noiversion", "idmap", "ridmap", NULL};
	size_t n = 0, attribute_n = sizeof attributes / sizeof *attributes,
	       propagation_n = sizeof propagations / sizeof *propagations;
	const char **all = xcalloc(64, sizeof *all);

	for (size_t i = 0; i < attribute_n; i++) {
		all[n++] = attributes[i].name;
		all[n++] = xasprintf("r%s", attributes[i].name);
	}
	for (size_t i = 0; i < propagation_n; i++) {
		all[n++] = propagations[i].name;
		all[n++] = xasprintf("r%s", propagations[i].name);
	}
	for (const char *const *o = others; *o; o++)
		all[n++] = *o;
	for (const char *const *o = nothing; *o; o++)
		all[n++] = *o;
	return all;
}
