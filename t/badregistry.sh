# SPDX-License-Identifier: ISC
# shellcheck shell=sh disable=SC2034,SC2154
# The registry of t/badregistry, for tests that source t/lib.sh.

bad_n=0

# badregistry_start DIR [TLS]: sets $bad to 127.0.0.1:PORT, and $requests to
# the file of the lines that it prints.
badregistry_start() {
	bad_n=$((bad_n + 1))
	requests=$tmp_base/requests$bad_n
	# shellcheck disable=SC2016
	setpriv --pdeathsig KILL sh -c '
		fifo=$1 to=$2 && shift 2
		mkfifo "$fifo" && exec 3<>"$fifo" && exec "$@" <"$fifo" >>"$to"' \
		sh "$tmp_base/fifo$bad_n" "$requests" "$top/t/badregistry" "$@" \
		2>"$tmp_base/badregistry$bad_n.err" &
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
