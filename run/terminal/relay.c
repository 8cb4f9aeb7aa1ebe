/* SPDX-License-Identifier: ISC */
/* Bytes between the user's standard streams and a pseudoterminal. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "run/terminal/relay.h"
#include "run/terminal/terminal.h"

#define BACKGROUND_MS 300 /* nobody tells when it is the foreground */
#define LEFT_MAX (1 << 20)

enum { IN, OUT, MASTER };

/*
 * A description of standard output that doesn't block: to make the caller's
 * so would be for all who share it.  A file never blocks, and has an offset
 * to be shared; what else can't be opened again is written to when poll says
 * so.
 */
static int
output_open(void)
{
	struct stat st;
	int fd = -1;

	if (fstat(1, &st) == 0 && (S_ISFIFO(st.st_mode) || S_ISCHR(st.st_mode)))
		fd = open("/proc/self/fd/1",
		    O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	return fd < 0 ? 1 : fd;
}

/* A terminal that is gone by now answers EIO, which isatty(3) hides. */
static bool
is_terminal(int fd)
{
	struct termios t;

	return tcgetattr(fd, &t) == 0 || errno == EIO;
}

/*
 * Whether the end of this stream is the container's, too: a terminal's, unless
 * SIGHUP is ignored, as nohup(1) has it.
 */
static bool
hangs_up(int fd)
{
	struct sigaction now;

	return is_terminal(fd) && sigaction(SIGHUP, NULL, &now) == 0 &&
	       now.sa_handler != SIG_IGN;
}

void
relay_begin(struct relay *r, int master)
{
	*r = (struct relay){.master = master, .slave = -1, .out = 1};
	if (master < 0)
		return;
	r->input_open = true;
	r->left = LEFT_MAX;
	r->last = '\n';
	r->slave = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	r->out = output_open();
	r->in_hangs_up = hangs_up(0);
	r->out_hangs_up = hangs_up(r->out);
	fcntl(master, F_SETFL, O_NONBLOCK);
	relay_continue(r);
}

void
relay_continue(struct relay *r)
{
	if (r->master < 0)
		return;
	r->in_background = terminal_is_elsewhere();
	if (r->in_background)
		return;
	terminal_raw();
	terminal_resize(r->master);
}

static bool
is_empty(const struct flow *f)
{
	return f->start == f->end;
}

static void
hang_up(struct relay *r)
{
	if (r->slave >= 0)
		close(r->slave);
	if (r->master >= 0)
		close(r->master);
	r->master = r->slave = -1;
	r->input_open = false;
}

bool
relay_is_open(const struct relay *r)
{
	return r->master >= 0;
}

int
relay_wants(const struct relay *r, struct pollfd p[RELAY_FDS])
{
	bool reads = r->input_open && !r->in_background && is_empty(&r->input);
	short events = (is_empty(&r->output) ? POLLIN : 0) |
		       (is_empty(&r->input) ? 0 : POLLOUT);

	for (int i = 0; i < RELAY_FDS; i++)
		p[i] = (struct pollfd){.fd = -1};
	if (r->master < 0)
		return -1;
	if (reads || r->in_hangs_up)
		p[IN] = (struct pollfd){.fd = 0, .events = reads ? POLLIN : 0};
	if (!is_empty(&r->output) || r->out_hangs_up)
		p[OUT] = (struct pollfd){
		    .fd = r->out, .events = is_empty(&r->output) ? 0 : POLLOUT};
	if (events && !r->ended)
		p[MASTER] = (struct pollfd){.fd = r->master, .events = events};
	if (r->ended && is_empty(&r->output))
		return 0;
	return r->in_background ? BACKGROUND_MS : -1;
}

static bool
is_later(int error)
{
	return error == EAGAIN || error == EINTR;
}

/*
 * Write what there is: 0, or -1 when it will never go.  A socket takes more
 * than it has room for, and waits; it can be told not to.
 */
static int
flow_write(struct flow *f, int fd)
{
	const char *data = f->data + f->start;
	size_t size = f->end - f->start;
	ssize_t n = send(fd, data, size, MSG_DONTWAIT | MSG_NOSIGNAL);

	if (n < 0 && errno == ENOTSOCK)
		n = write(fd, data, size);
	if (n < 0)
		return is_later(errno) ? 0 : -1;
	f->start += n;
	return 0;
}

/* Read more into an empty flow: as read(2). */
static ssize_t
flow_read(struct flow *f, int fd)
{
	ssize_t n = read(fd, f->data, sizeof f->data);

	f->start = 0;
	f->end = n > 0 ? n : 0;
	return n;
}

/*
 * The end of the input is the character that the container's terminal takes
 * for it, twice in the middle of a line: there the first ends the line alone.
 */
static void
input_end(struct relay *r)
{
	struct termios t;
	char eof = 4;

	if (tcgetattr(r->master, &t) == 0)
		eof = t.c_cc[VEOF];
	r->input.start = 0;
	r->input.end = r->last == '\n' || r->last == '\r' ? 1 : 2;
	if (eof == _POSIX_VDISABLE)
		r->input.end = 0; /* there is no way to say it */
	memset(r->input.data, eof, r->input.end);
	r->input_open = false;
}

static void
input_read(struct relay *r)
{
	ssize_t n = flow_read(&r->input, 0);

	if (n > 0)
		r->last = r->input.data[n - 1];
	else if (n < 0 && errno == EIO && terminal_is_elsewhere())
		r->in_background = true;
	else if (n == 0 || !is_later(errno))
		input_end(r);
}

/*
 * This program has the slave open, too: there is no error before the end but
 * that the terminal was hung up.  After it, what can be read has been.
 */
static void
output_read(struct relay *r)
{
	ssize_t n = flow_read(&r->output, r->master);

	if (n > 0 && r->ended)
		r->left -= (size_t)n < r->left ? (size_t)n : r->left;
	if ((n <= 0 && (r->ended || n == 0 || !is_later(errno))) || !r->left)
		hang_up(r);
}

void
relay_move(struct relay *r, const struct pollfd p[RELAY_FDS])
{
	if (r->in_background && !terminal_is_elsewhere())
		relay_continue(r);
	if ((r->in_hangs_up && p[IN].revents & POLLHUP) ||
	    (r->out_hangs_up && p[OUT].revents & POLLHUP))
		hang_up(r);
	if (r->master >= 0 && p[IN].events && p[IN].revents)
		input_read(r);
	if (r->master >= 0 && is_empty(&r->output) &&
	    (r->ended || p[MASTER].revents & (POLLIN | POLLHUP | POLLERR)))
		output_read(r);
	if (r->master >= 0 && !is_empty(&r->input) &&
	    flow_write(&r->input, r->master) < 0)
		r->input.start = r->input.end;
	/* When nobody takes the output, the container is to know. */
	if (r->master >= 0 && !is_empty(&r->output) &&
	    (r->out != 1 || p[OUT].revents) &&
	    flow_write(&r->output, r->out) < 0)
		hang_up(r);
}

void
relay_end(struct relay *r)
{
	r->ended = true;
	r->input_open = r->in_background = false;
	r->input.start = r->input.end;
	if (r->slave >= 0)
		close(r->slave);
	r->slave = -1;
}
