/* SPDX-License-Identifier: ISC */
/* The processes of a container: those of its cgroup. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "lib/state.h"
#include "lib/text.h"
#include "ps/cgroups.h"
#include "ps/processes.h"

#define PROCS_MAX (64 << 20)
#define COMMAND_MAX 4096
#define DEPTH_MAX                                                              \
	500 /* of cgroups below the container's; a descriptor each             \
	     */
#define DIR_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

struct pids {
	pid_t *all;
	size_t n;
};

static void
pids_add(struct pids *p, pid_t pid)
{
	if ((p->n & (p->n - 1)) == 0)
		p->all =
		    xreallocarray(p->all, p->n ? 2 * p->n : 1, sizeof *p->all);
	p->all[p->n++] = pid;
}

/* A threaded cgroup has no list of processes: those of its domain have it. */
static void
procs_read(int dir, struct pids *p)
{
	char *text = io_slurp_at(dir, "cgroup.procs", PROCS_MAX, NULL);
	char *rest = text, *line;

	while (rest && (line = strsep(&rest, "\n")))
		if (*line)
			pids_add(p, (pid_t)strtol(line, NULL, 10));
	free(text);
}

/* Closes fd. */
static void
tree_read(int fd, struct pids *p, int depth)
{
	DIR *dir = fdopendir(fd);
	struct dirent *e;
	int below;

	if (!dir)
		diesys("cgroup");
	procs_read(fd, p);
	while (depth < DEPTH_MAX && (e = readdir(dir))) {
		if (e->d_type != DT_DIR || strcmp(e->d_name, ".") == 0 ||
		    strcmp(e->d_name, "..") == 0)
			continue;
		below = openat(fd, e->d_name, DIR_FLAGS);
		if (below >= 0)
			tree_read(below, p, depth + 1);
	}
	closedir(dir);
}

static int
compare(const void *a, const void *b)
{
	const pid_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

pid_t *
processes_read(const struct state *s, size_t *n)
{
	struct pids p = {0};
	struct cgroups cgroups;

	cgroups_open(&s->cgroups, &cgroups);
	if (cgroups.n)
		tree_read(fcntl(cgroups.all->fd, F_DUPFD_CLOEXEC, 3), &p, 0);
	else if (s->pid > 0)
		pids_add(&p, s->pid);
	cgroups_close(&cgroups);
	if (p.n)
		qsort(p.all, p.n, sizeof *p.all, compare);
	*n = p.n;
	return p.all;
}

/* Up to COMMAND_MAX bytes of a file of /proc, "" of one that has none; owned.
 */
static char *
text_of(int dir, const char *name, size_t *len)
{
	char *text = xcalloc(1, COMMAND_MAX + 1);
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : io_read(fd, text, COMMAND_MAX);

	if (fd >= 0)
		close(fd);
	*len = n < 0 ? 0 : n;
	return text;
}

/* The command line, or the name in brackets as ps(1) has it; owned. */
static char *
command_of(int dir)
{
	size_t len;
	char *text = text_of(dir, "cmdline", &len), *name;

	for (size_t i = 0; i + 1 < len; i++)
		if (!text[i])
			text[i] = ' ';
	if (*text)
		return text;
	free(text);
	name = text_of(dir, "comm", &len);
	text = xasprintf("[%.*s]", (int)strcspn(name, "\n"), name);
	free(name);
	return text;
}

static void
process_print(pid_t pid)
{
	char path[32], *command;
	struct stat st;
	int dir;

	snprintf(path, sizeof path, "/proc/%d", (int)pid);
	dir = open(path, DIR_FLAGS);
	if (dir < 0)
		return;
	if (fstat(dir, &st) == 0) {
		command = command_of(dir);
		text_safe(command);
		printf("%7d %7u %s\n", (int)pid, (unsigned)st.st_uid, command);
		free(command);
	}
	close(dir);
}

void
processes_print(const pid_t *pids, size_t n)
{
	printf("%7s %7s %s\n", "PID", "UID", "COMMAND");
	for (size_t i = 0; i < n; i++)
		process_print(pids[i]);
}
