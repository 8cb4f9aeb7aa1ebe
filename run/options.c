/* SPDX-License-Identifier: ISC */
/* The command line of oci-run; the names are runc's where it has the option. */
#include "run/options.h"

#include "lib/die.h"
#include "lib/json.h"
#include "lib/statedir.h"
#include "run/process/capabilities.h"
#include "run/seccomp/library.h"

static const struct option_line lines[] = {
    {"detach", 'd', NULL, "go back when its program runs", OPTION_FLAG(detach)},
    {"tty", 0, "auto|yes|no",
	"a terminal: as config.json says, else when used at one (auto); "
	"always; never",
	OPTION_WORD(tty, TTY_AUTO, TTY_AUTO)},
    CHANGES_OPTIONS,
    CREATION_OPTIONS,
    {0},
};

/* What one who knows docker run, runc or oci-mkbundle tries. */
static const struct option_elsewhere elsewhere[] = {
    {"interactive", 'i',
	"it isn't needed, for the container reads the standard input of "
	"oci-run; --tty yes gives it a terminal"},
    {NULL, 't',
	"at a terminal the container has one unasked, and --tty yes gives it "
	"one anywhere"},
    {"rm", 0,
	"it isn't needed, for nothing is left of a container but its rootfs"},
    {"name", 0, "a container's name is the operand ID"},
    {"workdir", 'w', "use --cwd"},
    {"volume", 'v',
	"it is an option of oci-mkbundle, which writes config.json"},
    {"mount", 0, "it is an option of oci-mkbundle, which writes config.json"},
    {"memory", 'm',
	"it is an option of oci-mkbundle, which writes config.json"},
    {"cpus", 0, "it is an option of oci-mkbundle, which writes config.json"},
    {"hostname", 0,
	"it is an option of oci-mkbundle, which writes config.json"},
    {"network", 0, "it is an option of oci-mkbundle, which writes config.json"},
    {"publish", 'p',
	"a container has the host's ports with oci-mkbundle --network host, "
	"else none"},
    {0},
};

static const struct program program = {
    .name = "oci-run",
    .operands = "[ID] [-- COMMAND [ARG...]]",
    .about = "Run the container of a bundle, named ID, and give its exit "
	     "status. COMMAND is run in place of the bundle's own. Without ID "
	     "it is named after the bundle and this process.",
    .options = lines,
    .elsewhere = elsewhere,
    .libraries = {json_library, seccomp_library, capabilities_library},
    .max = 1,
    .command = true,
    .notes = "Exit status: the container's; 128+N when signal N ended it; 125 "
	     "when oci-run failed, 126 and 127 when the command can't be run "
	     "or found; 2 for wrong usage.",
};

void
options_parse(int argc, char **argv, struct options *o)
{
	struct operands operands;

	*o = (struct options){.creation.bundle = ".", .changes = CHANGES_NONE};
	options_read(&program, argc, argv, o, &operands);
	o->creation.id = operands.all[0];
	o->changes.command = operands.command;
	creation_check(&o->creation);
	if (o->creation.keep_status && !o->detach)
		die_usage("--keep-status needs --detach, without which "
			  "oci-run gives the status itself");
	changes_check(&o->changes);
}
