# SPDX-License-Identifier: ISC
# shellcheck shell=sh disable=SC2034
# The layout that t/mkimage and t/mkindex write.  Its index.json has one
# descriptor a line, so that sed can replace one.  Uses $work, $digest, $size.

# layout_name DIR[:TAG]: sets $layout and $tag, "latest" when there is none.
layout_name() {
	layout=$1 tag=latest
	case ${1##*/} in
	*:*) layout=${1%:*} tag=${1##*:} ;;
	esac
}

layout_make() {
	mkdir -p "$layout/blobs/sha256"
	echo '{"imageLayoutVersion":"1.0.0"}' >"$layout/oci-layout"
}

# layout_add MEDIA-TYPE [PLATFORM]: name the manifest $digest $tag.
layout_add() {
	platform_json=
	if [ "${2-}" ]; then
		platform_json=",\"platform\":$(layout_platform "$2")"
	fi
	{
		if [ -f "$layout/index.json" ]; then
			sed '1d; $d; s/,$//' "$layout/index.json" |
				grep -vF "ref.name\":\"$tag\"" || :
		fi
		printf '{"mediaType":"%s","digest":"%s","size":%s%s,%s}}\n' \
			"$1" "$digest" "$size" "$platform_json" "$(printf \
			'"annotations":{"%s.ref.name":"%s"' \
			org.opencontainers.image "$tag")"
	} >"$work/index"
	{
		echo '{"schemaVersion":2,"manifests":['
		sed '$!s/$/,/' "$work/index"
		echo ']}'
	} >"$work/index.json"
	mv "$work/index.json" "$layout/index.json"
}

# The descriptor of $tag, from a layout of this kind.
layout_find() {
	sed 's/,$//' "$layout/index.json" | grep -F "ref.name\":\"$tag\""
}

layout_platform() {
	platform_rest=${1#*/}
	case $platform_rest in
	*/*)
		printf '{"os":"%s","architecture":"%s","variant":"%s"}' \
			"${1%%/*}" "${platform_rest%%/*}" "${platform_rest#*/}"
		;;
	*)
		printf '{"os":"%s","architecture":"%s"}' "${1%%/*}" \
			"$platform_rest"
		;;
	esac
}
