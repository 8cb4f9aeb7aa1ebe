#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-unpack, --layers, --objects, oci-flatten: what others were reported to get
# wrong in layers, a small case of our own for each, in a directory of its own.
. "${0%/*}/lib.sh"
. "$top/t/unpack.sh"

layer base <<'E'
file deep/b/old "old "
file link/a "a "
file link/b "b "
file gone/a/b/f "f "
file file/a "a "
dir way/usr/lib
symlink way/lib usr/lib
file way/usr/lib/x "old "
file turn/a/b/c/f "f "
dir turn/b
file bin/app "app "
link bin/app.d/main/app bin/app
file one/t2 "old "
link one/t1 one/t2
link one/t3 one/t2
file first/t2 "old "
link first/t1 first/t2
link first/t3 first/t2
dir test/d
file test/d/one "1 "
file marks/m/.wh..wh..opq
file marks/m/f "f "
file marks/m/.wh.g
dir rc mtime=1
dir rc/lib mtime=2
file rc/lib/f "f "
symlink rc/l lib
symlink rc/lib ../lib
dir names/./
file names/f "1 "
file ./names/f "2 "
file /names//f "3 "
E
layer second <<'E'
file deep/.wh.b
file deep/b/c/d "new "
file link/a/.wh.x
file link/.wh.a
dir ./
symlink link/a b
file gone/.wh.a
file file/a/b/.wh.f
dir file/a
dir file/a/b
file file/a/b/g "g "
file way/lib/x "new "
symlink way/lib usr/lib
symlink turn/a b
file turn/a/g "g "
file one/t1 "new "
file first/t2 "new "
file test/.wh.d
E
layer third <<'E'
file gone/a/b/.wh.f
dir ./
dir gone/a
dir gone/a/b
file gone/a/b/g "g "
dir turn/a
file turn/a/h "h "
dir test/d
E
layer fourth <<'E'
file test/d/two "2 "
E
unpacks "layers that others were reported to get wrong" \
	base.tar second.tar third.tar fourth.tar

# holds DIR NAME WANTED: all there is in it, links with what they lead to and
# files with what is in them.
holds() {
	is "$2" "$(cd "r/$1" && find . -mindepth 1 \( -type l \
		-printf '%P>%l ' -o -type d -printf '%P/ ' -o -printf '%P=' \
		-exec cat {} \; \) | tr ' ' '\n' | sort | xargs)" "$3"
}
# umoci 546
holds deep "a whiteout, and a file deep below that name" "b/ b/c/ b/c/d=new"
# kaniko 2308
holds link "a whiteout in what a link replaces" "a>b b=b"
# containerd 4659
holds gone "a whiteout below a directory that is gone" "a/ a/b/ a/b/g=g"
holds file "a whiteout below what is a file" "a/ a/b/ a/b/g=g"
# kaniko 1038
holds way "a file through a link that comes again" \
	"lib>usr/lib usr/ usr/lib/ usr/lib/x=new"
# kaniko 380
holds turn "a full directory becomes a link, and that a directory" \
	"a/ a/h=h b/ b/g=g"
# apple/container 1797
holds bin "a hard link in a directory without an entry" \
	"app.d/ app.d/main/ app.d/main/app=app app=app"
# go-containerregistry 2002
holds one "one of three names becomes another file" "t1=new t2=old t3=old"
has "the others stay one" %h one/t3 2
holds first "or the name that the others were linked to" "t1=old t2=new t3=old"
has "the others stay one" %h first/t3 2
# go-containerregistry 2029
holds test "a directory goes and comes in layers of their own" "d/ d/two=2"
# go-containerregistry 1623
holds marks "markers where nothing is below" "m/ m/f=f"
# moby 33958
holds rc "a directory that doesn't last to the end of the layer" \
	"l>lib lib>../lib"
has "the one above has its time" %Y rc 1
# go-containerregistry 2399
holds names "one name, written in several ways" "f=3"
unpack_clean
done_testing
