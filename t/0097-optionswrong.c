/* SPDX-License-Identifier: ISC */
/* A program's table of options: each way to be wrong. */
#include "t/optionstable.h"
#include "t/tap.h"

static void
errors(void)
{
	wrong("--frob", "--frob: no such option");
	wrong("--frob=1", "--frob: no such option");
	wrong("-x", "-x: no such option");
	wrong("-qx", "-x in -qx: no such option\n");
	wrong("x -qy", "-y in -qy: no such option\n");
	wrong("-qyx", "-y in -qyx: no such option\n");
	wrong("-yq", "-y in -yq: no such option\n");
	wrong("-q -x -q", ": -x: no such option\n");
	wrong("-iq x", ": -i in -iq: no such option; use --quiet\n");
	wrong("-i", ": -i: no such option; use --quiet\n");
	wrong("--interactive=x", ": --interactive: no such option; use --q");
	wrong("--interactiv", ": --interactiv: no such option\n");
	wrong("--rm", ": --rm: no such option; it is over\n");
	wrong("-xyz 1", ": -x in -xyz: no such option\n");
	wrong("-order first", ": -order: --order has two dashes\n");
	wrong("-jobs 2", ": -jobs: --jobs has two dashes\n");
	wrong("-file", ": -file: --file has two dashes\n");
	wrong("-jobs=2", ": -jobs=2: --jobs has two dashes\n");
	wrong("--=x", ": --: no such option\n");
	wrong("--fi", "--fi: it could be --file, --file-name\n");
	wrong("--fi=x", "--fi: it could be --file, --file-name\n");
	wrong("--jobs", "--jobs: needs a value, N");
	wrong("x -j", "--jobs: needs a value, N");
	wrong("-qj", "--jobs: needs a value, N");
	wrong("--quiet=x", "--quiet: takes no value");
	wrong("--qui=", "--quiet: takes no value");
	wrong("-j 0", "--jobs 0: must be a number from 1 to 16");
	wrong("--jobs=17", "--jobs 17: must be a number from 1 to 16");
	wrong("--jobs 1x", "--jobs 1x: must");
	wrong("--jobs +1", "--jobs +1: must");
	wrong("--jobs=", "--jobs '': must");
	wrong("--jobs=-", "--jobs -: must");
	wrong("--jobs 99999999999999999999", "--jobs 99999999999999999999: mu");
	wrong("--offset -6", "--offset -6: must be a number from -5 on");
	wrong("--offset 9223372036854775808", "must be a number from -5 on");
	wrong("--colour blue", "--colour blue: must be red or green\n");
	wrong("--colour redder", "--colour redder: must be red or green\n");
	wrong("--colour re", "--colour re: must be red or green\n");
	wrong("--colour=", "--colour '': must be red or green\n");
	wrong("--shade=x", "--shade=x: must be red or green\n");
	wrong("--order x", "must be first, second or third\n");
	wrong("--completion=fish", "--completion=fish: must be bash or zsh\n");
	wrong("--call=bad", "--call=bad: must be good");
	wrong("--never", "--never: can't be now");
	wrong("--once a --once b", "--once: given twice");
	wrong("--file=", "--file '': must not be empty\n");
	wrong("-f  x", "--file '': must not be empty\n");
	wrong("--name=", "--name '': must not be empty\n");
}

int
main(void)
{
	program_begin();
	errors();
	return tap_end();
}
