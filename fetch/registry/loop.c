/* SPDX-License-Identifier: ISC */
/* The one loop of a program. */
#include "fetch/registry/loop.h"

#include <stdio.h>

#include "fetch/registry/request.h"
#include "fetch/registry/server.h"
#include "fetch/registry/try.h"
#include "lib/die.h"

#define SLEEP_LONGEST 1000 /* milliseconds */
#define WATCHES_MAX 8

static void
multi_failed(CURLMcode code)
{
	if (code)
		die("libcurl: %s", curl_multi_strerror(code));
}

void
loop_open(struct loop *l)
{
	l->multi = curl_multi_init();
	if (!l->multi)
		die("libcurl: no memory");
}

void
loop_close(struct loop *l)
{
	multi_failed(curl_multi_cleanup(l->multi));
}

void
loop_add(struct loop *l, struct request *q)
{
	struct request **last = &l->first;

	q->loop = l;
	while (*last)
		last = &(*last)->next;
	*last = q;
}

void
loop_remove(struct loop *l, const struct request *q)
{
	struct request **at = &l->first;

	while (*at != q)
		at = &(*at)->next;
	*at = q->next;
}

void
loop_watch(struct loop *l, struct watch *w)
{
	w->next = l->watches;
	l->watches = w;
}

void
loop_unwatch(struct loop *l, struct watch *w)
{
	struct watch **at = &l->watches;

	while (*at != w)
		at = &(*at)->next;
	*at = w->next;
}

unsigned
loop_jobs(const struct loop *l, bool joins)
{
	return joins && l->streams > l->jobs ? l->streams : l->jobs;
}

bool
loop_has_room(const struct loop *l, bool joins)
{
	return l->active < loop_jobs(l, joins);
}

void
loop_start(struct loop *l)
{
	struct request *next;
	int64_t now = clock_now();

	for (struct request *q = l->first; q; q = next) {
		next = q->next;
		if (q->state != REQUEST_DUE || request_due(q) > now ||
		    (q->counted && !loop_has_room(l, q->joins)))
			continue;
		try_start(q);
		multi_failed(curl_multi_add_handle(l->multi, q->easy));
		l->active += q->counted;
	}
}

/* Those whose answer was no: whether it is clear now what comes of them. */
static bool
resume(struct loop *l)
{
	struct request *next;
	bool any = false;

	for (struct request *q = l->first; q; q = next) {
		next = q->next;
		any |= q->state == REQUEST_HELD && request_resume(q);
	}
	return any;
}

/* It has ended, in code. */
static void
finish(struct loop *l, struct request *q, CURLcode code)
{
	curl_multi_remove_handle(l->multi, q->easy);
	l->active -= q->counted;
	request_finish(q, code);
}

/* Those that have been silent for too long: whether there were any. */
static bool
break_off(struct loop *l)
{
	int64_t now = clock_now();
	struct request *next;
	bool any = false;

	for (struct request *q = l->first; q; q = next) {
		next = q->next;
		if (request_stalls(q) > now)
			continue;
		snprintf(q->answer.error, sizeof q->answer.error,
		    "nothing came for %ld seconds", l->transport->timeout);
		finish(l, q, CURLE_OPERATION_TIMEDOUT);
		any = true;
	}
	return any;
}

bool
loop_perform(struct loop *l)
{
	struct request *q;
	bool any = false;
	int running, left;
	CURLMsg *msg;

	multi_failed(curl_multi_perform(l->multi, &running));
	while ((msg = curl_multi_info_read(l->multi, &left))) {
		if (msg->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, &q);
		any = true;
		finish(l, q, msg->data.result);
	}
	any |= break_off(l);
	return resume(l) || any;
}

/* How long nothing happens, unless a descriptor says otherwise. */
static int
sleep_longest(const struct loop *l)
{
	int64_t now = clock_now(), longest = SLEEP_LONGEST, due;

	for (const struct request *q = l->first; q; q = q->next) {
		due = request_stalls(q);
		if (due - now < longest)
			longest = due > now ? due - now : 0;
		if (q->state != REQUEST_DUE ||
		    (q->counted && !loop_has_room(l, q->joins)))
			continue;
		due = request_due(q);
		if (due <= now)
			return 0;
		if (due - now < longest)
			longest = due - now;
	}
	return (int)longest;
}

void
loop_wait(struct loop *l, const struct curl_waitfd *out)
{
	struct curl_waitfd fds[WATCHES_MAX];
	struct watch *watched[WATCHES_MAX];
	unsigned n = 0, first = out ? 1 : 0;

	if (out)
		fds[n++] = *out;
	for (struct watch *w = l->watches; w && n < WATCHES_MAX; w = w->next) {
		fds[n] = (struct curl_waitfd){
		    .fd = w->fd, .events = CURL_WAIT_POLLIN};
		watched[n++] = w;
	}
	multi_failed(curl_multi_poll(l->multi, fds, n, sleep_longest(l), NULL));
	for (unsigned i = first; i < n; i++)
		if (fds[i].revents)
			watched[i]->readable(watched[i]->arg);
}

void
loop_until(struct loop *l, const struct request *q)
{
	while (q->state != REQUEST_DONE) {
		loop_start(l);
		if (!loop_perform(l))
			loop_wait(l, NULL);
	}
}
