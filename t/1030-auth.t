#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-fetch: credentials from where users have them, Basic and Bearer, what
# is shown to whom; https with an authority of one's own.
. "${0%/*}/lib.sh"
. "$top/t/badregistry.sh"
need python3 docker-registry curl htpasswd openssl base64

echo hello >file && tar -cf a.tar file
"$top/t/mkimage" img:latest a.tar a.tar >/dev/null || bail "no image"
badregistry_start img
unset REGISTRY_AUTH_FILE DOCKER_CONFIG XDG_CONFIG_HOME
HOME=$tmp/home XDG_RUNTIME_DIR=$tmp/run
export HOME XDG_RUNTIME_DIR
mkdir -p home/.docker home/.config/containers run/containers bin docker
coded=$(printf user:pass:word | base64)
basic=$bad/basic/img

fetch() {
	oci-fetch "$@" >x.tar
}

# config FILE KEY [MEMBERS]: credentials that are right, or what is said.
config() {
	printf '{"auths":{"%s":{%s}}}\n' "$2" "${3-\"auth\":\"$coded\"}" >"$1"
}

fails "Basic without credentials" fetch "$basic"
said "tells what to do" "$bad: it wants a user name and password"
ok "--creds" fetch --creds user:pass:word "$basic"
ok "--creds that nobody asks for" fetch --creds user:pass:word "$bad/open/img"
said "are not sent, with a warning" "creds: $bad has not asked for credentials"
fails "also on failure" fetch --creds user:pass:word "$bad/gone/img"
said "the same" "creds: $bad has not asked for credentials"
fails "wrong ones" fetch --creds user:pass "$basic"
said "are refused" "401.*because"

echo user:pass:word >line
ok "--creds-file" fetch --creds-file line "$basic"
ok "from a pipe" sh -c "oci-fetch -m --creds-file /dev/stdin $basic <line"
ok "that nobody asks for" fetch --creds-file line "$bad/open/img"
said "is not read, with a warning" "creds-file: $bad has not asked"
for line in nobody :word ""; do
	echo "$line" >wrong
	fails "a line of $line" fetch --creds-file wrong "$basic"
	said "is none" "wrong: its first line is not USER:PASSWORD"
done
for image in "$basic" "$bad/open/img"; do
	: >"$requests"
	fails "a file that isn't there" fetch --creds-file nowhere "$image"
	said "is named" "nowhere: No such file"
	is "before anything is asked" "$(cat "$requests")" ""
done

cat >asked.py <<E
import os, pty, select, signal, sys
typed, reference = sys.argv[1:]
pid, fd = pty.fork()
if pid == 0:
    # The shell can't trap what is ignored, as in the background it is.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.execvp("sh", ["sh", "-c", "trap : INT; oci-fetch -m --creds user " + reference +
                     " >/dev/null; echo status \$?; stty -a"])
said = b""
while True:
    try:
        part = os.read(fd, 1000)
    except OSError:
        break
    if not part:
        break
    said += part
    if b"Password of" in said and typed:
        os.write(fd, typed.encode().decode("unicode_escape").encode())
        typed = ""
print(said.decode())
E
ok "--creds with a user alone" python3 asked.py 'pass:word\n' "$basic"
printed "asks at the terminal" "^Password of user at $bad: "
is "doesn't show it" "$(grep -c pass:word "$out")" 0
printed "and uses it" "^status 0"
ok "one that is wrong" python3 asked.py 'x\n' "$basic"
printed "is refused" "credentials of user in --creds"
ok "a user who breaks off" python3 asked.py '\003' "$basic"
printed "ends it" "status 130"
printed "gets the terminal back as it was" " echo "
ok "a user who has none" python3 asked.py '\004' "$basic"
printed "says so" "no password was given for user"
ok "where nobody asks" python3 asked.py '' "$bad/open/img"
is "nor is the user asked" "$(grep -c Password "$out")" 0

