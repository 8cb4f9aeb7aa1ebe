/* SPDX-License-Identifier: ISC */
/*
 * oci-runtime - the command line of runc, for the engines that call it
 *
 * "oci-runtime [GLOBAL OPTION...] COMMAND ..." executes the program beside it
 * that does the work, with the same options: no more than a table stands
 * between an engine and it.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/caller.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "lib/options.h"
#include "lib/version.h"
#include "run/features.h"
#include "run/log.h"
#include "run/process/capabilities.h"
#include "run/pstable.h"
#include "run/seccomp/library.h"
#include "run/template.h"

struct options {
	struct global global;
	bool debug, systemd;
};

static const struct option_line lines[] = {
    GLOBAL_OPTIONS(global),
    {"debug", 0, NULL, "say which program is executed", OPTION_FLAG(debug)},
    {"systemd-cgroup", 0, NULL, "refused: cgroups are made as directories",
	OPTION_FLAG(systemd)},
    {0},
};

static const struct program program = {
    .name = "oci-runtime",
    .operands = "COMMAND [ARG...]",
    .about = "Do what runc does for this command line, by the program beside "
	     "this one that does it.",
    .options = lines,
    .libraries = {json_library, seccomp_library, capabilities_library},
    .min = 1,
    .max = SIZE_MAX,
    .first = true,
    .notes =
	"Commands: create, start, run, exec, kill, pause, resume, update, "
	"delete, state, list, ps, events, features, spec. Each has a --help. "
	"Exit status: "
	"the program's.",
};

/* A command of runc, and what does it. */
struct command {
	const char *name, *program;
	const char *args[2]; /* before the caller's */
	const char *array;   /* what --format json is to the program; NULL */
	bool global;         /* it has all of GLOBAL_OPTIONS */
	bool named;          /* without an ID the program would do another */
};

static const struct command commands[] = {
    {.name = "create", .program = "oci-create", .global = true},
    {.name = "start", .program = "oci-start", .global = true},
    {.name = "run", .program = "oci-run", .global = true},
    {.name = "exec", .program = "oci-exec", .global = true},
    {.name = "kill", .program = "oci-kill", .global = true},
    {.name = "pause", .program = "oci-pause", .global = true},
    {.name = "resume", .program = "oci-resume", .global = true},
    {.name = "update", .program = "oci-update", .global = true},
    {.name = "delete", .program = "oci-delete", .global = true},
    {.name = "state",
	.program = "oci-ps",
	.args = {"--zero-pid"},
	.named = true},
    {.name = "list",
	.program = "oci-ps",
	.args = {"--zero-pid", "--format=table"},
	.array = "array"},
    {.name = "ps",
	.program = "oci-ps",
	.args = {"--processes", "--format=table"}},
    {.name = "events", .program = "oci-events"},
    {0},
};

/* A command line that grows. */
struct args {
	char **all;
	size_t n;
};

static void
args_add(struct args *a, const char *arg)
{
	a->all = xreallocarray(a->all, a->n + 2, sizeof *a->all);
	a->all[a->n++] = (char *)arg;
	a->all[a->n] = NULL;
}

/* The directory of this program's file, or of the one it is a copy of. */
static char *
beside(const char *name)
{
	char path[PATH_MAX], *slash;
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);

	if (n <= 0)
		diesys("/proc/self/exe");
	path[n] = '\0';
	slash = strrchr(path, '/');
	return slash ? xasprintf("%.*s/%s", (int)(slash - path), path, name)
		     : xstrdup(name);
}

/* runc prints lists and processes as a table unless it is told otherwise. */
static bool
is_format(const char *arg)
{
	return strcmp(arg, "-q") == 0 || strcmp(arg, "--quiet") == 0 ||
	       strcmp(arg, "-f") == 0 || strncmp(arg, "--format", 8) == 0;
}

