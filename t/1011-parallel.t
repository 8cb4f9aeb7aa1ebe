#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-fetch of many layers at once: the same bytes with any -j and any reader,
# little memory, no files left; blobs named by sha512.
. "${0%/*}/lib.sh"
. "$top/t/badregistry.sh"
need python3

# Forty layers from nothing to 4 MB, not in the order of their sizes.
set --
for i in $(seq 40); do
	head -c $((i * 7919 * 97 % 4000000)) /dev/urandom >"f$i"
	tar -cf "$i.tar" "f$i"
	set -- "$@" "plain=$i.tar"
done
"$top/t/mkimage" img:latest "$@" >digest || bail "no image"
digest=$(cat digest)
badregistry_start img
mkdir spool
TMPDIR=$tmp/spool
export TMPDIR

ok "one at a time" sh -c "oci-fetch -j 1 $bad/open/img >one.tar"
tar -tf one.tar >names
is "every layer once" "$(wc -l <names)" 47
for j in 2 7 64; do
	ok "$j at a time" sh -c "oci-fetch -j $j $bad/open/img >x.tar"
	ok "  the same bytes" cmp one.tar x.tar
done

slowly() { # REFERENCE OPTION...: into a reader that takes its time
	{ oci-fetch "$@" || echo failed >failed; } | {
		head -c 300000 && sleep 1 && head -c 5000000 && sleep 0.5 && cat
	} >slow.tar
	[ ! -e failed ]
}
ok "a reader that takes its time" slowly "$bad/open/img"
ok "the same bytes" cmp one.tar slow.tar
ok "and alone" slowly -j 1 "$bad/open/img"
ok "the same bytes" cmp one.tar slow.tar
ok "connections that are cut meanwhile" slowly "$bad/cut/img"
is "the same blobs" "$(tar --wildcards -xOf slow.tar 'blobs/*' | sha256sum)" \
	"$(tar --wildcards -xOf one.tar 'blobs/*' | sha256sum)"
is "no files are left" "$(ls spool)" ""

# A reader that has taken one block and then takes no more.
for j in 1 8; do
	# A new one: of what the last one left, a block came too soon, before
	# there is a program to hear of anything.
	rm -f full && mkfifo full && exec 3<>full
	oci-fetch -j $j "$bad/open/img" >full 3<&- &
	pid=$!
	dd bs=512 count=1 of=/dev/null <&3 2>/dev/null
	kill $pid
	wait $pid 2>/dev/null
	is "it hears of its end while it waits for its reader ($j)" $? 143
	is "no files are left" "$(ls spool)" ""
	exec 3<&-
done

echo before >append.tar
ok "to the end of a file" sh -c "oci-fetch $bad/open/img >>append.tar"
ok "the same bytes" sh -c "tail -c +8 append.tar | cmp - one.tar"
for j in 1 8; do
	ok "a pipe that doesn't block, $j at a time" python3 -c '
import os, subprocess, sys
r, w = os.pipe()
os.set_blocking(w, False)
fetch = subprocess.Popen(["oci-fetch", "-j", sys.argv[1], sys.argv[2]],
                         stdout=w)
os.close(w)
with open("nonblock.tar", "wb") as f:
    while part := os.read(r, 1 << 20):
        f.write(part)
sys.exit(fetch.wait())' $j "$bad/open/img"
	ok "the same bytes" cmp one.tar nonblock.tar
done

# The opening that others have of a pipe is theirs.
shared() {
	{
		oci-fetch "$bad/open/img" && python3 -c \
			'import os; assert os.get_blocking(1)' &&
			echo >shared
	} | cat >x.tar
	[ -e shared ]
}
ok "a pipe that others write to, too, still blocks them" shared
# What is gathered goes on before more of it is waited for.
head -c 1000 1.tar >first
oci-fetch -j 1 --timeout 60 "$bad/stall/img" >some.tar &
pid=$!
ok "what has come doesn't wait for more" \
	wait_for sh -c "tail -c 1000 some.tar | cmp - first"
kill $pid
wait $pid 2>/dev/null

# VmHWM of oci-fetch when its reader has let it run full.
oci-fetch -j 8 "$bad/open/img" >fifo.tar &
pid=$!
peak=0
while now=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' /proc/$pid/status \
	2>/dev/null) && [ "$now" ]; do
	peak=$now
done
wait $pid
diag "peak of memory: $peak KiB"
case $B in
*sanitize*) skip 1 "a sanitizer's memory is its own" ;;
*) ok "memory stays below 24 MiB" [ $((peak > 0 && peak < 24576)) = 1 ] ;;
esac

