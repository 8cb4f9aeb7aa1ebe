#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-fetch and registries.conf: mirrors, places, what is blocked, names
# without a host, which files are read, and what is wrong with one.
. "${0%/*}/lib.sh"
. "$top/t/badregistry.sh"
need docker-registry curl python3

echo hello >file && tar -cf a.tar file
"$top/t/mkimage" img:latest a.tar >digest || bail "no image"
digest=$(cat digest)
registry_start
image=$registry/img
"$top/t/pushimage" img:latest "$image:latest" || bail "no push"
badregistry_start img
HOME=$tmp/home XDG_RUNTIME_DIR=$tmp
export HOME XDG_RUNTIME_DIR
unset REGISTRY_AUTH_FILE DOCKER_CONFIG XDG_CONFIG_HOME \
	CONTAINERS_REGISTRIES_CONF CONTAINERS_REGISTRIES_CONF_DIR \
	REGISTRIES_CONFIG_PATH
unset http_proxy https_proxy all_proxy no_proxy HTTP_PROXY HTTPS_PROXY \
	ALL_PROXY NO_PROXY

conf() { # LINE...: are registries.conf
	printf '%s\n' "$@" >conf
}
fetch() {
	: >"$requests"
	oci-fetch -m --registries-conf conf "$@"
}
asked() { # NAME REGEX NUMBER
	is "$1" "$(grep -cE "$2" "$requests")" "$3"
}

# Mirrors, and who is asked for what.
mirror="[[registry]]
location='nowhere.invalid'
[[registry.mirror]]
location='$bad/none/img/'
[[registry.mirror]]
location='$bad/open'"
conf "$mirror"
ok "mirrors" fetch nowhere.invalid/img
asked "are asked in their order" "GET /v2/open/img/manifests/latest - -" 1
said "with a word of the first" \
	"nowhere.invalid/img:latest: not had from the mirror $bad/none/img: HTTP status 404"
asked "none is told of a namespace" "ns=" 0
for use in all digest-only tag-only; do
	conf "$mirror" "pull-from-mirror='$use'"
	run fetch nowhere.invalid/img
	by_tag=$status
	run fetch "nowhere.invalid/img@$digest"
	is "pull-from-mirror=$use" "$by_tag$status" "$(case $use in
	all) echo 00 ;; digest-only) echo 10 ;; tag-only) echo 01 ;; esac)"
done
conf "[[registry]]" "location='nowhere.invalid'" mirror-by-digest-only=true \
	"[[registry.mirror]]" "location='$bad/open'"
ok "mirror-by-digest-only: by digest" fetch "nowhere.invalid/img@$digest"
fails "and not by tag" fetch nowhere.invalid/img
asked "for which it isn't asked" . 0
ok "--mirror comes first" fetch --mirror "$bad/moved" "nowhere.invalid/img@$digest"
asked "and serves" "GET /v2/moved" 2
conf "[[registry]]" "prefix='*.example.invalid'" "location='$bad/open'"
ok "a domain's place" fetch a.b.example.invalid/img
conf "[[registry]]" "prefix='example.invalid/team'" "location='$bad/basic'"
fails "--creds for the name aren't its place's" \
	fetch --creds user:pass:word example.invalid/team/img
asked "which is asked" "GET /v2/basic/img" 1
asked "and shown nothing" "Basic" 0
conf "[[registry]]" "prefix='example.invalid'" "location='a..b/x'"
fails "a place that can't be" fetch example.invalid/img
said "is said, and where" \
	"^oci-fetch: conf: example.invalid/img:latest would be a..b/x/img:latest"

# Blocked.
conf "[[registry]]" "location='$registry'" blocked=true
fails "a blocked registry" fetch "$image"
said "is named, with the file" \
	"^oci-fetch: $image:latest is blocked by conf, $registry$"
fails "also for its tags" oci-fetch -t --registries-conf conf "$image"
conf "[[registry]]" "location='$registry'" blocked=true \
	"[[registry.mirror]]" "location='$bad/open'"
ok "but for its mirror" fetch "$image"
conf "[[registry]]" "prefix='evil.example'" "location='$registry'" blocked=true
fails "a blocked name that is elsewhere" fetch evil.example/img
said "is named, with its rule" \
	"^oci-fetch: evil.example/img:latest is blocked by conf, evil.example$"
