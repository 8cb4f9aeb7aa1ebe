/* SPDX-License-Identifier: ISC */
/* The limits as what is written to which file of a cgroup. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/mem.h"
#include "run/cgroup/backend.h"
#include "run/cgroup/setting.h"
#include "run/cgroup/tree.h"
#include "run/spec/spec.h"

static struct setting *
append(struct settings *list, const char *property, const char *controller)
{
	struct setting *s;

	list->v = xreallocarray(list->v, list->n + 1, sizeof *list->v);
	s = &list->v[list->n++];
	*s = (struct setting){
	    .property = xasprintf("linux.resources.%s", property),
	    .controller = xstrdup(controller),
	};
	return s;
}

void
setting_add(struct settings *list, const char *property, const char *controller,
    const char *file, const char *value, ...)
{
	struct setting *s = append(list, property, controller);
	va_list ap;

	s->file = xstrdup(file);
	va_start(ap, value);
	if (vasprintf(&s->value, value, ap) < 0)
		die("out of memory");
	va_end(ap);
}

void
setting_or(struct settings *list, const char *file, const char *value, ...)
{
	struct setting *s = &list->v[list->n - 1];
	va_list ap;

	s->other_file = xstrdup(file);
	va_start(ap, value);
	if (vasprintf(&s->other_value, value, ap) < 0)
		die("out of memory");
	va_end(ap);
}

void
setting_impossible(
    struct settings *list, const char *property, const char *controller)
{
	append(list, property, controller);
}

void
setting_optional(struct settings *list)
{
	list->v[list->n - 1].optional = true;
}

bool
is_given(int64_t n)
{
	return n != UNSET;
}

bool
is_limit(int64_t n)
{
	return n != UNSET && n != 0;
}

void
cpuset_settings(const struct resources *r, struct settings *list)
{
	if (r->cpu_cpus && *r->cpu_cpus)
		setting_add(list, "cpu.cpus", "cpuset", "cpuset.cpus", "%s",
		    r->cpu_cpus);
	if (r->cpu_mems && *r->cpu_mems)
		setting_add(list, "cpu.mems", "cpuset", "cpuset.mems", "%s",
		    r->cpu_mems);
}

/*
 * The limit of huge pages that are reserved comes first: a program that asks
 * for too many is told so, where the limit of those in use ends it by SIGBUS.
 * Before Linux 5.7 there is only the latter.
 */
void
hugepage_settings(
    const struct resources *r, const char *file, struct settings *list)
{
	const char *const kinds[] = {"rsvd.", ""};
	char *name;

	for (size_t i = 0; i < 2 * r->nhugepages; i++) {
		const struct hugepage_limit *h = &r->hugepages[i / 2];

		name =
		    xasprintf("hugetlb.%s.%s%s", h->size, kinds[i % 2], file);
		setting_add(list, "hugepageLimits", "hugetlb", name, "%" PRIu64,
		    h->bytes);
		if (*kinds[i % 2])
			setting_optional(list);
		free(name);
	}
}

/* The kernel keeps an int, and takes what is more for no limit, by a word. */
static char *
rdma_key(const char *key, int64_t n)
{
	return n == UNSET     ? xstrdup("")
	       : n >= INT_MAX ? xasprintf(" %s=max", key)
			      : xasprintf(" %s=%" PRId64, key, n);
}

void
rdma_settings(const struct resources *r, struct settings *list)
{
	char *handles, *objects;

	for (size_t i = 0; i < r->nrdma; i++) {
		const struct rdma_limit *d = &r->rdma[i];

		handles = rdma_key("hca_handle", d->handles);
		objects = rdma_key("hca_object", d->objects);
		if (*handles || *objects)
			setting_add(list, "rdma", "rdma", "rdma.max", "%s%s%s",
			    d->device, handles, objects);
		free(handles);
		free(objects);
	}
}

static bool
is_in(const struct setting *s, const struct hierarchy *h)
{
	return word_in(h->controllers, s->controller, ", \n") ||
	       (h->backend == &cgroup_v2 &&
		   strcmp(s->controller, "cgroup") == 0);
}

const struct setting *
setting_in(const struct settings *list, const struct hierarchy *h)
{
	for (size_t i = 0; i < list->n; i++)
		if (!list->v[i].optional && is_in(&list->v[i], h))
			return &list->v[i];
	return NULL;
}

int
control_write(int dirfd, const char *file, const char *value)
{
	ssize_t len = strlen(value), n;
	int fd, error;

	/* Never made: a cgroup's files are the kernel's. */
	fd = openat(dirfd, file, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -1;
	do
		n = write(fd, value, len);
	while (n < 0 && errno == EINTR);
	error = n < 0 ? errno : EIO;
	close(fd);
	errno = error;
	return n == len ? 0 : -1;
}

/* Files that take one key at a time, io.max say, get a write for each line. */
static int
write_lines(int dirfd, const char *file, const char *value)
{
	char *copy = xstrdup(value), *rest = copy, *line;
	int r = 0;

	while (r == 0 && (line = strsep(&rest, "\n")))
		if (*line || line == copy)
			r = control_write(dirfd, file, line);
	free(copy);
	return r;
}

/* Both of its files are written: which one counts is the kernel's to know. */
static bool
setting_write(const struct setting *s, int dirfd)
{
	bool taken = write_lines(dirfd, s->file, s->value) == 0;
	int error = errno;

	if (s->other_file) {
		taken |= write_lines(dirfd, s->other_file, s->other_value) == 0;
		if (error == ENOENT)
			error = errno;
	}
	errno = error;
	return taken || (error == ENOENT && s->optional);
}

/* What the refusal may mean, "" when its text says it. */
static const char *
refusal_hint(const struct setting *s)
{
	if (strcmp(s->controller, "hugetlb") == 0 && errno == ENOENT)
		return " (/sys/kernel/mm/hugepages has the sizes of pages)";
	if (!strstr(s->property, ".blockIO."))
		return "";
	switch (errno) {
	case ENODEV:
		return " (there is no such device, or it isn't a whole disk)";
	case ENOENT:
		return s->other_file ? " (weights are for the scheduler bfq)"
				     : "";
	case EOPNOTSUPP:
		return " (the device's scheduler has no weights: bfq has)";
	default:
		return "";
	}
}

/*
 * The kernel holds pairs such as quota and burst against each other, and
 * which of the two is to go first depends on what was there.  So what it
 * refuses has a second chance when the rest is written.
 */
void
settings_write(const struct settings *list, const struct hierarchy *h,
    int dirfd, const char *path)
{
	for (int last = 0; last < 2; last++) {
		bool refused = false;

		for (size_t i = 0; i < list->n; i++) {
			const struct setting *s = &list->v[i];

			if (!is_in(s, h) || setting_write(s, dirfd))
				continue;
			if (last || errno != EINVAL)
				diesys("%s: \"%s\" to %s/%s%s", s->property,
				    s->value, path, s->file, refusal_hint(s));
			refused = true;
		}
		if (!refused)
			return;
	}
}
