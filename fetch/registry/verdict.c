/* SPDX-License-Identifier: ISC */
/* What an answer means. */
#include "fetch/registry/verdict.h"

#include <string.h>

#include "fetch/registry/access.h"
#include "fetch/registry/endpoint.h"
#include "fetch/registry/request.h"
#include "fetch/registry/server.h"

#define TRIES 5
#define TRIES_FIRST 4             /* of a server that nobody has reached yet */
#define FIRST_WAIT 500            /* milliseconds, doubled each time */
#define LONGEST_WAIT (120 * 1000) /* that a server may ask for */

/* Whoever has been there before is tried like any server that was cut. */
static bool
is_known(const struct request *q)
{
	return q->server->reached || q->route.hops;
}

/* What the other side of TLS says as it ends it: then it does speak TLS. */
static bool
is_alert(const struct request *q)
{
	return q->code && strstr(q->answer.error, " alert ");
}

/* nginx lets who has none come in, to be told so by HTTP. */
bool
verdict_wants_certificate(const struct request *q)
{
	static const char *const alerts[] = {"alert certificate",
	    "alert bad certificate", "alert unsupported certificate",
	    "alert unknown ca", "alert handshake failure",
	    "alert access denied", "alert decrypt error"};

	if (strcmp(q->server->at.scheme, "https") != 0)
		return false;
	if (!q->code)
		return (q->answer.status == 400 || q->answer.status == 403) &&
		       q->body.len && strstr(q->body.data, "SSL certificate");
	for (size_t i = 0; i < sizeof alerts / sizeof *alerts; i++)
		if (strstr(q->answer.error, alerts[i]))
			return true;
	return false;
}

/*
 * Of TLS 1.3 the client is through before the server has seen its certificate:
 * the connection may be gone before the alert was read.
 */
bool
verdict_may_want_certificate(const struct request *q)
{
	return strcmp(q->server->at.scheme, "https") == 0 &&
	       !q->server->reached && q->code &&
	       (((q->code == CURLE_SEND_ERROR || q->code == CURLE_RECV_ERROR) &&
		    q->answer.heard) ||
		   strstr(q->answer.error, "fatal alert")); /* GnuTLS */
}

/* Whether there is another one, of those there are for the server. */
static bool
has_certificate(const struct request *q)
{
	const struct server *s = q->server;

	if (q->pair < s->pair) /* found out by another request meanwhile */
		return verdict_wants_certificate(q) ||
		       verdict_may_want_certificate(q);
	if (q->code == CURLE_SSL_CERTPROBLEM)
		return s->pair < s->certs->npairs;
	return s->pair + 1 < s->certs->npairs &&
	       (verdict_wants_certificate(q) ||
		   verdict_may_want_certificate(q));
}

/* A failure without an answer: how many tries it is worth. */
static unsigned
code_tries(const struct request *q)
{
	if (is_alert(q))
		return 1;
	switch (q->code) {
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_CONNECT:
		return is_known(q) ? TRIES : TRIES_FIRST;
	case CURLE_SSL_CONNECT_ERROR:
		return is_known(q) ? TRIES : 1;
	case CURLE_COULDNT_RESOLVE_PROXY:
		return TRIES_FIRST;
	case CURLE_RECV_ERROR:
		/* A proxy that doesn't let this through, or not us, won't. */
		return q->answer.tunnel / 100 == 4 ? 1 : TRIES;
	case CURLE_PARTIAL_FILE:
	case CURLE_GOT_NOTHING:
	case CURLE_SEND_ERROR:
		return TRIES;
	case CURLE_OPERATION_TIMEDOUT:
		/* Before there is a connection nobody was reached. */
		return is_known(q) || q->answer.connected ? TRIES : 1;
	default:
		return 1;
	}
}

static enum verdict
verdict_code(const struct request *q)
{
	bool tls = q->code == CURLE_SSL_CONNECT_ERROR ||
		   q->code == CURLE_COULDNT_CONNECT;

	if (tls && q->endpoint && !is_alert(q) &&
	    endpoint_may_probe(q->endpoint, q))
		return VERDICT_PLAIN;
	return q->tries < code_tries(q) ? VERDICT_LATER : VERDICT_NO;
}

