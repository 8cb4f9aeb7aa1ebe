/* SPDX-License-Identifier: ISC */
/* The variables that a program gets. */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "run/process/environment.h"

/* By the names of two variables. */
static int
name_compare(const void *a, const void *b)
{
	const char *x = a, *y = b;
	size_t m = strcspn(x, "="), n = strcspn(y, "=");
	int r = strncmp(x, y, m < n ? m : n);

	return r ? r : (m > n) - (m < n);
}

static void
no_free(void *text)
{
	(void)text; /* the list's */
}

void
environment_settle(char **env)
{
	void *seen = NULL;
	size_t n = 0, kept;
	char **found;

	while (env[n])
		n++;
	kept = n;
	for (size_t i = n; i-- > 0;) {
		found = tsearch(env[i], &seen, name_compare);
		if (!found)
			die("out of memory");
		if (*found == env[i])
			env[--kept] = env[i];
	}
	memmove(env, env + kept, (n + 1 - kept) * sizeof *env);
	tdestroy(seen, no_free);
}

const char *
environment_get(char *const *env, const char *name)
{
	size_t len = strlen(name);

	for (; *env; env++)
		if (strncmp(*env, name, len) == 0 && (*env)[len] == '=')
			return *env + len + 1;
	return NULL;
}

void
environment_add(char ***env, char *text)
{
	char **longer;
	size_t n = 0;

	while ((*env)[n])
		n++;
	longer = xcalloc(n + 2, sizeof *longer);
	memcpy(longer, *env, n * sizeof *longer);
	longer[n] = text;
	*env = longer;
}