# In a group of its own, as a shell that has jobs would have it: one without
# a parent in its session can't be stopped.
cat >stopped.py <<'E'
import os, pty, signal, sys
pid, fd = pty.fork()
if pid == 0:
    r, w = os.pipe()
    job = os.fork()
    if job == 0:
        os.setpgid(0, 0)
        os.close(w)
        os.read(r, 1)
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.dup2(os.open("/dev/null", os.O_WRONLY), 1)
        os.execvp("oci-fetch", ["oci-fetch", "-m"] + sys.argv[1:])
    os.setpgid(job, job)
    os.tcsetpgrp(0, job)
    os.close(w)
    _, status = os.waitpid(job, os.WUNTRACED)
    os.write(1, b"stopped" if os.WIFSTOPPED(status) else
             b"status %d" % os.waitstatus_to_exitcode(status))
    if os.WIFSTOPPED(status):
        os.killpg(job, signal.SIGKILL)
    os._exit(0)
said, typed = b"", False
while True:
    try:
        part = os.read(fd, 1000)
    except OSError:
        break
    if not part:
        break
    said += part
    if b"Password of" in said and not typed:
        typed = os.write(fd, b"\032pass:word\n")
print(said.decode())
E
ok "Ctrl-Z at the prompt" timeout 20 python3 stopped.py --creds user "$basic"
printed "stops nothing" "status 0"
cat >bin/docker-credential-slow <<'E'
#!/bin/sh
echo "Password of" >/dev/tty
sleep 10
E
chmod +x bin/docker-credential-slow
printf '{"credHelpers":{"%s":"slow"}}' "$bad" >slow
ok "Ctrl-Z while a program looks for it" env PATH="$tmp/bin:$PATH" \
	timeout 20 python3 stopped.py --authfile slow "$basic"
printed "stops both" stopped

for file in home/.docker/config.json home/.config/containers/auth.json \
	run/containers/auth.json; do
	config "$file" "$bad"
	ok "$file" fetch "$basic"
	fails "  --anonymous" fetch --anonymous "$basic"
	rm "$file"
done
config docker/config.json "https://$bad/v1/"
DOCKER_CONFIG=docker && export DOCKER_CONFIG
ok "DOCKER_CONFIG, and a key that is a URL" fetch "$basic"
config docker/config.json "$bad/"
ok "a key with a slash at its end" fetch "$basic"
config docker/config.json "$bad" "\"username\":\"user\",\"password\":\"pass:word\""
ok "user and password apart" fetch "$basic"
config run/containers/auth.json other.example
ok "a file with others' credentials is passed over" fetch "$basic"
config one "$bad"
rm docker/config.json
ok "--authfile" fetch --authfile one "$basic"
ok "REGISTRY_AUTH_FILE" env REGISTRY_AUTH_FILE=one \
	oci-fetch -m "$basic"
fails "an authfile that isn't there" fetch --authfile none "$basic"
said "is named" "none: No such file"
ok "but not looked at when nothing asks" fetch --authfile none "$bad/open/img"

for key in "$bad/v1/" "$bad/v2/" "$bad/v1" "http://$bad/v2/" "https://$bad"; do
	config one "$key"
	ok "the key $key" fetch --authfile one "$basic"
done
for other in "https://$bad/v1/" "$bad/v2/"; do
	printf '{"auths":{"%s":{"auth":"eDp5"},"%s":{"auth":"%s"}}}' \
		"$other" "$bad" "$coded" >one
	ok "the host alone before $other" fetch --authfile one "$basic"
done
printf '{"auths":{"%s/v2/":{"auth":"eDp5"},"https://%s":{"auth":"%s"}}}' \
	"$bad" "$bad" "$coded" >one
ok "a URL before what might be a name" fetch --authfile one "$basic"
config one "$bad/v3/"
fails "a path that is no API's" fetch --authfile one "$basic"

# Where podman login writes without XDG_RUNTIME_DIR.
if [ "$(id -u)" = 0 ] && mkdir -p runs/containers/0 &&
	unshare -m mount --bind runs /run 2>/dev/null; then
	config runs/containers/0/auth.json "$bad"
	without() {
		# shellcheck disable=SC2016
		unshare -m sh -c 'mount --bind runs /run &&
			exec env "$@"' sh "$@"
	}
	ok "/run/containers/UID" without -u XDG_RUNTIME_DIR oci-fetch -m "$basic"
	fails "but not beside the variable" without oci-fetch -m "$basic"
	mkdir -p runs/user/0/containers
	mv runs/containers/0/auth.json runs/user/0/containers
	ok "and /run/user/UID" without -u XDG_RUNTIME_DIR oci-fetch -m "$basic"
