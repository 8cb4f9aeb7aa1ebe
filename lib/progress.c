/* SPDX-License-Identifier: ISC */
/* How far a long task is, on standard error. */
#include "lib/progress.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/progressline.h"

#define SECOND 1000
#define LATE (5 * SECOND) /* how far back the rate looks, about */

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * SECOND + t.tv_nsec / 1000000;
}

/* One that can be told to begin a line anew. */
static bool
is_capable(void)
{
	const char *term = getenv("TERM");

	return isatty(2) && term && *term && strcmp(term, "dumb") != 0;
}

const char *
progress_word(enum progress_mode mode)
{
	static const char *const words[] = {NULL, "never", "always", "json"};

	return words[mode];
}

enum progress_mode
progress_reading(enum progress_mode mode, int fd)
{
	struct stat st;

	if (mode == PROGRESS_AUTO && !fstat(fd, &st) &&
	    (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode)))
		return PROGRESS_NEVER;
	return mode;
}

static void
add_time_left(struct buf *b, int64_t seconds)
{
	int64_t minutes = seconds / 60, hours = minutes / 60;

	if (hours)
		buf_addf(b, ", %" PRId64 ":%02d:%02d left", hours,
		    (int)(minutes % 60), (int)(seconds % 60));
	else if (minutes)
		buf_addf(
		    b, ", %d:%02d left", (int)minutes, (int)(seconds % 60));
	else
		buf_addf(b, ", %d s left", (int)seconds);
}

/* "oci-fetch: 1.5 of 9.0 MiB, 3.1 MiB/s, 2 s left, blob 2 of 5" */
static void
add_line(
    struct buf *b, const struct progress *p, const struct progress_state *s)
{
	double mib = 1 << 20;

	buf_addf(b, "%s: %.1f", program_invocation_short_name,
	    (double)s->bytes / mib);
	if (s->total)
		buf_addf(b, " of %.1f", (double)s->total / mib);
	buf_addf(b, " MiB, %.1f MiB/s", p->rate * SECOND / mib);
	/* A day and more is no estimate, but a rate that is next to nothing. */
	if (s->total > s->bytes &&
	    (double)(s->total - s->bytes) < p->rate * SECOND * 86400)
		add_time_left(b, 1 + (int64_t)((double)(s->total - s->bytes) /
					       (p->rate * SECOND)));
	if (s->part)
		buf_addf(b, ", %s %zu", p->part, s->part);
	if (s->part && s->parts)
		buf_addf(b, " of %zu", s->parts);
}

/*
 * The width is asked for each time, so a change of it takes no signal.  The
 * cursor goes back to the beginning: what another program of a pipe says
 * begins there.
 */
static void
draw(const struct progress *p, const struct progress_state *s)
{
	struct buf b = {0};
	struct winsize size;
	size_t width = 80;

	if (!ioctl(2, TIOCGWINSZ, &size) && size.ws_col)
		width = size.ws_col;
	add_line(&b, p, s);
	progressline_draw(b.data, b.len < width ? b.len : width - 1);
	buf_free(&b);
}

static void
tell(const struct progress *p, const struct progress_state *s, bool done)
{
	const char *name = program_invocation_short_name;
	struct buf b = {0};

	buf_addf(&b, "{\"program\":\"%.*s\",\"bytes\":%" PRId64,
	    (int)strcspn(name, "\"\\"), name, s->bytes);
	if (s->total)
		buf_addf(&b, ",\"totalBytes\":%" PRId64, s->total);
	if (s->part)
		buf_addf(&b, ",\"%s\":%zu", p->part, s->part);
	if (s->parts)
		buf_addf(&b, ",\"%ss\":%zu", p->part, s->parts);
	buf_addf(&b, ",\"milliseconds\":%" PRId64 ",\"done\":%s}\n",
	    p->last - p->began, done ? "true" : "false");
	progressline_put(b.data, b.len);
	buf_free(&b);
}

static void
log_line(const struct progress *p, const struct progress_state *s)
{
	struct buf b = {0};

	add_line(&b, p, s);
	buf_adds(&b, "\n");
	progressline_put(b.data, b.len);
	buf_free(&b);
}

/* A stop or a wait shows in the rate, and is forgotten again. */
static void
measure(struct progress *p, int64_t bytes, int64_t now)
{
	double span = (double)(now - p->last);
	double rate = span > 0 ? (double)(bytes - p->last_bytes) / span : 0;

	if (p->last == p->began)
		p->rate = rate;
	else
		p->rate += (rate - p->rate) * span / (span + LATE);
	p->last = now;
	p->last_bytes = bytes;
}

void
progress_begin(struct progress *p, enum progress_mode mode, const char *part,
    const struct progress_state *s)
{
	bool terminal = is_capable();

	*p = (struct progress){.part = part,
	    .json = mode == PROGRESS_JSON,
	    .terminal = terminal && mode != PROGRESS_JSON};
	p->shown = mode == PROGRESS_JSON || mode == PROGRESS_ALWAYS ||
		   (mode == PROGRESS_AUTO && terminal);
	if (!p->shown)
		return;
	p->began = p->last = now_ms();
	if (p->terminal)
		progressline_begin();
	if (p->json)
		tell(p, s, false);
}

void
progress_show(struct progress *p, const struct progress_state *s)
{
	int64_t now;

	if (!p->shown)
		return;
	now = now_ms();
	if (now - p->last < (p->terminal || p->json ? SECOND / 5 : SECOND))
		return;
	measure(p, s->bytes, now);
	if (p->json)
		tell(p, s, false);
	else if (!p->terminal)
		log_line(p, s);
	else if (progressline_may())
		draw(p, s);
}

void
progress_hide(const struct progress *p)
{
	if (p->shown && p->terminal)
		progressline_clear();
}

void
progress_end(struct progress *p, const struct progress_state *s)
{
	progress_hide(p);
	if (!p->shown || p->terminal)
		return;
	measure(p, s->bytes, now_ms());
	if (p->json)
		tell(p, s, true);
	else
		log_line(p, s);
}
