/* SPDX-License-Identifier: ISC */
/* Containers as a table for people. */
#include "ps/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "lib/state.h"
#include "lib/table.h"

/* "2026-01-02T03:04:05.123456789Z" without its fraction; owned. */
static char *
time_text(const char *created)
{
	size_t len = strcspn(created, ".");
	const char *rest = created + len;

	if (*rest)
		rest += 1 + strspn(rest + 1, "0123456789");
	return xasprintf("%.*s%s", (int)len, created, rest);
}

void
table_print(const struct state *all, size_t n)
{
	static const char *const heads[] = {
	    "ID", "PID", "STATUS", "BUNDLE", "CREATED"};
	struct table t;
	char pid[16], *created;

	table_begin(&t, heads, sizeof heads / sizeof *heads, 0);
	for (size_t i = 0; i < n; i++) {
		snprintf(pid, sizeof pid, "%d", (int)all[i].pid);
		created = time_text(all[i].created);
		table_add(&t, all[i].id);
		table_add(&t, pid);
		table_add(&t, all[i].status);
		table_add(&t, all[i].bundle);
		table_add(&t, created);
		free(created);
	}
	table_end(&t);
}
