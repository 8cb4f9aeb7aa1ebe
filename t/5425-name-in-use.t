#!/bin/sh
# SPDX-License-Identifier: ISC
# A name that another container has: which one, how it is, what can be done.
. "${0%/*}/lib.sh"
. "$top/t/run.sh"

when='20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z'
in_use() { # NAME TEXT, a regular expression
	exits 125 "$1: its name can't be had by oci-run" box
	said "it says whose it is" \
		"^oci-run: $id: the name is in use by a container of $tmp/b $2\$"
	is "on one line" "$(wc -l <"$err")" 1
	is "and nothing else is there" "$(ls -A "$state")" "$id"
}

bundle '.process.args = ["sleep", "100"]'
ok "one that runs" box -d "$id"
in_use "one that runs" "that has been running since $when, \
process $(pid_of "$id"); end it \(oci-kill\), or choose another name"
ok "what it says" oci-kill --root "$state" "$id" KILL
wait_for is_stopped "$id"
run oci-create --root "$state" -b b "$id"
said "oci-create leaves one that has stopped" \
	"of $tmp/b, made $when, that has stopped; remove it \(oci-delete\), or"
ok "what it says" oci-delete --root "$state" "$id"
ok "one that waits" oci-create --root "$state" -b b "$id"
in_use "one that waits" "that has been waiting since $when; start it \
\(oci-start\), remove it \(oci-delete\), or choose another name"
ok "what it says" oci-delete --root "$state" "$id"

# The bundle's name in the place of an ID.
for name in b/ ./b "$PWD/b"; do
	exits 2 "oci-run $name" oci-run --root "$state" "$name"
	said "is told what it is" "^oci-run: $name: this is a bundle, not the ID of a \
container: oci-run -b $name\$"
done
exits 2 "oci-run b/no" oci-run --root "$state" b/no
said "isn't" "an ID consists of letters"
mkdir none none/lay && : >none/lay/oci-layout
exits 125 "oci-run -b LAYOUT" oci-run --root "$state" -b none/lay
said "is told what that is" \
	"none/lay: an image layout, not a bundle: oci-mkbundle none/lay BUNDLE"
exits 125 "oci-run where no bundle is" env -C none oci-run --root "$state"
said "is told how to name one" "config.json: .*--bundle names"
done_testing
