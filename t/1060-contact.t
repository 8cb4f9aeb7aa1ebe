#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-fetch and servers that it meets for the first time, in a network of its
# own where none of them is this machine: TLS and who doesn't speak it,
# certificates, proxies, who refuses and who is silent; what is said of each.
case $(id -u) in
0) [ "${IN_NET-}" ] || {
	unshare -n true 2>/dev/null &&
		IN_NET=1 exec unshare -n sh "$0" "$@"
} ;;
esac
. "${0%/*}/lib.sh"
need python3 openssl ip setpriv base64
[ "${IN_NET-}" ] || skip_all "no network namespace"
unset IN_NET

here=192.0.2.1
{ ip link set lo up && ip addr add $here/32 dev lo; } || skip_all "no addresses"
HOME=$tmp/home XDG_RUNTIME_DIR=$tmp/run
export HOME XDG_RUNTIME_DIR
mkdir home run tls
unset REGISTRY_AUTH_FILE DOCKER_CONFIG XDG_CONFIG_HOME SSL_CERT_FILE \
	SSL_CERT_DIR http_proxy https_proxy all_proxy no_proxy HTTP_PROXY \
	HTTPS_PROXY ALL_PROXY NO_PROXY

# An authority, its server, and clients of it and of another.
sign() { # DIR NAME: NAME.cert and NAME.key of the authority in DIR
	printf 'subjectAltName=IP:%s,IP:127.0.0.1\n' $here >ext
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout "$2.key" -out csr -subj "/CN=${2##*/}" 2>>log &&
	openssl x509 -req -in csr -CA "$1/ca.pem" -CAkey "$1/ca.key" \
		-CAcreateserial -days 2 -extfile ext -out "$2.cert" 2>>log
}
mkdir other
certificate_make tls || bail "no openssl"
certificate_make other || bail "no openssl"
{ sign tls server && sign tls me && sign other stranger; } ||
	bail "no openssl: $(cat log)"
mv server.cert tls/server.pem && mv server.key tls/server.key

mkfifo fifo && exec 3<>fifo
setpriv --pdeathsig KILL python3 "$top/t/peers" $here tls <fifo >met 2>log &
pid=$!
at_exit "kill $pid 2>/dev/null; wait $pid 2>/dev/null"
wait_for grep -q ready met || bail "no peers: $(cat log)"

