/* SPDX-License-Identifier: ISC */
/* What is about an image, to be taken along with it. */
#include "fetch/image/about.h"

#include <stdlib.h>

#include "fetch/image/document.h"
#include "fetch/image/plan.h"
#include "fetch/image/referrers.h"
#include "lib/die.h"
#include "lib/mem.h"

#define ABOUT_MAX 16384 /* that are about one image, all in all */

static void
referrer_add(struct registry *r, struct plan *plan, struct descriptor *referrer,
    const char *digest)
{
	struct document d;

	/* Two may be about one another; and some are in the image's index. */
	if (plan_has(plan, referrer) ||
	    !referrers_document(r, referrer, digest, &d))
		return;
	if (plan->nabout == ABOUT_MAX)
		die("more than %d manifests are about this image", ABOUT_MAX);
	plan->about =
	    xreallocarray(plan->about, plan->nabout + 1, sizeof *plan->about);
	descriptor_copy(&plan->about[plan->nabout++], referrer);
	plan_add(r, plan, &d);
	document_free(&d);
}

/* The plan grows while this goes through it. */
void
about_add(struct registry *r, struct plan *plan, const char *type)
{
	struct referrers list = {.type = type};
	char *digest;

	plan->is_about = true;
	for (size_t i = 0; i < plan->nblobs; i++) {
		if (plan->blobs[i].turn != PLAN_DOCUMENTS &&
		    plan->blobs[i].turn != PLAN_ABOUT_DOCUMENTS)
			continue;
		digest = xstrdup(plan->blobs[i].desc.digest);
		referrers_fetch(r, digest, &list);
		for (size_t j = 0; j < list.n; j++)
			referrer_add(r, plan, &list.all[j], digest);
		referrers_free(&list);
		free(digest);
	}
	plan->is_about = false;
}
