#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-fetch and registries that misbehave: what is wrong is refused and the
# stream has no end; what is cut or busy is asked again.
. "${0%/*}/lib.sh"
. "$top/t/badregistry.sh"
need python3

# A layer long enough to be cut, another, and their image.
seq 100000 >numbers && tar -cf a.tar numbers
seq 200000 300000 >numbers && tar -cf b.tar numbers
"$top/t/mkimage" img:latest plain=a.tar plain=b.tar >digest || bail "no image"
digest=$(cat digest)
badregistry_start img

stream() { # FILE MODE OPTION...
	to=$1 how=$2
	shift 2
	oci-fetch "$@" "$bad/$how/img" >"$to"
}

ok "a registry that behaves" stream good.tar open

# The same blobs as there; index.json has another name.
good=$(tar --wildcards -xOf good.tar 'blobs/*' | sha256sum)
same() {
	is "  and it is the image" \
		"$(tar --wildcards -xOf "$1" 'blobs/*' | sha256sum)" "$good"
}

asked() { # MODE REGEX: how many requests match
	grep -cE "/v2/$1/img/$2" "$requests"
}

for mode in cut norange blip busy moved plaintype expiring cuts ten ramble early \
	stingy unranged norangeheader otherrange busydate busyword; do
	ok "$mode" stream x.tar $mode
	same x.tar
done
layer=$(grep -o 'sha256:[0-9a-f]*' "img/blobs/sha256/${digest#*:}" | sed -n 2p)
last=$(($(stat -c %s "img/blobs/sha256/${layer#*:}") - 1))
is "what was cut is taken up where it was, to its end" "$(grep -E \
	"^GET /v2/cut/img/blobs/$layer" "$requests" | cut -d' ' -f3 |
	tr '\n' ' ')" "- bytes=30000-$last bytes=90000-$last bytes=180000-$last "
is "a date is waited for" "$(grep -c EARLY "$requests")" 1
for mode in unranged norangeheader otherrange; do
	is "without ranges all of it is sent again ($mode)" "$(grep -E \
		"^GET /v2/$mode/img/blobs/$layer" "$requests" |
		cut -d' ' -f3 | tr '\n' ' ')" "- bytes=30000-$last - - "
done
ok "a manifest that says of what type it is by its members only" \
	oci-fetch -m "$bad/untyped/img"
ok "and its image" stream x.tar untyped
is "is called an OCI image" "$(tar -xOf x.tar index.json |
	grep -c 'application/vnd.oci.image.manifest.v1+json')" 1
ok "tokens that end again and again in a layer that is cut" \
	stream x.tar wear -j 1
same x.tar
ok "tokens that end with 400" stream x.tar dull -j 1
same x.tar
for mode in brief429 brief503; do
	ok "tokens that end in a pause ($mode)" stream x.tar $mode -j 1
	same x.tar
done
ok "slow" stream x.tar slow --timeout 1
is "was left after a second" "$(grep -E '^(LEFT|STAYED)' "$requests" |
	sort -u)" LEFT
same x.tar

: >"$requests"
{ stream /dev/stdout stall; echo $? >status; } 2>"$err" | timeout 2 cat >x.tar
is "a reader that goes while the registry is silent" "$(cat status)" 1
said "is noticed" "the reader of the image has gone"
i=0
until grep -qE '^(LEFT|STAYED)' "$requests" || [ $i = 300 ]; do
	sleep 0.1 && i=$((i + 1))
done
is "before the registry says more" "$(grep -c '^STAYED' "$requests")" 0

oci-fetch --creds user:secretword "$bad/stall/img" >x.tar 2>/dev/null &
pid=$!
shown() { # whether the command line is there, without the password
	tr '\0' '\n' <"/proc/$pid/cmdline" >line &&
		grep -qx user: line && ! grep -q secretword line
}
ok "a password is taken out of the command line" wait_for shown
kill $pid
wait $pid 2>/dev/null

refused() { # MODE REGEX OPTION...
	mode=$1 why=$2
	shift 2
	fails "$mode" stream x.tar "$mode" "$@"
	said "  and says so" "$why"
	if [ -s x.tar ]; then
		is "  and leaves the end off" \
			"$(tail -c 1024 x.tar | tr -d '\000' | wc -c |
			sed 's/^0$/all zeros/;s/^[0-9][0-9]*$/no/')" no
	fi
}

refused flip 'sent something else'
refused long 'Content-Length'
refused longchunk 'more than the descriptor'
refused short 'Content-Length'
refused unasked 'a different range'
refused dead 'after 100 of'
is "  after five tries" "$(grep "/v2/dead/img/blobs" "$requests" |
	cut -d' ' -f2 | sort | uniq -c | sort -n | sed -n '$s/ *//;$s/ .*//p')" 5
for mode in spin seesaw; do
	refused $mode 'HTTP status 429: too many requests' -j 1
	is "  after five of them" "$(grep -c "^SAID 429 to .*/$mode/" "$requests")" 5
done
refused gone \
	"HTTP status 404: $bad doesn't have it, though the image needs it .because"
refused loop 'more than 10 redirects'
refused eleven 'more than 10 redirects'
refused file 'is not an http or https URL'
refused late 'HTTP status 503'
refused wrongheader 'registry says sha256:0000'
refused nonsense 'malformed digest'
refused wrongtype 'the registry says .*index'
refused schema1 'schema version 1'
refused oldfile 'schema version 1'
refused huge 'too long'
for mode in babble cutoff pending; do
	refused $mode "HTTP status 404: $bad doesn't have it" -j 1 --timeout 1
