/* SPDX-License-Identifier: ISC */
/* The process's environment: the image's, then what the user changes. */
#include "bundle/env.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "bundle/names.h"
#include "lib/die.h"
#include "lib/io.h"
#include "lib/json.h"
#include "lib/mem.h"

#define FILE_MAX (1 << 20)
#define PATH_DEFAULT                                                           \
	"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

static void
text_add(cJSON *array, const char *text)
{
	cJSON_AddItemToArray(array, cJSON_CreateString(text));
}

const char *
env_change_add(cJSON *changes, const char *text)
{
	const char *value;
	char *entry;

	if (!*text || *text == '=')
		return "must be NAME[=VALUE]";
	value = strchr(text, '=') ? NULL : getenv(text);
	if (!value) {
		text_add(changes, text);
		return NULL;
	}
	entry = xasprintf("%s=%s", text, value);
	text_add(changes, entry);
	free(entry);
	return NULL;
}

const char *
env_change_add_file(cJSON *changes, const char *path)
{
	char *text, *at, *line;
	const char *why;
	size_t len, n;

	text = at = io_slurp_at(AT_FDCWD, path, FILE_MAX, &len);
	if (!text && errno == EFBIG)
		die("%s: longer than %d bytes", path, FILE_MAX);
	if (!text)
		diesys("%s", path);
	if (memchr(text, '\0', len))
		die("%s: contains a NUL byte", path);
	while ((line = strsep(&at, "\n"))) {
		line += strspn(line, " \t");
		n = strlen(line);
		if (n > 0 && line[n - 1] == '\r')
			line[n - 1] = '\0';
		why = *line && *line != '#' ? env_change_add(changes, line)
					    : NULL;
		if (why)
			return xasprintf("the line %s %s", line, why);
	}
	free(text);
	return NULL;
}

/* Whether an entry is of the variable whose name is the first len bytes. */
static bool
has_name(const cJSON *entry, const char *name, size_t len)
{
	return !strncmp(entry->valuestring, name, len) &&
	       entry->valuestring[len] == '=';
}

void
env_default(cJSON *env, const char *name, const char *value)
{
	const cJSON *entry;
	char *text;

	cJSON_ArrayForEach(
	    entry, env) if (has_name(entry, name, strlen(name))) return;
	text = xasprintf("%s=%s", name, value);
	text_add(env, text);
	free(text);
}

/* Append the names of a list of NAME=VALUE and NAME. */
static size_t
names_add(struct name *names, size_t n, const cJSON *list)
{
	const cJSON *entry;

	cJSON_ArrayForEach(entry, list) names[n++] =
	    (struct name){entry->valuestring, strcspn(entry->valuestring, "=")};
	return n;
}

/*
 * getenv(3) finds the first of two entries of one name, and docker means the
 * last: that one stays.
 */
cJSON *
env_make(const cJSON *image, const cJSON *changes)
{
	cJSON *env = cJSON_CreateArray();
	size_t n = (size_t)cJSON_GetArraySize(image), all;
	struct name *names =
	    xcalloc(n + (size_t)cJSON_GetArraySize(changes) + 1, sizeof *names);
	const char *text;
	bool *last;

	all = names_add(names, names_add(names, 0, image), changes);
	last = names_last(names, all);
	for (size_t i = 0; i < all; i++) {
		text = names[i].text;
		if (last[i] && i < n && (*text == '=' || !strchr(text, '=')))
			die("config.Env of the image: '%s' is not NAME=VALUE; "
			    "-e can give it a value, or take it away",
			    text);
		if (last[i] && strchr(text, '='))
			text_add(env, text);
	}
	free(last);
	free(names);
	env_default(env, "PATH", PATH_DEFAULT);
	return env;
}
