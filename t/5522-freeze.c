/* SPDX-License-Identifier: ISC */
/* run/cgroup/freeze: a freezer that doesn't freeze, or doesn't let go. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/io.h"
#include "lib/mem.h"
#include "run/cgroup/freeze.h"
#include "t/tap.h"

static char top[] = "/tmp/oci-test.XXXXXX";
static int dir;

static void
file(const char *name, const char *text)
{
	if (io_replace_unsynced(dir, name, text, strlen(text), 0600) < 0)
		diesys("%s", name);
}

static bool
file_is(const char *name, const char *text)
{
	char *now = io_slurp_at(dir, name, 100, NULL);
	bool is = now && strcmp(now, text) == 0;

	if (!is)
		printf("# %s is %s\n", name, now ? now : "not there");
	free(now);
	return is;
}

static bool
fails_with(int r, int error)
{
	if (r < 0 && errno == error)
		return true;
	printf("# %d, %s\n", r, strerror(errno));
	return false;
}

/* What is written stands before the rest of FREEZING: it isn't so. */
static void
v1(void)
{
	ok(fails_with(freeze_v1(dir, true), ENOENT), "v1: no freezer");
	file("freezer.state", "FREEZING\n");
	ok(fails_with(freeze_v1(dir, true), ETIMEDOUT),
	    "v1: a process that doesn't freeze is not waited for");
	ok(file_is("freezer.state", "THAWEDNG\n"), "and the others go on");
	file("freezer.state", "FREEZING\n");
	ok(fails_with(freeze_v1(dir, false), EBUSY),
	    "v1: one that stays frozen is told of");
	file("freezer.state", "FREEZE");
	ok(freeze_v1(dir, true) == 0, "v1: frozen");
}

static void
v2(void)
{
	ok(fails_with(freeze_v2(dir, true), ENOENT), "v2: no freezer");
	file("cgroup.freeze", "0\n");
	file("cgroup.events", "populated 1\nfrozen 0\n");
	ok(fails_with(freeze_v2(dir, true), ETIMEDOUT),
	    "v2: a process that doesn't freeze is not waited for");
	ok(file_is("cgroup.freeze", "0\n"), "and the others go on");
	file("cgroup.events", "populated 1\nfrozen 1\n");
	ok(freeze_v2(dir, true) == 0, "v2: frozen");
	ok(file_is("cgroup.freeze", "1\n"), "by that file");
	ok(fails_with(freeze_v2(dir, false), EBUSY),
	    "v2: one that stays frozen is told of");
}

int
main(void)
{
	char *command;

	if (!mkdtemp(top))
		diesys("%s", top);
	command = xasprintf("rm -rf %s", top);
	dir = open(top, O_RDONLY | O_DIRECTORY);
	v1();
	v2();
	ok(system(command) == 0 && access(top, F_OK) < 0, "all is removed");
	free(command);
	return tap_end();
}
