# SPDX-License-Identifier: ISC
# shellcheck shell=sh disable=SC2034,SC2154
# A registry that wants credentials, and a home where there are none: for tests
# of where they are from and whom they are shown to.
. "$top/t/badregistry.sh"

echo hello >file && tar -cf a.tar file
"$top/t/mkimage" img:latest a.tar a.tar >/dev/null || bail "no image"
badregistry_start img
unset REGISTRY_AUTH_FILE DOCKER_CONFIG XDG_CONFIG_HOME
HOME=$tmp/home XDG_RUNTIME_DIR=$tmp/run
export HOME XDG_RUNTIME_DIR
mkdir -p home/.docker home/.config/containers run/containers bin docker
coded=$(printf user:pass:word | base64)
basic=$bad/basic/img tokens=$bad/token/img

fetch() {
	oci-fetch "$@" >x.tar
}

# config FILE KEY [MEMBERS]: credentials that are right, or what is said.
config() {
	printf '{"auths":{"%s":{%s}}}\n' "$2" "${3-\"auth\":\"$coded\"}" >"$1"
}
