/* SPDX-License-Identifier: ISC */
/* lib/digestscan: digests in a text, however it is cut and written. */
#include <string.h>

#include "lib/buf.h"
#include "lib/digestscan.h"
#include "lib/mem.h"
#include "t/tap.h"

#define A16 "0123456789abcdef"
#define A64 A16 A16 A16 A16
#define ONE "sha256:" A64
#define TWO "sha512:" A64 A64

static void
note(void *of, const char *digest)
{
	buf_addf(of, "%s ", digest);
}

/* All that is found, in runs of any length. */
static void
finds(const char *text, const char *all, const char *name)
{
	size_t len = strlen(text);
	bool same = true;

	for (size_t run = 1; run <= len && same; run++) {
		struct buf found = {0};
		struct digest_scan s = {.found = note, .of = &found};

		buf_addf(&found, "%s", "");
		for (size_t at = 0; at < len; at += run)
			digest_scan_run(
			    &s, text + at, len - at < run ? len - at : run);
		digest_scan_end(&s);
		same = !strcmp(found.data, all);
		if (!same)
			printf("# %s\n", found.data);
		buf_free(&found);
	}
	ok(same, name);
}

int
main(void)
{
	finds(ONE, ONE " ", "a digest and nothing else");
	finds("{\"a\":\"" ONE "\",\"" TWO "\":1}", ONE " " TWO " ",
	    "two in an object");
	finds("repo:tag@" ONE ", x:" ONE "\n", ONE " " ONE " ",
	    "with something before them");
	finds("sha256:sha256:" A64 " sha256" ONE, ONE " " ONE " ",
	    "what begins before it");
	finds("sha256:" A64 "0", "", "one digit more");
	finds("sha256:" A16 A16 A16 "0123456789abcde", "", "one fewer");
	finds("sha256:" A16 A16 A16 "0123456789abcdeF", "", "in capitals");
	finds("sha384:" A64, "", "another algorithm");
	finds("\\u0073ha25\\u0036\\u003A" A64, ONE " ", "escapes of JSON");
	finds("\\\"" ONE "\\n" ONE "\\\\", ONE " " ONE " ", "between escapes");
	finds("\\u00" ONE "\\u12" ONE, ONE " " ONE " ", "torn escapes");
	finds("\\nsha\\t256:" A64, "", "an escape in it");
	return tap_end();
}
