/* SPDX-License-Identifier: ISC */
/* How many requests go at a time. */
#include "fetch/registry/pace.h"

#include "fetch/registry/loop.h"
#include "fetch/registry/request.h"
#include "fetch/registry/server.h"

#define FIRST 3
#define FIRST_OF_MANY 6
#define MANY 40
#define MOST 16
#define STREAMS 32 /* where another one needs no connection */
#define WAVE 500   /* milliseconds that those shut out together are apart */
#define SLOW 5000  /* microseconds: sooner answered is not waited for */
#define CALM 4     /* good answers of each job, after which there may be one */
#define BRAVE 40   /* more; and of as many jobs as were too many before */

void
pace_begin(struct loop *l, unsigned n)
{
	l->fixed = n;
	l->jobs = l->usual = n ? n : FIRST;
	l->most = MOST;
}

void
pace_expect(struct loop *l, size_t n)
{
	if (!l->fixed && n >= MANY && l->jobs == FIRST)
		l->jobs = l->usual = FIRST_OF_MANY;
}

/*
 * Whether it waited for its answer longer than the answer took: a large blob,
 * or one on a narrow line, would only be slower beside more of them.
 */
static bool
was_waiting(const struct request *q)
{
	curl_off_t all = 0, first = 0;

	curl_easy_getinfo(q->easy, CURLINFO_TOTAL_TIME_T, &all);
	curl_easy_getinfo(q->easy, CURLINFO_STARTTRANSFER_TIME_T, &first);
	return first >= SLOW && first > all - first;
}

/* Whether it came by HTTP/2. */
static bool
was_shared(const struct request *q)
{
	long version = 0;

	curl_easy_getinfo(q->easy, CURLINFO_HTTP_VERSION, &version);
	return version >= CURL_HTTP_VERSION_2_0;
}

/* Of those that went together each may be told; it counts once. */
static bool
was_told(const struct server *s)
{
	return s->busy || s->until > clock_now();
}

/*
 * Whether its connection was refused or closed without a word, by a server that
 * has answered others: some have no other way to say that they are too many.
 */
static bool
was_shut_out(const struct request *q)
{
	return q->code && q->code != CURLE_OUT_OF_MEMORY && !q->fault &&
	       !q->joined && !q->answer.status && q->server->reached;
}

static void
slow_down(struct loop *l, bool again)
{
	l->calm = 0;
	l->streams = 0;
	if (!again) {
		l->refused = l->jobs;
		if (l->jobs > 1)
			l->jobs /= 2;
	}
	l->most = l->jobs;
}

/*
 * All that may go at a time go well: one more may, soon where so many were
 * never refused, late where they were.
 */
static void
recover(struct loop *l)
{
	unsigned each = l->most + 1 < l->refused ? CALM : BRAVE;

	if (!l->refused || l->most == MOST || ++l->calm < each * l->most)
		return;
	l->calm = 0;
	l->most++;
	if (l->jobs < l->usual)
		l->jobs++;
}

static void
speed_up(const struct request *q)
{
	struct loop *l = q->loop;

	/* What was on its way when others were refused tells nothing. */
	if (was_told(q->server) || l->eased > clock_now())
		return;
	if (l->jobs == l->most)
		recover(l);
	if (!was_waiting(q))
		return;
	if (q->joined && !l->refused)
		l->streams = was_shared(q) ? STREAMS : 0;
	if (l->jobs < l->most)
		l->jobs++;
}

void
pace_follow(const struct request *q)
{
	struct loop *l = q->loop;
	long status = q->answer.status;

	if (!q->counted || l->fixed)
		return;
	if (status == 429 || status == 503) {
		slow_down(l, was_told(q->server));
	} else if (was_shut_out(q)) {
		slow_down(l, l->eased > clock_now());
		l->eased = clock_now() + WAVE;
	} else if (!q->code && status / 100 == 2) {
		speed_up(q);
	}
}
