/* SPDX-License-Identifier: ISC */
/* What the container's first process is at, and its last words. */
#include <string.h>
#include <sys/mman.h>

#include "lib/die.h"
#include "run/container/progress.h"

struct progress *
progress_new(void)
{
	struct progress *p = mmap(NULL, sizeof *p, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		diesys("memory to share with the container's process");
	p->step = "it was cloned";
	return p;
}

void
progress_say(
    struct progress *p, enum die_level level, const char *line, size_t n)
{
	if (n >= sizeof p->said - p->n)
		return;
	p->said[p->n++] = (char)level;
	memcpy(p->said + p->n, line, n);
	p->n += n;
}

void
progress_print(const struct progress *p)
{
	const char *at = p->said, *end = at + p->n, *next;

	for (; at < end; at = next) {
		next = memchr(at, '\n', end - at);
		next = next ? next + 1 : end;
		die_pass(*at, at + 1, next - at - 1);
	}
}
