/* SPDX-License-Identifier: ISC */
/* unpack/apply/layer: how many entries all layers together may have. */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/mem.h"
#include "t/tap.h"
#include "t/tararchive.h"
#include "unpack/apply/layer.h"
#include "unpack/input/ring.h"
#include "unpack/tree/tree.h"

/* The archive of n empty files as a layer of the ring. */
static void
layer_give(struct ring *ring, int n)
{
	char name[16];

	begin();
	for (int i = 0; i < n; i++) {
		sprintf(name, "file%d", i);
		add_member(name, '0', "");
	}
	add_end();
	memcpy(ring_claim(ring), archive.data, archive.len);
	ring_give(ring, archive.len, 0);
	ring_claim(ring);
	ring_give(ring, 0, 0);
}

static _Noreturn void
apply(int root, int64_t entries, int first, int second)
{
	struct applying a = {.bytes = 1, .entries = entries};
	struct ring *ring = ring_new();
	const int counts[] = {first, second};
	struct tree tree;

	tree_init(&tree, root, true);
	a.sink = &tree.sink;
	for (int i = 0; i < 2; i++) {
		layer_give(ring, counts[i]);
		layer_apply(&a, ring, NULL);
	}
	_exit(0);
}

/* Whether layers of so many entries are applied; else what is said. */
static bool
applied(int64_t entries, int first, int second, char said[256])
{
	const char *tmp = getenv("TMPDIR");
	char *place = xasprintf("%s/budget.XXXXXX", tmp ? tmp : "/tmp");
	int out[2], status, root;
	ssize_t n;
	pid_t pid;

	if (!mkdtemp(place) || pipe(out) < 0 ||
	    (root = open(place, O_RDONLY | O_DIRECTORY)) < 0)
		return false;
	pid = fork();
	if (pid == 0) {
		dup2(out[1], STDERR_FILENO);
		apply(root, entries, first, second);
	}
	close(out[1]);
	n = read(out[0], said, 255);
	said[n > 0 ? n : 0] = '\0';
	close(out[0]);
	waitpid(pid, &status, 0);
	for (int i = 0; i < first + second; i++) {
		char name[16];

		sprintf(name, "file%d", i);
		unlinkat(root, name, 0);
	}
	close(root);
	rmdir(place);
	free(place);
	return status == 0;
}

static bool
over(int64_t entries, int first, int second)
{
	char said[256];

	return !applied(entries, first, second, said) &&
	       strstr(said, "the layers have too many entries");
}

int
main(void)
{
	char said[256];

	ok(applied(5, 5, 0, said), "as many entries as there may be");
	ok(applied(5, 2, 3, said), "in two layers, the same names or not");
	ok(over(5, 6, 0), "one more");
	ok(over(5, 3, 3), "one more in the second layer");
	ok(over(0, 1, 0), "one where there may be none");
	return tap_end();
}
