/* SPDX-License-Identifier: ISC */
/*
 * When a container runs out of its memory.
 *
 * v1 adds 1 to an eventfd before it kills, and also when the cgroup is
 * removed.  v2 has a file of counters, of all changes of which poll(2) tells:
 * only one that says that something was killed matters.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "lib/cgroupmark.h"
#include "lib/die.h"
#include "lib/io.h"
#include "ps/cgroups.h"
#include "ps/oom.h"
#include "ps/stats/figure.h"

#define EVENTS_MAX 65536 /* bytes of the file: some ten lines */
#define REMOVAL_MS 100   /* from a removal to its news */

static void
watch_v1(struct oom *o)
{
	int told = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	int oom = openat(o->dir, "memory.oom_control", O_RDONLY | O_CLOEXEC);
	int to = openat(o->dir, "cgroup.event_control", O_WRONLY | O_CLOEXEC);
	char line[32];
	int n = snprintf(line, sizeof line, "%d %d", told, oom);

	o->fd = told;
	o->events = POLLIN;
	if (told < 0 || oom < 0 || to < 0 || io_write(to, line, n) < 0) {
		warnsys("cgroup.event_control: want of memory won't be told");
		o->fd = -1;
	}
	if (oom >= 0)
		close(oom);
	if (to >= 0)
		close(to);
}

/* How much was added since the last call. */
static uint64_t
count_v1(int fd)
{
	uint64_t n;

	return read(fd, &n, sizeof n) == sizeof n ? n : 0;
}

/*
 * The news of a want of memory comes before the death that it leads to, that
 * of the removal after it.
 */
static bool
happened_v1(struct oom *o, bool ended)
{
	struct pollfd p = {.fd = o->fd, .events = POLLIN};
	uint64_t n = count_v1(o->fd);

	if (n == 0)
		return false;
	if (faccessat(o->dir, "memory.oom_control", F_OK, 0) == 0)
		return true;
	if (ended && n == 1 && poll(&p, 1, REMOVAL_MS) > 0)
		n += count_v1(o->fd);
	o->fd = -1;
	return n > 1;
}

/* The counters as they are now; false: the cgroup is gone. */
static bool
counters_read(struct oom *o)
{
	char *text, *rest, *key;
	uint64_t value;

	if (lseek(o->fd, 0, SEEK_SET) < 0)
		return false;
	text = rest = io_slurp(o->fd, EVENTS_MAX, NULL);
	while (figure_next(&rest, &key, &value))
		if (strcmp(key, "oom_kill") == 0)
			o->killed = value;
		else if (strcmp(key, "oom") == 0)
			o->hit = value;
	free(text);
	return text != NULL;
}

/*
 * Where the cgroup is gone, what was to be done has been, and ended it; and
 * who removed it may have left the counter.
 */
static bool
happened_v2(struct oom *o, bool ended)
{
	uint64_t killed = o->killed, hit = o->hit;
	char left[32];

	if (!counters_read(o)) {
		o->fd = -1;
		cgroupmark_get(o->dir, &cgroupmark_oom_kill, left, sizeof left);
		return strtoull(left, NULL, 10) > killed ||
		       (ended && o->expected);
	}
	if (o->killed > killed) {
		o->expected = false;
		return true;
	}
	o->expected |= o->hit > hit;
	return false;
}

void
oom_watch(struct oom *o, const struct cgroups *c)
{
	*o = (struct oom){.fd = -1};
	o->dir = cgroups_find(c, false, "memory.oom_control");
	if (o->dir >= 0) {
		watch_v1(o);
		return;
	}
	o->dir = cgroups_find(c, true, "memory.events");
	if (o->dir < 0)
		return;
	o->events = POLLPRI;
	o->fd = openat(o->dir, "memory.events", O_RDONLY | O_CLOEXEC);
	if (o->fd < 0 || !counters_read(o))
		warnsys("memory.events: want of memory won't be told");
}

bool
oom_happened(struct oom *o, bool ended)
{
	if (o->fd < 0)
		return false;
	return o->events == POLLIN ? happened_v1(o, ended)
				   : happened_v2(o, ended);
}
