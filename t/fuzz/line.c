/* SPDX-License-Identifier: ISC */
/* An entry of an archive as a line of text. */
#include "t/fuzz/line.h"

#include <stdlib.h>
#include <string.h>

#define SIZE_MOST (256 << 10)

static struct timespec
time_of(const char *text)
{
	struct timespec t = {.tv_sec = strtoll(text, NULL, 10)};
	const char *dot = strchr(text, '.');

	if (dot)
		t.tv_nsec = (long)(strtoul(dot + 1, NULL, 10) % 1000000000);
	return t;
}

/* Behind the last one and inside the file, or it is none. */
static void
segment_add(struct line *l, const char *text)
{
	struct tar_entry *e = &l->entry;
	const struct tar_segment *last =
	    e->nsegments ? &l->segments[e->nsegments - 1] : NULL;
	int64_t least = last ? last->offset + last->len : 0;
	char *plus;
	struct tar_segment s = {.offset = strtol(text, &plus, 10)};

	s.len = *plus ? strtol(plus + 1, NULL, 10) : 0;
	if (e->nsegments == LINE_EACH || s.offset < least || s.len <= 0 ||
	    s.offset > SIZE_MOST || s.len > SIZE_MOST ||
	    s.offset + s.len > e->size)
		return;
	l->segments[e->nsegments++] = s;
	e->sparse = true;
}

static void
xattr_add(struct line *l, const char *name, const char *value)
{
	struct tar_entry *e = &l->entry;

	if (e->nxattrs == LINE_EACH)
		return;
	for (size_t i = 0; i < e->nxattrs; i++)
		if (strcmp(l->xattrs[i].name, name) == 0)
			return;
	l->xattrs[e->nxattrs++] =
	    (struct tar_xattr){name, value, strlen(value)};
}

static void
field_add(struct line *l, const char *key, const char *value)
{
	struct tar_entry *e = &l->entry;
	unsigned long n = strtoul(value, NULL, 10);

	if (strcmp(key, "link") == 0)
		e->link = value;
	else if (strcmp(key, "mode") == 0)
		e->mode = (mode_t)(strtoul(value, NULL, 8) & 07777);
	else if (strcmp(key, "uid") == 0)
		e->uid = (uid_t)n & INT32_MAX;
	else if (strcmp(key, "gid") == 0)
		e->gid = (gid_t)n & INT32_MAX;
	else if (strcmp(key, "size") == 0 && e->type == '0' && !e->sparse)
		e->size = (int64_t)(n % SIZE_MOST);
	else if (strcmp(key, "mtime") == 0)
		e->mtime = time_of(value);
	else if (strcmp(key, "atime") == 0)
		e->atime = time_of(value);
	else if (strcmp(key, "major") == 0 &&
		 (e->type == '3' || e->type == '4'))
		e->major = n & 07777;
	else if (strcmp(key, "minor") == 0 &&
		 (e->type == '3' || e->type == '4'))
		e->minor = n & 077777;
	else if (strcmp(key, "at") == 0 && e->type == '0')
		segment_add(l, value);
	else if (strchr(key, '.') && e->type != '1')
		xattr_add(l, key, value);
}

bool
line_parse(char *text, struct line *l)
{
	char *word, *value, *rest = text;

	word = strtok_r(text, " ", &rest);
	if (!word || *word < '0' || *word > '6' || word[1])
		return false;
	*l = (struct line){.entry = {.type = *word, .link = ""}};
	l->entry.name = strtok_r(NULL, " ", &rest);
	if (!l->entry.name)
		return false;
	l->entry.segments = l->segments;
	l->entry.xattrs = l->xattrs;
	while ((word = strtok_r(NULL, " ", &rest))) {
		value = strchr(word, '=');
		if (!value || value == word)
			continue;
		*value++ = '\0';
		field_add(l, word, value);
	}
	return (l->entry.type != '1' && l->entry.type != '2') || *l->entry.link;
}
