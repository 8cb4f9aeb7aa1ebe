/* SPDX-License-Identifier: ISC */
/*
 * All the blobs of a plan into the stream.
 *
 * One thread and one loop.  The blob whose turn it is goes from the network
 * straight to the stream; those after it go to files without names, and from
 * there into the stream by sendfile(2) when their turn comes, the rest of
 * them straight again.  When the reader is slow the first is paused and the
 * others go on; with no others there is nothing to pause for, and the write
 * waits.
 *
 * With a cache, blobs go to files in it, and from there into the stream as far
 * as they have come; so nothing that is fetched waits for the reader.  Those
 * that the cache has are hashed between the turns of the loop.
 */
#include "fetch/image/transfer.h"

#include <stdlib.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "fetch/image/copy.h"
#include "fetch/image/download.h"
#include "fetch/image/keeping.h"
#include "fetch/image/plan.h"
#include "fetch/image/sharing.h"
#include "fetch/image/stream.h"
#include "fetch/registry/pace.h"
#include "fetch/registry/registry.h"
#include "fetch/stock/stock.h"
#include "lib/die.h"
#include "lib/mem.h"
#include "lib/progress.h"

#define AHEAD 16      /* blobs that may wait for their turn, whole */
#define LOOK 50000000 /* nanoseconds between looks at another process */

struct transfer {
	const struct plan *plan;
	struct registry *registry;
	struct stream *stream;
	struct download **downloads; /* one a blob; NULL: none is under way */
	size_t turn;                 /* the blob that is being written */
	size_t begun; /* blobs before this one were begun or need not be */
	bool header;  /* of the blob at turn has been written */
	struct watch timer; /* fd -1: none; else for those that wait */
	struct copy copy;   /* of its spool */
	bool shared;        /* some blobs share connections */
	int64_t passed;     /* bytes of the blobs before it */
};

/* Downloads in a state, of those that may be. */
static unsigned
count(const struct transfer *t, enum download_state state, bool kept)
{
	const struct download *d;
	unsigned n = 0;

	for (size_t i = t->turn; i < t->begun; i++) {
		d = t->downloads[i];
		n += d && !d->complete && d->state == state && d->kept == kept;
	}
	return n;
}

/* How many blobs may be begun: one at a time is without any file. */
static size_t
begin_until(const struct transfer *t)
{
	unsigned jobs = loop_jobs(&t->registry->loop, t->shared);
	size_t ahead = jobs == 1 ? 1 : jobs + AHEAD;
	size_t until = t->turn + ahead;

	return until < t->plan->nblobs ? until : t->plan->nblobs;
}

/*
 * Whether a blob shares a connection with others.  That whose turn it is when
 * it is begun goes straight to the stream, by the connection that there is.
 */
static bool
joins(const struct transfer *t, size_t i)
{
	return t->shared && i != t->turn && i < t->plan->nblobs &&
	       sharing_fits(&t->plan->blobs[i].desc);
}

static void
begin(struct transfer *t)
{
	size_t i = t->begun++;
	const struct plan_blob *blob = &t->plan->blobs[i];

	if (blob->data)
		return;
	t->downloads[i] = xmalloc(sizeof **t->downloads);
	download_begin(t->downloads[i], t->registry, &blob->desc, blob->urls,
	    joins(t, i), i == t->turn ? &t->stream->out : NULL);
}

/*
 * Whether the next blob could be asked for now.  Parts that are being hashed
 * are going to be asked for, too.
 */
static bool
has_room(const struct transfer *t)
{
	const struct loop *loop = &t->registry->loop;

	return loop->active + count(t, DOWNLOAD_CHECKS, true) <
	       loop_jobs(loop, joins(t, t->begun));
}

/* Start what may be started: first what was cut and is due again. */
static void
start_some(struct transfer *t)
{
	struct loop *loop = &t->registry->loop;
	size_t until = begin_until(t);

	/* What was fetched already needs no start. */
	if (t->begun < t->turn)
		t->begun = t->turn;
	loop_start(loop);
	while (
	    has_room(t) && t->begun < until && !registry_settles(t->registry)) {
		begin(t);
		loop_start(loop);
	}
}

/* From the spool of the blob whose turn it is.  True: it is all written. */
static bool
spool_drain(struct transfer *t, struct download *d)
{
	while (!d->live && t->copy.n < download_readable(d)) {
		if (!copy_some(&t->copy, &t->stream->out, d))
			return false;
	}
	if (!d->complete && !download_may_live(d))
		return true;
	if (!d->live && d->spool >= 0) {
		close(d->spool);
		d->spool = -1;
	}
	d->live = &t->stream->out;
	return true;
}

