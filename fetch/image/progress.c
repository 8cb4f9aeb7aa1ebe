/* SPDX-License-Identifier: ISC */
/* A line on standard error that says how far the fetching is. */
#include "fetch/image/progress.h"

#include <stdio.h>
#include <unistd.h>

#include "fetch/registry/pause.h"

void
progress_begin(struct progress *p, bool shown, int64_t size)
{
	*p = (struct progress){
	    .shown = shown, .terminal = isatty(2), .size = size};
	p->began = p->last = clock_now();
}

static void
line(const struct progress *p, int64_t received, const char *end)
{
	double mib = 1 << 20, seconds = (double)(clock_now() - p->began) / 1000;

	dprintf(2, "%s%.1f of %.1f MiB, %.1f MiB/s%s", p->terminal ? "\r" : "",
	    (double)received / mib, (double)p->size / mib,
	    seconds > 0 ? (double)received / mib / seconds : 0, end);
}

void
progress_show(struct progress *p, int64_t received)
{
	int64_t now;

	if (!p->shown)
		return;
	now = clock_now();
	if (now - p->last < (p->terminal ? 200 : 1000))
		return;
	p->last = now;
	line(p, received, p->terminal ? "\033[K" : "\n");
}

void
progress_end(struct progress *p, int64_t received)
{
	if (p->shown)
		line(p, received, p->terminal ? "\033[K\n" : "\n");
}
