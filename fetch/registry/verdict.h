/* SPDX-License-Identifier: ISC */
/* What an answer means: all that a server can say, in one place. */
#ifndef FETCH_REGISTRY_VERDICT_H
#define FETCH_REGISTRY_VERDICT_H

#include <stdbool.h>

struct request;

enum verdict {
	VERDICT_DONE,        /* it is all there */
	VERDICT_MOVED,       /* it is where the answer says */
	VERDICT_DENIED,      /* it wants an authorization, or another */
	VERDICT_HIDDEN,      /* it may want one, and doesn't say which */
	VERDICT_CERTIFICATE, /* it may take another one of ours */
	VERDICT_APART,       /* it may do better by HTTP/1.1 */
	VERDICT_PLAIN,       /* it may speak plain http, for TLS it doesn't */
	VERDICT_WHOLE,       /* it has no such range: ask for all of it */
	VERDICT_EXPIRED,     /* the registry has to say again where it is */
	VERDICT_BUSY,        /* it wants to be left alone for a while */
	VERDICT_LATER,       /* this passes: ask again */
	VERDICT_NO           /* this doesn't */
};

/* Of the last try of a request that has ended, by q->code and q->answer. */
enum verdict verdict_of(const struct request *q);

/*
 * Whether the server wants a certificate of ours, or another than it got; and
 * whether that is only likely.
 */
bool verdict_wants_certificate(const struct request *q);
bool verdict_may_want_certificate(const struct request *q);

/* Milliseconds to wait before another try after BUSY or LATER. */
long verdict_wait(const struct request *q, unsigned times);

#endif
