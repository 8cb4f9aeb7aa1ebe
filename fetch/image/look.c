/* SPDX-License-Identifier: ISC */
/* What a registry has, on standard output, without fetching an image. */
#include "fetch/image/look.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fetch/image/choice.h"
#include "fetch/image/document.h"
#include "fetch/image/platforms.h"
#include "fetch/image/referrers.h"
#include "fetch/image/tags.h"
#include "fetch/registry/registry.h"
#include "lib/buf.h"
#include "lib/io.h"
#include "lib/manifest.h"
#include "lib/mem.h"
#include "lib/text.h"

static void
print(const char *text, size_t len)
{
	if (io_write(1, text, len) < 0)
		diesys("standard output");
}

/* A terminal gets the lines of foreign text without what could steer it. */
static void
print_safe(char *text)
{
	char *line = text, *next;
	struct buf safe = {0};

	for (; line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		if (next && !*next)
			next = NULL;
		for (char *tab = line; (tab = strchr(tab, '\t'));)
			*tab = ' ';
		text_safe(line);
		buf_addf(&safe, "%s\n", line);
	}
	print(safe.data, safe.len);
	buf_free(&safe);
}

static void
print_foreign(const struct look *look, char *text, size_t len)
{
	if (!len)
		return;
	if (isatty(1) && !look->raw)
		print_safe(text);
	else
		print(text, len);
}

static void
print_manifest(struct registry *r, const struct look *look,
    const struct platforms *platforms)
{
	struct document d;

	document_fetch(r, &d);
	if (platforms->n)
		choice_make(r, platforms, &d);
	print_foreign(look, d.data, (size_t)d.desc.size);
	document_free(&d);
}

static void
print_config(struct registry *r, const struct look *look,
    const struct platforms *platforms)
{
	struct document d;
	struct manifest m;
	char *config;

	document_fetch(r, &d);
	choice_make(r, platforms, &d);
	document_manifest(&d, &m);
	config = document_config(r, &m.config);
	print_foreign(look, config, (size_t)m.config.size);
	free(config);
	manifest_free(&m);
	document_free(&d);
}

/*
 * The digest of what is meant, owned.  A registry that doesn't say it to a HEAD
 * is asked for the document.
 */
static char *
digest_find(struct registry *r, const struct platforms *platforms)
{
	struct document d = {0};
	char *digest;

	if (platforms->n || !document_head(r, &d.desc.digest)) {
		document_fetch(r, &d);
		if (platforms->n)
			choice_make(r, platforms, &d);
	}
	digest = d.desc.digest;
	d.desc.digest = NULL;
	document_free(&d);
	return digest;
}

static void
print_digest(struct registry *r, const struct platforms *platforms)
{
	char *digest = digest_find(r, platforms);
	char *text = xasprintf("%s\n", digest);

	print(text, strlen(text));
	free(text);
	free(digest);
}

/* As JSON lines, to the digit as they came. */
static void
print_referrers(struct registry *r, const struct look *look,
    const struct platforms *platforms)
{
	char *digest = digest_find(r, platforms), *lines;
	struct referrers list = {.type = look->type};
	struct buf b = {0};
	size_t len;

	referrers_fetch(r, digest, &list);
	for (size_t i = 0; i < list.n; i++)
		buf_addf(&b, "%s\n", list.all[i].json);
	len = b.len;
	lines = buf_take(&b);
	print_foreign(look, lines, len);
	free(lines);
	referrers_free(&list);
	free(digest);
}

static void
print_tags(struct registry *r)
{
	char *text = tags_fetch(r);

	print(text, strlen(text));
	free(text);
}

size_t
look_count(const struct look *look, const char **option)
{
	const struct {
		const char *option;
		bool is;
	} all[] = {
	    {"--manifest", look->manifest},
	    {"--config", look->config},
	    {"--digest", look->digest},
	    {"--tags", look->tags},
	    {"--list", look->referrers},
	};
	size_t n = 0;

	*option = NULL;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		if (all[i].is && n++ == 0)
			*option = all[i].option;
	}
	return n;
}

void
look_print(struct registry *r, const struct look *look,
    const struct platforms *platforms)
{
	if (look->manifest)
		print_manifest(r, look, platforms);
	else if (look->config)
		print_config(r, look, platforms);
	else if (look->digest)
		print_digest(r, platforms);
	else if (look->referrers)
		print_referrers(r, look, platforms);
	else
		print_tags(r);
}
