#!/bin/sh
# SPDX-License-Identifier: ISC
# make demo: twice at once, without a terminal, and nothing is left of it.
. "${0%/*}/lib.sh"
need docker-registry busybox curl setsid

mkdir one two
TMPDIR=$tmp/one setsid "$top/t/demo" "$B" >one.out 2>one.err </dev/null &
first=$!
TMPDIR=$tmp/two setsid "$top/t/demo" "$B" >two.out 2>two.err </dev/null &
second=$!
wait $first
is "one demo runs" "$? $(cat one.err)" "0 "
wait $second
is "another beside it" "$? $(cat two.err)" "0 "
run cat one.out
printed "the container speaks" '^Hello from '
printed "it is process 1" 'process 1:$'
printed "the other one is listed" '^nap[0-9]+ +[0-9]+ +running '
is "no file is left" "$(ls one two)" "one:

two:"
ok "and nothing is mounted" sh -c "! grep -F '$tmp/' /proc/self/mountinfo"

done_testing
