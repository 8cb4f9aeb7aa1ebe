#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-fetch: credentials of options and from the files where users have them.
. "${0%/*}/lib.sh"
need python3 base64
. "$top/t/credentials.sh"

fails "Basic without credentials" fetch "$basic"
said "tells what to do" "$bad: it wants a user name and password"
ok "--creds" fetch --creds user:pass:word "$basic"
ok "--creds that nobody asks for" fetch --creds user:pass:word "$bad/open/img"
said "are not sent, with a warning" "creds: $bad has not asked for credentials"
fails "also on failure" fetch --creds user:pass:word "$bad/gone/img"
said "the same" "creds: $bad has not asked for credentials"
fails "wrong ones" fetch --creds user:pass "$basic"
said "are refused" "401.*because"

echo user:pass:word >line
ok "--creds-file" fetch --creds-file line "$basic"
ok "from a pipe" sh -c "oci-fetch -m --creds-file /dev/stdin $basic <line"
ok "that nobody asks for" fetch --creds-file line "$bad/open/img"
said "is not read, with a warning" "creds-file: $bad has not asked"
for line in nobody :word ""; do
	echo "$line" >wrong
	fails "a line of $line" fetch --creds-file wrong "$basic"
	said "is none" "wrong: its first line is not USER:PASSWORD"
done
for image in "$basic" "$bad/open/img"; do
	: >"$requests"
	fails "a file that isn't there" fetch --creds-file nowhere "$image"
	said "is named" "nowhere: No such file"
	is "before anything is asked" "$(cat "$requests")" ""
done

for file in home/.docker/config.json home/.config/containers/auth.json \
	run/containers/auth.json; do
	config "$file" "$bad"
	ok "$file" fetch "$basic"
	fails "  --anonymous" fetch --anonymous "$basic"
	rm "$file"
done
config docker/config.json "https://$bad/v1/"
DOCKER_CONFIG=docker && export DOCKER_CONFIG
ok "DOCKER_CONFIG, and a key that is a URL" fetch "$basic"
config docker/config.json "$bad/"
ok "a key with a slash at its end" fetch "$basic"
config docker/config.json "$bad" "\"username\":\"user\",\"password\":\"pass:word\""
ok "user and password apart" fetch "$basic"
config run/containers/auth.json other.example
ok "a file with others' credentials is passed over" fetch "$basic"
config one "$bad"
rm docker/config.json
ok "--authfile" fetch --authfile one "$basic"
ok "REGISTRY_AUTH_FILE" env REGISTRY_AUTH_FILE=one \
	oci-fetch -m "$basic"
fails "an authfile that isn't there" fetch --authfile none "$basic"
said "is named" "none: No such file"
ok "but not looked at when nothing asks" fetch --authfile none "$bad/open/img"

for key in "$bad/v1/" "$bad/v2/" "$bad/v1" "http://$bad/v2/" "https://$bad"; do
	config one "$key"
	ok "the key $key" fetch --authfile one "$basic"
done
for other in "https://$bad/v1/" "$bad/v2/"; do
	printf '{"auths":{"%s":{"auth":"eDp5"},"%s":{"auth":"%s"}}}' \
		"$other" "$bad" "$coded" >one
	ok "the host alone before $other" fetch --authfile one "$basic"
done
printf '{"auths":{"%s/v2/":{"auth":"eDp5"},"https://%s":{"auth":"%s"}}}' \
	"$bad" "$bad" "$coded" >one
ok "a URL before what might be a name" fetch --authfile one "$basic"
config one "$bad/v3/"
fails "a path that is no API's" fetch --authfile one "$basic"

# Where podman login writes without XDG_RUNTIME_DIR.
if [ "$(id -u)" = 0 ] && mkdir -p runs/containers/0 &&
	unshare -m mount --bind runs /run 2>/dev/null; then
	config runs/containers/0/auth.json "$bad"
	without() {
		# shellcheck disable=SC2016
		unshare -m sh -c 'mount --bind runs /run &&
			exec env "$@"' sh "$@"
	}
	ok "/run/containers/UID" without -u XDG_RUNTIME_DIR oci-fetch -m "$basic"
	fails "but not beside the variable" without oci-fetch -m "$basic"
	mkdir -p runs/user/0/containers
	mv runs/containers/0/auth.json runs/user/0/containers
	ok "and /run/user/UID" without -u XDG_RUNTIME_DIR oci-fetch -m "$basic"
