/* SPDX-License-Identifier: ISC */
/*
 * One blob on its way: from the registry, or from the cache, where it may be
 * whole, or in part, or another process may be at it.  Its bytes are hashed as
 * they come.
 */
#ifndef FETCH_IMAGE_DOWNLOAD_H
#define FETCH_IMAGE_DOWNLOAD_H

#include <sys/types.h>

#include "fetch/registry/request.h"
#include "fetch/stock/part.h"
#include "lib/descriptor.h"
#include "lib/digest.h"

struct registry;
struct outlet;

enum download_state {
	DOWNLOAD_COMES,  /* of the registry */
	DOWNLOAD_CHECKS, /* what the cache has of it is to be hashed */
	DOWNLOAD_WAITS,  /* until another process has it in the cache */
};

struct download {
	const struct descriptor *blob; /* NULL: not begun */
	struct registry *registry;
	char *const *urls; /* where it may be had, and NULL; NULL: of that */
	bool joins;        /* it is small and one of many, see struct request */
	const char *other; /* of these, one that a part is of; NULL: none */
	bool doubted;      /* they are several: no byte goes on unverified */
	enum download_state state;
	struct outlet *live; /* where bytes go; NULL: to the spool */
	int spool;           /* -1: not needed so far */
	bool complete;       /* all received and verified */

	struct part part;   /* the spool, if it is one of the cache */
	bool kept;          /* it is, and is locked */
	bool resumed;       /* its first bytes are of another process */
	ino_t wrong;        /* of a blob of the cache that is; 0: of none */
	int64_t checked;    /* bytes of the spool that were hashed */
	int64_t state_seen; /* part_state of the other process, */
	int64_t state_at;   /* since this clock_now */

	struct digest digest;
	struct request request;
	char *path;
};

/*
 * Begin a blob; its request, if there is to be one, is the registry's loop's.
 * live: where its bytes may go at once.  joins: as in its request.  urls: where
 * else it may be had, each asked when the one before failed, with NULL behind
 * them; NULL: of the registry.
 */
void download_begin(struct download *d, struct registry *r,
    const struct descriptor *blob, char *const *urls, bool joins,
    struct outlet *live);

/* Ask the registry for all of the blob but the first bytes, hashed already. */
void download_ask(struct download *d, int64_t from);

/* What came of it, or was there, is wrong: ask for all of it. */
void download_again(struct download *d);

/* Bytes that were hashed, of blob->size, for people to see. */
int64_t download_received(const struct download *d);

/* Bytes of the spool that can go to the stream. */
int64_t download_readable(const struct download *d);

/* Whether what comes may go to the stream alone. */
bool download_may_live(const struct download *d);

/* Go on when the stream, which wasn't, is ready. */
void download_unpause(struct download *d);

#endif
