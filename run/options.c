/* SPDX-License-Identifier: ISC */
/* The command line of oci-run; the names are runc's where it has the option. */
#include "run/options.h"

#include "lib/die.h"
#include "lib/options.h"
#include "lib/statedir.h"

static const struct option_line lines[] = {
    {"bundle", 'b', "DIR", "the bundle (.)", OPTION_STRING(bundle)},
    {"detach", 'd', NULL, "go back when its program runs", OPTION_FLAG(detach)},
    {"pid-file", 0, "FILE", "write the pid of its first process there",
	OPTION_STRING(pid_file)},
    {"init", 0, NULL, "a first process that passes signals on and reaps",
	OPTION_FLAG(init)},
    {"tty", 0, "auto|yes|no",
	"a terminal: as config.json says, else when used at one (auto); "
	"always; never",
	OPTION_WORD(tty, TTY_AUTO, TTY_AUTO)},
    {"console-socket", 0, "PATH", "send the terminal's master to this socket",
	OPTION_STRING(console_socket)},
    {"no-new-keyring", 0, NULL, "keep the session keyring",
	OPTION_FLAG(keep_keyring)},
    {"preserve-fds", 0, "N", "pass N descriptors after standard error on",
	OPTION_NUMBER(preserve_fds, 0, 65536)},
    {"root", 0, "DIR", "where states are kept (/run/oci)", OPTION_STRING(root)},
    {0},
};

static const struct program program = {
    .name = "oci-run",
    .operands = "ID",
    .about = "Run the container of a bundle, named ID, and give its exit "
	     "status.",
    .options = lines,
    .min = 1,
    .max = 1,
    .notes = "Exit status: the container's; 128+N when signal N ended it; 125 "
	     "when oci-run failed, 126 and 127 when the command can't be run "
	     "or found; 2 for wrong usage.",
};

void
options_parse(int argc, char **argv, struct options *o)
{
	struct operands operands;

	*o = (struct options){.bundle = "."};
	options_read(&program, argc, argv, o, &operands);
	o->id = operands.all[0];
	if (!state_id_valid(o->id))
		die_usage("%s: an ID is made of letters, digits and _ + . -, "
			  "and does not begin with a dot",
		    o->id);
}
