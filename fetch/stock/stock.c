/* SPDX-License-Identifier: ISC */
/* What there is already on this machine. */
#include "fetch/stock/stock.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fetch/stock/cache.h"
#include "lib/blob.h"
#include "lib/descriptor.h"
#include "lib/die.h"
#include "lib/layout.h"
#include "lib/mem.h"

bool
stock_is_bare(int layout)
{
	int fd = openat(layout, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;
	bool bare = true;

	while (list && bare && (e = readdir(list)))
		bare = !strcmp(e->d_name, ".") || !strcmp(e->d_name, "..") ||
		       !strcmp(e->d_name, "blobs") ||
		       !strcmp(e->d_name, "lost+found");
	if (list)
		closedir(list);
	return list && bare;
}

void
stock_have(struct stock *s, const char *dir)
{
	int layout = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (layout < 0 && errno == ENOENT)
		return;
	if (layout < 0)
		diesys("--have: %s", dir);
	if (stock_is_bare(layout)) {
		close(layout);
		return;
	}
	layout_check(layout, dir);
	s->layouts =
	    xreallocarray(s->layouts, s->nlayouts + 1, sizeof *s->layouts);
	s->layouts[s->nlayouts++] = layout;
}

bool
stock_has(const struct stock *s, const struct descriptor *d)
{
	for (size_t i = 0; i < s->nlayouts; i++)
		if (blob_size(s->layouts[i], d->digest) == d->size)
			return true;
	return false;
}

char *
stock_load_from(int layout, const char *digest, int64_t *size, size_t max)
{
	struct descriptor d = {.digest = (char *)digest, .size = *size};
	const char *why;
	char *text;

	if (d.size < 0)
		d.size = blob_size(layout, digest);
	if (d.size < 0)
		return NULL;
	text = blob_load(layout, &d, max, &why);
	if (text)
		*size = d.size;
	return text;
}

char *
stock_load(const struct stock *s, const char *digest, int64_t *size, size_t max)
{
	char *text = NULL;

	for (size_t i = 0; s && i < s->nlayouts && !text; i++)
		text = stock_load_from(s->layouts[i], digest, size, max);
	if (s && s->cache && !text)
		text = cache_load(s->cache, digest, size, max);
	return text;
}

void
stock_cache(struct stock *s, const char *dir)
{
	s->cache = xmalloc(sizeof *s->cache);
	cache_open(s->cache, dir);
}

void
stock_keep(const struct stock *s, const struct descriptor *d, const char *data)
{
	if (s && s->cache)
		cache_keep(s->cache, d, data);
}

void
stock_free(struct stock *s)
{
	for (size_t i = 0; i < s->nlayouts; i++)
		close(s->layouts[i]);
	free(s->layouts);
	if (s->cache)
		cache_close(s->cache);
	free(s->cache);
	*s = (struct stock){0};
}
