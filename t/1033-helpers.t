#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-fetch: credentials of the programs that files and registries.conf name.
. "${0%/*}/lib.sh"
need python3 base64
. "$top/t/credentials.sh"

DOCKER_CONFIG=docker && export DOCKER_CONFIG
cat >bin/docker-credential-good <<'E'
#!/bin/sh
read -r server
echo "$1 $server" >>helper.log
echo '{"ServerURL":"x","Username":"user","Secret":"pass:word"}'
E
cat >bin/docker-credential-empty <<'E'
#!/bin/sh
echo "credentials not found in native keychain"
exit 1
E
cat >bin/docker-credential-broken <<'E'
#!/bin/sh
echo "the keyring is locked"
exit 1
E
for answer in '"Username":"","Secret":""' '' '"Username":null,"Secret":null' \
	'"Username":"<token>","Secret":""'; do
	n=$((${n-0} + 1))
	# shellcheck disable=SC2016
	printf '#!/bin/sh\ncat >/dev/null\necho '"'{%s}'\n" "$answer" \
		>bin/docker-credential-nobody$n
done
chmod +x bin/*
PATH=$tmp/bin:$PATH
printf '{"credHelpers":{"%s":"good"}}' "$bad" >one
ok "credHelpers" fetch --authfile one "$basic"
is "it was asked for the server" "$(cat helper.log)" "get $bad"
ok "a token that is replaced" fetch -j 1 --authfile one "$bad/expire/img"
is "asks it once more, not each time" "$(wc -l <helper.log)" 2
printf '{"auths":{"%s":{}},"credsStore":"good"}' "$bad" >one
ok "credsStore" fetch --authfile one "$basic"
printf '{"credHelpers":{"%s":"empty"},"auths":{"%s":{"auth":"%s"}}}' \
	"$bad" "$bad" "$coded" >one
ok "a helper that has none" fetch --authfile one "$basic"
for broken in broken none ../x; do
	printf '{"credHelpers":{"%s":"%s"}}' "$bad" $broken >one
	fails "a helper: $broken" fetch --authfile one "$basic"
done
for n in 1 2 3 4; do
	printf '{"credHelpers":{"%s":"nobody%s"}}' "$bad" $n >one
	ok "a helper's nobody" fetch --authfile one "$tokens"
	is "without a word" "$(cat "$err")" ""
done
# Those that don't end, by themselves or at all.
for kind in silent closed deaf endless; do
	{
		echo '#!/bin/sh'
		case $kind in
		silent) echo 'exec sleep 300' ;;
		closed) echo 'exec good 2>&1; exec >&-; exec sleep 300' ;;
		deaf) echo "trap '' TERM; exec >&-; while :; do sleep 1; done" ;;
		endless) echo "trap '' PIPE; yes; exec sleep 300" ;;
		esac
	} | sed 's,exec good 2>&1,docker-credential-good get,' \
		>bin/docker-credential-$kind
	chmod +x bin/docker-credential-$kind
	printf '{"credHelpers":{"%s":"%s"}}' "$bad" $kind >one
	fails "a helper that is $kind" \
		timeout 60 oci-fetch -m --timeout 1 --authfile one "$basic"
	said "is named" "^oci-fetch: one: docker-credential-$kind: it $(
		[ $kind = endless ] && echo 'prints too much$' ||
			echo "didn't answer and end within 1 sec")"
done
cat >bin/docker-credential-daemon <<'E'
#!/bin/sh
sleep 300 &
echo $! >daemon
docker-credential-good get
E
chmod +x bin/docker-credential-daemon
printf '{"credHelpers":{"%s":"daemon"}}' "$bad" >one
ok "a helper that leaves a daemon with its output" \
	timeout 60 oci-fetch -m --timeout 30 --authfile one "$basic"
ok "isn't waited for" kill "$(cat daemon)"
printf 'credential-helpers=["silent","good"]' >conf
ok "one that doesn't end, where there are others" \
	fetch --timeout 5 --registries-conf conf "$basic"
said "is passed over" "passed over: docker-credential-silent: it didn't answer"

mkdir docker-credential-sub && cp bin/docker-credential-good \
	docker-credential-sub/x
printf '{"credHelpers":{"%s":"sub/x"}}' "$bad" >one
fails "a helper that isn't of PATH" fetch --authfile one "$basic"
said "is none" "sub/x: not the name of a credential helper"
# Those of registries.conf, for all registries.
echo 'credential-helpers=["good"]' >conf && : >helper.log
ok "credential-helpers" fetch --registries-conf conf "$basic"
is "it was asked for the host" "$(cat helper.log)" "get $bad"
for first in empty broken none; do
	echo "credential-helpers=['$first','good']" >conf
	ok "the next one after $first" fetch --registries-conf conf "$basic"
	[ $first = empty ] || said "which is named" \
		"^oci-fetch: conf: passed over: docker-credential-$first: "
done
echo 'credential-helpers=["empty"]' >conf
printf '{"auths":{"%s":{"auth":"%s"}}}' "$bad" "$coded" >one
fails "a list without the files" env REGISTRY_AUTH_FILE=one \
	oci-fetch -m --registries-conf conf "$basic"
echo 'credential-helpers=["empty","containers-auth.json"]' >conf
ok "one with them" env REGISTRY_AUTH_FILE=one \
	oci-fetch -m --registries-conf conf "$basic"
echo 'credential-helpers=["good"]' >conf
printf '{}' >one
fails "--authfile stands for all" \
	fetch --registries-conf conf --authfile one "$basic"
echo 'credential-helpers=[]' >conf
config home/.docker/config.json "$bad"
ok "an empty list is as none" env -u DOCKER_CONFIG \
	oci-fetch -m --registries-conf conf "$basic"
rm home/.docker/config.json
printf '{"credHelpers":{"%s":"broken"}}' "$bad" >one
fails "what it says" fetch --authfile one "$basic"
said "is said" "docker-credential-broken: the keyring is locked$"
done_testing
