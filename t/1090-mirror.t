#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-fetch --mirror: asked before the registry, which is asked for whatever a
# mirror hasn't got; what a mirror may be told, and what it may not do.
. "${0%/*}/lib.sh"
. "$top/t/badregistry.sh"
need docker-registry curl python3

# An image with a layer long enough to be cut, and what is elsewhere in full.
seq 100000 >numbers && tar -cf a.tar numbers
"$top/t/mkimage" img:latest plain=a.tar >digest || bail "no image"
digest=$(cat digest)
layer=$(sha256sum <a.tar | cut -d' ' -f1)
registry_start
"$top/t/pushimage" img:latest "$registry/img:latest" || bail "no push"
"$top/t/pushimage" img:latest "$registry/pre/fix/library/img:latest" ||
	bail "no push"
mirror=$registry log=$registry_dir/log
registry_start
image=$registry/img
"$top/t/pushimage" img:latest "$image:latest" || bail "no push"
badregistry_start img
HOME=$tmp XDG_RUNTIME_DIR=$tmp
export HOME XDG_RUNTIME_DIR
unset REGISTRY_AUTH_FILE DOCKER_CONFIG XDG_CONFIG_HOME
unset http_proxy https_proxy all_proxy no_proxy HTTP_PROXY HTTPS_PROXY \
	ALL_PROXY NO_PROXY
oci-fetch "$image" >direct.tar || bail "no fetch"

fetch() {
	: >"$requests"
	oci-fetch "$@" >x.tar
}
same() {
	ok "  and it is the image" cmp x.tar direct.tar
}
never() { # NAME REGEX: of the requests to the mirror
	is "$1" "$(grep -E "$2" "$requests")" ""
}

# A mirror that has it.
ok "a mirror" fetch --mirror "$bad/open" "$image"
is "says nothing" "$(cat "$err")" ""
same
is "is asked for all of it" "$(grep -c "^GET /v2/open/img/" "$requests")" 3
is "and told of which registry" "$(grep -c "?ns=127.0.0.1%3A${registry#*:} " \
	"$requests")" 3
ok "in place of a registry that isn't there" \
	fetch --mirror "$bad/open" 127.0.0.1:1/img
ok "of the name that is given" sh -c \
	'tar -xOf x.tar index.json | grep -q "127.0.0.1:1/img:latest"'
ok "also by digest" fetch --mirror "$bad/open" "127.0.0.1:1/img@$digest"
ok "of docker.io, with a prefix" fetch --mirror "http://$mirror/pre/fix/" img
ok "of docker.io's own name" sh -c \
	'tar -xOf x.tar index.json | grep -q "docker.io/library/img:latest"'
is "it is told of docker.io" "$(grep -c 'img/manifests/.*?ns=docker.io' \
	"$log" | sed 's/^[1-9].*/yes/')" yes

# One that hasn't: the next one, then the registry.
ok "the second mirror" fetch --mirror "$bad/no/such" --mirror "$mirror" \
	"127.0.0.1:1/img"
said "of the first there is a word" \
	"127.0.0.1:1/img:latest: not had from the mirror $bad/no/such: HTTP status 404"
is "and no other" "$(grep -c . "$err")" 1
for mode in late busyall basic weak denied realm gone loop file eleven \
	headers interim huge long longchunk short babble cutoff; do
	echo "file:///etc/passwd" >img/realm
	ok "a mirror that is no good: $mode" \
		fetch --mirror "$bad/$mode" "$image"
	said "  is named" "not had from the mirror $bad/$mode: "
	is "  once" "$(grep -c . "$err")" 1
	same
	if [ $mode = late ] || [ $mode = basic ]; then
		is "  and asked once" "$(grep -c "/v2/$mode/img" "$requests")" 1
	fi
done
for mode in badtoken longtoken; do
	ok "a mirror whose token is no good: $mode" \
		fetch --mirror "$bad/$mode" "$image"
	same
done
ok "a mirror where nobody is" fetch --mirror 127.0.0.1:1 "$image"
said "is named" "not had from the mirror 127.0.0.1:1: "
is "once" "$(grep -c . "$err")" 1
same
ok "one that has the manifest alone" fetch --mirror "$bad/gone" "$image"
is "is asked for all it may have" "$(grep -c "GET /v2/gone/img" "$requests")" 3
ok "one that is cut again and again" fetch --mirror "$bad/dead" "$image"
said "is left in the middle" "dead: .*after 100 of [0-9]* bytes"
ok "and the rest is the registry's" grep -q \
	"$layer.*http.response.status=206" "$registry_dir/log"
ok "one that is cut and goes on" fetch --mirror "$bad/cut" 127.0.0.1:1/img
is "is enough" "$(cat "$err")" ""

# What is wrong is no image, whoever sends it.
fails "a mirror that lies" fetch --mirror "$bad/flip" "$image"
said "is named" "sent something else, of digest .*by the mirror $bad/flip"
fails "about a manifest" fetch --mirror "$bad/flipmanifest" "$image@$digest"
said "is named" "sent a manifest of digest .*by the mirror $bad/flipmanifest"
fails "neither has it" fetch --mirror "$bad/no/such" "$registry/none"
said "the registry's reason is the last" "^oci-fetch: $registry/none:latest: HTTP"

# What a mirror is shown.
ok "--creds are not a mirror's" fetch --creds user:pass:word \
	--mirror "$bad/basic" "$image"
same
never "which never sees them" "Basic"
echo user:pass:word >creds
ok "nor those of a file" fetch --creds-file creds --mirror "$bad/token" "$image"
same
never "though it wanted a token" "TOKEN user"
printf '{"auths":{"%s":{"auth":"%s"},"%s":{"auth":"%s"}}}' "$bad" \
	"$(printf user:pass:word | base64)" "$registry" \
	"$(printf other:word | base64)" >auth
ok "its own are" fetch --authfile auth --mirror "$bad/basic" 127.0.0.1:1/img
is "it sees them" "$(grep -c Basic "$requests" | sed 's/^[1-9]/yes/')" yes
oci-fetch --tls-verify --mirror "$bad/open" "$image" >x.tar 2>"$err"
said "with --tls-verify also mirrors are met by https" \
	"not had from the mirror $bad/open: .*(SSL|TLS|wrong version)"

# The registry alone says which tags there are.
ok "--tags" fetch -t --mirror "$bad/pages" "$image"
never "isn't for mirrors" .

for wrong in "" cache "cache/x" ftp://127.0.0.1 "127.0.0.1:1/UPPER" \
	"127.0.0.1:x"; do
	exits 2 "usage: --mirror '$wrong'" fetch --mirror "$wrong" "$image"
	said "is named" "--mirror ${wrong:-''}: (must|names) "
done

done_testing
