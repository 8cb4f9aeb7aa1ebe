#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-run: compiled seccomp filters that are kept, and who is trusted with them.
. "${0%/*}/lib.sh"
need python3
. "$top/t/run.sh"

# profile [FILTER]: a bundle that may not make directories, and tries.
plain '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [
	{names: ["mkdir", "mkdirat"], action: "SCMP_ACT_ERRNO"}]}'
profile() {
	shell 'mkdir /dev/x 2>/dev/null && echo made || echo refused' "${1-.}"
}

kept() {
	find state -name '.seccomp:*'
}

count() {
	kept | wc -l
}

# forge FROM TO [PYTHON]: a file that lets everything through, with a right
# checksum; h is its header, p its program, b then all its bytes.
forge() {
	python3 - "$@" <<'END' || bail "forge"
import struct, sys
d = open(sys.argv[1], "rb").read()
h = list(struct.unpack("<8sQQII", d[:32]))
key, n = d[32:32 + h[1]], h[3]
p = struct.pack("<HBBI", 6, 0, 0, 0x7fff0000) * n
def fnv(data):
    x = 0xcbf29ce484222325
    for c in data:
        x = (x ^ c) * 0x100000001b3 % 2**64
    return x
def build():
    h[2] = fnv(p)
    return struct.pack("<8sQQII", *h) + key + p
b = build()
exec(sys.argv[3] if len(sys.argv) > 3 else "")
open(sys.argv[2], "wb").write(b)
END
	chmod 600 "$2"
}

# Run it: the filter holds, and what was in the file is replaced.
refused() {
	ok "$1: the container runs" box
	printed "$1: under the filter" '^refused$'
	is "$1: the file is replaced" \
		"$(stat -c '%F %a %u' "$file") $(timeout 5 cmp "$file" good && echo good)" \
		"regular file 600 0 good"
}

profile
ok "the first" box
printed "is under the filter" '^refused$'
file=$(kept)
is "one file is kept" "$(count)" 1
is "its owner's alone" "$(stat -c '%F %a %u' "$file")" "regular file 600 0"
cp -p "$file" good
before=$(stat -c '%i %y' "$file")
ok "the second" box
printed "is under the filter too" '^refused$'
is "the file is as it was" "$(stat -c '%i %y' "$file")" "$before"
run oci-ps -q --root state
is "oci-ps passes it over" "$status $(cat "$out" "$err")" "0 "

# That the file is read: all that follows would prove nothing otherwise.
forge good "$file"
ok "a file of ours" box
printed "is believed" '^made$'

chmod 620 "$file"
refused "one that a group may write to"
forge good "$file"
chown 1 "$file"
refused "one of somebody else"
forge good elsewhere
cp -p elsewhere target
ln -sf "$tmp/target" "$file"
refused "a link"
ok "what it led to is as it was" cmp elsewhere target
rm "$file"
mkfifo -m 600 "$file"
refused "a FIFO"
rm "$file"
: >"$file"
refused "an empty file"
forge good "$file" 'b = b[:-1]'
refused "a byte too few"
forge good "$file" 'b = b[:-8]'
refused "an instruction too few"
forge good "$file" 'b += b"\0"'
refused "a byte too many"
forge good "$file" 'b = b[:-1] + b"\1"'
refused "a byte of the program changed"
forge good "$file" 'p = b""; h[3] = 0; b = build()'
refused "no program"
forge good "$file" 'p = p[:8] * 4097; h[3] = 4097; b = build()'
refused "a program too long"
forge good "$file" 'h[3] = 0x20000000 + h[3]; b = build()'
refused "a length that runs over"
forge good "$file" 'h[0] = b"seccomp0"; b = build()'
refused "another format"
forge good "$file" 'h[1] += 8; b = build()'
refused "another length of the key"
forge good "$file" 'key = key[:-1] + bytes([key[-1] ^ 1]); b = build()'
refused "another key under the same name"

rm "$file"
mkdir "$file"
ok "where none can be kept the container runs" box
printed "under the filter" '^refused$'
is "without a word" "$(cat "$err")" ""
rmdir "$file"
ok "where it can again, it is" box
is "and as it was" "$(cmp "$file" good && echo good)" good

profile '.linux.seccomp.defaultErrnoRet = 3'
ok "another number" box
profile '.linux.seccomp.flags = ["SECCOMP_FILTER_FLAG_LOG"]'
ok "another flag" box
profile '.linux.seccomp.syscalls[0].names = ["mkdirm", "kdirat"]'
ok "other names" box
printed "which are another filter" '^made$'
is "each has a file" "$(count)" 4

rm -r state
profile
for i in 1 2 3 4 5 6 7 8; do
	box "$id.$i" >"out$i" 2>&1 &
done
wait
is "eight at once" "$(cat out?)" "$(yes refused | head -n 8)"
is "leave one file" "$(count)" 1
ok "a whole one" cmp "$(kept)" good

i=0
while [ $((i += 1)) -le 36 ]; do
	profile ".linux.seccomp.syscalls[0].errnoRet = $i"
	box >/dev/null || fail "profile $i"
done
is "32 are kept" "$(count)" 32
is "the oldest has gone" "$(ls "$file" 2>/dev/null)" ""
ok "the last is there: it comes from a file" box
is "and none is added" "$(count)" 32

done_testing
