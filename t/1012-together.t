#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-fetch: many small blobs on few connections, by HTTP/2, and what becomes of
# them when that fails.  A real registry speaks it; t/h2between lets it fail.
. "${0%/*}/lib.sh"
. "$top/t/registry.sh"
need python3 openssl curl docker-registry
unset SSL_CERT_DIR
curl --version | grep -q HTTP2 || skip_all "no HTTP/2 in libcurl"

# Fourteen small blobs and a large one.
set --
for i in $(seq 13); do
	head -c 300000 /dev/urandom >f && tar -cf "$i.tar" f
	set -- "$@" "plain=$i.tar"
done
head -c 3000000 /dev/urandom >f && tar -cf large.tar f
"$top/t/mkimage" img:latest "$@" plain=large.tar >/dev/null || bail "no image"
"$top/t/mkimage" few:latest plain=1.tar plain=2.tar >/dev/null ||
	bail "no image"
registry_start -t
for name in img few; do
	"$top/t/pushimage" $name:latest "$registry/$name:latest" \
		--cacert "$registry_ca" >/dev/null || bail "not pushed"
done
SSL_CERT_FILE=$registry_ca TMPDIR=$tmp/spool
export SSL_CERT_FILE TMPDIR
mkdir spool
n=0

# between_start [old]: sets $there, and $seen to what it prints.
between_start() {
	seen=$tmp_base/seen$((n += 1))
	echo apart >fault
	setpriv --pdeathsig KILL "$top/t/h2between" "$registry_dir/server.pem" \
		"$registry_dir/server.key" "${registry#*:}" "$@" >"$seen" \
		2>"$tmp_base/between.err" &
	at_exit "kill $! 2>/dev/null; wait $! 2>/dev/null"
	wait_for [ -s "$seen" ]
	there=localhost:$(sed 1q "$seen")
}

# between FAULT: and count anew.
between() {
	echo "$1 $((n += 1))" >fault
	begun=$(wc -l <"$seen")
}

fetch() {
	timeout 60 oci-fetch --tls-verify -q "$@" >x.tar
}

count() { # LINE
	tail -n "+$((begun + 1))" "$seen" | grep -cx "$1"
}

# The stream has the name of the server.
blobs() {
	tar --wildcards -xOf "$1" 'blobs/*' | sha256sum
}
oci-fetch -q -j 1 --tls-verify "localhost:${registry#*:}/img" >one.tar ||
	bail "no image"
all=$(blobs one.tar)

between_start
between none
ok "many small blobs" fetch "$there/img"
is "  are all there" "$(blobs x.tar)" "$all"
is "  by HTTP/2 on one connection" "$(count h2)" 1
ok "  but for those that went before it was known" [ "$(count GET)" -le 8 ]
ok "  which take few connections" [ "$(count serial)" -le 5 ]
ok "  and the large one" [ "$(($(count GET) + $(count stream)))" = 16 ]

between apart
ok "few blobs" fetch "$there/few"
is "  have no connection by HTTP/2" "$(count h2)" 0
between apart
ok "one at a time" fetch -j 1 "$there/img"
is "  needs none, either" "$(count h2)" 0
between none
ok "a number that was given" fetch -j 9 "$there/img"
is "  is one of streams" "$(count h2)" 1
for fault in cut reset refuse leave misdirected; do
	between $fault
	ok "$fault" fetch --timeout 2 "$there/img"
	is "  all is there" "$(blobs x.tar)" "$all"
	ok "  it was met" [ "$(count stream)" -gt 0 ]
	# libcurl has another connection for each stream that was refused.
	ok "  on few connections" [ "$(count h2)" -le 12 ]
done
for fault in silent trickle settings pings headers continuation; do
	between $fault
	ok "$fault" fetch --timeout 1 "$there/img"
	is "  all is there" "$(blobs x.tar)" "$all"
	ok "  it was met" [ "$(count stream)" -gt 0 ]
done
between hello
ok "who doesn't bear to be offered it" fetch "$there/img"
is "  all is there" "$(blobs x.tar)" "$all"
is "  isn't offered it again" "$(count hello)" 1

# A reader that is slow to come, while all of it arrives.
between none
mkfifo slow
fetch_slow() {
	oci-fetch --tls-verify -q "$there/img" >slow
}
fetch_slow &
exec 3<slow
asked() {
	[ "$(count stream)" -ge 10 ]
}
ok "a reader that is slow to come" wait_for asked
is "  is waited for" "$(cat <&3 >x.tar && blobs x.tar)" "$all"
wait $!
between_start old
between apart
ok "a server of HTTP/1.1" fetch "$there/img"
is "  gets all" "$(count GET)" 16
is "  and they are there" "$(blobs x.tar)" "$all"

is "no files are left" "$(ls spool)" ""

done_testing
