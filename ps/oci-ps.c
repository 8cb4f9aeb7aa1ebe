/* SPDX-License-Identifier: ISC */
/*
 * oci-ps: what containers there are, and how they are.
 *
 * Reads the state directory, oci-state(5), and /proc, and changes neither.
 * A container is what its process is, not what was written last: so the
 * status is right also when the program that ran it was killed.  One state
 * file that can't be read is no reason to be silent about the others.
 */
#include <errno.h>
#include <getopt.h>
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
#include "lib/state.h"
#include "lib/statedir.h"
#include "lib/statejson.h"
#include "lib/text.h"
#include "ps/list.h"
#include "ps/table.h"

static const char usage[] =
    "Usage: oci-ps [-q] [-f table|json] [--root DIR]\n"
    "       oci-ps [--root DIR] ID\n"
    "List containers, or print the state of one as JSON.\n"
    "\n"
    "  -f, --format table|json  a table (what a terminal gets), or an object"
    " a line\n"
    "  -q, --quiet              nothing but IDs\n"
    "      --root DIR           the state directory\n"
    "  -h, --help               this text\n"
    "  -V, --version            the version\n";

enum format { FORMAT_TABLE, FORMAT_JSON, FORMAT_QUIET };

struct options {
	const char *root, *id;
	enum format format;
};

static enum format
format_parse(const char *name)
{
	if (strcmp(name, "table") == 0)
		return FORMAT_TABLE;
	if (strcmp(name, "json") == 0)
		return FORMAT_JSON;
	die_usage("--format %s: neither table nor json", name);
}

static void
options_parse(int argc, char **argv, struct options *o)
{
	static const struct option longs[] = {
	    {"format", required_argument, NULL, 'f'},
	    {"quiet", no_argument, NULL, 'q'},
	    {"root", required_argument, NULL, 'r'},
	    {"help", no_argument, NULL, 'h'},
	    {"version", no_argument, NULL, 'V'},
	    {NULL, 0, NULL, 0},
	};
	bool chosen = false;
	int c;

	o->format = isatty(STDOUT_FILENO) ? FORMAT_TABLE : FORMAT_JSON;
	while ((c = getopt_long(argc, argv, "f:qhV", longs, NULL)) != -1) {
		if (c == 'r')
			o->root = optarg;
		else if (c == 'f' || c == 'q') {
			if (chosen)
				die_usage("one --format or -q, not two");
			chosen = true;
			o->format =
			    c == 'q' ? FORMAT_QUIET : format_parse(optarg);
		} else if (c == 'h')
			say_and_exit(usage);
		else if (c == 'V')
			say_and_exit("oci-ps " VERSION "\n");
		else
			die_usage("wrong options");
	}
	if (argc - optind > 1)
		die_usage("%s: one ID at most", argv[optind + 1]);
	o->id = argv[optind];
	if (o->id && chosen)
		die_usage("--format and -q are for lists, not for one ID");
	if (o->id && !state_id_valid(o->id))
		die_usage("%s: not an ID that a container can have", o->id);
}

static void
state_print(const struct state *s, char *(*text_of)(const cJSON *))
{
	cJSON *json = state_json_public(s);
	char *text = text_of(json);

	text_write_json(stdout, text);
	putchar('\n');
	free(text);
	cJSON_Delete(json);
}

static void
show(int root, const char *id)
{
	const char *why;
	struct state s;

	errno = ENOENT;
	if (root < 0 || state_read(root, id, &s, &why) < 0) {
		if (errno == ENOENT)
			die("%s: container does not exist", id);
		die("%s: %s", id, why);
	}
	state_judge(&s);
	state_print(&s, json_pretty);
	state_free(&s);
}

/* The exit status: whether all could be read. */
static int
show_list(int root, enum format format)
{
	struct list list;
	int status;

	list_read(root, &list);
	for (size_t i = 0; i < list.n; i++) {
		if (format != FORMAT_QUIET)
			state_judge(&list.all[i]);
		if (format == FORMAT_QUIET)
			puts(list.all[i].id);
		else if (format == FORMAT_JSON)
			state_print(&list.all[i], json_text);
	}
	if (format == FORMAT_TABLE) {
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
	root = state_root(o.root, false);
	if (o.id)
		show(root, o.id);
	else
		status = show_list(root, o.format);
	stdout_close();
	return status;
}
