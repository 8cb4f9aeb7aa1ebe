#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-runtime spec: what it writes is what runc spec does, runs under each
# runtime, and replaces nothing.
. "${0%/*}/lib.sh"
. "$top/t/run.sh"

# same FILE: but for what is a matter of taste.
same() {
	jq -S 'del(.ociVersion, .hostname, .process.capabilities.ambient)
		| .linux.namespaces |= sort' "$1"
}

mkdir c
for rootless in "" --rootless; do
	rm -f c/config.json
	ok "spec $rootless" oci-runtime spec -b c $rootless
	is "prints nothing" "$(cat "$out" "$err")" ""
	mv c/config.json ours.json
	(cd c && runc spec $rootless)
	is "is runc's" "$(same ours.json)" "$(same c/config.json)"
done
oci-runtime spec -b .
mv config.json ours.json
rm -r c

mkdir d
cp ours.json d/config.json
fails "where there is one" oci-runtime spec --bundle d
said "it isn't replaced" \
	'^oci-runtime: File config.json exists. Remove it first$'
ok "to the letter" cmp ours.json d/config.json
rm d/config.json
ln -s nowhere d/config.json
fails "nor a link to nowhere" oci-runtime spec -b d
ok "which stays" test -L d/config.json
is "and nothing is left" "$(ls -A d) $(ls -A)" "config.json $(ls -A)"
rm d/config.json
for _ in 1 2 3 4 5 6 7 8; do
	oci-runtime spec -b d 2>/dev/null && echo won >>won &
done
wait
is "of several at once one writes it" "$(cat won)" won
is "whole, and nothing else" "$(ls -A d) $(jq -r .hostname d/config.json)" \
	"config.json container"
fails "no bundle" oci-runtime spec -b nowhere
said "it says which" 'nowhere: No such file'
exits 2 "an operand" oci-runtime spec d
ok "--help" oci-runtime spec --help
printed "is of the command" '^Usage: oci-runtime spec .*'
(cd d && rm config.json && oci-runtime --root x spec)
ok "in the working directory, without -b" test -s d/config.json
(umask 077 && oci-runtime spec -b b 2>/dev/null)
rm -f b/config.json
(umask 077 && oci-runtime spec -b b)
is "its mode is the umask's" "$(stat -c %a b/config.json)" 600

# Without a terminal, with a command that ends: otherwise as it is.
ended() {
	jq '.process.terminal = false | .process.args = ["sh", "-c", "exit 7"]' \
		"$1" >b/config.json
}
ended ours.json
exits 7 "oci-run runs it" box
exits 7 "runc" runc --root runc run -b b "$id-runc"
# It raises RLIMIT_MEMLOCK, which not every machine lets it.
if command -v crun >/dev/null &&
	cc -shared -fPIC -D_GNU_SOURCE -o memlock.so "$top/t/bench/memlock.c"
then
	exits 7 "crun" v2_only env LD_PRELOAD="$tmp/memlock.so" \
		crun --root crun run -b b "$id-crun"
else
	skip 1 "no crun, or no compiler"
fi

# The one for an ordinary user, who is the superuser there.
mkdir his
cp -r b his/b
cp "$B"/bin/oci-* his
chmod 755 "$tmp_base" "$tmp"
chown -R 65534:65534 his
cd his || bail "his"
rm b/config.json
as_user() {
	setpriv --reuid=65534 --regid=65534 --clear-groups \
		env TMPDIR="$tmp/his" "$@"
}
ok "written by an ordinary user" as_user ./oci-runtime spec --rootless -b b
is "it maps him" "$(jq -c '[.linux | .uidMappings[0].hostID,
	.gidMappings[0].hostID]' b/config.json)" "[65534,65534]"
jq '.process.args = ["id", "-u"] | .process.terminal = false' b/config.json \
	>../config.his
cp ../config.his b/config.json
ok "and runs" as_user ./oci-run --root state -b b "$id"
is "as root" "$(cat "$out")" 0
cd ..
all_gone "nothing is left"
done_testing