else
	skip 3 "no mount namespace here"
fi
printf '{"auths":{"%s":{"auth":"eDp5"},"%s/basic/img":{"auth":"%s"}}}' \
	"$bad" "$bad" "$coded" >one
ok "the longest key" fetch --authfile one "$basic"
printf '{"auths":{"%s/basic/im":{"auth":"%s"}}}' "$bad" "$coded" >one
fails "not a part of a name" fetch --authfile one "$basic"
for broken in '"auth":"!"' '"auth":"eA=="' '"auth":"eDp5=="' '"auth":"eDp5eQ="' \
	'"auth":"eDp5e"' '"auth":"eDp5-w=="' '"auth":"eDoAeQ=="'; do
	config one "$bad" "$broken"
	fails "broken: $broken" fetch --authfile one "$basic"
	said "  is named" "^oci-fetch: one: an auth"
done
for auth in "$(echo "$coded" | tr -d =)" "$coded\\n" \
	"$(printf %s "$coded" | sed 's/..../&\\n/')" \
	"$(printf 'user:pass:word\000\000' | base64)"; do
	config one "$bad" "\"auth\":\"$auth\""
	ok "the auth $auth" fetch --authfile one "$basic"
done

# Who is nobody: asked without credentials, and no error.
tokens="$bad/token/img"
for nobody in '"auth":"Og=="' '"auth":"Og"' '"auth":""' '"auth":null' \
	'"username":"","password":""' '"identitytoken":""' '"auth":[]'; do
	config one "$bad" "$nobody"
	ok "nobody: $nobody" fetch --authfile one "$tokens"
	is "without a word" "$(cat "$err")" ""
done
for empty in '{}' null '{"auths":null}' "{\"auths\":{\"$bad\":null}}" \
	'{"auths":["x"]}' "{\"credHelpers\":{\"$bad\":\"\"}}" \
	"{\"credHelpers\":{\"$bad\":\"\"},\"credsStore\":\"none\"}" \
	'{"credHelpers":null,"credsStore":""}' '{"credsStore":null}' \
	"{\"credHelpers\":{\"$bad\":null}}"; do
	printf %s "$empty" >one
	ok "nobody: $empty" fetch --authfile one "$tokens"
	is "without a word" "$(cat "$err")" ""
done
is "asked as nobody" "$(grep -c "^TOKEN none" "$requests")" 17
printf '{"auths":{"%s":{"auth":"%s"}},"credHelpers":{"%s":""}}' \
	"$bad" "$coded" "$bad" >one
ok "a helper without a name, and an auth" fetch --authfile one "$basic"

# Places: named ones have to be right, others are passed over.
mkdir named
spoil() { # FILE HOW
	rm -rf "$1"
	case $2 in
	directory) mkdir "$1" ;;
	empty) : >"$1" ;;
	loop) ln -s loop "$1" && ln -sf "${1##*/}" "${1%/*}/loop" ;;
	broken) echo '{"auths":' >"$1" ;;
	store) echo '{"credsStore":"nowhere"}' >"$1" ;;
	auth) config "$1" "$bad" '"auth":"!"' ;;
	esac
}
for how in directory empty loop broken store auth; do
	for file in home/.docker/config.json home/.config/containers/auth.json \
		run/containers/auth.json; do
		spoil $file $how
		ok "$how: $file" env -u DOCKER_CONFIG oci-fetch -m "$tokens"
		said "is a warning" "$file: passed over: "
		rm -r $file
	done
	spoil named/config.json $how
	fails "$how: DOCKER_CONFIG" env DOCKER_CONFIG=named oci-fetch -m "$tokens"
	said "is named" "^oci-fetch: named/config.json: "
	fails "$how: REGISTRY_AUTH_FILE" env \
		REGISTRY_AUTH_FILE=named/config.json oci-fetch -m "$tokens"
	fails "$how: --authfile" fetch --authfile named/config.json "$tokens"