/* Write what there is, of as many blobs as are there.  True: all done. */
static bool
write_some(struct transfer *t)
{
	const struct plan_blob *blob;
	struct download *d;

	for (; t->turn < t->plan->nblobs; t->turn++) {
		blob = &t->plan->blobs[t->turn];
		d = t->downloads[t->turn];
		if (!t->header)
			stream_blob(t->stream, &blob->desc);
		t->header = true;
		if (blob->data)
			outlet_write(&t->stream->out, blob->data,
			    (size_t)blob->desc.size);
		else if (!d || !spool_drain(t, d) || !d->complete)
			return false;
		stream_pad(t->stream, blob->desc.size);
		t->passed += blob->desc.size;
		free(d);
		t->downloads[t->turn] = NULL;
		t->header = false;
		t->copy = (struct copy){0};
	}
	return true;
}

/* Hash a piece of the first blob whose file is to be.  False: there is none. */
static bool
check_some(struct transfer *t)
{
	struct download *d;

	for (size_t i = t->turn; i < t->begun; i++) {
		d = t->downloads[i];
		if (d && !d->complete && d->state == DOWNLOAD_CHECKS) {
			keeping_check(d);
			return true;
		}
	}
	return false;
}

/* Look after those that wait for another process. */
static void
look_some(void *arg)
{
	struct transfer *t = arg;
	struct download *d;
	uint64_t times;

	if (read(t->timer.fd, &times, sizeof times) < 0)
		return;
	for (size_t i = t->turn; i < t->begun; i++) {
		d = t->downloads[i];
		if (d && !d->complete && d->state == DOWNLOAD_WAITS)
			keeping_look(d);
	}
}

static void
timer_begin(struct transfer *t)
{
	const struct stock *stock = t->registry->stock;

	t->timer = (struct watch){.fd = -1, .readable = look_some, .arg = t};
	if (!stock || !stock->cache)
		return;
	t->timer.fd =
	    timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (t->timer.fd < 0)
		diesys("timerfd_create");
	loop_watch(&t->registry->loop, &t->timer);
}

static void
timer_end(struct transfer *t)
{
	if (t->timer.fd < 0)
		return;
	loop_unwatch(&t->registry->loop, &t->timer);
	close(t->timer.fd);
}

static void
wait_some(struct transfer *t)
{
	struct download *d = t->downloads[t->turn];
	struct outlet *o = &t->stream->out;
	struct curl_waitfd out = {.fd = o->fd, .events = CURL_WAIT_POLLOUT};
	bool full = !outlet_flush(o) ||
		    (d && (d->request.paused ||
			      (!d->live && t->copy.n < download_readable(d))));
	struct itimerspec soon = {.it_value.tv_nsec = LOOK};

	if (count(t, DOWNLOAD_WAITS, false))
		timerfd_settime(t->timer.fd, 0, &soon, NULL);
	loop_wait(&t->registry->loop, full ? &out : NULL);
	outlet_look(o);
	if (d && outlet_ready(o))
		download_unpause(d);
}

static struct progress_state
state(const struct transfer *t)
{
	size_t n = t->plan->nblobs;
	struct progress_state s = {.bytes = t->passed,
	    .total = t->plan->size,
	    .part = t->turn < n ? t->turn + 1 : n,
	    .parts = n};

	for (size_t i = t->turn; i < t->begun; i++)
		s.bytes += t->downloads[i] ? download_received(t->downloads[i])
					   : t->plan->blobs[i].desc.size;
	return s;
}

static void
show(struct progress *p, const struct transfer *t)
{
	struct progress_state s;

	if (!p->shown)
		return;
	s = state(t);
	progress_show(p, &s);
}

/* Nothing else goes on that a blocked write would hold up. */
static bool
is_alone(const struct transfer *t)
{
	const struct loop *loop = &t->registry->loop;

	return t->timer.fd < 0 && loop->active <= 1 &&
	       (loop->jobs == 1 || (t->begun == t->plan->nblobs &&
				       !registry_settles(t->registry)));
}

struct progress_state
transfer_run(const struct plan *plan, struct registry *r, struct stream *s,
    struct progress *p)
{
	struct transfer t = {.plan = plan, .registry = r, .stream = s};
	struct progress_state done;

	t.downloads = xcalloc(plan->nblobs, sizeof *t.downloads);
	timer_begin(&t);
	pace_expect(&r->loop, plan->nblobs);
	t.shared = sharing_pays(plan, &r->loop);
	while (!write_some(&t)) {
		start_some(&t);
		s->out.wait = is_alone(&t);
		if (!loop_perform(&r->loop) && !check_some(&t))
			wait_some(&t);
		show(p, &t);
	}
	done = state(&t);
	timer_end(&t);
	progress_hide(p); /* whoever reads the stream speaks next */
	free(t.downloads);
	return done;
}
