#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016
# A user namespace of an ordinary user's, joined by him: his rights come with
# it, and over the namespaces that it owns.
. "${0%/*}/lib.sh"
need jq unshare
. "$top/t/user.sh"

busybox_image img --user 0 >/dev/null
chmod -R a+rX img
id=joined$$
as_user unshare -Urnui sh -c 'echo $$ >pid; exec sleep 1000' &
wait_for test -s home/pid
pod=$(cat home/pid)
at_exit "kill $pod"
ok "a bundle" as_user oci-mkbundle --rootless ../img one -- sh -c '
	for n in user net uts; do readlink /proc/self/ns/$n; done
	tr -s " " </proc/self/uid_map'
jq ".hostname = null | .linux.namespaces |= map(
	{user: \"user\", network: \"net\", uts: \"uts\"}[.type] as \$n |
	if \$n then .path = \"/proc/$pod/ns/\" + \$n else . end)" \
	home/one/config.json >config.json
cat config.json >home/one/config.json
ok "in namespaces that are there" as_user oci-run -b one $id
is "they are those" "$(cat "$out")" "$(cd "/proc/$pod/ns" &&
	readlink user net uts)
 0 65534 1"
done_testing