# A server that is too busy is left alone by all; who waits for a token waits
# alone.
ok "a server that wants to be left alone" sh -c \
	"oci-fetch -j 2 $bad/overrun/img >x.tar"
ok "  is by all that is to be fetched of it" [ \
	"$(grep -c SOON "$requests")" -le 2 ]
set --
for i in $(seq 12); do
	echo "$i" >few && tar -cf "few$i.tar" few
	set -- "$@" "plain=few$i.tar"
done
"$top/t/mkimage" img:few "$@" >/dev/null || bail "no image"
: >"$requests"
ok "a server that gives to one at a time" sh -c \
	"oci-fetch -j 12 $bad/rationed/img:few >x.tar"
ok "  may say so more often than a failure is tried" [ \
	"$(grep -c RATIONED "$requests")" -gt 20 ]
ok "  nor does it, by itself, get too many" sh -c \
	"oci-fetch $bad/rationed/img:few >x.tar"
: >"$requests"
ok "a server that takes its time" sh -c "oci-fetch $bad/crowd/img:few >x.tar"
ok "  is asked for more at a time" grep -Eq '^CROWD ([4-9]|1[0-9])$' "$requests"
ok "a server that was too busy for three" sh -c \
	"oci-fetch $bad/upturn/img:few >x.tar"
is "  gets two again when it goes well" "$(grep -E '^(TOGETHER|ALONE)' \
	"$requests" | sort | uniq -c | tr -s ' ')" " 6 TOGETHER"
: >"$requests"
ok "not where the number is given" sh -c \
	"oci-fetch -j 3 $bad/crowd/img:few >x.tar"
is "  or it would be another" "$(grep -Ec '^CROWD [4-9]' "$requests")" 0
head -c 30000000 /dev/urandom >large && tar -cf large.tar large
"$top/t/mkimage" img:large plain=large.tar plain=1.tar plain=2.tar >/dev/null
: >"$requests"
ok "a token that has to be waited for" sh -c \
	"oci-fetch -j 2 $bad/renew/img:large >x.tar"
is "  while blobs go on" "$(grep -E '^(TOKEN|SENT)' "$requests" |
	cut -d' ' -f1 | tr '\n' ' ')" "TOKEN TOKEN SENT TOKEN "

: >"$requests"
ok "a token that expires for many at once" sh -c \
	"oci-fetch -j 8 $bad/again/img >x.tar"
is "  is replaced once" "$(grep -c ^TOKEN "$requests")" 2

# A program that keeps credentials, and waits for the large blob.
mkdir bin && cat >bin/docker-credential-late <<E
#!/bin/sh
i=0
until grep -q ^SENT "$requests" || [ \$((i += 1)) -gt 300 ]; do sleep 0.1; done
echo HELPED >>"$requests"
echo '{"Username":"user","Secret":"pass:word"}'
E
chmod +x bin/docker-credential-late
printf '{"credHelpers":{"%s":"late"}}' "$bad" >auth
: >"$requests"
ok "credentials that have to be waited for" env PATH="$tmp/bin:$PATH" sh -c \
	"oci-fetch --authfile auth -j 3 $bad/partly/img:large >x.tar"
is "  while blobs go on" "$(grep -E '^(HELPED|SENT)' "$requests" |
	tr '\n' ' ')" "SENT HELPED "

# The last layer by its sha512.
last=$(grep -o 'sha256:[0-9a-f]*' "img/blobs/sha256/${digest#*:}" | tail -n 1)
long=$(sha512sum <"img/blobs/sha256/${last#*:}" | cut -d' ' -f1)
mkdir img/blobs/sha512
cp "img/blobs/sha256/${last#*:}" "img/blobs/sha512/$long"
sed "s/$last/sha512:$long/" "img/blobs/sha256/${digest#*:}" >manifest
new=$(sha256sum <manifest | cut -d' ' -f1)
cp manifest "img/blobs/sha256/$new"
sed "s/${digest#*:}/$new/;s/\"size\":[0-9]*/\"size\":$(stat -c %s manifest)/" \
	img/index.json >index.json
cp index.json img/index.json
ok "a layer by its sha512" sh -c "oci-fetch $bad/open/img >x.tar"
is "has its name in the stream" "$(tar -tf x.tar | tail -n 1)" \
	"blobs/sha512/$long"
is "and its bytes" "$(tar -xOf x.tar "blobs/sha512/$long" | sha512sum |
	cut -d' ' -f1)" "$long"
fails "a wrong one" sh -c "oci-fetch $bad/flip/img >x.tar"
said "is refused" "sent something else"

done_testing