conf "[[registry]]" "prefix='evil.example'" "location='$registry'" blocked=true \
	"[[registry.mirror]]" "location='$bad/open'"
ok "is had from its mirror, too" fetch evil.example/img
conf "[[registry]]" "location='$registry'" blocked=true \
	"[[registry.mirror]]" "location='$bad/late'"
fails "which hasn't got it" fetch "$image"
said "then it is blocked" "is blocked by conf"
conf "[[registry]]" "location='$bad'" blocked=true "$mirror"
fails "mirrors on a blocked host" fetch nowhere.invalid/img
asked "aren't asked" . 0
fails "nor is that place of --mirror" fetch --mirror "$bad/open" \
	nowhere.invalid/img
asked "asked" . 0

conf "[[registry]]" "location='docker.io'" blocked=true
for name in docker.io docker.io:443 index.docker.io:443 \
	Registry-1.docker.io:443; do
	fails "a blocked registry as $name" fetch "$name/a/b"
	said "is blocked" "docker.io/a/b:latest is blocked by conf, docker.io$"
done
conf "[[registry]]" "location='a.example:443'" blocked=true
fails "a port that needn't be said" fetch a.example/b
said "is blocked" "a.example/b:latest is blocked by conf, a.example:443$"

# Insecure: a server without authority, and another at the same host.
mkdir tls && certificate_make tls
plain=$bad plain_requests=$requests
badregistry_start img "$tmp/tls"
first=$bad
badregistry_start img "$tmp/tls"
second=$bad
# On this machine https is for those that there are certificates for.
mkdir -p "$HOME/.config/containers/certs.d/$first" \
	"$HOME/.config/containers/certs.d/$second"
rule="[[registry]]
location='$second'"
conf "$rule"
fails "a server without authority" fetch "$second/open/img"
said "isn't known" "ertificate"
conf "$rule" insecure=true
ok "an insecure one needs none" fetch "$second/open/img"
conf "[[registry]]" "prefix='nowhere.invalid'" "location='$second/open'"
ok "--tls-verify=false is for the place of a name" fetch --tls-verify=false \
	nowhere.invalid/img
mkdir certs && cp tls/ca.pem certs/ca.crt
ok "as --cert-dir is" fetch --cert-dir certs nowhere.invalid/img
conf "$rule" "[[registry.mirror]]" "location='$first/open'" insecure=true
ok "an insecure mirror needs none" fetch "$second/img"
conf "$rule" "[[registry.mirror]]" "location='$first/none'" insecure=true
fails "the registry at another port of its host does" fetch "$second/open/img"
said "which has nothing of it" "ertificate"
asked "and isn't asked" "GET /v2/open" 0
bad=$plain requests=$plain_requests

# Names without a host.
conf "unqualified-search-registries=['docker.io']"
fails "docker.io is what it was" fetch --mirror "$bad/none" img
for list in "'docker.io', 'quay.io'" "" "'quay.io'"; do
	conf "unqualified-search-registries=[$list]"
	exits 2 "a name without a host, and [$list]" fetch img:1
	said "has a suggestion" \
		"^oci-fetch: img:1: name its registry, too: (docker.io/library|quay.io)/img:1"
done
conf "[aliases]" "'img'='quay.io/a/img'" "'x/y'='docker.io/x/y'"
exits 2 "an alias" fetch img:1
said "is a suggestion" "quay.io/a/img:1, say .conf has that"
fails "one that is docker.io's" fetch --mirror "$bad/none" x/y
said "is followed there" "docker.io/x/y:latest"

