# SPDX-License-Identifier: ISC
"""What there is to know of a tree on disk, of the model's, and of a list."""
import hashlib
import json
import os
import stat
import urllib.parse

import model

KINDS = {stat.S_IFREG: b"0", stat.S_IFDIR: b"5", stat.S_IFLNK: b"2",
         stat.S_IFCHR: b"3", stat.S_IFBLK: b"4", stat.S_IFIFO: b"6"}


def line(path, kind, mode, owner, mtime, xattrs, behind, group):
    return "%r %s %04o %d:%d %d.%09d %s %s %s" % (
        path, kind.decode(), mode, *owner, *divmod(mtime, 10 ** 9),
        behind, group, " ".join("%s=%s" % (k, v.hex())
                                for k, v in sorted(xattrs.items())))


def digest(data):
    return "%d %s" % (len(data), hashlib.sha256(data).hexdigest()[:16])


def grouped(found):
    """Lines in order; a file of several names has the first of them."""
    first, names = {}, {}
    for path, key, _ in sorted(found):
        first.setdefault(key, path)
        names[key] = names.get(key, 0) + 1
    return [line(path, *of, "%r n%d" % (first[key], names[key]))
            for path, key, of in sorted(found)]


def look(path):
    st = os.lstat(path)
    kind = KINDS[stat.S_IFMT(st.st_mode)]
    xattrs = {os.fsencode(k).decode("latin-1"):
              os.getxattr(path, k, follow_symlinks=False)
              for k in os.listxattr(path, follow_symlinks=False)}
    behind = ""
    if kind == b"0":
        with open(path, "rb") as f:
            behind = digest(f.read())
    elif kind == b"2":
        behind = repr(os.readlink(path))
    elif kind in b"34":
        behind = "%d,%d" % (os.major(st.st_rdev), os.minor(st.st_rdev))
    key = (st.st_dev, st.st_ino) if kind != b"5" else path
    return path, key, (kind, stat.S_IMODE(st.st_mode), (st.st_uid, st.st_gid),
                       st.st_mtime_ns, xattrs, behind)


def on_disk(top):
    os.chdir(top)
    found = [look(b".")]
    for base, dirs, files in os.walk(b"."):
        found += [look(os.path.join(base, name)) for name in dirs + files]
    return grouped([(p, str(k), of) for p, k, of in found])


def modelled(tree, listed=False):
    """listed: what oci-unpack --list can know of it."""
    found = []
    for path, n in model.walk(tree.root):
        if listed and not n.spoken:
            continue
        behind = {b"0": digest(n.data), b"2": repr(n.target),
                  b"3": "%d,%d" % n.device, b"4": "%d,%d" % n.device}
        if listed and n.holes:
            behind[b"0"] = "%d " % len(n.data)
        found.append((path, str(id(n)), (
            n.kind, n.mode, (n.uid, n.gid), n.mtime,
            {k.decode("latin-1"): b"" if listed else v
             for k, v in n.xattrs.items()}, behind.get(n.kind, ""))))
    return grouped(found)


TYPES = {"file": b"0", "directory": b"5", "symlink": b"2", "char": b"3",
         "block": b"4", "fifo": b"6"}


def implied(tree):
    """Directories that no entry speaks of, which are in no list."""
    return {p for p, n in model.walk(tree.root) if not n.spoken}


def claimed(output, implied):
    """What is there by oci-unpack --list, as modelled(tree, True) has it."""
    there, layer = {}, 0

    def gone(path, lower):
        for p in list(there):
            if (p == path or p.startswith(path + b"/") or path == b".") and \
                    not (lower and there[p][0] == layer):
                del there[p]

    def name(o, key):
        if key + "Encoded" in o:
            return urllib.parse.unquote_to_bytes(o[key + "Encoded"])
        return o[key].encode()

    for text in output.splitlines():
        o = json.loads(text, parse_float=str)
        if o["type"] == "layer":
            layer = o["layer"]
            continue
        path = name(o, "path")
        path = b"./" + path if path != b"." else path
        if o["type"] in ("whiteout", "opaque"):
            kept = there.get(path)
            gone(path, True)
            if o["type"] == "opaque" and kept:
                there[path] = kept
            continue
        up = path.rpartition(b"/")[0]
        while up:
            if up in there and there[up][1][0] != b"5":
                gone(up, False)
            up = up.rpartition(b"/")[0]
        old = there.get(path)
        if o["type"] == "link":
            file = there[b"./" + name(o, "target")]
            if not old or old[1] is not file[1]:
                gone(path, False)
            there[path] = (layer, file[1])
            continue
        if o["type"] != "directory" or (old and old[1][0] != b"5"):
            gone(path, False)
        behind = ""
        if o["type"] == "file":
            behind = "%d %s" % (o["size"],
                                o.get("digest", "")[7:23])
        elif o["type"] == "symlink":
            behind = repr(name(o, "target"))
        elif o["type"] in ("char", "block"):
            behind = "%d,%d" % (o["major"], o["minor"])
        seconds, _, rest = str(o["mtime"]).partition(".")
        there[path] = (layer, [TYPES[o["type"]], int(o["mode"], 8),
                               (o["uid"], o["gid"]), int(seconds) * 10 ** 9 +
                               int(rest.ljust(9, "0") or 0),
                               {k: b"" for k in o.get("xattrs", [])}, behind])
    return grouped([(p, str(id(of)), tuple(of))
                    for p, (_, of) in there.items() if p not in implied])
