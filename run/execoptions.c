/* SPDX-License-Identifier: ISC */
/* The command line of oci-exec; the names are runc's. */
#include "run/execoptions.h"

#include <stdlib.h>
#include <string.h>

#include "lib/json.h"
#include "lib/mem.h"
#include "lib/statedir.h"
#include "run/process/capabilities.h"
#include "run/seccomp/library.h"

static const char *
cap_take(void *at, char *name)
{
	int n = capability_number(name);

	if (n < 0)
		return "must be a capability, CAP_...";
	*(uint64_t *)at |= UINT64_C(1) << n;
	return NULL;
}

/* At ngids, which is right behind gids. */
static const char *
gid_take(void *at, char *text)
{
	struct options *o = at;
	char *end;
	unsigned long long n = strtoull(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || n >= UINT32_MAX)
		return "must be a group's number";
	o->gids = xreallocarray(o->gids, o->ngids + 1, sizeof *o->gids);
	o->gids[o->ngids++] = (uint32_t)n;
	return NULL;
}

/* A path for all hierarchies leaves none for a second path. */
static const char *
cgroup_take(void *at, char *text)
{
	struct option_list *list = at;

	options_list_add(list, text);
	if (!*text)
		return "must be PATH or CONTROLLER:PATH";
	for (size_t i = 0; list->n > 1 && i < list->n; i++)
		if (!strchr(list->all[i], ':'))
			return "of several, each must be CONTROLLER:PATH";
	return NULL;
}

static const char *
label_take(void *at, char *text)
{
	(void)at, (void)text;
	return "it is not done by this oci-exec; the process has the label "
	       "that the kernel gives it";
}

static const struct option_line lines[] = {
    {"process", 'p', "FILE", "the process, an object as config.json has it",
	OPTION_STRING(process)},
    {"detach", 'd', NULL, "go back when its program runs", OPTION_FLAG(detach)},
    {"tty", 't', NULL, "a terminal of its own", OPTION_FLAG(tty)},
    {"console-socket", 0, "PATH", "send the terminal's master to this socket",
	OPTION_STRING(console_socket)},
    {"pidfd-socket", 0, "PATH", "send a pidfd of it to this socket",
	OPTION_STRING(pidfd_socket)},
    {"pid-file", 0, "FILE", "write its pid there", OPTION_STRING(pid_file)},
    CHANGES_OPTIONS,
    {"additional-gids", 'g', "GID", "a group, besides config.json's",
	.kind = OPTION_IS_CALL, .at = 0, .call = gid_take},
    {"cap", 'c', "CAP", "a capability, besides config.json's",
	OPTION_CALL(capabilities, cap_take)},
    {"no-new-privs", 0, NULL, "set no_new_privs", OPTION_FLAG(no_new_privs)},
    {"cgroup", 0, "PATH",
	"a cgroup below the container's, which is there; CONTROLLER:PATH is "
	"for one hierarchy",
	OPTION_CALL(cgroups, cgroup_take)},
    {"ignore-paused", 0, NULL,
	"when it is paused wait until it is resumed; else an error",
	OPTION_FLAG(ignore_paused)},
    {"preserve-fds", 0, "N", "pass N descriptors after standard error on",
	OPTION_NUMBER(preserve_fds, 0, 65536)},
    {"no-new-keyring", 0, NULL, "keep the session keyring",
	OPTION_FLAG(keep_keyring)},
    GLOBAL_OPTIONS(global),
    {"apparmor", 0, "PROFILE", "not done: an error",
	OPTION_CALL(global, label_take)},
    {"process-label", 0, "LABEL", "not done: an error",
	OPTION_CALL(global, label_take)},
    {0},
};

static const struct program program = {
    .name = "oci-exec",
    .operands = "ID [--] COMMAND [ARG...]",
    .about = "Run another process in a container and give its exit status. "
	     "What isn't said is as for the container's own process.",
    .options = lines,
    .libraries = {json_library, seccomp_library, capabilities_library},
    .min = 1,
    .max = 1,
    .command = true,
    .first = true,
    .notes = "Exit status: the command's; 128+N when signal N ended it; 125 "
	     "when oci-exec failed, 126 and 127 when the command can't be run "
	     "or found; 2 for wrong usage.",
};

void
options_parse(int argc, char **argv, struct options *o)
{
	struct operands operands;

	*o = (struct options){.changes = CHANGES_NONE};
	options_read(&program, argc, argv, o, &operands);
	o->id = operands.all[0];
	if (operands.command && strcmp(*operands.command, "--") == 0)
		operands.command++;
	if (operands.command && *operands.command)
		o->changes.command = operands.command;
	if (!o->changes.command && !o->process)
		die_usage("an operand is missing: %s", program.operands);
	changes_check(&o->changes);
}
