/* SPDX-License-Identifier: ISC */
/* Names of images, and refs/. */
#include "layout/index/refs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "layout/index/index.h"
#include "layout/index/name.h"
#include "layout/store/store.h"
#include "lib/die.h"
#include "lib/json.h"
#include "lib/layout.h"

#define REF_MAX 512
#define FIRST "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"

bool
ref_valid(const char *s)
{
	if (strlen(s) > REF_MAX || s[strspn(s, FIRST "-.:@/+")])
		return false;
	for (; s; s = strchr(s, '/'), s += s != NULL)
		if (!*s || !strchr(FIRST, *s))
			return false;
	return true;
}

bool
ref_is_file(const char *s)
{
	return ref_valid(s) && strlen(s) <= NAME_MAX && !s[strcspn(s, ":@/+")];
}

/* The directory, where there is one or one is wanted; else -1. */
static int
refs_open(const struct store *s, bool make)
{
	int fd;

	if (make)
		return store_directory(s, s->layout, "refs");
	fd = openat(
	    s->layout, "refs", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 && errno != ENOENT)
		diesys("%s/refs", s->path);
	return fd;
}

/* Whether the file has this text already. */
static bool
is_same(int refs, const char *name, const char *text)
{
	size_t len;
	struct stat st;
	char *old;
	bool is;

	if (fstatat(refs, name, &st, AT_SYMLINK_NOFOLLOW) ||
	    !S_ISREG(st.st_mode) || st.st_size > LAYOUT_FILE_MAX)
		return false;
	old = layout_file(refs, name, O_NOFOLLOW, LAYOUT_FILE_MAX, &len);
	is = old && !strcmp(old, text);
	free(old);
	return is;
}

void
refs_write(const struct store *s, const cJSON *images, bool all)
{
	int refs = refs_open(s, all);
	const cJSON *image;
	const char *name;
	char *text;

	if (refs < 0)
		return;
	cJSON_ArrayForEach(image, images)
	{
		name = name_get(image);
		if (!name || !ref_is_file(name))
			continue;
		if (!all && faccessat(refs, name, F_OK, AT_SYMLINK_NOFOLLOW))
			continue;
		text = json_text(image);
		if (!is_same(refs, name, text)) {
			store_stage(s, name, text, strlen(text));
			store_move(s, name, refs);
		}
		free(text);
	}
	store_change_sync(s, refs);
	close(refs);
}

void
refs_remove(const struct store *s, const char *name)
{
	int refs = refs_open(s, false);

	if (refs < 0)
		return;
	if (ref_is_file(name) && unlinkat(refs, name, 0) && errno != ENOENT)
		diesys("%s/refs/%s", s->path, name);
	store_change_sync(s, refs);
	close(refs);
}
