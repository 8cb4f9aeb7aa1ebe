/* SPDX-License-Identifier: ISC */
/* Whose credentials: the keys of files that hold them. */
#include "fetch/auth/authkey.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

/*
 * The keys of files in one form: Docker writes some as URLs, and knows its
 * hub by three names.
 */
static char *
key_normal(const char *key)
{
	static const char *const hubs[] = {
	    "index.docker.io", "registry-1.docker.io"};
	const char *scheme = strstr(key, "://");
	char *s = xstrdup(scheme ? scheme + 3 : key), *path;
	size_t n;

	path = strchr(s, '/');
	if (path && scheme)
		*path = '\0';
	n = strlen(s);
	if (n && s[n - 1] == '/')
		s[n - 1] = '\0';
	for (size_t i = 0; i < sizeof hubs / sizeof *hubs; i++)
		if (strcmp(s, hubs[i]) == 0) {
			free(s);
			return xstrdup("docker.io");
		}
	return s;
}

/* Whether key is that of the API of the host name, without a scheme. */
static bool
is_api_of(const char *key, const char *name)
{
	char *end = xstrdup(key);
	size_t n = strlen(end);
	bool same;

	if (n && end[n - 1] == '/')
		end[--n] = '\0';
	if (n > 3 &&
	    (!strcmp(end + n - 3, "/v1") || !strcmp(end + n - 3, "/v2")))
		end[n - 3] = '\0';
	same = !strchr(end, '/') && strcmp(end, name) == 0;
	free(end);
	return same;
}

const cJSON *
authkey_find(const cJSON *map, const char *name)
{
	const cJSON *item, *best = NULL;
	int how, least = 4;
	char *key;

	if (!cJSON_IsObject(map))
		return NULL;
	cJSON_ArrayForEach(item, map)
	{
		key = key_normal(item->string);
		how = !strcmp(item->string, name)     ? 1
		      : !strcmp(key, name)            ? 2
		      : is_api_of(item->string, name) ? 3
						      : 4;
		free(key);
		if (how < least) {
			least = how;
			best = item;
		}
	}
	return best;
}