static const char *
format_of(const struct command *c, const char *before, const char *arg)
{
	bool value =
	    strcmp(before, "-f") == 0 || strcmp(before, "--format") == 0;

	if (c->array && value && strcmp(arg, "json") == 0)
		return c->array;
	if (c->array && strcmp(arg, "--format=json") == 0)
		return xasprintf("--format=%s", c->array);
	return arg;
}

static void
args_of(const struct command *c, char **rest, struct args *a)
{
	bool told = false;

	for (char **r = rest; *r; r++)
		told |= is_format(*r);
	for (size_t i = 0; i < 2 && c->args[i]; i++)
		if (!told || !is_format(c->args[i]))
			args_add(a, c->args[i]);
	for (char **r = rest; *r; r++)
		args_add(a, format_of(c, r > rest ? r[-1] : "", *r));
}

static void
global_add(const struct command *c, const struct global *g, struct args *a)
{
	if (g->root) {
		args_add(a, "--root");
		args_add(a, g->root);
	}
	if (g->log && c->global) {
		args_add(a, "--log");
		args_add(a, g->log);
		args_add(a, g->log_format == LOG_JSON ? "--log-format=json"
						      : "--log-format=text");
	}
}

/* "ps ID OPTION...": oci-ps knows which processes, ps(1) what to print. */
static void
ps_print(const struct global *g, char **words)
{
	struct args a = {0};

	args_add(&a, beside("oci-ps"));
	if (g->root) {
		args_add(&a, "--root");
		args_add(&a, g->root);
	}
	args_add(&a, "--processes");
	args_add(&a, "--format=json");
	args_add(&a, words[-1]);
	pstable_print(a.all, words);
}

static _Noreturn void
command_run(const struct command *c, const struct options *o, char **rest)
{
	char *path = beside(c->program);
	struct args a = {0};

	if (c->named && !*rest)
		die_usage("%s: the ID of a container is missing", c->name);
	args_add(&a, c->program);
	global_add(c, &o->global, &a);
	args_of(c, rest, &a);
	for (size_t i = 1; o->debug && i < a.n; i++)
		warn("%s: argument %zu: %s", path, i, a.all[i]);
	execv(path, a.all);
	diesys("%s", path);
}

/* What Docker and podman look for in it. */
static void
version_print(void)
{
	const char *commit = strchr(version, '(');

	printf(
	    "oci-runtime version %.*s\n", (int)strcspn(version, " "), version);
	if (commit)
		printf("commit: %.*s\n", (int)strcspn(commit + 1, ")"),
		    commit + 1);
	printf("spec: " SPEC_VERSION "\nlibseccomp: %s\n",
	    seccomp_library() + strlen("libseccomp/"));
}

static const struct command *
command_find(const char *name)
{
	for (const struct command *c = commands; c->name; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	die_usage("%s: no such command", name);
}

int
main(int argc, char **argv)
{
	struct options o = {0};
	struct operands operands;
	char **words;

	caller_settle();
	cJSON_InitHooks(&(cJSON_Hooks){xmalloc, free});
	if (argc == 2 &&
	    (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-v") == 0)) {
		version_print();
		stdout_close();
		return 0;
	}
	options_read(&program, argc, argv, &o, &operands);
	log_begin(&o.global);
	if (o.systemd)
		die("--systemd-cgroup: cgroups are made as directories here; "
		    "have the engine use its cgroupfs driver");
	if (strcmp(operands.all[0], "features") == 0) {
		features_print();
		stdout_close();
		return 0;
	}
	if (strcmp(operands.all[0], "spec") == 0) {
		template_command((int)operands.n, operands.all);
		return 0;
	}
	words = strcmp(operands.all[0], "ps") ? NULL
					      : pstable_words(operands.all + 1);
	if (words) {
		ps_print(&o.global, words);
		stdout_close();
		return 0;
	}
	command_run(command_find(operands.all[0]), &o, operands.all + 1);
}
