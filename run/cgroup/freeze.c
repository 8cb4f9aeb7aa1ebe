/* SPDX-License-Identifier: ISC */
/* The freezer: a cgroup whose processes don't run. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/io.h"
#include "run/cgroup/freeze.h"
#include "run/cgroup/setting.h"

#define WAIT_MS 2000
#define PAUSE_MS_MAX 50
#define FILE_MAX 4096
/* Freezing is begun anew after so many looks: see freeze_begin_v1. */
#define LOOKS 8

/* Sleep, longer each time; the sum so far is in *slept. */
static void
pause_ms(long *ms, long *slept)
{
	nanosleep(&(struct timespec){.tv_nsec = *ms * 1000000}, NULL);
	*slept += *ms;
	*ms = *ms * 2 < PAUSE_MS_MAX ? *ms * 2 : PAUSE_MS_MAX;
}

/* Whether a line of the file is this. */
static bool
says(int dirfd, const char *file, const char *line)
{
	char *text = io_slurp_at(dirfd, file, FILE_MAX, NULL);
	char *rest = text, *one;
	bool found = false;

	while (rest && !found && (one = strsep(&rest, "\n")))
		found = strcmp(one, line) == 0;
	free(text);
	return found;
}

static int
fail(int error)
{
	errno = error;
	return -1;
}

/*
 * A process that comes or forks meanwhile may be missed, and it is FREEZING
 * until that is said again, or for good when two hinder one another: to let
 * them go and begin anew helps.
 */
static int
freeze_begin_v1(int dirfd)
{
	long ms = 1, slept = 0;

	for (int n = 1; slept < WAIT_MS; n++) {
		if (control_write(dirfd, "freezer.state", "FROZEN") < 0)
			return -1;
		if (says(dirfd, "freezer.state", "FROZEN"))
			return 0;
		if (n % LOOKS == 0)
			control_write(dirfd, "freezer.state", "THAWED");
		pause_ms(&ms, &slept);
	}
	control_write(dirfd, "freezer.state", "THAWED");
	return fail(ETIMEDOUT);
}

int
freeze_v1(int dirfd, bool freeze)
{
	if (freeze)
		return freeze_begin_v1(dirfd);
	if (control_write(dirfd, "freezer.state", "THAWED") < 0)
		return -1;
	return says(dirfd, "freezer.state", "THAWED") ? 0 : fail(EBUSY);
}

int
freeze_v2(int dirfd, bool freeze)
{
	const char *wanted = freeze ? "frozen 1" : "frozen 0";
	long ms = 1, slept = 0;

	if (control_write(dirfd, "cgroup.freeze", freeze ? "1" : "0") < 0)
		return -1;
	while (!says(dirfd, "cgroup.events", wanted)) {
		if (slept >= WAIT_MS) {
			control_write(dirfd, "cgroup.freeze", "0");
			return fail(freeze ? ETIMEDOUT : EBUSY);
		}
		pause_ms(&ms, &slept);
	}
	return 0;
}