fetch() { # OPTION... PORT
	: >met
	shot=
	while [ $# -gt 1 ]; do
		shot="$shot $1" && shift
	done
	# shellcheck disable=SC2086
	oci-fetch -m $shot "$here:$1/x/y"
}
met() { # NAME REGEX [NUMBER]: so often, or at all
	if [ $# = 3 ]; then
		is "$1" "$(grep -cE "$2" met)" "$3"
	else
		ok "$1" grep -qE "$2" met
	fi
}

# Authorities.
fails "an authority that isn't known" fetch 5001
said "is said, and where its certificate goes" \
	"unknown authority.* /etc/containers/certs.d/$here:5001/ca.crt"
certs=home/.config/containers/certs.d
mkdir -p $certs/$here:5001 && cp tls/ca.pem $certs/$here:5001/ca.crt
ok "certs.d of the user" fetch 5001
rm -r $certs
SSL_CERT_FILE=$tmp/tls/ca.pem && export SSL_CERT_FILE
ok "SSL_CERT_FILE" fetch 5001
SSL_CERT_FILE=$tmp/other/ca.pem
fails "another one's" fetch 5001
SSL_CERT_FILE=$tmp/nowhere
fails "one that isn't there" fetch 5001
said "is named" "nowhere, which SSL_CERT_FILE names: No such file"
SSL_CERT_FILE=$tmp/other/ca.pem
mkdir dir && cp tls/ca.pem dir/x.pem
ok "SSL_CERT_DIR beside it" env SSL_CERT_DIR=/nowhere:dir oci-fetch -m \
	$here:5001/x/y
mkdir -p $certs/$here:5001 && cp other/ca.pem $certs/$here:5001/ca.crt
SSL_CERT_FILE=$tmp/tls/ca.pem
ok "SSL_CERT_FILE beside certs.d" fetch 5001

# What a client shows.
mkdir none one two three four five
for d in none one two three four five; do
	cp tls/ca.pem $d/ca.crt
done
cp me.cert me.key one
cp me.cert me.key two && cp stranger.cert two/a.cert && cp stranger.key two/a.key
cp stranger.cert stranger.key three && cp stranger.cert three/b.cert &&
	cp stranger.key three/b.key
cp me.cert four && cp stranger.key four/me.key
cp me.cert five && openssl ec -aes128 -passout pass:x -in me.key \
	-out five/me.key 2>log
for port in 5002 5003; do
	fails "$port: no certificate" fetch --cert-dir none $port
	said "is said to be wanted" \
		"wants a certificate of its client: put NAME.cert and NAME.key into none"
	ok "$port: one" fetch --cert-dir one $port
	met "is shown" "GET .* me$"
	ok "$port: the second of two" fetch --cert-dir two $port
	met "is shown" "GET .* me$"
	fails "$port: two that are wrong" fetch --cert-dir three $port
	said "are both named" \
		"doesn't take the certificate three/b.cert, nor three/stranger.cert"
	fails "$port: a key of another" fetch --cert-dir four $port
	said "is named" "four/me.key: can't be used with four/me.cert"
done
fails "a server that says by HTTP" fetch --cert-dir none 5013
said "that it wants one" "wants a certificate of its client"
if command -v script >/dev/null; then
	run timeout 20 script -qec "oci-fetch -m --cert-dir five $here:5002/x/y; \
		echo status \$?" /dev/null
	printed "an encrypted key is named" \
		"five/me.key: the key is encrypted, and nobody is asked"
	printed "and nobody is asked" "status 1"
else
	skip 2 "no script(1)"
fi
rm -r $certs && mkdir -p $certs/$here:5001 && cp five/* $certs/$here:5001
ok "one that nobody named and nobody wants" fetch 5001
said "is passed over" "me.key: passed over: the key is encrypted"
mkdir -p $certs/$here:5002 && cp five/* $certs/$here:5002
fails "one that is wanted" fetch 5002
said "is an error that names it" \
	"^oci-fetch: .*wants a certificate .*the key .*/$here:5002/me.key is encrypted"
cp two/a.* $certs/$here:5002
fails "also beside another" fetch 5002
said "which isn't taken" \
	"doesn't take the certificate .*/a.cert; the key .*/me.key is encrypted"
cp four/* $certs/$here:5001
ok "nor one of another" fetch 5001
said "is passed over" "me.key: passed over: can't be used"

# This machine, by TLS where there are certificates for it.
mkdir -p "$certs/127.0.0.1:5001"
setpriv --pdeathsig KILL python3 -c '
import socket, sys
s = socket.create_server(("127.0.0.1", 5001))
print("ready", flush=True)
first = s.accept()[0].recv(1)
print("TLS" if first == b"\x16" else "http", flush=True)' >local &
wait_for grep -q ready local
run oci-fetch -m --timeout 2 127.0.0.1:5001/x/y
is "certs.d of a registry here means TLS" "$(sed -n 2p local)" TLS

# Who speaks TLS, and who doesn't.
fails "plain http where TLS is expected" fetch 5000
said "is said" "$here:5000 speaks plain http, not TLS; --tls-verify=false"
ok "--tls-verify=false" fetch --tls-verify=false 5000
ok "also where 443 refuses" oci-fetch -m --tls-verify=false $here/x/y
fails "but not without" oci-fetch -m $here/x/y
said "which is said of 443" "port 443"
for port in 5004 5005; do
	for verify in true false; do
		fails "$port: TLS fails, http has 400 ($verify)" \
			fetch --tls-verify=$verify $port
		said "the error is of TLS" "(alert|SSL|TLS)"
		is "and not of http" "$(grep -c "HTTP status\|plain" "$err")" 0
	done
done
fetch --tls-verify=false 5004 2>/dev/null
met "whoever says no by TLS isn't asked by http" "http" 0
fails "plain http that only sends on to https" fetch 5015
is "isn't taken for a registry's" "$(grep -c "plain" "$err")" 0
fails "from https to http" fetch 5012
said "is refused, and where to" "redirects from https to http://$here:5000/v2/x/y"

# Proxies.
proxied() { # PROXY OPTION... PORT
	proxy=$1
	shift
	env https_proxy="$proxy" http_proxy="$proxy" sh -c '
		shift && : >met && exec oci-fetch -m "$@"' sh "$@"
}
rm -r "$certs/$here:5001"
ok "a proxy" proxied http://user:secret@$here:5016 x $here:5001/x/y
met "is asked for a way to the server" \
	"5016 CONNECT $here:5001 Basic $(printf user:secret | base64)" 1
met "and the server by it" "5001 GET" 1
fails "a proxy that lets nobody through" proxied http://u:secret@$here:5006 x \
	registry.example/x/y
met "is asked once" "5006 CONNECT" 1
said "is said" "doesn't let anybody through to registry.example:443"
said "is named" "by the proxy http://$here:5006 of https_proxy"
is "without the password" "$(grep -c secret "$err")" 0
ok "a password that is coded" proxied http://user:s%40:t@$here:5016 x \
	$here:5001/x/y
met "is shown as it is" \
	"5016 CONNECT $here:5001 Basic $(printf user:s@:t | base64)" 1
for wrong in "ftp://user:secret@$here:5006" "http://user:secret" \
	"http://user:secret@$here:x" "http://u:secret@[::1"; do
	fails "a proxy that is none" proxied "$wrong" x registry.example/x/y
	said "is said, and of which variable" \
		"https_proxy: not the URL of a proxy that is known"
	is "without the password" "$(grep -c secret "$err")" 0
done
fails "one that wants a password" proxied http://$here:5007 x \
	registry.example/x/y
met "is asked once" "5007 CONNECT" 1
said "is said" "the proxy doesn't let these credentials through, or wants some"
fails "also by http" proxied http://$here:5007 x --tls-verify=false \
	registry.example/x/y
said "is said" "the proxy doesn't let these credentials through, or wants some"
for no in "$here" "$here:5001" "192.0.2.0/24" "*"; do
	: >met
	ok "no_proxy=$no" env https_proxy=http://$here:5006 no_proxy="$no" \
		oci-fetch -m $here:5001/x/y
done
fails "no_proxy for another port" env https_proxy=http://$here:5006 \
	no_proxy="$here:1" oci-fetch -m $here:5001/x/y

# Who can't be reached.
# shellcheck disable=SC2016
setpriv --pdeathsig KILL sh -c 'sleep 1
	exec python3 -c "
import http.server, sys
sys.argv[1:] = []
class Late(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_error(418)
http.server.HTTPServer((\"$1\", 6000), Late).serve_forever()"' sh $here \
	2>/dev/null &
late=$!
at_exit "kill $late 2>/dev/null; wait $late 2>/dev/null"
fails "a server that is only just starting" env no_proxy= http_proxy= \
	oci-fetch -m --tls-verify=false $here:6000/x/y
said "is waited for" "HTTP status 418"
began=$(date +%s)
fails "a server that refuses" fetch 6001
said "is tried four times" "tried 4 times"
fails "a name that nobody knows" oci-fetch -m registry.invalid/x/y
said "is tried four times" "registry.invalid.*tried 4 times"
setpriv --pdeathsig KILL python3 -c '
import socket, sys, time
server = socket.create_server((sys.argv[1], 6002), backlog=0)
full = [socket.socket() for _ in range(8)]  # until no more are let in
for s in full:
    s.setblocking(False)
    s.connect_ex(server.getsockname())
time.sleep(0.2)
print("ready", flush=True)
time.sleep(1000)' $here >hole &
hole=$!
at_exit "kill $hole 2>/dev/null; wait $hole 2>/dev/null"
wait_for grep -q ready hole
fails "a black hole" fetch --timeout 2 6002
is "is tried once" "$(grep -c tried "$err")" 0
ok "all are given up soon" [ $(($(date +%s) - began)) -lt 25 ]
cat >stalled.py <<E
import re, subprocess, sys, time
began = time.monotonic()
fetch = subprocess.Popen(["oci-fetch", "-m", "--timeout", "2",
                          "$here:5008/x/y"], stderr=subprocess.PIPE)
while "GET" not in open("met").read():
    time.sleep(0.05)
first = time.monotonic()
while open("met").read().count("GET") < 2:
    time.sleep(0.05)
took = time.monotonic() - first
fetch.kill()
print(took, file=sys.stderr)
sys.exit(not 1.9 < took < 6)
E
: >met
ok "silence after much has come is noticed when --timeout says" \
	python3 stalled.py

# What is said.
fails "Retry-After of an hour" fetch 5010
said "is said" "429: too many requests; it wants to be left alone for 3600 seconds"
met "and not waited for" GET 1
fails "429 without end" fetch 5014
said "has one" "429: too many requests"
met "after five of them" GET 5
mkdir home/.docker
printf '{"auths":{"%s:5011":{"auth":"%s"}}}' $here \
	"$(printf user:secret | base64)" >home/.docker/config.json
fails "credentials that are refused" fetch 5011
said "whose, and of which file" \
	"it was shown the credentials of user in $HOME/.docker/config.json"
is "without the password" "$(grep -c secret "$err")" 0
fails "gzip that nobody asked for" fetch 5009
said "is said" "Content-Encoding gzip, which nobody asked for"

# What a name stands for is known when it is met.
cat >names.py <<'E'
import http.server, sys, threading
class Registry(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # connections are kept
    def do_GET(self):
        where = self.path.split("/")
        if self.path == "/sent" and "two." in self.headers["Host"]:
            self.close_connection = True
            return self.wfile.write(b"HTTP/1.1 what\r\n\r\n")
        if self.server.server_port == 5101:
            print("MET", where[1], flush=True)
            self.send_response(404)
        elif where[2] == "foreign":
            body = open("foreign", "rb").read() if where[4] == "manifests" else b""
            self.send_response(200 if body else 404)
            self.send_header("Content-Length", len(body))
            self.end_headers()
            return self.wfile.write(body)
        elif where[2] == "realm":
            self.send_response(401)
            self.send_header("WWW-Authenticate",
                'Bearer realm="http://%s:5101/token"' % where[3])
        else:
            self.send_response(302)
            self.send_header("Location", "http://%s:5101/sent" % where[2])
        self.send_header("Content-Length", "0")
        self.end_headers()
    do_HEAD = do_GET
    def log_message(self, *args):
        pass
for port in 5100, 5101:
    server = http.server.ThreadingHTTPServer(("", port), Registry)
    threading.Thread(target=server.serve_forever).start()
print("ready", flush=True)
E
setpriv --pdeathsig KILL python3 names.py >named 2>log &
names=$!
at_exit "kill $names 2>/dev/null; wait $names 2>/dev/null"
wait_for grep -q ready named || bail "no names: $(cat log)"
ip addr add 10.1.2.3/32 dev lo
# An address of no interface, which yet is answered here: it stands for others.
ip route add local 198.51.100.1 dev lo
cat >hosts <<-E
127.0.0.1 localhost loop.example
169.254.1.1 link.example
10.1.2.3 net.example
192.0.2.1 far.example
0.0.0.0 nothing.example
::ffff:127.0.0.1 within.example
10.1.2.3 two.example
192.0.2.1 two.example
198.51.100.1 out.example
E
named() { # OPTION... REFERENCE
	: >named
	# shellcheck disable=SC2016
	unshare -m sh -c 'mount --bind hosts /etc/hosts &&
		exec oci-fetch -m --tls-verify=false --timeout 5 "$@"' sh "$@"
}
met_none() {
	is "  and isn't met" "$(grep -c MET named)" 0
}
for name in loop link nothing within; do
	for way in "" realm/; do
		fails "${way}a name that is here: $name" \
			named "far.example:5100/$way$name.example/x"
		said "  is said" "$name.example stands for an address that is a server of this machine or its link"
		met_none
	done
done
for way in "" realm/; do
	for host in net.example 10.1.2.3; do
		fails "${way}the network, of one who is far: $host" \
			named "far.example:5100/$way$host/x"
		said "  is said" "is a server of a private network"
		said "  with the way out" \
			"trust it, make the directory /etc/containers/certs.d/$host:5101"
		met_none
		fails "of one who is in it, $way$host" \
			named "net.example:5100/$way$host/x"
		ok "  is met" grep -q "^MET" named
	done
	fails "here, of one who is, ${way}loop.example" \
		named "loop.example:5100/${way}loop.example/x"
	ok "  is met" grep -q "^MET" named
	fails "what is far, of whomever, ${way}far.example" \
		named "far.example:5100/${way}far.example/x"
	ok "  is met" grep -q "^MET" named
done
fails "one of whose addresses is far, and fails" \
	named far.example:5100/two.example/x
is "  isn't told of the other" "$(grep -c "stands for" "$err")" 0
printf '%s\n' "[[registry]]" "location='far.example:5100'" insecure=true \
	"[[registry.mirror]]" "location='loop.example:5101'" insecure=true >conf
fails "a name that was met here, as a mirror" \
	named --registries-conf conf far.example:5100/loop.example/x
said "  stays what it stands for" "loop.example stands for an address that"
ok "  though one was free to meet it" grep -q "MET v2" named
is "  and the connection isn't used" "$(grep -c "MET sent" named)" 0
for way in "" realm/; do
	for host in far.example 192.0.2.1; do
		fails "an interface's address, of one who is far: $way$host" \
			named "out.example:5100/$way$host/x"
		said "  is said" "is on an interface of this machine"
		said "  with the way out" \
			"trust it, make the directory /etc/containers/certs.d/$host:5101"
		met_none
		fails "of one in the network: $way$host" \
			named "net.example:5100/$way$host/x"
		ok "  is met" grep -q "^MET" named
	done
done
# The same of the addresses of a layer.
foreign() { # URL
	python3 - "$1" >foreign <<-'P'
	import hashlib, json, sys
	def blob(bytes_, kind, **more):
	    return dict(mediaType=kind, size=len(bytes_), digest="sha256:" +
	                hashlib.sha256(bytes_).hexdigest(), **more)
	print(json.dumps(dict(schemaVersion=2,
	    mediaType="application/vnd.oci.image.manifest.v1+json",
	    config=blob(b"{}", "application/vnd.oci.image.config.v1+json", data="e30="),
	    layers=[blob(b"1", "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
	                 urls=[sys.argv[1]])])))
	P
	: >named
	# shellcheck disable=SC2016
	unshare -m sh -c 'mount --bind hosts /etc/hosts &&
		exec oci-fetch -q --foreign --tls-verify=false \
			out.example:5100/foreign/x' >x.tar
}
fails "an interface's address for a layer" foreign "https://$here:5101/x"
said "  is said" "isn't asked for it: it is on an interface of this machine"
fails "and a name that stands for it" foreign https://far.example:5101/x
said "  too" "far.example stands for an address that is on an interface of"
mkdir -p "$certs/10.1.2.3:5101" "$certs/loop.example:5101" \
	"$certs/127.0.0.1:5101" "$certs/192.0.2.1:5101"
fails "an interface's address with certificates" \
	named out.example:5100/192.0.2.1/x
ok "  is met" grep -q "^MET" named
for host in 10.1.2.3 loop.example; do
	fails "one that there are certificates for: $host" \
		named "far.example:5100/$host/x"
	ok "  is met" grep -q "^MET" named
done
fails "an address that is here by itself, for all that" \
	named "far.example:5100/127.0.0.1/x"
said "  is said, without a way out" "127.0.0.1:5101/sent, which is a server of this machine or its link$"
met_none

done_testing
