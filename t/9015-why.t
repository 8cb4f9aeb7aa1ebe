#!/bin/sh
# SPDX-License-Identifier: ISC
# What README says that a pipe is good for, typed as it stands there, with a
# registry of this machine: eight at once, no temporary directory, kill -9.
. "${0%/*}/lib.sh"
. "$top/t/badregistry.sh"
need python3 jq

mkdir one
head -c 300000 /dev/urandom >one/file
"$top/t/mkimage" --cmd sh img:latest one >/dev/null || bail "no image"
layer=$(jq -r '.layers[0].digest' "img/blobs/sha256/$(jq -r \
	'.manifests[0].digest' img/index.json | cut -d: -f2)")
badregistry_start img

# An oci-fetch that is killed in the middle of a layer, the first time.
mkdir bin
cat >bin/oci-fetch <<E2
#!/bin/sh
case \$* in
*--cache*) mkdir '$tmp/once' 2>/dev/null ;;
*) false ;;
esac || exec '$B/bin/oci-fetch' "\$@"
'$B/bin/oci-fetch' --timeout 60 -j 1 --cache c $bad/stall/img &
until stat -c %s c/.partial/* 2>/dev/null | grep -qx 1000; do
	kill -0 \$! || exit
	$(command -v sleep) 0.05
done
kill -9 \$!
wait \$!
E2
printf '#!/bin/sh\necho "$*" >>slept\n[ ! -e x ]\n' >bin/sleep
chmod 755 bin/*
PATH=$tmp/bin:$PATH

awk '/^[A-Z ]+$/ { here = /^WHY/ } here && sub(/^\t/, "")' "$top/README" |
	sed "s,REF,$bad/open/img," >lines
is "there is something to be typed" "$(grep -c oci-fetch lines)" 3
: >"$requests"
ok "it is typed" sh -eu lines
is "eight tags are there" "$(oci-layout-ls all | jq -r .name | sort | xargs)" \
	"t1 t2 t3 t4 t5 t6 t7 t8"
ok "and whole" oci-layout-check all
ok "a root file system" cmp one/file rootfs/file
is "one was killed, and x wasn't there before the next" "$(cat slept)" 9
is "that went on where it was" "$(grep "$layer" "$requests" |
	grep -c ' bytes=1000-')" 1
ok "a layout" oci-layout-check x
is "beside which nothing is left" "$(ls -A c/.partial; ls -Ad .x* 2>/dev/null)" ""
done_testing
