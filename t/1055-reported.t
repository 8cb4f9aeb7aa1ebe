#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-fetch: what users reported of other programs that pull, each by a small
# case of its own.
. "${0%/*}/lib.sh"
. "$top/t/badregistry.sh"
need python3 jq

head -c 200000 /dev/urandom >file && tar -cf a.tar file
"$top/t/mkimage" img:latest plain=a.tar >digest || bail "no image"
badregistry_start img
HOME=$tmp XDG_RUNTIME_DIR=$tmp
export HOME XDG_RUNTIME_DIR
unset REGISTRY_AUTH_FILE DOCKER_CONFIG XDG_CONFIG_HOME
oci-fetch -q "$bad/open/img" >right.tar || bail "nothing can be fetched"
fetch() { # OPTION... REPOSITORY
	: >"$requests"
	oci-fetch -q "$@" >x.tar
}
blobs() {
	tar --wildcards -xOf "$1" 'blobs/*' | sha256sum
}
whole() { # NAME REPOSITORY OPTION...
	name=$1 from=$2
	shift 2
	ok "$name" fetch "$@" "$bad/$from/img"
	is "  is whole" "$(blobs x.tar)" "$(blobs right.tar)"
}

# Headers.
whole "a digest without its algorithm" barehex
ok "a digest without its algorithm, asked for" oci-fetch --digest "$bad/barehex/img"
is "is found" "$(cat "$out")" "$(cat digest)"
whole "a media type with a charset" charset
whole "a range of unknown length" rangeof
whole "a permanent redirect" permanent
whole "a redirect to what is not encoded" unquoted

# Whoever stands before the registry.
for status in 520 521 522 523 524; do
	echo $status >img/cloud
	whole "$status once" cloud
done
fails "a page to log in, in place of a manifest" fetch "$bad/portal/img"
said "is said to be one" "portal/img.*(HTML|JSON)"
fails "an error with status 200" fetch "$bad/errors200/img"
said "is passed on" "errors200/img.*come later"
fails "a page for what isn't there" fetch "$bad/html404/img"
said "says no more than that" "HTTP status 404[^<]*$"

# Tokens.
whole "a challenge in all sorts of letters" letters
whole "a challenge of two scopes" scopes
is "  is answered for both" "$(grep -o 'scope=.*' "$requests")" \
	"scope=repository:a/b:pull,push&scope=repository:c:pull"
for expires in 0 -1 '"300"' null 1e300 1.5 '{}'; do
	echo "200 {\"token\":\"t\",\"expires_in\":$expires,\"issued_at\":\"x\"}" \
		>img/said
	whole "a token that expires in $expires" saidtoken
done
echo "200 <html>" >img/said
fails "a page in place of a token" fetch "$bad/saidtoken/img"
said "is said, and by whom" "token server http://$bad/saidtoken.*not JSON"
for said in "403 no" "200 <html>" "200 {}" "500 x"; do
	echo "$said" >img/said
	whole "a mirror whose tokens are not to be had: $said" open \
		--mirror "$bad/saidtoken"
	said "  is told of" "not had from the mirror $bad/saidtoken"
done
ok "no tags" oci-fetch -t "$bad/notags/img"
is "are an empty list" "$(jq -c .tags "$out")" "[]"

# A layer of no bytes.
none=$(printf '' | sha256sum | cut -d' ' -f1)
: >"img/blobs/sha256/$none"
jq -c --arg d "sha256:$none" '.layers += [{mediaType: .layers[0].mediaType,
	digest: $d, size: 0}]' "img/blobs/sha256/$(cut -d: -f2 digest)" >manifest
new=$(sha256sum <manifest | cut -d' ' -f1)
cp manifest "img/blobs/sha256/$new"
for cache in '' '--cache cache' '--cache cache'; do
	# shellcheck disable=SC2086
	ok "a layer of nothing ($cache)" fetch $cache "$bad/open/img@sha256:$new"
	ok "is one" sh -c "oci-layout-write l <x.tar && oci-layout-check l"
done
done_testing
