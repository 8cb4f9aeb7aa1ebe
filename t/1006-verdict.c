/* SPDX-License-Identifier: ISC */
/* fetch/verdict: what each answer of a server means, by itself. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fetch/registry/access.h"
#include "fetch/registry/endpoint.h"
#include "fetch/registry/request.h"
#include "fetch/registry/server.h"
#include "fetch/registry/verdict.h"
#include "t/tap.h"

static struct server server = {
    .certs = &server.found, .at = {.scheme = (char *)"https"}};
static struct access access_now = {.server = &server};
static struct endpoint endpoint = {
    .server = &server, .access = &access_now, .verify = true};
static const struct taker taker;

/* The first try of a manifest, or of a blob of 10 bytes. */
static struct request
request(bool blob, long status)
{
	struct request q = {.endpoint = &endpoint,
	    .access = &access_now,
	    .server = &server,
	    .tries = 1};

	response_init(&q.answer);
	q.answer.status = status;
	if (blob) {
		q.taker = &taker;
		q.size = 10;
	}
	return q;
}

static void
means(const struct request *q, enum verdict wanted, const char *what)
{
	char name[160];
	enum verdict got = verdict_of(q);

	snprintf(name, sizeof name, "%s of %s: %d", what,
	    q->taker ? "a blob" : "a manifest", (int)wanted);
	ok(got == wanted, name);
	if (got != wanted)
		printf("# got %d\n", (int)got);
}

static void
statuses(void)
{
	static const struct {
		long status;
		enum verdict manifest, blob;
	} all[] = {
	    {200, VERDICT_DONE, VERDICT_LATER}, /* it ended too soon */
	    {201, VERDICT_NO, VERDICT_NO},
	    {206, VERDICT_NO, VERDICT_LATER},
	    {304, VERDICT_NO, VERDICT_NO},
	    {307, VERDICT_NO, VERDICT_NO}, /* to nowhere */
	    {400, VERDICT_NO, VERDICT_NO},
	    {401, VERDICT_HIDDEN, VERDICT_HIDDEN},
	    {403, VERDICT_HIDDEN, VERDICT_HIDDEN},
	    {404, VERDICT_HIDDEN, VERDICT_HIDDEN},
	    {407, VERDICT_NO, VERDICT_NO},
	    {408, VERDICT_LATER, VERDICT_LATER},
	    {410, VERDICT_NO, VERDICT_NO},
	    {416, VERDICT_NO, VERDICT_NO},
	    {429, VERDICT_BUSY, VERDICT_BUSY},
	    {500, VERDICT_LATER, VERDICT_LATER},
	    {501, VERDICT_NO, VERDICT_NO},
	    {502, VERDICT_LATER, VERDICT_LATER},
	    {503, VERDICT_LATER, VERDICT_LATER},
	    {504, VERDICT_LATER, VERDICT_LATER},
	};
	struct request q;
	char name[32];

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		snprintf(name, sizeof name, "%ld", all[i].status);
		q = request(false, all[i].status);
		means(&q, all[i].manifest, name);
		q = request(true, all[i].status);
		means(&q, all[i].blob, name);
	}
}

static void
situations(void)
{
	struct request q = request(true, 200);

	q.received = 10;
	means(&q, VERDICT_DONE, "200 with all");
	q.code = CURLE_RECV_ERROR;
	means(&q, VERDICT_DONE, "all, and then a cut,");
	q = request(true, 416);
	q.ranged = true;
	means(&q, VERDICT_WHOLE, "416 to a range");
	q = request(true, 403);
	q.route.hops = 1;
	q.route.strayed = true;
	means(&q, VERDICT_EXPIRED, "403 of where it was sent on to");
	q.tries = 3;
	means(&q, VERDICT_NO, "the third of these");
	q = request(true, 503);
	q.answer.retry_after = 121;
	means(&q, VERDICT_NO, "503 for more than two minutes");
	q = request(true, 500);
	q.tries = 5;
	means(&q, VERDICT_NO, "the fifth 500");
	q = request(true, 429);
	q.tries = 5;
	means(&q, VERDICT_BUSY, "429 after four failures");
	q.busy = 5;
	means(&q, VERDICT_NO, "the fifth 429 for nothing");
	q.busy = 0;
	q = request(false, 307);
	q.answer.location = (char *)"/x";
	means(&q, VERDICT_MOVED, "307");
	q.form = "x";
	means(&q, VERDICT_NO, "307 to a form");
	q = request(false, 401);
	q.answer.challenge = (char *)"Basic realm=\"x\"";
	means(&q, VERDICT_DENIED, "401 with a challenge");
	q.denied = 1;
	means(&q, VERDICT_NO, "the second of these");
	q = request(false, 404);
	access_now.looked = true;
	means(&q, VERDICT_NO, "404 where there are no credentials");
}

