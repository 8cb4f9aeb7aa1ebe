/* SPDX-License-Identifier: ISC */
/* The end of what a program printed. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "lib/buf.h"
#include "run/hooks/tail.h"

#define PIPE_BYTES (64 << 10)

static void
add(struct tail *t, const char *text, size_t n)
{
	size_t stays;

	if (n >= sizeof t->text) {
		t->cut |= t->n || n > sizeof t->text;
		memcpy(t->text, text + n - sizeof t->text, sizeof t->text);
		t->n = sizeof t->text;
		return;
	}
	stays = sizeof t->text - n;
	if (t->n > stays) {
		t->cut = true;
		memmove(t->text, t->text + t->n - stays, stays);
		t->n = stays;
	}
	memcpy(t->text + t->n, text, n);
	t->n += n;
}

bool
tail_read(struct tail *t, int fd)
{
	char part[4096];
	ssize_t n;

	for (size_t all = 0; all < PIPE_BYTES; all += n) {
		n = read(fd, part, sizeof part);
		if (n < 0 && errno == EINTR)
			n = 0;
		else if (n < 0)
			return errno == EAGAIN;
		else if (n == 0)
			return false;
		add(t, part, n);
	}
	return true;
}

char *
tail_line(const struct tail *t)
{
	struct buf line = {0};
	size_t n = t->n;

	while (n && strchr("\n\r \t", t->text[n - 1]))
		n--;
	if (n && t->cut)
		buf_adds(&line, "...");
	for (size_t i = 0; i < n; i++) {
		if (t->text[i] == '\n')
			buf_adds(&line, "; ");
		else if (t->text[i])
			buf_addc(&line, t->text[i]);
	}
	return buf_take(&line);
}
