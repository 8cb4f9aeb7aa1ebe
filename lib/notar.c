/* SPDX-License-Identifier: ISC */
/* What is on standard input in place of an archive. */
#include "lib/notar.h"

#include <string.h>
#include <strings.h>

#include "lib/die.h"

/* What text looks like by its first characters, or NULL. */
static const char *
text_kind(const unsigned char *p)
{
	const char *text = (const char *)p;

	text += strspn(text, " \t\r\n");
	if (!strncasecmp(text, "<!doctype html", 14) ||
	    !strncasecmp(text, "<html", 5))
		return "HTML, perhaps the error page of a server";
	if (*text == '{' || *text == '[')
		return "JSON; an image comes of oci-fetch without --manifest "
		       "and --tags";
	return NULL;
}

void
notar_die(unsigned char *first, const char *why)
{
	static const struct {
		const char *magic, *program;
	} known[] = {{"\x1f\x8b", "gzip"}, {"\x28\xb5\x2f\xfd", "zstd"},
	    {"BZh", "bzip2"},
	    {"\xfd"
	     "7zXZ",
		"xz"}};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (!memcmp(first, known[i].magic, strlen(known[i].magic)))
			die("standard input is compressed: decompress it "
			    "first, with %s -dc",
			    known[i].program);
	first[NOTAR_FIRST - 1] = '\0';
	if (text_kind(first))
		die("standard input is not a tar archive: it looks like %s",
		    text_kind(first));
	die("standard input is not a tar archive: %s", why);
}

void
notar_die_empty(void)
{
	die("standard input is empty");
}
