/* SPDX-License-Identifier: ISC */
/* Look-ups in an image's etc/passwd and etc/group, never in the host's. */
#include "bundle/user.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "bundle/imagefile.h"
#include "lib/die.h"
#include "lib/mem.h"

#define DATABASE_MAX (8 << 20)
#define GROUPS_MAX 65535 /* NGROUPS_MAX, less the primary one */

enum { PASSWD_UID = 2, PASSWD_GID, PASSWD_GECOS, PASSWD_HOME };
enum { GROUP_GID = 2, GROUP_MEMBERS };

/* The next line of *text, cut off; NULL after the last. */
static char *
line_next(char **text)
{
	return *text && **text ? strsep(text, "\n") : NULL;
}

/* Cut a line at its first n colons: false when it has fewer. */
static bool
line_split(char *line, char **fields, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!line)
			return false;
		fields[i] = strsep(&line, ":");
	}
	return true;
}

static bool
is_number(const char *s)
{
	return *s && s[strspn(s, "0123456789")] == '\0';
}

/* An id in digits and nothing else: 0, or -1 when it is none or too large. */
static int
id_parse(const char *s, int64_t *id)
{
	int64_t n = 0;

	if (!is_number(s))
		return -1;
	for (; *s; s++) {
		n = n * 10 + (*s - '0');
		if (n > ID_MAX)
			return -1;
	}
	*id = n;
	return 0;
}

/*
 * The first entry of passwd that has the name, or the uid when name is NULL.
 * A line whose ids are no ids is passed over: to take them for 0 would make
 * a typing error root.
 */
static bool
passwd_find(int root, const char *name, struct user *u)
{
	char *text = imagefile_slurp(root, "etc/passwd", DATABASE_MAX);
	char *at = text, *line, *f[PASSWD_HOME + 2];
	int64_t uid, gid;
	bool found = false;

	while (!found && (line = line_next(&at))) {
		if (!line_split(line, f, PASSWD_HOME + 1) ||
		    id_parse(f[PASSWD_UID], &uid) < 0 ||
		    id_parse(f[PASSWD_GID], &gid) < 0)
			continue;
		if (name ? strcmp(f[0], name) != 0 : uid != u->uid)
			continue;
		u->uid = uid;
		u->gid = gid;
		if (*f[PASSWD_HOME])
			u->home = xstrdup(f[PASSWD_HOME]);
		found = true;
	}
	free(text);
	return found;
}

static bool
group_find(int root, const char *name, int64_t *gid)
{
	char *text = imagefile_slurp(root, "etc/group", DATABASE_MAX);
	char *at = text, *line, *f[GROUP_GID + 1];
	bool found = false;

	while (!found && (line = line_next(&at)))
		found = line_split(line, f, GROUP_GID + 1) &&
			!strcmp(f[0], name) && id_parse(f[GROUP_GID], gid) == 0;
	free(text);
	return found;
}

static bool
is_member(char *members, const char *name)
{
	char *member;

	while ((member = strsep(&members, ",")))
		if (!strcmp(member, name))
			return true;
	return false;
}

static int
gid_compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Sort the groups, and leave each in once. */
static void
groups_unique(struct user *u)
{
	size_t n = 0;

	if (u->ngroups)
		qsort(u->groups, u->ngroups, sizeof *u->groups, gid_compare);
	for (size_t i = 0; i < u->ngroups; i++)
		if (!n || u->groups[i] != u->groups[n - 1])
			u->groups[n++] = u->groups[i];
	u->ngroups = n;
	if (n > GROUPS_MAX)
		die("etc/group in the image: more than %d groups of one user",
		    GROUPS_MAX);
}

/* The groups that have the user among their members. */
static void
groups_collect(int root, const char *name, struct user *u)
{
	char *text = imagefile_slurp(root, "etc/group", DATABASE_MAX);
	char *at = text, *line, *f[GROUP_MEMBERS + 1];
	size_t room = 0;
	int64_t gid;

	while ((line = line_next(&at))) {
		if (!line_split(line, f, GROUP_MEMBERS + 1) ||
		    id_parse(f[GROUP_GID], &gid) < 0 ||
		    !is_member(f[GROUP_MEMBERS], name))
			continue;
		if (u->ngroups == room) {
			room = room ? 2 * room : 16;
			u->groups =
			    xreallocarray(u->groups, room, sizeof *u->groups);
		}
		u->groups[u->ngroups++] = gid;
	}
	groups_unique(u);
	free(text);
}

static void
id_parse_or_die(const char *what, const char *s, int64_t *id)
{
	if (id_parse(s, id) < 0)
		die("%s %s: out of range, the largest is %lld", what, s,
		    (long long)ID_MAX);
}

void
user_resolve(int root, const char *text, struct user *u)
{
	char *name = xstrdup(text), *group = name;
	bool by_name;

	*u = (struct user){0};
	strsep(&group, ":");
	by_name = *name && !is_number(name);
	if (root < 0) { /* names can't be looked up yet */
		if (*name && !by_name)
			id_parse_or_die("user", name, &u->uid);
		if (group && is_number(group))
			id_parse_or_die("group", group, &u->gid);
		free(name);
		return;
	}
	if (by_name) {
		if (!passwd_find(root, name, u))
			die("user %s: not in etc/passwd of the image", name);
	} else {
		if (*name)
			id_parse_or_die("user", name, &u->uid);
		passwd_find(root, NULL, u);
	}
	if (group && is_number(group))
		id_parse_or_die("group", group, &u->gid);
	else if (group && *group && !group_find(root, group, &u->gid))
		die("group %s: not in etc/group of the image", group);
	if (by_name && !(group && *group))
		groups_collect(root, name, u);
	free(name);
}
