/* SPDX-License-Identifier: ISC */
/* Bytes between the user's standard streams and a pseudoterminal. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "lib/io.h"
#include "run/relay.h"

#define END_OF_FILE 4 /* Ctrl-D, what a terminal's reader takes for the end */

void
relay_begin(struct relay *r, int master)
{
	*r = (struct relay){.master = master};
	if (master < 0)
		return;
	r->input_open = r->output_open = true;
	fcntl(master, F_SETFL, O_NONBLOCK);
}

short
relay_input_events(const struct relay *r)
{
	return r->input_open && r->start == r->end ? POLLIN : 0;
}

short
relay_master_events(const struct relay *r)
{
	return (r->output_open ? POLLIN : 0) |
	       (r->start < r->end ? POLLOUT : 0);
}

static void
input_pass(struct relay *r)
{
	ssize_t n = write(r->master, r->input + r->start, r->end - r->start);

	if (n > 0)
		r->start += n;
	else if (n < 0 && errno != EAGAIN && errno != EINTR)
		r->start = r->end; /* nobody reads there any more */
}

void
relay_input(struct relay *r)
{
	ssize_t n = read(0, r->input, sizeof r->input);

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	r->start = 0;
	r->end = n > 0 ? n : 1;
	if (n <= 0) {
		r->input[0] = END_OF_FILE;
		r->input_open = false;
	}
	input_pass(r);
}

/* False when there is no more for now, or for ever. */
static bool
output_pass(struct relay *r)
{
	char buf[16384];
	ssize_t n = read(r->master, buf, sizeof buf);

	if (n > 0 && io_write(1, buf, n) == 0)
		return true;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	/* EIO: the last slave was closed; or nobody takes the output. */
	r->output_open = false;
	return false;
}

void
relay_master(struct relay *r, short events)
{
	if (events & POLLOUT)
		input_pass(r);
	if (events & (POLLIN | POLLHUP | POLLERR))
		output_pass(r);
}

void
relay_drain(struct relay *r)
{
	while (r->master >= 0 && r->output_open && output_pass(r))
		;
}
