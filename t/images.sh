# SPDX-License-Identifier: ISC
# shellcheck shell=sh disable=SC2034,SC2154
# Root file systems and images for the tests.  Uses $top of the script.

# busybox_rootfs DIR: a small root file system of busybox and its applets,
# hard links as in the image of that name.
busybox_rootfs() {
	mkdir -p "$1" && (
		cd "$1" || exit 1
		umask 022
		mkdir -p bin dev etc home proc root sys tmp usr/bin var/tmp
		chmod 1777 tmp var/tmp
		chmod 700 root
		cp "$(command -v busybox)" bin/busybox
		bin/busybox --install "$PWD/bin"
		printf '%s\n' root:x:0:0:root:/root:/bin/sh \
			daemon:x:1:1:daemon:/usr/sbin:/bin/false \
			user:x:1000:1000:user:/home:/bin/sh \
			nobody:x:65534:65534:nobody:/home:/bin/false >etc/passwd
		printf '%s\n' root:x:0: daemon:x:1: audio:x:29:user \
			user:x:1000: nogroup:x:65534: >etc/group
	)
}

# busybox_image DIR[:TAG] [OPTION...]: the layout of an image of that, made
# with the further options of t/mkimage (Cmd is sh unless they say something);
# prints the manifest's digest.
busybox_image() {
	images_rootfs=$(mktemp -d "$tmp_base/rootfs.XXXXXX") &&
	chmod 755 "$images_rootfs" &&
	busybox_rootfs "$images_rootfs" &&
	images_to=$1 && shift || return
	case " $* " in
	*" --cmd "* | *" --entrypoint "*) ;;
	*) set -- --cmd sh "$@" ;;
	esac
	"$top/t/mkimage" --env PATH=/bin:/usr/bin "$@" \
		"$images_to" "$images_rootfs" &&
	rm -rf "$images_rootfs"
}

# debian_image: sets $debian to a layout with the one image "debian", a root
# file system of 200 MB.  Skips the test where there is no way to make it,
# which a machine of CI has to have.
debian_image() {
	images_status=0
	debian=$("$top/t/debian-image" 2>"$err") || images_status=$?
	case $images_status${CI:+ci} in
	0*) ;;
	77) skip_all "$(tail -n 1 "$err")" ;;
	*) bail "t/debian-image: $(tail -n 1 "$err")" ;;
	esac
}