done
spoil run/containers/auth.json broken
config home/.docker/config.json "$bad"
ok "and the search goes on" env -u DOCKER_CONFIG oci-fetch -m "$basic"
rm run/containers/auth.json home/.docker/config.json
ok "a DOCKER_CONFIG without a file" fetch "$tokens"

echo '{"auths":' >one
fails "a broken file" fetch --authfile one "$basic"
said "is named" "^oci-fetch: one: is not JSON"

cat >bin/docker-credential-good <<'E'
#!/bin/sh
read -r server
echo "$1 $server" >>helper.log
echo '{"ServerURL":"x","Username":"user","Secret":"pass:word"}'
E
cat >bin/docker-credential-identity <<'E'
#!/bin/sh
cat >/dev/null
echo '{"ServerURL":"x","Username":"<token>","Secret":"identity+/="}'
E
cat >bin/docker-credential-empty <<'E'
#!/bin/sh
echo "credentials not found in native keychain"
exit 1
E
cat >bin/docker-credential-broken <<'E'
#!/bin/sh
echo "the keyring is locked"
exit 1
E
for answer in '"Username":"","Secret":""' '' '"Username":null,"Secret":null' \
	'"Username":"<token>","Secret":""'; do
	n=$((${n-0} + 1))
	# shellcheck disable=SC2016
	printf '#!/bin/sh\ncat >/dev/null\necho '"'{%s}'\n" "$answer" \
		>bin/docker-credential-nobody$n