# Which files are read.
own=home/.config/containers
mkdir -p $own/registries.conf.d
blocks() { # FILE NAME
	printf '[[registry]]\nlocation="%s"\nblocked=true\n' "$2" >"$1"
}
says() { # NAME FILE: the registry's image is blocked by that
	fails "$1" oci-fetch -m "$image"
	said "is read" "blocked by .*$2,"
}
blocks $own/registries.conf "$registry"
says "one's own file" /containers/registries.conf
printf '[[registry]]\nlocation="%s"\n' "$registry" >$own/registries.conf.d/b.conf
ok "its drop-in has the last word" oci-fetch -m "$image"
blocks $own/registries.conf.d/c.conf "$registry"
blocks $own/registries.conf.d/d.config "$bad"
says "the last of these" d/c.conf
ok "other files aren't drop-ins" oci-fetch -m "$bad/open/img"
conf ""
ok "--registries-conf is read alone" fetch "$image"
rm $own/registries.conf.d/[bc].conf
says "one's own file" /containers/registries.conf
REGISTRIES_CONFIG_PATH=older
export REGISTRIES_CONFIG_PATH
fails "a file of podman's older variable has to be there" oci-fetch -m "$image"
said "and is named" "^oci-fetch: older: No such file"
blocks older "$bad"
ok "it stands for one's own" oci-fetch -m "$image"
fails "and is read" oci-fetch -m "$bad/open/img"
said "as its blocks say" "blocked by older,"
CONTAINERS_REGISTRIES_CONF=
export CONTAINERS_REGISTRIES_CONF
says "not where there is the newer one, if only empty" /containers/registries.conf
CONTAINERS_REGISTRIES_CONF=conf
ok "nor where it isn't" oci-fetch -m "$bad/open/img"
ok "that of CONTAINERS_REGISTRIES_CONF stands for it" oci-fetch -m "$image"
blocks $own/registries.conf.d/c.conf "$registry"
says "and not for the drop-ins: the last" d/c.conf
CONTAINERS_REGISTRIES_CONF_DIR=/dev/null
export CONTAINERS_REGISTRIES_CONF_DIR
ok "for which a directory of no drop-ins does" oci-fetch -m "$image"
CONTAINERS_REGISTRIES_CONF_DIR=dir
fails "one that isn't there" oci-fetch -m "$image"
said "is an error" "^oci-fetch: dir: No such file"
mkdir dir && blocks dir/a.conf "$registry"
says "another's drop-in" "dir/a.conf"
unset CONTAINERS_REGISTRIES_CONF CONTAINERS_REGISTRIES_CONF_DIR \
	REGISTRIES_CONFIG_PATH
rm $own/registries.conf.d/c.conf $own/registries.conf
printf '[[registry]]\nlocation="%s"\n' "$registry" >$own/registries.conf.d/b.conf
if [ "$(id -u)" = 0 ] && [ -d /etc/containers ] && unshare -m true 2>/dev/null
then
	mkdir -p etc/registries.conf.d
	blocks etc/registries.conf "$bad"
	blocks etc/registries.conf.d/x.conf "$registry"
	system() {
		# shellcheck disable=SC2016
		unshare -m sh -c 'mount --bind etc /etc/containers &&
			exec oci-fetch -m "$@"' sh "$@"
	}
	fails "the machine's file" system "$bad/open/img"
	said "is read" "blocked by /etc/containers/registries.conf,"
	ok "one's own drop-in comes after the machine's" system "$image"
	rm $own/registries.conf.d/b.conf
	fails "which is read as well" system "$image"
	said "with its name" "blocked by /etc/containers/registries.conf.d/x.conf,"
	# shellcheck disable=SC2016
	fails "beside the file of a variable, too," \
		env CONTAINERS_REGISTRIES_CONF=/dev/null unshare -m sh -c '
		mount --bind etc /etc/containers &&
			exec oci-fetch -m "$@"' sh "$image"
	said "also" "blocked by /etc/containers/registries.conf.d/x.conf,"
	: >$own/registries.conf
	ok "one's own file stands for both" system "$image"
	blocks $own/registries.conf "$registry"
	echo "root:x:0:0::$HOME:/bin/sh" >passwd
	# shellcheck disable=SC2016
	fails "one's own file, where HOME isn't said," unshare -m sh -c '
		mount --bind passwd /etc/passwd &&
			exec env -u HOME oci-fetch -m "$@"' sh "$image"
	said "is the user database's" "blocked by $HOME/.config/containers/"
else
	skip 10 "no mount namespace with /etc/containers here"
fi
rm -f $own/registries.conf

