# SPDX-License-Identifier: ISC
"""What layers make of a tree, by the rules alone (image-spec layer.md): a
layer's whiteouts act on what is below it, then its entries are added, one
after the other."""

LINKS_MAX = 40  # on the way of a path
BYTES_MAX = 4096  # of their targets together


class Refused(Exception):
    """What the rules have no answer to: not to be in a layer."""


class Node:
    """A file, which may have several names, or a directory."""

    def __init__(self, kind, layer, **of):
        self.kind = kind  # as tar's type: b"0" a file, b"5" a directory, ...
        self.layer = layer  # the last that had an entry for it
        self.born = layer  # the one that made it
        self.mode, self.uid, self.gid = 0o755, 0, 0
        self.mtime = 0  # in nanoseconds
        self.spoken = False  # whether an entry speaks of it
        self.xattrs = {}
        self.data, self.holes = b"", False
        self.target = b""
        self.device = (0, 0)
        self.children = {} if kind == b"5" else None
        self.__dict__.update(of)


class Tree:
    """The root, and what the layer that is being applied has come by."""

    def __init__(self):
        self.root = Node(b"5", 0)
        self.layer = 0
        self.passed = set()  # symbolic links that paths went through
        self.hidden = set()  # those that the whiteouts took away
        self.behind = False  # whether a whiteout is behind one
        self.marks = []
        self.lower = set()  # the directories of the layers below
        self.links = self.bytes = 0
        self.now = 0

    def enter(self, path, make, at=None, above=()):
        """The directory of a path, and those above it; made if missing."""
        above = list(above) if at else []
        at = at or self.root
        for name in path.split(b"/"):
            if name in (b"", b"."):
                continue
            if name == b"..":
                at = above.pop() if above else self.root
                continue
            child = at.children.get(name)
            if child and child.kind == b"2":
                self.links += 1
                self.bytes += len(child.target)
                if self.links > LINKS_MAX or self.bytes >= BYTES_MAX:
                    raise Refused("too many links")
                self.passed.add(child)
                if child.target.startswith(b"/"):
                    at, above = self.enter(child.target, make)
                else:
                    at, above = self.enter(child.target, make, at, above)
                if at is None:
                    return None, []
                continue
            if not child or child.kind != b"5":
                if not make:
                    return None, []
                if child and child.layer == self.layer:
                    raise Refused("a file of this layer is in the way")
                child = Node(b"5", self.layer, mtime=self.now)
                at.children[name] = child
            above.append(at)
            at = child
        return at, above

    def place(self, path, make):
        """The directory that a name is in, or None, and the name there."""
        self.links = self.bytes = 0
        directory, _, name = path.rpartition(b"/")
        return self.enter(directory, make)[0], name

    def hide(self, entry):
        """A whiteout, or an opaque directory: what is hidden."""
        if entry.kind == "opaque":
            self.links = self.bytes = 0
            at = self.enter(entry.path, False)[0]
            if not at:
                return []
            hidden = list(at.children.values())
            at.children.clear()
            return hidden
        at, name = self.place(entry.path, False)
        return [at.children.pop(name)] if at and name in at.children else []

    def add(self, entry):
        self.now = entry.mtime
        if not entry.path:
            self.attributes(self.root, entry)
            return
        if entry.kind == b"1":
            self.link(entry)
            return
        at, name = self.place(entry.path, True)
        old = at.children.get(name)
        if entry.kind == b"5" and old and old.kind == b"5":
            self.attributes(old, entry)
            return
        new = Node(entry.kind, self.layer)
        self.attributes(new, entry)
        at.children[name] = new

    def attributes(self, node, entry):
        for name in "mode", "uid", "gid", "mtime", "xattrs":
            setattr(node, name, getattr(entry, name))
        if node.kind != b"5":
            node.data, node.target = entry.data, entry.target
            node.device = entry.device
            node.holes = bool(entry.segments is not None and entry.data)
        node.layer, node.spoken = self.layer, True

    def link(self, entry):
        at, name = self.place(entry.target, False)
        node = at.children.get(name) if at else None
        if not node or node.kind == b"5":
            raise Refused("a link to nothing, or to a directory")
        to, new = self.place(entry.path, True)
        # What had to go to make that directory may have been the file.
        at, name = self.place(entry.target, False)
        if not at or at.children.get(name) is not node:
            raise Refused("a link to what it replaces")
        node.layer = self.layer
        if to.children.get(new) is node:
            return
        if contains(to.children.get(new), at):
            raise Refused("a link to what it replaces")
        to.children[new] = node

    def whiteouts(self, layer):
        """Hide what they say, before all else; remember where they led."""
        self.layer += 1
        self.passed = set()
        self.lower = {p for p, n in walk(self.root) if n.kind == b"5"}
        self.marks, hidden = [], []
        for entry in layer:
            self.marks.append((entry, self.marked(entry)))
            hidden += self.hide(entry)
        self.hidden, self.behind = set(links(hidden)), bool(self.passed)
        if self.hidden & self.passed:
            raise Refused("a whiteout behind a link that another one hides")

    def marked(self, entry):
        """The directory that a whiteout is in."""
        self.links = self.bytes = 0
        path = entry.path
        if entry.kind == "whiteout":
            path = path.rpartition(b"/")[0]
        return self.enter(path, False)[0]

    def anew(self):
        """Whether a directory was hidden and made again without an entry of
        its own: its time is the layer's, but which entry's isn't said."""
        return any(path in self.lower and node.born == self.layer and
                   not node.spoken for path, node in walk(self.root))

    def first(self):
        """Whether the whiteouts must come before the layer's other entries:
        behind them they would lead elsewhere, or hide what those went
        through."""
        try:
            now = [self.marked(entry) for entry, _ in self.marks]
        except Refused:
            return True
        if self.hidden:
            return True
        for node, (_, was) in zip(now, self.marks):
            made = node is None or node.born == self.layer
            if node is not was and (self.behind or not made):
                return True
        return False


def contains(node, directory):
    """Whether a directory is that node, or in it."""
    return node and node.children is not None and (node is directory or any(
        contains(child, directory) for child in node.children.values()))


def walk(node, path=b"."):
    yield path, node
    for name, child in sorted((node.children or {}).items()):
        yield from walk(child, path + b"/" + name)


def links(nodes):
    return [n for top in nodes for _, n in walk(top) if n.kind == b"2"]
