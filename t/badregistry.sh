# SPDX-License-Identifier: ISC
# shellcheck shell=sh disable=SC2034,SC2154
# The registry of t/badregistry, for tests that source t/lib.sh.

# badregistry_start DIR: sets $bad to 127.0.0.1:PORT, and $requests to the
# file of the lines that it prints.
badregistry_start() {
	requests=$tmp_base/requests
	# shellcheck disable=SC2016
	setpriv --pdeathsig KILL sh -c '
		mkfifo "$1" && exec 3<>"$1" && exec "$2" "$3" <"$1" >"$4"' sh \
		"$tmp_base/fifo" "$top/t/badregistry" "$1" "$requests" \
		2>"$tmp_base/badregistry.err" &
	bad_pid=$!
	at_exit "kill $bad_pid 2>/dev/null; wait $bad_pid 2>/dev/null"
	bad_i=0
	until bad=$(sed -n '1s/^/127.0.0.1:/p' "$requests" 2>/dev/null) &&
		[ "$bad" ]; do
		bad_i=$((bad_i + 1))
		[ $bad_i -lt 200 ] || bail "no badregistry"
		sleep 0.05
	done
}