/*
 * What may be amiss only with HTTP/2, or with who else is on the connection:
 * such a try is worth another by HTTP/1.1, which takes nothing from the tries.
 */
static bool
is_joined_fault(const struct request *q)
{
	if (!q->joined || q->fault)
		return false;
	switch (q->code) {
	case CURLE_OK:
		return q->answer.status == 421;
	case CURLE_HTTP2:
	case CURLE_HTTP2_STREAM:
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
	case CURLE_PARTIAL_FILE:
	case CURLE_GOT_NOTHING:
	case CURLE_WEIRD_SERVER_REPLY:
		return q->answer.asked;
	case CURLE_OPERATION_TIMEDOUT: /* of TLS, where it wasn't asked */
		return q->answer.asked || q->answer.connected;
	case CURLE_SSL_CONNECT_ERROR: /* that HTTP/2 was offered was too much */
	case CURLE_ABORTED_BY_CALLBACK: /* the connection's address */
		return true;
	default:
		return false;
	}
}

static bool
is_success(const struct request *q)
{
	return q->answer.status == 200 ||
	       (q->taker && q->answer.status == 206) ||
	       (q->method && q->answer.status / 100 == 2);
}

/*
 * An address that the registry gave out may have expired, which some servers
 * call forbidden, others a bad request, or gone.
 */
static bool
address_expired(const struct request *q)
{
	return q->taker && q->route.hops && q->answer.status / 100 == 4 &&
	       q->tries < 3;
}

static enum verdict
verdict_refusal(const struct request *q)
{
	struct access *access = q->endpoint ? q->endpoint->access : NULL;
	bool ours = access && !q->route.strayed;

	if (ours && access_may_hide(access, &q->answer))
		return VERDICT_HIDDEN;
	if (ours && access_denied(access, q))
		return VERDICT_DENIED;
	return address_expired(q) ? VERDICT_EXPIRED : VERDICT_NO;
}

/* A whole answer that isn't what was asked for. */
static enum verdict
verdict_status(const struct request *q)
{
	bool soon = q->answer.retry_after <= LONGEST_WAIT / 1000;

	switch (q->answer.status) {
	case 408:
	case 500:
	case 502:
	case 503:
	case 504:
	/* What Cloudflare says of a server behind it that doesn't answer. */
	case 520:
	case 521:
	case 522:
	case 523:
	case 524:
		return q->tries < TRIES && soon ? VERDICT_LATER : VERDICT_NO;
	case 429:
		return q->busy < TRIES && soon ? VERDICT_BUSY : VERDICT_NO;
	default:
		return verdict_refusal(q);
	}
}

static enum verdict
verdict_alone(const struct request *q)
{
	if (q->taker && !q->fault && q->received == q->size && is_success(q))
		return VERDICT_DONE; /* however the connection ended */
	if (q->ranged && (q->other_range || q->answer.status == 416))
		return VERDICT_WHOLE;
	if (q->fault)
		return VERDICT_NO;
	if (is_joined_fault(q))
		return VERDICT_APART;
	if (has_certificate(q))
		return VERDICT_CERTIFICATE;
	if (q->code)
		return verdict_code(q);
	if (is_success(q)) /* one without a length that ended too soon */
		return !q->taker          ? VERDICT_DONE
		       : q->tries < TRIES ? VERDICT_LATER
					  : VERDICT_NO;
	if (!q->form && route_is_on(&q->answer))
		return VERDICT_MOVED;
	return verdict_status(q);
}

/*
 * What a mirror can't give now another has: it is waited for only to take up
 * again what was coming.
 */
enum verdict
verdict_of(const struct request *q)
{
	enum verdict v = verdict_alone(q);

	if (!q->endpoint || !q->endpoint->mirror)
		return v;
	if (v == VERDICT_LATER && q->received > q->began && q->tries == 1)
		return v;
	return v == VERDICT_BUSY || v == VERDICT_LATER ? VERDICT_NO : v;
}

long
verdict_wait(const struct request *q, unsigned times)
{
	long asked = q->code ? 0 : q->answer.retry_after;

	return asked > 0 ? asked * 1000 : FIRST_WAIT << (times - 1);
}