# What is wrong is fatal, named or not.
echo 'blocked=' >$own/registries.conf
fails "a broken file that nobody named" oci-fetch -m "$image"
said "is fatal" "home/.config/containers/registries.conf:1: a value that"
rm $own/registries.conf && ln -s nowhere $own/registries.conf.d/x.conf
fails "one that can't be read" oci-fetch -m "$image"
said "is, too" "registries.conf.d/x.conf: No such file"
rm $own/registries.conf.d/x.conf
fails "one that isn't there" oci-fetch --registries-conf nowhere -m "$image"
said "is named" "^oci-fetch: nowhere: No such file"
head -c 1200000 /dev/zero | tr '\0' '#' >conf
fails "one of more than a MiB" fetch "$image"
said "is too large" "^oci-fetch: conf: File too large"
wrong() { # LINE REASON FILE-LINE...
	line=$1 reason=$2
	shift 2
	conf "$@"
	fails "wrong: $reason" fetch "$image"
	said "  is said of its line" "^oci-fetch: conf:$line: .*$reason"
}
wrong 2 "location is not a string" "[[registry]]" location=true
wrong 3 "blocked is neither" "[[registry]]" "location='x.y'" blocked="'true'"
wrong 3 "is there already" "[[registry]]" blocked=false Blocked=true
wrong 1 "without prefix and location" "[[registry]]"
wrong 1 "without a location" "[[registry]]" "prefix='x.y'"
for prefix in '*' '*.localhost:5' '*.x/img' 'x.y/img*' 'x.y//img' ' x.y'; do
	wrong 2 "no name begins with" "" "[[registry]]" "prefix='$prefix'" \
		"location='x.y'" blocked=true
done
wrong 1 "no name begins with" "[[registry]]" "location=' x.y'" blocked=true
wrong 2 "is a URL" "[[registry]]" "location='https://x.y'"
wrong 3 "a mirror without" "[[registry]]" "location='x.y'" "[[registry.mirror]]"
wrong 3 "is none of all" "[[registry]]" "location='x.y'" \
	"mirror=[{location='z', pull-from-mirror='never'}]"
for key in blocked=true prefix="'x.y'"; do
	wrong 3 "for a registry, not its mirror" "[[registry]]" \
		"location='x.y'" "[[registry.mirror]]" "location='z.z'" "$key"
done
wrong 1 "isn't for a registry" "[[registry]]" "location='x.y'" \
	"pull-from-mirror='all'"
wrong 4 "beside mirror-by-digest-only" "[[registry]]" "location='x.y'" \
	mirror-by-digest-only=true "[[registry.mirror]]" "location='z.z'" \
	"pull-from-mirror='all'"
wrong 3 "has insecure or blocked otherwise" "[[registry]]" "location='x.y'" \
	"[[registry]]" "location='x.y'" "prefix='z'" blocked=true
wrong 1 "registry is no list of tables" "[registry]" "location='x.y'"
wrong 4 "has insecure or blocked otherwise" "[[registry]]" "prefix='*.x.y'" \
	insecure=true "[[registry]]" "prefix='*.x.y'"
wrong 1 "of version 1" "[registries.block]" "registries=['x.y']"
wrong 1 "of version 1" "[[registries]]" "block=1"
wrong 1 "of version 1" "[[registries.block]]" "registries=['x.y']"
for host in https://x.y x.y/z '*.x' ''; do
	wrong 1 "is no list of hosts" "unqualified-search-registries=['$host']"
done
wrong 1 "credential-helpers is no list of strings" "credential-helpers='x'"
wrong 1 "short-name-mode is none of" "short-name-mode='ask'"
for alias in "'x.y/img'='x.y/z'" "'img:1'='x.y/z'" "'IMG'='x.y/z'" \
	"'localhost/x'=''" "img='z'" "img='x.y/z:1'" "img='x.y/z@$digest'"; do
	wrong 2 "no alias: " "[aliases]" "$alias"
done

# Words that nobody knows forbid nothing, and are named.
unknown() { # LINE WORD FILE-LINE...
	line=$1 word=$2
	shift 2
	conf "$@"
	ok "a misspelt $word" fetch "$image"
	said "  is named" "^oci-fetch: conf:$line: passed over: $word is not known"
	is "  alone" "$(grep -c . "$err")" 1
}
unknown 1 registrys "[[registrys]]" "location='x.y'"
unknown 3 blokced "[[registry]]" "location='$registry'" blokced=true
unknown 4 pull "[[registry]]" "location='x.y'" "[[registry.mirror]]" pull=1 \
	"location='z.z'"
unknown 3 mirror_by_digest_only "[[registry]]" "Location='x.y'" \
	mirror_by_digest_only=true
conf "short-name-mode='enforcing'" "credential-helpers=[]" \
	"additional-layer-store-auth-helper='x'" \
	"unqualified-search-registries=['x.y/', 'localhost:5']" "[aliases]" \
	"a='x.y/z'" "b=''" "[registries.search]" "registries=[]"
ok "what is only for others" fetch "$image"
is "is known" "$(cat "$err")" ""

done_testing
