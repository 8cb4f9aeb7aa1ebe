#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-fetch: what is shown to whom.  Realms, redirects, pages and proxies are
# where registries and users name other machines; t/badregistry is all of
# them, under several names.
. "${0%/*}/lib.sh"
. "$top/t/badregistry.sh"
need python3 openssl base64

echo hello >file && tar -cf a.tar file
"$top/t/mkimage" img:latest a.tar >/dev/null || bail "no image"
badregistry_start img
plain=$bad plain_requests=$requests port=${bad#*:}
HOME=$tmp XDG_RUNTIME_DIR=$tmp
export HOME XDG_RUNTIME_DIR
unset REGISTRY_AUTH_FILE DOCKER_CONFIG XDG_CONFIG_HOME SSL_CERT_FILE \
	SSL_CERT_DIR
unset http_proxy https_proxy all_proxy no_proxy HTTP_PROXY HTTPS_PROXY \
	ALL_PROXY NO_PROXY

fetch() {
	: >"$requests"
	oci-fetch --timeout 3 "$@" >x.tar
}

as_user() {
	fetch --creds user:pass:word "$@"
}

asked() { # NAME REGEX: that was among the requests
	ok "$1" grep -Eq "$2" "$requests"
}

never() { # NAME REGEX
	is "$1" "$(grep -E "$2" "$requests")" ""
}

# A machine that isn't this one is met through a proxy only.
there=192.0.2.2:6201
proxied() {
	env http_proxy="http://$plain" "$@"
}

# Realms.
for realm in "http://localhost:1@$there/token" "http://u:p@$plain/token" \
	"http://127.0.0.1:1@$there/token" "https://localhost@$there/token"; do
	echo "$realm" >img/realm
	fails "a realm with a user in it" as_user "$plain/realm/img"
	said "is refused" "token server .* has a user name in it"
	never "and not asked" 'TOKEN|PROXY|CONNECT'
done
for realm in file:///etc/passwd token "" //h/token; do
	echo "$realm" >img/realm
	fails "the realm '$realm'" as_user "$plain/realm/img"
done
echo "http://$there/token" >img/realm
ok "a realm by http elsewhere" proxied oci-fetch -m --creds user:pass:word \
	"$plain/realm/img"
said "is asked without credentials" "not https, asked without credentials"
asked "it was asked" "^PROXY $there"
never "and not shown them" "TOKEN user"
for name in "localhost:$port" "127.0.0.2:$port" "0x7f.1:$port"; do
	echo "http://$name/token" >img/realm
	ok "a realm by http at $name" as_user "$plain/realm/img"
	asked "is shown them" "TOKEN user:pass:word"
done
printf '{"auths":{"%s":{"identitytoken":"identity+/="}}}' "$plain" >identity
echo "http://$plain/sendon" >img/realm
echo "http://127.0.0.2:$port/oauth" >img/sent
fails "a POST that is sent on" fetch --authfile identity "$plain/realm/img"
said "is said" "token server .*: HTTP status 307"
never "and not followed" "POST /oauth"
echo "http://127.0.0.2:$port/token" >img/sent
ok "a GET that is sent on" as_user "$plain/realm/img"
asked "is followed" "^TOKEN none"
never "without the credentials" "^TOKEN user"

# A registry by http elsewhere.
remote() {
	proxied env https_proxy="http://$plain" oci-fetch --tls-verify=false \
		-m --creds user:pass:word "$there/$1/img"
}
: >"$requests"
fails "Basic by http elsewhere" remote basic
said "is asked without credentials" "not https, asked without credentials"
asked "it was asked" "^PROXY $there"
never "never by Basic" " Basic"
: >"$requests"
ok "Bearer by http elsewhere" remote token
asked "has a token for nobody" "^TOKEN none"
# What is behind the door of whoever asks is no other's to ask for.
for name in "127.0.0.1:$port" "0.0.0.0:$port" "[::ffff:127.0.0.1]:$port" \
	"x.localhost:$port" "169.254.169.254"; do
	echo "http://$name/token" >img/realm
	: >"$requests"
	fails "of a registry elsewhere, the realm http://$name/" remote realm
	said "is refused" "token server .* is a server of this machine or its"
	never "and not asked" "TOKEN|PROXY 169"
done

# Redirects.
echo "http://$plain/v2/realm/img/blobs/" >img/sent
echo "http://$plain/token" >img/realm
ok "a 401 of the same server after a redirect" as_user "$plain/sent/img"
asked "is answered" "/v2/realm/.* Bearer"
echo "http://127.0.0.2:$port/v2/realm/img/blobs/" >img/sent
fails "a 401 of another" as_user "$plain/sent/img"
said "is the end" "HTTP status 401"
said "and said to be another's" \
	"by http://127.0.0.2:$port/, where it was sent on to"
is "and asks no realm" "$(grep -c "^TOKEN" "$requests")" 1
never "nor is it shown the token" "/v2/realm/.* Bearer"
echo "http://127.0.0.2:$port/v2/realm/img/manifests/" >img/away
fails "also for a manifest" as_user "$plain/away/img"
said "is the end" "HTTP status 401"
never "and asks no realm" "^TOKEN"
echo "http://127.0.0.2:$port/v2/back/img/blobs/" >img/sent
echo "http://$plain/v2/open/img/blobs/" >img/back
ok "a way that comes back to the registry" as_user "$plain/sent/img"
asked "is taken" "GET /v2/open/img/blobs/.* -$"
never "without the token" "GET /v2/open/img/blobs/.* Bearer$"
for to in "http://u@$plain/v2/open/img/blobs/" file:///etc/passwd?; do
	echo "$to" >img/sent
	fails "to $to" as_user "$plain/sent/img"
	said "is refused" "redirects to .*, which (has a user|is not an http)"
done
echo "//127.0.0.2:$port/v2/open/img/blobs/" >img/sent
ok "to a host without a scheme" as_user "$plain/sent/img"
never "which is shown nothing" "/v2/open/img/blobs/.* Bearer"

# Proxies: this machine is asked without, any other by it.
echo "http://$there/v2/open/img/blobs/" >img/sent
: >"$requests"
ok "from this machine to another" proxied oci-fetch --timeout 3 \
	"$plain/sent/img"
asked "goes by the proxy" "^PROXY $there"
never "but not to the first" "^PROXY $plain"
never "and shows it nothing" "/v2/open/img/blobs/.* Bearer"

: >"$requests"
fails "what no_proxy has as a range" proxied env no_proxy=192.0.2.0/24 \
	oci-fetch --tls-verify=false --timeout 1 "$there/open/img"
never "is asked without" "^(PROXY|CONNECT)"

# Certificates: a registry at 127.0.0.1, another server at localhost.
mkdir tls certs && certificate_make tls
badregistry_start img "$tmp/tls"
secure=$bad other=localhost:${bad#*:}
cp tls/ca.pem certs/ca.crt
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	-keyout certs/me.key -out me.csr -subj "/CN=me" 2>log
openssl x509 -req -in me.csr -CA tls/ca.pem -CAkey tls/ca.key \
	-CAcreateserial -days 2 -out certs/me.cert 2>>log || bail "no openssl"
tls() {
	as_user --cert-dir certs "$@"
}
ok "a registry" tls "$secure/open/img"
asked "is shown the user's certificate" "^TLS 127.0.0.1 me"
fails "one of another name" tls "127.0.0.2:${secure#*:}/open/img"
said "is refused" "(subject|name|match)"
ok "one without authority" as_user --tls-verify=false "$secure/open/img"
asked "is shown none that it isn't given" "^TLS 127.0.0.1 -"

echo "https://$other/v2/open/img/blobs/" >img/sent
echo "https://$other/token" >img/realm
for mode in sent realm; do
	fails "another server ($mode)" tls "$secure/$mode/img"
	said "isn't known by the registry's authority" "ertificate"
	fails "nor is it trusted with the registry" tls --tls-verify=false \
		"$secure/$mode/img"
	said "though that needs no certificate" "ertificate"
	never "nor shown a thing" "^TLS localhost"
	asked "but the registry was asked" "^TLS 127.0.0.1 me"
done
badregistry_start img "$tmp/tls"
second=$bad second_requests=$requests
requests=$tmp_base/requests2
for host in 127.0.0.1 localhost; do
	echo "https://$host:${second#*:}/token" >img/realm
	: >"$second_requests"
	run as_user --tls-verify=false "$secure/realm/img"
	is "only the registry's own host is trusted at another port: $host" \
		"$status $(grep -c "^TOKEN user" "$second_requests")" \
		"$([ $host = localhost ] && echo 1 0 || echo 0 1)"
done
for mode in sent realm; do
	echo "https://127.0.0.1:${second#*:}/v2/open/img/blobs/" >img/sent
	fails "another port ($mode)" tls "$secure/$mode/img"
	said "isn't known by the registry's authority" "ertificate"
	echo "https://127.0.0.1:${second#*:}/token" >img/realm
done
echo "http://$plain/v2/open/img/blobs/" >img/sent
before=$(grep -c "/open/img/blobs" "$plain_requests")
fails "from https to http" tls "$secure/sent/img"
said "is refused" "redirects from https to http://$plain"
is "and not asked for" "$(grep -c "/open/img/blobs" "$plain_requests")" \
	"$before"

# One's own place for the other server: the directories of the machine, seen
# by this program alone.
if [ "$(id -u)" = 0 ] && mkdir -p etc/certs.d/"$other" &&
	[ -d /etc/containers ] && unshare -m true 2>/dev/null; then
	own() {
		# shellcheck disable=SC2016
		unshare -m sh -c 'mount --bind etc /etc/containers &&
			exec oci-fetch --timeout 3 --creds user:pass:word \
				--cert-dir certs "$@" >x.tar' sh "$@"
	}
	echo "https://$other/v2/open/img/blobs/" >img/sent
	cp tls/ca.pem "etc/certs.d/$other/ca.crt"
	ok "another server with an authority of its own" own "$secure/sent/img"
	ln -s me.key "etc/certs.d/$other/me.key"
	cp certs/me.cert "etc/certs.d/$other/me.cert"
	ok "a key that can't be read" own "$secure/sent/img"
	said "is passed over" "me.key: passed over"
	cp certs/me.key "etc/certs.d/$other/new" &&
		mv "etc/certs.d/$other/new" "etc/certs.d/$other/me.key"
	: >"$requests"
	ok "and a certificate" own "$secure/sent/img"
	asked "which it is shown" "^TLS localhost me"
	rm -r "etc/certs.d/$other" && ln -s loop "etc/certs.d/$other" &&
		ln -s "$other" etc/certs.d/loop
	fails "a place that can't be read" own "$secure/sent/img"
	said "is a warning" "$other: passed over"
	is "once" "$(grep -c "passed over" "$err")" 1
else
	skip 8 "no mount namespace with /etc/containers here"
fi
# A --cert-dir adds to the authorities of the machine.
machine=/etc/ssl/certs/ca-certificates.crt
mkdir tls2 certs2 && certificate_make tls2 && cp tls2/ca.pem certs2/ca.crt
if [ "$(id -u)" = 0 ] && [ -f $machine ] && unshare -m true 2>/dev/null; then
	fails "an authority that neither knows" oci-fetch --cert-dir certs2 \
		-m "$secure/open/img"
	# shellcheck disable=SC2016
	ok "one of the machine's, beside a --cert-dir" unshare -m sh -c '
		mount --bind tls/ca.pem "$1" && shift && exec oci-fetch "$@"' \
		sh $machine --cert-dir certs2 -m "$secure/open/img"
else
	skip 2 "no mount namespace with $machine here"
fi
# Authorities of libcurl's own directory count that its file doesn't have, and
# of other names in there none.
if [ "$(id -u)" = 0 ] && [ -f $machine ] && unshare -m true 2>/dev/null; then
	# Not of the same subject: OpenSSL takes the file's for it.
	mkdir path
	openssl req -x509 -newkey ec -pkeyopt \
		ec_paramgen_curve:P-256 -nodes -keyout new.key -out new.pem \
		-days 2 -subj "/CN=another" 2>log || bail "no openssl"
	cp new.pem path/ca-certificates.crt
	hash=$(openssl x509 -hash -noout -in tls/ca.pem)
	mount_none=
	path() {
		# shellcheck disable=SC2016
		mount_none=$mount_none unshare -m sh -c '
			mount --bind path "${0%/*}" && { [ ! "$mount_none" ] ||
				mount -t tmpfs none "/$mount_none"; } &&
			exec oci-fetch -m "$@"' $machine --creds user:pass:word \
			--tls-verify "$secure/open/img"
	}
	cp tls/ca.pem path/x.pem
	fails "a file of libcurl's directory" path
	ln -s x.pem "path/$hash.0"
	ok "one by the name that OpenSSL gives it" path
	ln -s ca-certificates.crt \
		"path/$(openssl x509 -hash -noout -in new.pem).0"
	ok "also beside one that the file has" path
	export SSL_CERT_FILE=new.pem
	ok "and beside a SSL_CERT_FILE" path
	mkdir dir && export SSL_CERT_DIR=dir
	fails "not with a SSL_CERT_DIR in its place" path
	cp tls/ca.pem dir/y && cp new.pem dir/z
	ok "which has files of any name" path
	# Without /proc a sanitizer doesn't see its options.
	case $B in *sanitize*) proc= ;; *) proc=proc ;; esac
	mount_none=$proc
	ok "also where there is no /proc" path
	rm dir/* && cp tls/ca.pem path/ca-certificates.crt
	SSL_CERT_FILE=/dev/null
	for mount_none in "" $proc; do
		fails "nothing in their place is nothing to trust" path
	done
	unset SSL_CERT_DIR SSL_CERT_FILE
	ok "without them, one of libcurl's file" path
else
	skip 10 "no mount namespace with $machine here"
fi
# A server's authorities are no other's, when it has some as well: of two
# servers at once, of each mode and order.
places=$HOME/.config/containers/certs.d
badregistry_start img "$tmp/tls2"
third=localhost:${bad#*:}
mkdir -p "$places/$secure" "$places/$other" "$places/$third"
for mode in sent realm; do
	cp tls/ca.pem "$places/$secure/ca.crt"
	cp tls2/ca.pem "$places/$third/ca.crt"
	echo "https://$third/v2/open/img/blobs/" >img/sent
	echo "https://$third/token" >img/realm
	ok "two servers with an authority each ($mode)" as_user \
		"$secure/$mode/img"
	cp tls/ca.pem "$places/$third/ca.crt"
	fails "one with that of the other" as_user "$secure/$mode/img"
	said "isn't known" "unknown authority.*$third"
	cp tls2/ca.pem "$places/$other/ca.crt"
	echo "https://$other/v2/open/img/blobs/" >img/sent
	echo "https://$other/token" >img/realm
	fails "one that only the other knows" as_user "$secure/$mode/img"
	said "isn't, either" "unknown authority.*$other"
done
rm -r "$HOME/.config"

# TLS asked of a server that doesn't speak it.
: >"$plain_requests"
fails "--tls-verify of a server of plain http" oci-fetch --tls-verify \
	--creds user:pass:word -m "$plain/basic/img"
said "says so, and what to do" \
	"$plain speaks plain http, not TLS; --tls-verify=false allows that"
is "nothing is shown to find out" "$(grep -v '^[0-9]*$' "$plain_requests")" \
	"GET /v2/ - -"
fails "of one that speaks no http either" python3 -c '
import socket, subprocess, sys
server = socket.create_server(("127.0.0.1", 0))
fetch = subprocess.Popen(["oci-fetch", "--tls-verify", "--timeout", "2",
                          "127.0.0.1:%d/x" % server.getsockname()[1]])
for _ in range(2):
    peer = server.accept()[0]
    peer.recv(1000)
    peer.sendall(b"220 mail\r\n")
    peer.close()
sys.exit(fetch.wait())'
is "doesn't say that" "$(grep -c "plain http" "$err")" 0
# By http where it can be had; 443 is https's, on this machine as well.
ok "port 443 is asked by https" python3 -c '
import socket, subprocess, sys
try:
    server = socket.create_server(("127.0.0.77", 443))
except OSError as error:
    sys.exit(print(error))  # no way to try it here
server.settimeout(30)
fetch = subprocess.Popen(["oci-fetch", "127.0.0.77:443/x"],
                         stderr=subprocess.DEVNULL)
first = server.accept()[0].recv(1)
fetch.kill()
fetch.wait()
sys.exit(first != b"\x16")'
ok "port 80 where nothing is at 443, if that may be" python3 -c '
import socket, subprocess, sys
try:
    server = socket.create_server(("127.0.0.78", 80))
except OSError as error:
    sys.exit(print(error))  # no way to try it here
server.settimeout(30)
fetch = subprocess.Popen(["oci-fetch", "--tls-verify=false", "127.0.0.78/x"],
                         stderr=subprocess.DEVNULL)
first = server.accept()[0].recv(4)
fetch.kill()
fetch.wait()
sys.exit(first != b"GET ")'
ok "who can't be reached is not waited for five times" python3 -c '
import socket, subprocess, sys, time
server = socket.create_server(("127.0.0.1", 0), backlog=0)
full = []
for i in range(8):  # until no more are let in
    full.append(socket.socket())
    full[-1].setblocking(False)
    full[-1].connect_ex(server.getsockname())
time.sleep(0.2)
began = time.monotonic()
fetch = subprocess.run(["oci-fetch", "--timeout", "1",
                        "127.0.0.1:%d/x" % server.getsockname()[1]],
                       stderr=subprocess.DEVNULL)
sys.exit(fetch.returncode != 1 or time.monotonic() - began > 25)'
exits 1 "nor who refuses" timeout 25 oci-fetch 127.0.0.1:1/x
echo "http://127.0.0.1:${plain#*:}/token#part" >img/realm
: >"$plain_requests"
ok "a realm with a fragment" oci-fetch -m "$plain/realm/img"
is "is asked for a scope" "$(grep -c "^TOKEN.*scope=" "$plain_requests")" 1
mkdir none
ok "a --cert-dir that is empty" as_user --cert-dir none --tls-verify=false \
	"$secure/open/img"
fails "one that isn't there" as_user --cert-dir nowhere "$secure/open/img"
said "is named" "nowhere: No such file"
ln -s nowhere none/x.key && cp certs/me.cert none/x.cert
fails "one with a key that can't be read" as_user --cert-dir none \
	"$secure/open/img"
said "is named" "none/x.key: No such file"

done_testing
