/* SPDX-License-Identifier: ISC */
/* The container that a program was asked about. */
#include <errno.h>

#include "lib/die.h"
#include "lib/state.h"
#include "ps/need.h"

void
state_need(int root, const char *id, struct state *s)
{
	const char *why;

	errno = ENOENT;
	if (root < 0 || state_read(root, id, s, &why) < 0) {
		if (errno == ENOENT)
			die("%s: container does not exist", id);
		die("%s: %s", id, why);
	}
	state_judge(s);
}
