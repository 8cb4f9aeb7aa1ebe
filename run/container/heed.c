/* SPDX-License-Identifier: ISC */
/* What a process does about a signal. */
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "run/container/heed.h"

#define STATUS_MAX (64 << 10)

/* The mask of signals behind name in /proc/PID/status; 0: none. */
static uint64_t
mask_of(const char *status, const char *name)
{
	const char *line = strstr(status, name);

	return line ? strtoull(line + strlen(name), NULL, 16) : 0;
}

bool
process_heeds(pid_t pid, int signal)
{
	char *path = xasprintf("/proc/%d/status", (int)pid);
	char *status = io_slurp_at(AT_FDCWD, path, STATUS_MAX, NULL);
	uint64_t masks = 0;
	bool known = status != NULL;

	if (known)
		masks = mask_of(status, "\nSigBlk:\t") |
			mask_of(status, "\nSigIgn:\t") |
			mask_of(status, "\nSigCgt:\t");
	free(status);
	free(path);
	return !known || masks >> (signal - 1) & 1;
}
