#!/bin/sh
# SPDX-License-Identifier: ISC
# The Makefile of README, with a registry of this machine.
. "${0%/*}/lib.sh"
need docker-registry busybox make jq python3
need_root

registry_start
busybox_image from:tools --cmd true >/dev/null || bail "t/mkimage"
busybox_image from:base --label n=1 --cmd true >base || bail "t/mkimage"
"$top/t/pushimage" from:tools "$registry/debian:12"
"$top/t/pushimage" from:base "$registry/busybox:latest"

# From "In a Makefile" to the next section, less the text and the indent.
awk '/^In a Makefile, two images/ { on = 1 }
	on && /^[A-Z ]+$/ { exit }
	on && sub(/^\t/, "")' "$top/README" >Makefile
ok "README has it" grep -q '^%/config.json: %-oci/index.json$' Makefile
make="make IMAGES=$registry base.ref=$registry/busybox@$(cat base)"

stamps() {
	stat -c '%n %i %.9Y' ./*-oci ./*-oci/index.json tools base \
		./*/config.json 2>/dev/null
}
rm base
# shellcheck disable=SC2086
ok "make -j4" $make -j4
is "both bundles are there" "$(jq -r '.process.args[0]' tools/config.json \
	base/config.json)" "id
id"
before=$(stamps)
# shellcheck disable=SC2086
ok "a second one" $make -j4
is "makes nothing" "$(grep -c oci-mkbundle "$out")" 0
is "and touches nothing" "$(stamps)" "$before"

busybox_image from:tools --cmd true --label n=2 >/dev/null || bail "t/mkimage"
"$top/t/pushimage" from:tools "$registry/debian:12"
before=$(stat -c '%i %.9Y' base base/config.json)
# shellcheck disable=SC2086
ok "another image of one name" $make
is "makes its bundle anew, and no other" "$(grep oci-mkbundle "$out")" \
	"oci-mkbundle --replace tools-oci:image tools -- id"
is "the other is as it was" "$(stat -c '%i %.9Y' base base/config.json)" \
	"$before"
is "it is the new image" "$(jq -r .annotations.n tools/config.json)" 2
# shellcheck disable=SC2086
ok "then all is well" $make -j4
is "again" "$(grep -c oci-mkbundle "$out")" 0

# What fails is tried again.
rm -r tools
mkdir l && busybox_rootfs l
"$top/t/mkimage" --cmd true --user who from:tools l >/dev/null
"$top/t/pushimage" from:tools "$registry/debian:12"
# shellcheck disable=SC2086
exits 2 "an image that can't be a bundle" $make -j4
is "makes none" "$(ls -Ad tools .tools* 2>/dev/null)" ""
# shellcheck disable=SC2086
exits 2 "nor the next time" $make -j4
"$top/t/mkimage" --cmd true from:tools l >/dev/null
"$top/t/pushimage" from:tools "$registry/debian:12"
# shellcheck disable=SC2086
ok "until there is another" $make -j4
ok "then it is there" test -e tools/config.json

# A compiler that takes its time, and compile steps of it.
busybox_rootfs gcc-root
cat >gcc-root/bin/gcc <<'E'
#!/bin/sh
[ ! -e slow ] || { : >"$3.begun"; exec sleep 1000; }
cp "$4" "$3"
E
chmod 755 gcc-root/bin/gcc
gcc_image() { # VERSION
	echo "$1" >gcc-root/version
	"$top/t/mkimage" --env PATH=/bin --cmd sh from:gcc gcc-root \
		>/dev/null || bail "t/mkimage"
	"$top/t/pushimage" from:gcc "$registry/gcc:13"
}
gcc_image 1
for object in a b c; do echo $object >$object.c; done
cat >interrupted.py <<'E'
# COMMAND... at a terminal: ^C when all three have begun; its end.
import os, pty, sys, time
pid, master = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
while not all(os.path.exists(o + ".o.begun") for o in "abc"):
    time.sleep(0.05)
os.write(master, b"\x03")
try:
    while os.read(master, 4096):
        pass
except OSError:
    pass
# make may see first that its commands have failed, then its own signal.
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) in (-2, 2))
E
: >slow
# shellcheck disable=SC2086
ok "make -j4 at a terminal, and ^C" timeout 300 python3 interrupted.py \
	$make -j4 a.o b.o c.o
is "ends make and all that it runs" "$(cat "$out")" True
is "and makes nothing" "$(ls ./*.o 2>/dev/null)" ""
rm slow
# shellcheck disable=SC2086
ok "make -j4 of objects" $make -j4 a.o b.o c.o
ok "makes them" cmp c.o c.c
# shellcheck disable=SC2086
ok "once more" $make -j4 a.o b.o c.o
is "makes none" "$(grep -c oci-run "$out")" 0
gcc_image 2
# shellcheck disable=SC2086
ok "with another compiler" $make -j4 a.o b.o c.o
is "makes each again" "$(grep -c oci-run "$out")" 3

done_testing