else
	skip 3 "no mount namespace here"
fi
printf '{"auths":{"%s":{"auth":"eDp5"},"%s/basic/img":{"auth":"%s"}}}' \
	"$bad" "$bad" "$coded" >one
ok "the longest key" fetch --authfile one "$basic"
printf '{"auths":{"%s/basic/im":{"auth":"%s"}}}' "$bad" "$coded" >one
fails "not a part of a name" fetch --authfile one "$basic"
for broken in '"auth":"!"' '"auth":"eA=="' '"auth":"eDp5=="' '"auth":"eDp5eQ="' \
	'"auth":"eDp5e"' '"auth":"eDp5-w=="' '"auth":"eDoAeQ=="'; do
	config one "$bad" "$broken"
	fails "broken: $broken" fetch --authfile one "$basic"
	said "  is named" "^oci-fetch: one: an auth"
done
for auth in "$(echo "$coded" | tr -d =)" "$coded\\n" \
	"$(printf %s "$coded" | sed 's/..../&\\n/')" \
	"$(printf 'user:pass:word\000\000' | base64)"; do
	config one "$bad" "\"auth\":\"$auth\""
	ok "the auth $auth" fetch --authfile one "$basic"
done

# Who is nobody: asked without credentials, and no error.
for nobody in '"auth":"Og=="' '"auth":"Og"' '"auth":""' '"auth":null' \
	'"username":"","password":""' '"identitytoken":""' '"auth":[]'; do
	config one "$bad" "$nobody"
	ok "nobody: $nobody" fetch --authfile one "$tokens"
	is "without a word" "$(cat "$err")" ""
done
for empty in '{}' null '{"auths":null}' "{\"auths\":{\"$bad\":null}}" \
	'{"auths":["x"]}' "{\"credHelpers\":{\"$bad\":\"\"}}" \
	"{\"credHelpers\":{\"$bad\":\"\"},\"credsStore\":\"none\"}" \
	'{"credHelpers":null,"credsStore":""}' '{"credsStore":null}' \
	"{\"credHelpers\":{\"$bad\":null}}"; do
	printf %s "$empty" >one
	ok "nobody: $empty" fetch --authfile one "$tokens"
	is "without a word" "$(cat "$err")" ""
done
is "asked as nobody" "$(grep -c "^TOKEN none" "$requests")" 17
printf '{"auths":{"%s":{"auth":"%s"}},"credHelpers":{"%s":""}}' \
	"$bad" "$coded" "$bad" >one
ok "a helper without a name, and an auth" fetch --authfile one "$basic"

# Places: named ones have to be right, others are passed over.
mkdir named
spoil() { # FILE HOW
	rm -rf "$1"
	case $2 in
	directory) mkdir "$1" ;;
	empty) : >"$1" ;;
	loop) ln -s loop "$1" && ln -sf "${1##*/}" "${1%/*}/loop" ;;
	broken) echo '{"auths":' >"$1" ;;
	store) echo '{"credsStore":"nowhere"}' >"$1" ;;
	auth) config "$1" "$bad" '"auth":"!"' ;;
	esac
}
for how in directory empty loop broken store auth; do
	for file in home/.docker/config.json home/.config/containers/auth.json \
		run/containers/auth.json; do
		spoil $file $how
		ok "$how: $file" env -u DOCKER_CONFIG oci-fetch -m "$tokens"
		said "is a warning" "$file: passed over: "
		rm -r $file
	done
	spoil named/config.json $how
	fails "$how: DOCKER_CONFIG" env DOCKER_CONFIG=named oci-fetch -m "$tokens"
	said "is named" "^oci-fetch: named/config.json: "
	fails "$how: REGISTRY_AUTH_FILE" env \
		REGISTRY_AUTH_FILE=named/config.json oci-fetch -m "$tokens"
	fails "$how: --authfile" fetch --authfile named/config.json "$tokens"
done
spoil run/containers/auth.json broken
config home/.docker/config.json "$bad"
ok "and the search goes on" env -u DOCKER_CONFIG oci-fetch -m "$basic"
rm run/containers/auth.json home/.docker/config.json
ok "a DOCKER_CONFIG without a file" fetch "$tokens"

echo '{"auths":' >one
fails "a broken file" fetch --authfile one "$basic"
said "is named" "^oci-fetch: one: is not JSON"
done_testing
