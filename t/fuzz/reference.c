/* SPDX-License-Identifier: ISC */
/* Names of images in registries, and platforms, a line each. */
#include <stdlib.h>
#include <string.h>

#include "fetch/image/reference.h"
#include "lib/digest.h"
#include "lib/platform.h"
#include "t/fuzz/fuzz.h"

/* What is printed of a name means the same, and is safe in a URL. */
static void
reference(const char *line)
{
	struct reference r, again;
	const char *why = NULL;
	char *text, *second;

	if (reference_parse(line, &r, &why) < 0) {
		fuzz_must(why, "there is a reason");
		return;
	}
	text = reference_text(&r);
	fuzz_must(!text[strspn(text, "abcdefghijklmnopqrstuvwxyz"
				     "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "0123456789._-:/@[]")],
	    "a reference has harmless characters only");
	fuzz_must(!strstr(text, "/.") && !strstr(text, "//"),
	    "no part of a reference is another's path");
	fuzz_must(r.tag || r.digest, "a tag or a digest is said");
	fuzz_must(!r.digest || digest_valid(r.digest), "a digest is one");
	fuzz_must(reference_parse(text, &again, &why) == 0, "it is read again");
	second = reference_text(&again);
	fuzz_must(!strcmp(text, second) && !strcmp(r.host, again.host) &&
		      !strcmp(r.repository, again.repository),
	    "it means the same");
	free(text);
	free(second);
	reference_free(&r);
	reference_free(&again);
}

static void
platform(const char *line)
{
	struct platform p, again;
	char *text;

	if (platform_parse(line, &p) < 0)
		return;
	text = platform_text(&p);
	fuzz_must(platform_parse(text, &again) == 0, "it is read again");
	fuzz_must(platform_match(&p, &again) > 0, "it matches itself");
	free(text);
	platform_free(&p);
	platform_free(&again);
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	char *text = fuzz_text(data, len), *rest = text, *line;

	while ((line = fuzz_line(&rest))) {
		reference(line);
		platform(line);
	}
	free(text);
	return 0;
}
