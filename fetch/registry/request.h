/* SPDX-License-Identifier: ISC */
/*
 * One request, from its first try to its end: wherever it is sent on to,
 * with whatever authorization is wanted, as often as it is worth it.  A loop
 * (fetch/registry/loop.h) performs it; nothing of it waits.
 */
#ifndef FETCH_REGISTRY_REQUEST_H
#define FETCH_REGISTRY_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fetch/registry/response.h"
#include "fetch/registry/route.h"
#include "fetch/registry/transport.h"
#include "lib/buf.h"

struct access;
struct endpoint;
struct loop;
struct registry;
struct server;

enum request_state {
	REQUEST_DUE,    /* to be tried, as soon as request_due says */
	REQUEST_ACTIVE, /* on its way: easy is the loop's */
	REQUEST_HELD,   /* answered with no, while better is being looked for */
	REQUEST_DONE
};

/* Who takes a large answer, in order and each byte once. */
struct taker {
	bool (*ready)(void *arg); /* whether bytes can be taken now */
	void (*take)(void *arg, const char *p, size_t n);
};

struct request {
	/* Set by its maker and borrowed; what isn't is 0 or NULL. */
	struct registry *registry; /* that path is asked of, */
	const char *path;          /* see registry_route, */
	const char *url;           /* or another server by this */
	const char *authorization; /* a header line for that server alone */
	const char *method;        /* NULL: GET, or POST when there is a form */
	const char *form;          /* the body of a POST, which isn't sent on */
	const char *accept;        /* a header line */
	const char *object;        /* what messages name */
	const char *elsewhere;     /* media type of a layer that isn't kept */
	const struct taker *taker; /* of a body of size bytes, resumed where */
	int64_t size;              /* it is cut; NULL: it goes to body, */
	size_t max;                /* of that many bytes at most */
	void (*ended)(void *arg);  /* called when it is done; or NULL */
	void *arg;                 /* of that and of the taker */
	enum reach nearest;        /* of url: how near that may be */
	bool counted;              /* it is one of the loop's jobs */
	bool joins;    /* it may share a connection: HTTP/2; then it is small */
	bool judged;   /* its maker judges any HTTP status */
	bool confined; /* of url: never sent on to what others could read */
	bool once;     /* and no answer, too, which is status 0: tried once */
	bool mild;     /* and all that is wrong: code and fault say it */

	/* The answer, of the last try so far. */
	enum request_state state;
	struct response answer;
	struct buf body;  /* what was collected, also of a refusal */
	int64_t received; /* bytes that the taker has */
	bool paused;      /* the taker wasn't ready; curl holds bytes */

	struct loop *loop;    /* that performs it */
	struct request *next; /* in its list */
	CURL *easy;
	CURLcode code; /* how the last try ended */
	struct curl_slist *headers;
	struct route route;    /* where it is asked for, when routed */
	struct server *server; /* which that is */
	size_t pair; /* of the server's certificates, that it was shown */
	struct endpoint *endpoint; /* of the registry; NULL: none so far */
	const char *helped;        /* the mirror that a part is of; or NULL */
	bool routed;
	bool trial;    /* whether the server is still too busy */
	int64_t due;   /* clock_now of the next try, by its own account */
	int64_t began; /* received when this try did */
	int64_t skip;  /* bytes of this answer that were there; -1: unknown */
	bool joined;   /* this try may go on a connection with others */
	bool ranged;   /* this try asks for a range */
	bool whole;    /* ranges don't come: no further one is asked for */
	const char *near;  /* why an address of its server wasn't asked */
	const char *fault; /* why it was broken off here, */
	char *wrong;       /* of which this is an owned text, or NULL */
	bool other_range;  /* that is another range than the one asked for */
	unsigned tries, denied; /* so far; denied: for want of authorization */
	unsigned busy;   /* answers of 429 since anything of the image came: */
	unsigned served; /* the loop's count of that at the last of them */
	const struct access *access; /* whose authorization it bore, if any, */
	unsigned sent;               /* and the number of that */
};

/* When it may be tried: INT64_MAX as long as something else is to end first. */
int64_t request_due(const struct request *q);

/* When it is to be broken off, if nothing is heard of it until then. */
int64_t request_stalls(const struct request *q);

/* Take a try apart that has ended in code, and go on. */
void request_finish(struct request *q, CURLcode code);

/*
 * One that is held: whether it is clear now what comes of it, and then it is
 * due again, or done.
 */
bool request_resume(struct request *q);

void request_free(struct request *q);

#endif
