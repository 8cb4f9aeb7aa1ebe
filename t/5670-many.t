#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016,SC2015
# A hundred containers at once, and two engines that use one state directory.
. "${0%/*}/lib.sh"
. "$top/t/run.sh"

bundle '.process.args = ["sleep", "1000"]'
# all COMMAND...: for each number up to 100, % in its words, eight at a time;
# what xargs says of them.
all() {
	seq 100 | xargs -P 8 -I % timeout -k 5 60 "$@" >/dev/null 2>>errors
	echo $?
}
: >errors
is "100 are created" "$(all oci-create --root "$state" -b b "$id.%")" 0
oci-ps --root "$state" | jq -r .status >list
is "and listed" "$(sort list | uniq -c | xargs)" "100 created"
is "they are started" "$(all oci-start --root "$state" "$id.%")" 0
is "another process runs in each" "$(all oci-exec --root "$state" "$id.%" \
	true)" 0
is "they are running" "$(oci-ps --root "$state" | grep -c '"running"')" 100
is "they are killed" "$(all oci-kill --root "$state" "$id.%" KILL)" 0
none_runs() {
	! oci-ps --root "$state" | grep -q '"running"'
}
wait_for none_runs
is "and deleted" "$(all oci-delete --root "$state" "$id.%")" 0
is "without a word" "$(cat errors)" ""
all_gone "nothing is left"

# Each creates, lists and deletes its own; IDs that both want go to one.
cat >engine <<'E2'
#!/bin/sh
state=$1 id=$2 name=$3
for i in $(seq 25); do
	oci-create --root "$state" -b b "$id.$name$i" </dev/null >/dev/null &&
		oci-start --root "$state" "$id.$name$i" &&
		oci-ps --root "$state" "$id.$name$i" >/dev/null &&
		oci-delete --root "$state" -f "$id.$name$i" ||
		echo "$name: its own, $i"
	if oci-create --root "$state" -b b "$id.both$i" </dev/null \
		>/dev/null 2>>theirs; then
		echo "$i" >>"got.both"
	fi
done
E2
for name in one two; do
	sh engine "$state" "$id" $name >"$name.out" 2>&1 &
done
wait
is "two engines have their own" "$(cat one.out two.out)" ""
is "of what both want each goes to one of them" \
	"$(sort -n got.both | xargs)" "$(seq 25 | xargs)"
is "the other is told" "$(grep -c 'the name is in use' theirs)" 25
for i in $(seq 25); do
	oci-delete --root "$state" -f "$id.both$i"
done
all_gone "nothing is left"
done_testing