static void
failures(void)
{
	static const struct {
		CURLcode code;
		enum verdict first, known;
	} all[] = {
	    {CURLE_COULDNT_RESOLVE_HOST, VERDICT_LATER, VERDICT_LATER},
	    {CURLE_COULDNT_CONNECT, VERDICT_LATER, VERDICT_LATER},
	    {CURLE_OPERATION_TIMEDOUT, VERDICT_NO, VERDICT_LATER},
	    {CURLE_SSL_CONNECT_ERROR, VERDICT_PLAIN, VERDICT_LATER},
	    {CURLE_PEER_FAILED_VERIFICATION, VERDICT_NO, VERDICT_NO},
	    {CURLE_RECV_ERROR, VERDICT_LATER, VERDICT_LATER},
	    {CURLE_GOT_NOTHING, VERDICT_LATER, VERDICT_LATER},
	    {CURLE_WRITE_ERROR, VERDICT_NO, VERDICT_NO},
	};
	struct request q = request(false, 0);

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		q.code = all[i].code;
		server.reached = false;
		means(&q, all[i].first, curl_easy_strerror(q.code));
		server.reached = true;
		means(&q, all[i].known, curl_easy_strerror(q.code));
	}
	server.reached = false;
	q.code = CURLE_SSL_CONNECT_ERROR;
	snprintf(q.answer.error, sizeof q.answer.error,
	    "SSL routines::sslv3 alert handshake failure");
	means(&q, VERDICT_NO, "an alert of TLS");
	q.code = CURLE_RECV_ERROR;
	*q.answer.error = '\0';
	q.answer.tunnel = 403;
	means(&q, VERDICT_NO, "a proxy's refusal");
	q.fault = "x";
	q.code = CURLE_WRITE_ERROR;
	means(&q, VERDICT_NO, "what is wrong");
}

/* What goes wrong by HTTP/2 may go well without. */
static void
joined(void)
{
	static const CURLcode codes[] = {CURLE_HTTP2, CURLE_HTTP2_STREAM,
	    CURLE_RECV_ERROR, CURLE_PARTIAL_FILE, CURLE_OPERATION_TIMEDOUT};
	struct request q = request(true, 0);

	q.tries = 5;
	q.joined = true;
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
		q.code = codes[i];
		q.answer.asked = 0;
		means(&q, VERDICT_NO, "no connection");
		q.answer.asked = 1;
		means(&q, VERDICT_APART, curl_easy_strerror(q.code));
	}
	q.answer.asked = 0;
	q.answer.connected = true;
	q.code = CURLE_OPERATION_TIMEDOUT;
	means(&q, VERDICT_APART, "TLS without end that offers HTTP/2");
	q.answer.connected = false;
	q.code = CURLE_SSL_CONNECT_ERROR;
	means(&q, VERDICT_APART, "no TLS that offers HTTP/2");
	q.code = CURLE_WRITE_ERROR;
	q.fault = "x";
	means(&q, VERDICT_NO, "what is wrong by HTTP/2, too");
	q = request(true, 421);
	means(&q, VERDICT_NO, "421");
	q.joined = true;
	means(&q, VERDICT_APART, "421 by HTTP/2");
}

/* What a mirror can't give at once is asked for elsewhere. */
static void
mirrored(void)
{
	static const long all[] = {408, 429, 500, 502, 503, 504, 522, 206};
	struct request q;
	char name[48];

	endpoint.mirror = true;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		snprintf(name, sizeof name, "%ld by a mirror", all[i]);
		q = request(true, all[i]);
		means(&q, VERDICT_NO, name);
	}
	q = request(true, 200);
	q.code = CURLE_COULDNT_CONNECT;
	means(&q, VERDICT_NO, "no mirror there");
	q.code = CURLE_RECV_ERROR;
	q.received = 5;
	means(&q, VERDICT_LATER, "a mirror's half");
	q.tries = 2;
	means(&q, VERDICT_NO, "a mirror's little");
	endpoint.mirror = false;
}

/* Meet so many servers: the status that a process ends with. */
static int
meet(int n)
{
	struct server *list = NULL;
	struct address a;
	const char *why;
	char url[32];
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		if (!freopen("/dev/null", "w", stderr))
			_exit(2);
		for (int i = 0; i < 2 * n; i++) { /* each twice */
			snprintf(url, sizeof url, "http://a%d/", i % n);
			if (address_parse(url, NULL, &a, &why) < 0)
				_exit(2);
			server_find(&list, &a);
		}
		_exit(0);
	}
	return waitpid(pid, &status, 0) == pid ? WEXITSTATUS(status) : -1;
}

int
main(void)
{
	statuses();
	situations();
	failures();
	joined();
	mirrored();
	ok(meet(256) == 0, "256 servers");
	ok(meet(257) == 1, "not one more");
	return tap_end();
}
