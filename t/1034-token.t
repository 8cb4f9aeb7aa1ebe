#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-fetch: tokens, whom credentials are shown to for them, and https with an
# authority of one's own.
. "${0%/*}/lib.sh"
need python3 docker-registry curl htpasswd openssl base64
. "$top/t/credentials.sh"

cat >bin/docker-credential-identity <<'E'
#!/bin/sh
cat >/dev/null
echo '{"ServerURL":"x","Username":"<token>","Secret":"identity+/="}'
E
chmod +x bin/*
PATH=$tmp/bin:$PATH

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
fails "with a wrong one" fetch --creds user:x "$bad/weak/img"
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
