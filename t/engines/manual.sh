# SPDX-License-Identifier: ISC
# shellcheck shell=sh disable=SC2154
# What README and oci-runtime(1) tell users to write into an engine's
# configuration is what the tests write there, but for the place.

# here: what is in /usr/local/bin there is in $B/bin.
here() {
	sed "s,/usr/local/bin/,${1:-$B/bin}/,"
}

# from_manual FILE [BIN]: the example of that file.
from_manual() {
	awk -v file="$1" '/^\.Ed/ { on = 0 } on { print; n++ }
		index($0, ".Pa " file) == 1 { found = 1 }
		found && /^\.Bd -literal/ { on = 1; found = 0 }
		END { exit !n }' "$top/run/oci-runtime.1" | here "${2-}"
}

# from_readme: the one of README, which is of containers.conf.
from_readme() {
	awk '/^[A-Z ]+$/ { on = /^ENGINES/ }
		on && sub(/^\t/, "")' "$top/README" | here
}