done
chmod +x bin/*
PATH=$tmp/bin:$PATH
printf '{"credHelpers":{"%s":"good"}}' "$bad" >one
ok "credHelpers" fetch --authfile one "$basic"
is "it was asked for the server" "$(cat helper.log)" "get $bad"
ok "a token that is replaced" fetch -j 1 --authfile one "$bad/expire/img"
is "asks it once more, not each time" "$(wc -l <helper.log)" 2
printf '{"auths":{"%s":{}},"credsStore":"good"}' "$bad" >one
ok "credsStore" fetch --authfile one "$basic"
printf '{"credHelpers":{"%s":"empty"},"auths":{"%s":{"auth":"%s"}}}' \
	"$bad" "$bad" "$coded" >one
ok "a helper that has none" fetch --authfile one "$basic"
for broken in broken none ../x; do
	printf '{"credHelpers":{"%s":"%s"}}' "$bad" $broken >one
	fails "a helper: $broken" fetch --authfile one "$basic"
done
for n in 1 2 3 4; do
	printf '{"credHelpers":{"%s":"nobody%s"}}' "$bad" $n >one
	ok "a helper's nobody" fetch --authfile one "$tokens"
	is "without a word" "$(cat "$err")" ""
done
# Those that don't end, by themselves or at all.
for kind in silent closed deaf endless; do
	{
		echo '#!/bin/sh'
		case $kind in
		silent) echo 'exec sleep 300' ;;
		closed) echo 'exec good 2>&1; exec >&-; exec sleep 300' ;;
		deaf) echo "trap '' TERM; exec >&-; while :; do sleep 1; done" ;;
		endless) echo "trap '' PIPE; yes; exec sleep 300" ;;
		esac
	} | sed 's,exec good 2>&1,docker-credential-good get,' \
		>bin/docker-credential-$kind
	chmod +x bin/docker-credential-$kind
	printf '{"credHelpers":{"%s":"%s"}}' "$bad" $kind >one
	fails "a helper that is $kind" \
		timeout 60 oci-fetch -m --timeout 1 --authfile one "$basic"
	said "is named" "^oci-fetch: one: docker-credential-$kind: it $(
		[ $kind = endless ] && echo 'prints too much$' ||
			echo "didn't answer and end within 1 sec")"
done
cat >bin/docker-credential-daemon <<'E'
#!/bin/sh
sleep 300 &
echo $! >daemon
docker-credential-good get
E
chmod +x bin/docker-credential-daemon
printf '{"credHelpers":{"%s":"daemon"}}' "$bad" >one
ok "a helper that leaves a daemon with its output" \
	timeout 60 oci-fetch -m --timeout 30 --authfile one "$basic"
ok "isn't waited for" kill "$(cat daemon)"
printf 'credential-helpers=["silent","good"]' >conf
ok "one that doesn't end, where there are others" \
	fetch --timeout 5 --registries-conf conf "$basic"
said "is passed over" "passed over: docker-credential-silent: it didn't answer"

mkdir docker-credential-sub && cp bin/docker-credential-good \
	docker-credential-sub/x
printf '{"credHelpers":{"%s":"sub/x"}}' "$bad" >one
fails "a helper that isn't of PATH" fetch --authfile one "$basic"
said "is none" "sub/x: not the name of a credential helper"
# Those of registries.conf, for all registries.
echo 'credential-helpers=["good"]' >conf && : >helper.log
ok "credential-helpers" fetch --registries-conf conf "$basic"
is "it was asked for the host" "$(cat helper.log)" "get $bad"
for first in empty broken none; do
	echo "credential-helpers=['$first','good']" >conf
	ok "the next one after $first" fetch --registries-conf conf "$basic"
	[ $first = empty ] || said "which is named" \
		"^oci-fetch: conf: passed over: docker-credential-$first: "
done
echo 'credential-helpers=["empty"]' >conf
printf '{"auths":{"%s":{"auth":"%s"}}}' "$bad" "$coded" >one
fails "a list without the files" env REGISTRY_AUTH_FILE=one \
	oci-fetch -m --registries-conf conf "$basic"
echo 'credential-helpers=["empty","containers-auth.json"]' >conf
ok "one with them" env REGISTRY_AUTH_FILE=one \
	oci-fetch -m --registries-conf conf "$basic"
echo 'credential-helpers=["good"]' >conf
printf '{}' >one
fails "--authfile stands for all" \
	fetch --registries-conf conf --authfile one "$basic"
echo 'credential-helpers=[]' >conf
config home/.docker/config.json "$bad"
ok "an empty list is as none" env -u DOCKER_CONFIG \
	oci-fetch -m --registries-conf conf "$basic"
rm home/.docker/config.json
printf '{"credHelpers":{"%s":"broken"}}' "$bad" >one
fails "what it says" fetch --authfile one "$basic"
said "is said" "docker-credential-broken: the keyring is locked$"

: >"$requests"
ok "a token for nobody" fetch "$bad/token/img"
is "asked for once" "$(grep -c ^TOKEN "$requests")" 1
ok "with service and scope" grep -q \
	'^TOKEN none service=svc&scope=repository:token/img:pull$' "$requests"
ok "a token for a user" fetch --creds user:pass:word "$bad/token/img"
ok "who is shown to the token server" grep -q '^TOKEN user:pass:word ' \
	"$requests"
is "and not to the registry" "$(grep -c 'token/img.* Basic' "$requests")" 0
fails "a wrong user" fetch --creds user:x "$bad/token/img"
said "is refused" "token server .*refuses these credentials"
ok "a token that expires on the way" fetch -j 1 "$bad/expire/img"
fails "one that is never enough" fetch "$bad/denied/img"
said "is not asked for again and again" "access denied"
is "once" "$(grep -c 'TOKEN.*denied' "$requests")" 1
fails "a token that is none" fetch "$bad/badtoken/img"
said "goes into no header" "its token has characters that no token may have"
echo "http://$bad/longtoken" >img/realm
fails "one of 70000 bytes" fetch "$bad/realm/img"
said "neither" "its token is too long"
echo "http://$bad/othertoken" >img/realm
ok "an access_token beside an empty token" fetch "$bad/realm/img"
printf '{"credHelpers":{"%s":"identity"}}' "$bad" >one
ok "an identity token" fetch --authfile one "$bad/oauth/img"
ok "is exchanged by POST" grep -q '^POST /oauth refresh_token' "$requests"
ok "a server that has no POST" fetch --authfile one "$bad/old/img"
ok "is asked by GET" grep -q '^TOKEN <token>:identity+/= x=y&service=svc' \
	"$requests"

printf '{"credHelpers":{"%s":"identity"}}' "$bad" >one
for code in 400 401 405; do
	echo "http://$bad/token?$code" >img/realm
	ok "a server that says $code to a POST" fetch --authfile one \
		"$bad/realm/img"
	ok "is asked by GET" grep -q "^TOKEN <token>:identity+/= $code&service" \
		"$requests"
done
config one "$bad"
fails "a token server that isn't https" fetch --authfile one "$bad/plain/img"
said "is asked without credentials" "not https, asked without credentials"
ok "a redirect to another host" fetch --creds user:pass:word "$bad/redirect/img"
ok "the first of them is shown the token" \
	grep -q '/redirect/img/blobs/.* Bearer$' "$requests"
is "the other isn't" "$(grep -c '/open/img/blobs/.* Bearer$' "$requests")" 0
ok "though it was asked" grep -q '/open/img/blobs/.* -$' "$requests"

# Who is let in, said by /v2/ alone.
for no in 401 403 404; do
	mute=$bad/mute$no/img
	rm -f img/ping && : >"$requests"
	fails "$no, and /v2/ knows no more" fetch --creds user:pass:word \
		"$mute"
	said "is a refusal" "HTTP status $no.*because"
	is "/v2/ was asked" "$(grep -c '^GET /v2/ ' "$requests")" 1
	for ask in 'Basic realm="x"' 'Bearer realm="HOST/token",service="svc"'; do
		echo "$ask" >img/ping && : >"$requests"
		ok "$no, and /v2/ wants ${ask%% *}" \
			fetch --creds user:pass:word "$mute"
		is "without a word" "$(cat "$err")" ""
		is "/v2/ was asked once" "$(grep -c '^GET /v2/ ' "$requests")" 1
	done
	ok "for this repository" grep -q \
		"^TOKEN user:.*&scope=repository:mute$no/img:pull$" "$requests"
	ok "its tags too" fetch -t --creds user:pass:word "$mute"
	: >"$requests"
	run fetch --anonymous "$mute"
	is "by nobody for a 401 only" "$(grep -c '^GET /v2/ ' "$requests")" \
		$((no == 401))
done
: >"$requests"
fails "what isn't there, with a token" fetch --creds user:pass:word \
	"$bad/token/img:none"
said "is said not to be" "HTTP status 404"
is "and /v2/ isn't asked for another" "$(grep -c '^GET /v2/ ' "$requests")" 0
echo 'Bearer realm="HOST/token"' >img/ping
ok "401 for all, a token for anybody" fetch --anonymous "$bad/mute401/img"
fails "wrong credentials" fetch --creds user:x "$bad/mute404/img"
said "are said to be" "token server .*refuses these credentials"
: >"$requests"
ok "a token that is too weak, where a password will do" \
	fetch --creds user:pass:word "$bad/weak/img"
fails "without one" fetch --anonymous "$bad/weak/img"
said "it is asked for" "wants a user name and password"
fails "with a wrong one" fetch --authfile wrong "$bad/weak/img"
ok "a challenge of nothing but a realm" fetch "$bad/bare/img"
is "the token is for this repository" "$(grep -c \
	'^TOKEN .* scope=repository:bare/img:pull$' "$requests")" 1
ok "a token that ends without a challenge" fetch -j 1 "$bad/lapse/img"
ok "is replaced as the first was had" [ "$(grep -c ^TOKEN "$requests")" -gt 1 ]

registry_start -t -u user:secret
mkdir certs && cp "$registry_ca" certs/ca.crt
image=$registry/a/img
"$top/t/pushimage" img:latest "$image:latest" -u user:secret \
	--cacert "$registry_ca" >/dev/null || bail "no push"
ok "https with --cert-dir" fetch --cert-dir certs --creds user:secret "$image"
cp x.tar tls.tar
fails "an authority that isn't known" fetch --tls-verify --creds user:secret \
	"$image"
said "is refused" "ertificate"
fails "another name" fetch --cert-dir certs --creds user:secret \
	"127.1.1.1:${registry#*:}/a/img"
ok "--tls-verify=false" fetch --tls-verify=false --creds user:secret "$image"
ok "is the same" cmp x.tar tls.tar
fails "plain http to https" fetch --creds user:secret "$image"
said "has a hint" "give --tls-verify"
fails "https to plain http" fetch --tls-verify "$bad/open/img"
ok "--tls-verify=false falls back" fetch --tls-verify=false "$bad/open/img"

done_testing
