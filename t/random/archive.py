# SPDX-License-Identifier: ISC
"""The bytes of a layer, each entry in one of the formats that can have it."""
import importlib.machinery
import os
import sys
import types

# t/mklayer makes headers of any kind.
sys.dont_write_bytecode = True
mklayer = types.ModuleType("mklayer")
importlib.machinery.SourceFileLoader("mklayer", os.path.join(
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))),
    "mklayer")).exec_module(mklayer)
member, record = mklayer.member, mklayer.record
pax, long = mklayer.pax, mklayer.long


def number(value, width):
    """Octal digits, else base-256."""
    if value < 8 ** (width - 1):
        return b"%0*o" % (width - 1, value)
    return b"\x80" + value.to_bytes(width - 1, "big")


def name_of(entry):
    if entry.kind == "whiteout":
        base, slash, name = entry.path.rpartition(b"/")
        return base + slash + b".wh." + name
    if entry.kind == "opaque":
        return entry.path + b"/" * bool(entry.path) + b".wh..wh..opq"
    return entry.path or b"./"


def decorated(rng, name, kind):
    """The same name as other writers have it."""
    if kind == b"5" and not name.endswith(b"/") and rng.random() < .8:
        name += b"/"
    if rng.random() < .15 and name != b"./":
        name = rng.choice([b"./", b"/", b".//"]) + name
    return name


def prefix(name):
    """A name in two parts, as ustar has it, or None."""
    for at in range(max(0, len(name) - 101), min(len(name), 156)):
        if name[at:at + 1] == b"/" and 0 < at and 0 < len(name) - at - 1 <= 100:
            return name[:at], name[at + 1:]
    return None


def sparse(rng, e, fields, records):
    """The data of a file with holes, whose map goes into one of the two."""
    data = b"".join(e.data[at:at + n] for at, n in e.segments)
    size, how = len(e.data), rng.randrange(4)
    segments = e.segments + [(size, 0)]
    if how == 0 and len(segments) <= 4 and not records:
        table = b"".join(number(n, 12).ljust(12, b"\0")
                         for pair in segments for n in pair)
        fields.update(type=b"S", magic=b"ustar  \0",
                      old=table.ljust(96, b"\0") + b"\0" +
                      number(size, 12).ljust(12, b"\0"))
        return data
    pairs = [n for pair in segments for n in pair]
    if how == 1:
        records += [(b"GNU.sparse.size", b"%d" % size),
                    (b"GNU.sparse.numblocks", b"%d" % len(segments))]
        for at, n in segments:
            records += [(b"GNU.sparse.offset", b"%d" % at),
                        (b"GNU.sparse.numbytes", b"%d" % n)]
        return data
    records += [(b"GNU.sparse.name", fields.pop("path"))]
    fields["name"] = b"GNUSparseFile.0/x"
    if how == 2:
        records += [(b"GNU.sparse.size", b"%d" % size),
                    (b"GNU.sparse.map", b",".join(b"%d" % n for n in pairs))]
        return data
    records += [(b"GNU.sparse.major", b"1"), (b"GNU.sparse.minor", b"0"),
                (b"GNU.sparse.realsize", b"%d" % size)]
    table = b"".join(b"%d\n" % n for n in [len(segments)] + pairs)
    return table + bytes(-len(table) % 512) + data


def text(rng, fields, what, field, value, records):
    """A name or a link's target, wherever there is room; bytes before."""
    split = prefix(value) if field == "name" and "old" not in fields else None
    if len(value) <= 100 and rng.random() < .9:
        fields[field] = value
    elif split and rng.random() < .7:
        fields["prefix"], fields[field] = split
    elif rng.random() < .5 and b"\n" not in value:
        fields[field] = value[:100]
        return long(what, value + b"\0")
    else:
        fields[field] = b"short"
        records.append(({"name": b"path"}.get(field, b"linkpath"), value))
    return b""


def times(rng, e, fields, records):
    seconds, nanoseconds = divmod(e.mtime, 10 ** 9)
    if nanoseconds:
        fraction = (b"%09d" % nanoseconds).rstrip(b"0")
        records.append((b"mtime", b"%d.%s" % (seconds, fraction)))
        seconds = 5
    fields["mtime"] = number(seconds, 12)
    for who in "uid", "gid":
        value = getattr(e, who)
        if rng.random() < .1:
            records.append((who.encode(), b"%d" % value))
            value = 0
        fields[who] = number(value, 8)


def entry(rng, e):
    """The bytes of an entry."""
    fields, records, before = {}, [], b""
    kind = e.kind if isinstance(e.kind, bytes) else b"0"
    name = decorated(rng, name_of(e), kind)
    fields.update(type=kind, mode=b"%07o" % e.mode, path=name)
    times(rng, e, fields, records)
    records += [(b"SCHILY.xattr." + k, v) for k, v in e.xattrs.items()]
    data = e.data
    if e.segments is not None and data:
        data = sparse(rng, e, fields, records)
    if "path" in fields:
        before += text(rng, fields, b"L", "name", fields.pop("path"), records)
    if e.target:
        before += text(rng, fields, b"K", "linkname", e.target, records)
    if kind in b"34":
        fields.update(major=b"%07o" % e.device[0], minor=b"%07o" % e.device[1])
    if records:
        before += pax(*(record(k, v) for k, v in records))
    old = fields.pop("old", None)
    block = member(data, **fields)
    if old:
        block = checked(block[:386] + old + block[386 + len(old):])
    return before + block


def checked(block):
    head = block[:148] + b" " * 8 + block[156:512]
    return head[:148] + b"%06o\0 " % sum(head) + block[156:]


def layer(rng, entries):
    return b"".join(entry(rng, e) for e in entries) + bytes(
        rng.choice([1024, 1024, 0, 10240]))
