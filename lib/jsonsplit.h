/* SPDX-License-Identifier: ISC */
/*
 * A document with one long array, as index.json has, which comes in runs and
 * is never a tree: the items of the array are parsed one by one, and the rest
 * at its end.  What json_parse refuses of the whole is refused, and nothing
 * else.
 */
#ifndef LIB_JSONSPLIT_H
#define LIB_JSONSPLIT_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/buf.h"
#include "lib/json.h"

struct json_split {
	const char *name; /* of the array, a member of the root; the caller's */

	/*
	 * Called for each item, with its text without space around it: 0, or -1
	 * with a reason, which the run returns.  What comes later in the
	 * document may still be wrong.
	 */
	int (*item)(void *of, const cJSON *json, const char *text, size_t len,
	    const char **why);
	void *of;

	struct buf rest; /* the document without the items, so far, */
	size_t hole;     /* in which they stand here; 0: they haven't begun */

	/* The rest is jsonsplit.c's. */
	struct buf part;       /* the item that is being read */
	bool inside, any;      /* the array is open, and has a comma */
	bool quoted, escaped;  /* what comes is in a string, behind a \ */
	int depth;             /* arrays and objects that are open */
	size_t string;         /* of rest: where the root's last one begins */
	size_t line, column;   /* of the next byte; from 1 */
	struct json_place at;  /* where the item began */
	struct json_place end; /* and where the rest goes on after the array */
};

void json_split_begin(struct json_split *s);

/* n bytes more: 0, or -1 with a reason, after which there is only the end. */
int json_split_run(
    struct json_split *s, const char *p, size_t n, const char **why);

/*
 * The rest of the document, with the array empty, in which other items were;
 * NULL with a reason.  s->rest is its text; free all with json_split_free.
 */
cJSON *json_split_end(struct json_split *s, const char **why);
void json_split_free(struct json_split *s);

#endif
