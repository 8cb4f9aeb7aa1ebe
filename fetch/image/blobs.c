/* SPDX-License-Identifier: ISC */
/* The blobs of a plan: each once, in the order of the stream. */
#include <stdlib.h>
#include <string.h>

#include "fetch/image/foreign.h"
#include "fetch/image/plan.h"
#include "lib/die.h"
#include "lib/mem.h"

/* What is needed before its turn comes then. */
static void
blob_hasten(
    struct plan *plan, enum plan_turn turn, const struct descriptor *desc)
{
	for (size_t i = 0; i < plan->nblobs && plan->is_about; i++)
		if (plan->blobs[i].turn > turn &&
		    strcmp(plan->blobs[i].desc.digest, desc->digest) == 0)
			plan->blobs[i].turn = turn;
}

void
plan_blob(struct plan *plan, enum plan_turn turn, const struct descriptor *desc,
    char *data)
{
	const int64_t *size = digestmap_find(&plan->seen, desc->digest);
	struct descriptor bare = {.media_type = desc->media_type,
	    .digest = desc->digest,
	    .size = desc->size};
	struct plan_blob *blob;

	if (plan->is_about)
		turn -= PLAN_DOCUMENTS;
	if (size) {
		if (*size != desc->size)
			die("%s: a blob of both %lld and %lld bytes",
			    desc->digest, (long long)*size,
			    (long long)desc->size);
		blob_hasten(plan, turn, desc);
		free(data);
		return;
	}
	*digestmap_add(&plan->seen, desc->digest) = desc->size;
	if (__builtin_add_overflow(plan->size, desc->size, &plan->size))
		die("%s: the image is too large", desc->digest);
	if ((plan->nblobs & (plan->nblobs - 1)) == 0)
		plan->blobs = xreallocarray(plan->blobs,
		    plan->nblobs ? 2 * plan->nblobs : 1, sizeof *plan->blobs);
	blob = &plan->blobs[plan->nblobs++];
	*blob = (struct plan_blob){.turn = turn, .data = data};
	descriptor_copy(&blob->desc, &bare);
}

bool
plan_has(const struct plan *plan, const struct descriptor *desc)
{
	return digestmap_find(&plan->seen, desc->digest);
}

void
plan_order(struct plan *plan)
{
	struct plan_blob *blobs = xcalloc(plan->nblobs, sizeof *blobs);
	size_t n = 0;

	for (int turn = 0; turn < PLAN_TURNS; turn++)
		for (size_t i = 0; i < plan->nblobs; i++)
			if ((int)plan->blobs[i].turn == turn)
				blobs[n++] = plan->blobs[i];
	free(plan->blobs);
	plan->blobs = blobs;
}

void
plan_free(struct plan *plan)
{
	for (size_t i = 0; i < plan->nblobs; i++) {
		descriptor_free(&plan->blobs[i].desc);
		free(plan->blobs[i].data);
		foreign_free(plan->blobs[i].urls);
	}
	free(plan->blobs);
	for (size_t i = 0; i < plan->nabout; i++)
		descriptor_free(&plan->about[i]);
	free(plan->about);
	free(plan->load);
	digestmap_free(&plan->seen);
	descriptor_free(&plan->image);
}