done
is "  at once" "$(grep -c REFUSED "$requests")" 2
refused over 'too long'
refused headers 'headers are too long'
refused interim 'headers are too long'
refused both 'both layers and manifests'
refused traverse 'without a valid digest'
refused flipconfig 'the registry sent .* of digest' -p linux/s390x

fails "a manifest that is not of the digest" \
	oci-fetch "$bad/flipmanifest/img@$digest"
said "is refused" "the registry sent a manifest of digest sha256:"

ok "tags of several pages" oci-fetch -t "$bad/pages/img"
printed "are all there" '\["t1","t2","t3"\]'
ok "with full URLs" oci-fetch -t "$bad/fullpages/img"
printed "too" '\["t1","t2","t3"\]'

ok "a registry that is restarted between two pages" \
	oci-fetch -t "$bad/shut/img"
printed "is waited for" '\["t1","t2","t3"\]'
fails "pages without end" oci-fetch -t "$bad/endless/img"
said "have one" "more than 10000 pages of tags"
is "and no more of them are asked for" "$(asked endless tags)" 10000

ok "a manifest of just the greatest size" sh -c \
	"oci-fetch -m $bad/exact/img | wc -c >size"
is "is read whole" "$(cat size)" $((4 << 20))

# What a registry says on the way to the terminal.
fails "a rude registry" oci-fetch -m "$bad/rude/img"
said "is shown without what steers a terminal" '\(a\?31mb\?c\?d\?\?\)$'
ok "a manifest for a program" oci-fetch -m "$bad/raw/img"
is "comes as it is" "$(grep -acF "$(printf '\302\23331m\200')" "$out")" 1
if command -v script >/dev/null; then
	run script -qec "oci-fetch -m $bad/raw/img" /dev/null
	is "for a terminal it is made safe" "$(grep -acF '"a":"?31m?"' "$out")" 1
else
	skip 1 "no script(1)"
fi
ok "tags that no reference can name" oci-fetch -t "$bad/strange/img"
printed "are left out" '\["v1","v2","a{128}"\]'
said "with one warning" "6 tags that can.t be part of a name"

# The next page, as it is written; each time the first answer says it.
page() {
	echo "$1" >img/next
	oci-fetch --creds user:pass:word -t "$bad/next/img"
}
for next in "<http://$bad@127.0.0.2:${bad#*:}/v2/x>; rel=next" \
	'<file:///etc/passwd>; rel="next"'; do
	fails "a page at $next" page "$next"
	said "is refused" "next page of tags is"
done
is "and not asked for" "$(grep -c "/v2/x" "$requests")" 0
fails "more tags than there may be" oci-fetch -t "$bad/many/img"
said "are refused" "more than 8388608 bytes of tags"
list=/v2/next/img/tags/list
for next in "<$list>; rel=\"first\", <$list?end>; rel=\"next\"" \
	"<$list>; rel=prev
<$list?end>; rel=next" "<?end>; rel=\"last next\"" '<list?end>; rel=next' \
	"<http://$bad$list?n=,;&end>; title=\"<, >; rel=no\"; rel=next" \
	"<//$bad$list?end>; rel=next" "<http://registry:5000$list?end>; rel=next" \
	"<https://$bad$list?end>; rel=next" "<//127.0.0.2:1$list?end>; rel=next"
do
	: >"$requests"
	ok "a page at $next" page "$next"
	printed "is the next" '\["t[0-9]+","t[0-9]+"\]'
	is "of the registry" "$(grep -c "^GET $list?.*end" "$requests")" 1
done
for next in /v2/_catalog?end /v2/next/img2/tags/list?end /internal?end \
	../../other/tags/list?end "/v2/next/img/%2E%2e/x/tags/list?end" \
	"/v2/next/img/..%2fx/tags/list?end" "?end/../../x"; do
	: >"$requests"
	run page "<$next>; rel=next"
	[ "$next" = "?end/../../x" ] && break
	is "a page at $next" "$status" 1
	said "is refused" "next page of tags is .*not of the repository next/img"
	is "and not asked for" "$(grep -c "GET.*end" "$requests")" 0
done
is "what a query holds is no path" "$status" 0
ok "a link that isn't next" page "<$list>; rel=\"nextish\"; title=next"
for ring in x '{n}'; do
	: >"$requests"
	fails "pages in a ring: $ring" page "<$list?$ring>; rel=next"
	said "are seen" "in circles"
	ok "soon" [ "$(grep -c "$list" "$requests")" -lt 20 ]
done

# What a registry says to its users.
ok "warnings" stream x.tar warning
is "are shown once each, and only such" "$(grep -c . "$err")" 3
said "are fit for a terminal" '^oci-fetch: 127.0.0.1 says: old\?\[2Jer "x"$'
said "of blobs too" "says: third$"
ok "warnings without end" stream x.tar warnings
is "have one" "$(grep -c "says: " "$err")" 8

# A manifest whose tree in memory is much larger than its text.
ok "a wide manifest" oci-fetch -m "$bad/wide/img"
case $B in
*sanitize*) skip 1 "a sanitizer wants all the addresses there are" ;;
*)
	for k in $(seq 15000 5000 80000); do
		prlimit --as=$((k * 1024)) oci-fetch -m "$bad/wide/img" 2>&1 \
			>/dev/null | grep -aoE "is not JSON|out of memory"
	done | sort -u >said
	is "want of memory is called so" "$(cat said)" "out of memory"
	;;
esac

TMPDIR=/nonexistent
export TMPDIR
fails "no place for layers that wait" stream x.tar cuts
said "is said" "/nonexistent: .*TMPDIR"
ok "with -j 1 there is no need" stream x.tar open -j 1
same x.tar
ok "nor after a cut" stream x.tar chunkcut -j 1
same x.tar

done_testing
