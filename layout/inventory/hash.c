/* SPDX-License-Identifier: ISC */
/* Blobs are hashed on all processors. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "layout/inventory/inventory.h"
#include "lib/die.h"
#include "lib/io.h"
#include "lib/mem.h"

enum { RUN = 256 << 10, THREADS_MAX = 64 };

struct hashing {
	struct inventory *v;
	int layout;
	atomic_size_t next;
	atomic_llong bytes;
	struct progress progress; /* the first thread's */
	struct progress_state at;
};

static void
show(struct hashing *h)
{
	h->at.bytes = atomic_load(&h->bytes);
	h->at.part = atomic_load(&h->next);
	if (h->at.part > h->at.parts)
		h->at.part = h->at.parts;
	progress_show(&h->progress, &h->at);
}

static enum verdict
file_hash(struct hashing *h, const struct file *f, unsigned char *p, bool first)
{
	char text[DIGEST_MAX];
	struct digest digest;
	ssize_t n;
	int fd;

	if (!S_ISREG(f->st.st_mode))
		return UNREADABLE;
	/* A FIFO may be in its place by now. */
	fd = openat(
	    h->layout, f->path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return UNREADABLE;
	posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	digest_init(&digest, f->digest);
	while ((n = io_read(fd, p, RUN)) > 0) {
		digest_update(&digest, p, (size_t)n);
		atomic_fetch_add(&h->bytes, n);
		if (first)
			show(h);
	}
	close(fd);
	digest_final(&digest, text);
	if (n < 0)
		return UNREADABLE;
	return strcmp(text, f->digest) ? DAMAGED : WHOLE;
}

/* Files are taken as they come until none is left. */
static void
files_hash(struct hashing *h, bool first)
{
	unsigned char *p = xmalloc(RUN);
	struct file *f;
	size_t i;

	while ((i = atomic_fetch_add(&h->next, 1)) < h->v->n) {
		f = &h->v->all[i];
		if (f->verdict == UNCHECKED)
			f->verdict = file_hash(h, f, p, first);
	}
	free(p);
}

static void *
thread(void *arg)
{
	files_hash(arg, false);
	return NULL;
}

static size_t
processors(size_t files)
{
	cpu_set_t set;
	size_t n = sched_getaffinity(0, sizeof set, &set)
		       ? 1
		       : (size_t)CPU_COUNT(&set);

	if (n > files)
		n = files;
	return n > THREADS_MAX ? THREADS_MAX : n;
}

void
inventory_hash(struct inventory *v, int layout, enum progress_mode progress)
{
	struct hashing h = {.v = v, .layout = layout, .at.parts = v->n};
	pthread_t threads[THREADS_MAX];
	size_t n = processors(v->n), started = 0;

	for (size_t i = 0; i < v->n; i++)
		if (v->all[i].verdict == UNCHECKED)
			h.at.total += v->all[i].st.st_size;
	progress_begin(&h.progress, progress, "blob", &h.at);
	/* With fewer than were wanted it takes longer, that is all. */
	while (started + 1 < n &&
	       !pthread_create(&threads[started], NULL, thread, &h))
		started++;
	files_hash(&h, true);
	for (size_t i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
	progress_hide(&h.progress);
	h.at.bytes = atomic_load(&h.bytes);
	h.at.part = v->n;
	progress_end(&h.progress, &h.at);
}
