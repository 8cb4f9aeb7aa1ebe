/* SPDX-License-Identifier: ISC */
/* How an image of a layout is named on a command line. */
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/digest.h"
#include "lib/image.h"
#include "lib/mem.h"

/* Whether a layout, however broken, stands at the first n bytes of text. */
static bool
is_layout(const char *text, size_t n)
{
	char *path = xasprintf("%.*s/oci-layout", (int)n, text);
	bool is = !faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW);

	free(path);
	return n && is;
}

/*
 * Whether the whole text names a directory: a layout whose name has the colon,
 * or a new one in a directory that has the colon in its name.
 */
static bool
is_directory(const char *text, const char *colon)
{
	const char *slash = strrchr(text, '/');
	struct stat st;
	char *parent;
	bool is;

	if (is_layout(text, strlen(text)))
		return true;
	if (!slash || slash < colon)
		return false;
	parent = xstrndup(text, (size_t)(slash - text));
	is = !stat(parent, &st) && S_ISDIR(st.st_mode);
	free(parent);
	return is;
}

/* The last place of "/:", for no name has that in it; NULL: there is none. */
static const char *
slash_colon_find(const char *text)
{
	const char *found = NULL;

	for (; (text = strstr(text, "/:")); text++)
		found = text + 1;
	return found;
}

/*
 * The colon that DIR ends at; NULL: there is none.  A slash at the end of DIR
 * says for certain that it ends there.
 */
static const char *
colon_find(const char *text)
{
	size_t len = strlen(text);
	const char *colon;

	if (len && text[len - 1] == '/')
		return NULL;
	colon = slash_colon_find(text);
	if (colon)
		return colon;
	for (colon = text; (colon = strchr(colon, ':')); colon++)
		if (is_layout(text, (size_t)(colon - text)))
			return colon;
	colon = strrchr(text, ':');
	return colon && !is_directory(text, colon) ? colon : NULL;
}

void
image_parse(const char *text, struct image *image)
{
	const char *at = strrchr(text, '@'), *colon;
	const char *end = text + strlen(text);

	*image = (struct image){0};
	if (at &&
	    (!strncmp(at, "@sha256:", 8) || !strncmp(at, "@sha512:", 8))) {
		if (!digest_valid(at + 1))
			die_usage("%s: not a digest", at + 1);
		image->digest = xstrdup(at + 1);
		end = at;
	} else if ((colon = colon_find(text))) {
		if (!colon[1])
			die_usage("%s: the tag is empty", text);
		image->tag = xstrdup(colon + 1);
		end = colon;
	}
	if (end == text)
		die_usage("%s: no directory is named", *text ? text : "''");
	image->dir = xstrndup(text, (size_t)(end - text));
}

void
image_free(struct image *image)
{
	free(image->dir);
	free(image->tag);
	free(image->digest);
}

void
image_refuse(const char *dir)
{
	for (size_t n = 0; dir[n += strcspn(dir + n, ":@")]; n++)
		if (is_layout(dir, n))
			die("%s: No such file or directory; the layout is "
			    "%.*s, without the name of an image",
			    dir, (int)n, dir);
	die("%s: No such file or directory; oci-fetch NAME | oci-layout-write "
	    "%s fetches an image there",
	    dir, dir);
}
