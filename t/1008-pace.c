/* SPDX-License-Identifier: ISC */
/* fetch/pace: what a server's answer does to the number of requests. */
#include "fetch/registry/loop.h"
#include "fetch/registry/pace.h"
#include "fetch/registry/request.h"
#include "fetch/registry/server.h"
#include "t/tap.h"

static struct loop loop;
static struct server server;
static CURL *easy; /* that took no time */

static unsigned
after(long status, bool counted)
{
	struct request q = {.loop = &loop,
	    .server = &server,
	    .easy = easy,
	    .counted = counted,
	    .answer = {.status = status}};

	pace_follow(&q);
	return loop.jobs;
}

/* Whose connection was closed before there was an answer. */
static unsigned
after_none(CURLcode code, const char *fault)
{
	struct request q = {.loop = &loop,
	    .server = &server,
	    .easy = easy,
	    .counted = true,
	    .code = code,
	    .fault = fault};

	pace_follow(&q);
	return loop.jobs;
}

static void
begin(unsigned n, size_t blobs)
{
	loop = (struct loop){0};
	server = (struct server){0};
	pace_begin(&loop, n);
	pace_expect(&loop, blobs);
}

/* Good answers until there is another one at a time, up to n. */
static unsigned
until_more(unsigned n)
{
	unsigned jobs = loop.jobs, i = 0;

	while (i < n && after(200, true) == jobs)
		i++;
	return i + 1;
}

/* From as many as were refused, or fewer. */
static void
regrowth(void)
{
	begin(0, 100);
	ok(after(429, true) == 3 && loop.refused == 6, "six were too many");
	server.busy = true;
	ok(until_more(1000) == 1001, "what was under way then tells nothing");
	server.busy = false;
	server_spare(&server, 100000);
	ok(until_more(1000) == 1001, "nor before Retry-After is over");
	server.until = 0;
	ok(until_more(1000) == 12, "four turns of three, and there are four");
	ok(until_more(1000) == 16, "four of four: five");
	ok(until_more(5 * 39) == 5 * 39 + 1, "not so soon the six again");
	ok(until_more(1000) == 5, "but in the end");
	ok(until_more(10000) == 10001 && loop.most == 7,
	    "more than usual only where it is worth it, and one at most");
	ok(after(429, true) == 3, "again");
	ok(until_more(11) == 12 && after(429, true) == 1,
	    "what is refused early");
	ok(loop.refused == 3 && loop.most == 1, "is too many from then on");
	ok(until_more(1000) == 4 && after(503, true) == 1,
	    "one alone: two are soon tried");
	ok(until_more(1000) == 40, "late where they were refused");
}

int
main(void)
{
	easy = curl_easy_init();

	begin(0, 10);
	ok(loop.jobs == 3, "few blobs");
	ok(after(200, true) == 3, "what is answered at once");
	begin(0, 100);
	ok(loop.jobs == 6, "many");
	ok(after(429, false) == 6, "a token's 429");
	ok(after(429, true) == 3, "a blob's");
	server.busy = true;
	ok(after(429, true) == 3, "that of another which went with it");
	server.busy = false;
	ok(after(503, true) == 1, "the next one");
	ok(after(503, true) == 1, "there is always one");
	ok(loop.most == 1, "and it stays so at first");
	ok(loop.refused == 1, "even one was too many");
	begin(0, 100);
	server_spare(&server, 100000);
	ok(after(503, true) == 6, "a server that is spared already");
	begin(0, 100);
	ok(after_none(CURLE_GOT_NOTHING, NULL) == 6,
	    "a server not reached yet");
	server.reached = true;
	ok(after_none(CURLE_RECV_ERROR, "late") == 6,
	    "what is wrong otherwise");
	ok(after_none(CURLE_GOT_NOTHING, NULL) == 3,
	    "one that was, and closes");
	ok(after_none(CURLE_COULDNT_CONNECT, NULL) == 3,
	    "another in that wave");
	loop.eased = 0;
	ok(after_none(CURLE_COULDNT_CONNECT, NULL) == 1, "the next wave");
	ok(loop.most == 1, "and it stays so, too");
	ok(until_more(1000) == 1001, "as long as that wave may last");
	loop.eased = 0;
	ok(until_more(1000) == 4, "and no longer");
	regrowth();
	begin(20, 100);
	ok(after(429, true) == 20, "a number that was given");
	curl_easy_cleanup(easy);
	return tap_end();
}
