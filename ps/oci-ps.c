/* SPDX-License-Identifier: ISC */
/*
 * oci-ps: what containers there are, and how they are.
 *
 * Reads the state directory, oci-state(5), and /proc, and changes neither.
 * A container is what its process is, not what was written last: so the
 * status is right also when the program that ran it was killed.  One state
 * file that can't be read is no reason to be silent about the others.
 */
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/caller.h"
#include "lib/die.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "lib/options.h"
#include "lib/state.h"
#include "lib/statedir.h"
#include "lib/statejson.h"
#include "lib/text.h"
#include "ps/list.h"
#include "ps/need.h"
#include "ps/processes.h"
#include "ps/table.h"

enum format { FORMAT_UNSAID, FORMAT_TABLE, FORMAT_JSON, FORMAT_ARRAY };

struct options {
	const char *root, *id;
	enum format format;
	bool quiet, processes, zero_pid;
};

static const struct option_line lines[] = {
    {"format", 'f', "table|json|array",
	"a table, which a terminal gets; an object a line; an array of these",
	OPTION_WORD(format, FORMAT_TABLE, FORMAT_UNSAID), .once = true},
    {"quiet", 'q', NULL, "nothing but IDs", OPTION_FLAG(quiet), .once = true},
    {"processes", 'p', NULL, "the pids of the container's processes",
	OPTION_FLAG(processes), .once = true},
    {"zero-pid", 0, NULL,
	"in JSON a pid of 0 where there is no process, as runc prints it",
	OPTION_FLAG(zero_pid)},
    {"root", 0, "DIR", "where states are kept (/run/oci)", OPTION_STRING(root)},
    {0},
};

static const struct option_elsewhere elsewhere[] = {
    {"all", 'a', "it isn't needed, for stopped containers are listed, too"},
    {0},
};

static const struct program program = {
    .name = "oci-ps",
    .operands = "[ID]",
    .about = "List containers, or print the state of one as JSON, or its "
	     "processes.",
    .options = lines,
    .elsewhere = elsewhere,
    .libraries = {json_library},
    .max = 1,
    .notes = "Exit status: 0, or 1 when there is no such container or a state "
	     "can't be read, 2 for wrong usage.",
};

static void
options_parse(int argc, char **argv, struct options *o)
{
	struct operands operands;

	options_read(&program, argc, argv, o, &operands);
	o->id = operands.all[0];
	if (o->format && o->quiet)
		die_usage("--format and --quiet exclude each other");
	if (o->processes && !o->id)
		die_usage("--processes needs the ID of a container");
	if (o->processes && o->zero_pid)
		die_usage("--processes and --zero-pid exclude each other");
	if (o->id && (o->quiet || (o->format && !o->processes)))
		die_usage(
		    "an ID excludes --format and --quiet, which are for lists");
	if (o->id)
		state_id_check(o->id);
	if (!o->format)
		o->format = isatty(STDOUT_FILENO) ? FORMAT_TABLE : FORMAT_JSON;
}

static void
state_print(const struct state *s, const struct options *o,
    char *(*text_of)(const cJSON *))
{
	cJSON *json = state_json_public(s);
	char *text;

	if (o->zero_pid && !json_get(json, "pid"))
		json_add_int(json, "pid", 0);
	text = text_of(json);
	text_write_json(stdout, text);
	putchar('\n');
	free(text);
	cJSON_Delete(json);
}

static void
show(int root, const struct options *o)
{
	struct state s;

	state_need(root, o->id, &s);
	state_print(&s, o, json_pretty);
	state_free(&s);
}

static void
show_processes(int root, const struct options *o)
{
	struct state s;
	pid_t *pids;
	size_t n;

	state_need(root, o->id, &s);
	pids = processes_read(&s, &n);
	if (o->format == FORMAT_TABLE) {
		processes_print(pids, n);
	} else {
		for (size_t i = 0; i < n; i++)
			printf("%s%d", i ? "," : "[", (int)pids[i]);
		puts(n ? "]" : "[]");
	}
	free(pids);
	state_free(&s);
}

/* The exit status: whether all could be read. */
static int
show_list(int root, const struct options *o)
{
	struct list list;
	int status;

	list_read(root, &list);
	for (size_t i = 0; i < list.n; i++) {
		if (o->quiet) {
			puts(list.all[i].id);
			continue;
		}
		state_judge(&list.all[i]);
		if (o->format == FORMAT_TABLE)
			continue;
		if (o->format == FORMAT_ARRAY)
			putchar(i ? ',' : '[');
		state_print(&list.all[i], o, json_text);
	}
	if (o->format == FORMAT_ARRAY)
		puts(list.n ? "]" : "[]");
	if (o->format == FORMAT_TABLE && !o->quiet) {
		setlocale(LC_CTYPE, "");
		table_print(list.all, list.n);
	}
	status = list.incomplete;
	list_free(&list);
	return status;
}

int
main(int argc, char **argv)
{
	struct options o = {0};
	int root, status = 0;

	caller_settle();
	cJSON_InitHooks(&(cJSON_Hooks){xmalloc, free});
	options_parse(argc, argv, &o);
	root = state_root(o.root, STATE_LOOK);
	if (o.processes)
		show_processes(root, &o);
	else if (o.id)
		show(root, &o);
	else
		status = show_list(root, &o);
	stdout_close();
	return status;
}
