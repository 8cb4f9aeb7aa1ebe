/* SPDX-License-Identifier: ISC */
/* Reads "linux.memoryPolicy" (config-linux.md, "Memory policy"). */
#include <stdlib.h>
#include <string.h>

#include "run/spec/json.h"

#define WHERE "linux.memoryPolicy"
#define WORD (8 * sizeof(unsigned long))

/* As set_mempolicy(2) has them; <linux/mempolicy.h> may be older. */
static const struct name {
	const char *name;
	int value;
} modes[] =
    {
	{"MPOL_DEFAULT", 0},
	{"MPOL_PREFERRED", 1},
	{"MPOL_BIND", 2},
	{"MPOL_INTERLEAVE", 3},
	{"MPOL_LOCAL", 4},
	{"MPOL_PREFERRED_MANY", 5},
	{"MPOL_WEIGHTED_INTERLEAVE", 6},
	{NULL, 0},
},
  flags[] = {
      {"MPOL_F_NUMA_BALANCING", 1 << 13},
      {"MPOL_F_RELATIVE_NODES", 1 << 14},
      {"MPOL_F_STATIC_NODES", 1 << 15},
      {NULL, 0},
};

static int
value_of(const struct name *names, const char *name, const char *member)
{
	for (; names->name; names++)
		if (strcmp(names->name, name) == 0)
			return names->value;
	spec_die(WHERE, member, "%s: there is none called so", name);
}

/* A number at *list, which moves behind it; dies. */
static unsigned
node_take(const char **list, const char *all)
{
	unsigned long n;
	char *end;

	n = strtoul(*list, &end, 10);
	if (**list < '0' || **list > '9' || n >= MEMORY_NODES)
		spec_die(WHERE, "nodes",
		    "%s: must be numbers below %d and ranges: 0-3,7", all,
		    MEMORY_NODES);
	*list = end;
	return n;
}

static void
nodes_read(const char *all, struct memory_policy *m)
{
	const char *list = all;
	unsigned first, last;

	while (*list) {
		first = last = node_take(&list, all);
		if (*list == '-') {
			list++;
			last = node_take(&list, all);
		}
		if (last < first)
			spec_die(WHERE, "nodes",
			    "%s: a range ends before it begins", all);
		for (; first <= last; first++)
			m->nodes[first / WORD] |= 1UL << first % WORD;
		if (!*list)
			return;
		if (*list++ != ',' || !*list)
			spec_die(WHERE, "nodes",
			    "%s: must be numbers and ranges: 0-3,7", all);
	}
}

void
spec_memory_policy(const cJSON *linux_, struct memory_policy *m)
{
	const cJSON *json = get_object(linux_, "linux", "memoryPolicy");
	char *nodes;

	m->given = json != NULL;
	if (!json)
		return;
	m->mode = value_of(modes, need_string(json, WHERE, "mode"), "mode");
	for (char **f = get_strings(json, WHERE, "flags"); *f; f++)
		m->mode |= value_of(flags, *f, "flags");
	nodes = get_string(json, WHERE, "nodes");
	nodes_read(nodes ? nodes : "", m);
}
