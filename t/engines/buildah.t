#!/bin/sh
# SPDX-License-Identifier: ISC
# buildah runs the steps of a build by oci-runtime.
. "${0%/*}/../lib.sh"
need buildah
export lines=from_readme
. "$top/t/engines/podman.sh"
export BUILDAH_ISOLATION=oci

box=$(buildah from --pull-never --name "$name" busybox 2>"$err")
is "from an image" "$box" "$name"
ok "run" buildah run "$name" -- sh -c 'echo out; echo text >/kept'
is "and its output" "$(cat "$out")" out
ok "another" buildah run "$name" -- cat /kept
is "sees what that left" "$(cat "$out")" text
ok "rm" buildah rm "$name"

mkdir context
cat >context/Dockerfile <<'D'
FROM busybox
RUN echo one >/one
WORKDIR /tmp
RUN echo $PWD >/two
USER 1000
RUN id -u >/tmp/three
D
ok "bud" buildah bud --pull-never -t built context
ok "what was built" podman run --rm --cgroup-parent "$parent" built \
	cat /one /two /tmp/three
is "has what its steps did" "$(tr '\n' ' ' <"$out")" "one /tmp 1000 "
printf 'FROM busybox\nRUN exit 9\n' >context/Dockerfile
exits 9 "a step that fails" buildah bud --pull-never context
leaves_nothing "nothing is left"
done_testing
