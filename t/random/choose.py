# SPDX-License-Identifier: ISC
"""Layers by chance: what each entry does, on what the layers before it made.
The model takes them all."""
import copy

import model

NAMES = [b"a", b"b", b"c", b"d", b"etc", b"usr", b"lib"]
ODD = [b"\xff\xfe", b"new\nline", b" blank ", b"-rf", b"*", b"back\\slash",
       b".whx", b".wh", b"wh.a", b"...", b"..a", b"\x01", b"n\xc3\xa4me",
       b"x" * 255, b"y" * 101, b"%41", b"a:b", b"'", b'"']


class Entry:
    """What a layer has: an entry of tar, a "whiteout" or an "opaque"."""

    def __init__(self, kind, path, **of):
        self.kind, self.path = kind, path
        self.mode, self.uid, self.gid, self.mtime = 0o644, 0, 0, 0
        self.xattrs, self.data, self.target = {}, b"", b""
        self.device = (0, 0)
        self.segments = None  # of a sparse file: (offset, length)
        self.__dict__.update(of)


class Chooser:
    def __init__(self, rng):
        self.rng = rng
        self.tree = model.Tree()
        self.marked = []  # the paths of this layer's whiteouts
        self.kinds = [b"0", b"0", b"0", b"5", b"5", b"1", b"1", b"3", b"4",
                      b"6"]
        # Without symbolic links whiteouts may stand anywhere.
        if rng.random() < .5:
            self.kinds += [b"2", b"2"]

    def name(self):
        return self.rng.choice(NAMES if self.rng.random() < .8 else ODD)

    def known(self, kinds):
        """The path of something that is there, or None."""
        paths = [p[2:] for p, n in model.walk(self.tree.root)
                 if n.kind in kinds and p != b"."]
        return self.rng.choice(paths) if paths else None

    def directory(self):
        """A path to a directory, there or not, also by links."""
        base = self.known(b"52" if self.rng.random() < .4 else b"5") or b""
        if self.rng.random() < .3:
            base = b""
        while self.rng.random() < .25:
            base += b"/" + self.name()
        return base.lstrip(b"/")

    def path(self):
        if self.marked and self.rng.random() < .3:
            path = self.rng.choice(self.marked)
            while self.rng.random() < .5:
                path += b"/" + self.name()
            return path.lstrip(b"/") or self.name()
        if self.rng.random() < .25:
            there = self.known(b"0123456")
            if there:
                return there
        return (self.directory() + b"/" + self.name()).lstrip(b"/")

    def target(self):
        """Of a symbolic link."""
        there = self.known(b"5") or self.name()
        return self.rng.choice([
            b"/" + there, there, b"../" + there, self.name(),
            b"../../../../" + there, b"./" + self.name() + b"/../" +
            self.name(), b"nowhere/at/all"])

    def xattrs(self, kind):
        found = {}
        r = self.rng
        if r.random() < .2:
            found[b"trusted.of" + self.name()[:1].replace(b"\xff", b"x")] = \
                r.randbytes(r.randrange(1, 40))
        if kind in b"05" and r.random() < .2:
            found[b"user.a.b"] = r.choice([b"v", b"\0\xff\n=", b"=" * 300])
        if kind == b"0" and r.random() < .1:
            found[b"security.capability"] = bytes.fromhex(
                "0100000200040000000000000000000000000000")
        return found

    def content(self, entry):
        r = self.rng
        if r.random() < .2:
            self.sparse(entry)
        elif r.random() < .85:
            entry.data = r.randbytes(r.choice([0, 1, 5, 511, 512, 513, 3000]))
        else:
            entry.data = r.randbytes(200) * r.randrange(500, 3000)

    def sparse(self, entry):
        r = self.rng
        at, entry.segments, data = 0, [], b""
        for _ in range(r.randrange(6)):
            at += r.choice([0, 512, 4096, 100000]) if at else 0
            n = r.choice([512, 1024, 4096])
            data += bytes(at - len(data)) + r.randbytes(n)
            entry.segments.append((at, n))
            at += n
        data += bytes(r.choice([0, 1, 70000]))
        entry.data = data

    def entry(self):
        r = self.rng
        kind = r.choice(self.kinds)
        if kind == b"5" and r.random() < .1:
            path = b""
        else:
            path = self.path()
        e = Entry(kind, path, mode=r.choice([
            0o644, 0o755, 0o700, 0o4711, 0o2755, 0o1777, 0o500, 0, 0o7777]),
            uid=r.choice([0, 1, 1000, 65534, 70000, 3000000]),
            gid=r.choice([0, 5, 2097151, 2097152]),
            mtime=r.choice([0, 10 ** 9, 7, r.randrange(2 ** 33)]) * 10 ** 9 +
            r.choice([0, 0, 250000000, 123456789, 1]))
        if kind == b"0":
            self.content(e)
        elif kind == b"2":
            e.mode, e.target = 0o777, self.target()
        elif kind == b"1":
            e.target = self.known(b"02346") or b"nothing"
        elif kind in b"34":
            e.device = (r.choice([1, 8, 200, 4095]), r.choice([1, 3, 70000]))
        if kind != b"1":
            e.xattrs = self.xattrs(kind)
        return e

    def mark(self):
        r = self.rng
        there = self.known(b"5" if r.random() < .6 else b"02346")
        if r.random() < .2 or not there:
            there = self.path()
        return Entry(r.choice(["whiteout", "opaque"]), there)

    def attempt(self, change):
        """Do that to the tree, or nothing if the rules are silent on it."""
        before = copy.deepcopy(self.tree)
        try:
            change()
            return True
        except model.Refused:
            self.tree = before
            return False

    def added(self, n):
        """Up to n entries that the tree takes."""
        entries = []
        for _ in range(n):
            e = self.entry()
            if self.attempt(lambda e=e: self.tree.add(e)):
                entries.append(e)
        return entries

    def again(self, before, marks, entries):
        """The same on what there was before; those that the tree takes."""
        self.tree = copy.deepcopy(before)
        self.tree.whiteouts(marks)
        return [e for e in entries
                if self.attempt(lambda: self.tree.add(e))]

    def layer(self, n):
        """The entries of a further layer of n, in their order."""
        before = copy.deepcopy(self.tree)
        marks = [self.mark() for _ in range(self.rng.randrange(4))
                 if self.tree.layer]
        if not self.attempt(lambda: self.tree.whiteouts(marks)):
            marks = []
            self.tree.whiteouts(marks)
        self.marked = [mark.path for mark in marks]
        added = self.added(n)
        if self.tree.behind and self.tree.first():
            # Whiteouts behind a link act last, wherever they stand.
            marks = []
            added = self.again(before, marks, added)
        if self.tree.anew():
            for e in added:
                e.mtime = 0
            added = self.again(before, marks, added)
        if self.tree.first() or any(
                e.kind == b"2" and (m.path + b"/").startswith(e.path + b"/")
                for e in added for m in marks):
            return marks + added
        for mark in marks:
            added.insert(self.rng.randrange(len(added) + 1), mark)
        return added
