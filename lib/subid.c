/* SPDX-License-Identifier: ISC */
/* Subordinate ids: /etc/subuid and /etc/subgid. */
#include "lib/subid.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/mem.h"

/* A number of 32 bits in digits and nothing else. */
static bool
number_parse(const char *s, uint32_t *n)
{
	unsigned long value;
	char *end;

	if (!s || *s < '0' || *s > '9')
		return false;
	errno = 0;
	value = strtoul(s, &end, 10);
	*n = (uint32_t)value;
	return !errno && !*end && value <= UINT32_MAX;
}

/* NAME:START:COUNT, where NAME may be a number too. */
static bool
line_parse(char *line, const char *name, const char *number, struct subid *r)
{
	const char *who;

	line[strcspn(line, "\n")] = '\0';
	who = strsep(&line, ":");
	if (strcmp(who, number) && (!name || strcmp(who, name)))
		return false;
	return number_parse(strsep(&line, ":"), &r->start) &&
	       number_parse(line, &r->count) && r->count > 0 &&
	       r->count <= UINT32_MAX - r->start;
}

static bool
file_find(const char *path, uid_t user, struct subid *range)
{
	const struct passwd *entry = getpwuid(user);
	const char *name = entry ? entry->pw_name : NULL;
	char number[16], *line = NULL;
	bool found = false;
	size_t size = 0;
	FILE *f = fopen(path, "re");

	if (!f)
		return false;
	snprintf(number, sizeof number, "%u", user);
	while (!found && getline(&line, &size, f) >= 0)
		found = line_parse(line, name, number, range);
	free(line);
	fclose(f);
	return found;
}

static bool
is_program(const char *name)
{
	const char *path = getenv("PATH");
	char *dirs = xstrdup(path ? path : "/usr/bin:/bin");
	char *at = dirs, *dir, *file;
	bool found = false;

	while (!found && (dir = strsep(&at, ":"))) {
		file = xasprintf("%s/%s", *dir ? dir : ".", name);
		found = access(file, X_OK) == 0;
		free(file);
	}
	free(dirs);
	return found;
}

bool
subid_ranges(uid_t user, struct subid *uids, struct subid *gids)
{
	return file_find("/etc/subuid", user, uids) &&
	       file_find("/etc/subgid", user, gids) &&
	       is_program("newuidmap") && is_program("newgidmap");
}
