/* SPDX-License-Identifier: ISC */
/* fetch/link: which of an answer's links is the next page. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/registry/link.h"
#include "t/tap.h"

static void
next(const char *lines, const char *wanted)
{
	char *target = link_next(lines), name[128];

	snprintf(name, sizeof name, "%s", *lines ? lines : "nothing");
	for (char *c = name; (c = strchr(c, '\n'));)
		*c = '|';
	ok(target && wanted ? strcmp(target, wanted) == 0 : target == wanted,
	    name);
	free(target);
}

int
main(void)
{
	next("</v2/x?n=1>; rel=\"next\"", "/v2/x?n=1");
	next("</a>;rel=next", "/a");
	next("</a> ; REL = Next", "/a");
	next("<a,b;c>; rel=\"next\"", "a,b;c");
	next("</a>; rel=\"first\", </b>; rel=\"next\"", "/b");
	next("</a>; rel=\"first\"\n</b>; rel=\"next\"", "/b");
	next("</a>; rel=\"prev  next\"", "/a");
	next("</a>; title=\"x, <y>; rel=next\", </b>; rel=next", "/b");
	next("</a>; title=\"\\\"; rel=\"; rel=next", "/a");
	next("</a>; rel=next, </b>; rel=next", "/a");
	next("</a>; rel=first; rel=next", NULL);
	next("</a>; rel=\"nextish\"", NULL);
	next("</a>; rel=\"http://x/next\"", NULL);
	next("</next>; rel=\"first\"", NULL);
	next("</a>; title=next", NULL);
	next("</a>; rel=next; anchor=\"/x\", </b>; rel=next", "/b");
	next("</a>", NULL);
	next("</a", NULL);
	next("</a\n</b>; rel=next", "/b");
	next("</a>; \"x\" y, </b>; rel=next", "/b");
	next("<>; rel=next", "");
	next("", NULL);
	return tap_end();
}
