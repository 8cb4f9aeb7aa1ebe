# SPDX-License-Identifier: ISC
# shellcheck shell=sh disable=SC2034,SC2154
# A real docker-registry on a free port of the loopback interface.  It gets
# the port from the kernel, so that any number of them run side by side, and
# is killed at the end of the script, a kill -9 of the script included.
# Uses $tmp_base and at_exit of tmp.sh.

registry_n=0

# registry_start [-u USER:PASSWORD] [-t]: sets $registry to 127.0.0.1:PORT,
# $registry_dir to where its storage (storage/) and log are, and $registry_pid.
# -u asks for Basic authentication, -t serves https under a certificate of
# the authority $registry_ca, a file.
registry_start() {
	registry_n=$((registry_n + 1))
	registry_dir=$tmp_base/registry$registry_n
	mkdir "$registry_dir"
	registry_config "$@" >"$registry_dir/config.yml"
	setpriv --pdeathsig KILL docker-registry serve \
		"$registry_dir/config.yml" >"$registry_dir/log" 2>&1 \
		</dev/null &
	registry_pid=$!
	at_exit "kill $registry_pid 2>/dev/null; wait $registry_pid 2>/dev/null || :"
	registry_i=0
	until registry=$(sed -n 's/.*msg="listening on \([0-9.:]*\).*/\1/p' \
		"$registry_dir/log" 2>/dev/null) && [ "$registry" ]; do
		registry_i=$((registry_i + 1))
		if [ $registry_i -gt 200 ] || ! kill -0 $registry_pid; then
			sed 's/^/# /' "$registry_dir/log" >&2
			echo "docker-registry didn't start" >&2
			exit 1
		fi
		sleep 0.05
	done
}

registry_config() {
	cat <<-E
	version: 0.1
	log: {level: info}
	storage:
	  filesystem: {rootdirectory: "$registry_dir/storage"}
	  delete: {enabled: true}
	E
	registry_auth="" registry_tls=""
	OPTIND=1
	while getopts u:t registry_opt; do
		case $registry_opt in
		u) registry_auth=$OPTARG ;;
		t) registry_tls=1 ;;
		*) return 1 ;;
		esac
	done
	if [ "$registry_auth" ]; then
		htpasswd -Bbn -C 4 "${registry_auth%%:*}" \
			"${registry_auth#*:}" >"$registry_dir/htpasswd"
		cat <<-E
		auth:
		  htpasswd: {realm: test, path: "$registry_dir/htpasswd"}
		E
	fi
	echo "http:"
	echo "  addr: 127.0.0.1:0"
	echo "  secret: none"
	if [ "$registry_tls" ]; then
		certificate_make "$registry_dir"
		registry_ca=$registry_dir/ca.pem
		echo "  tls:"
		echo "    certificate: $registry_dir/server.pem"
		echo "    key: $registry_dir/server.key"
	fi
}

# certificate_make DIR: an authority ca.pem, and server.pem with server.key
# for localhost and 127.0.0.1 signed by it, which will do for a client too.
certificate_make() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout "$1/ca.key" -out "$1/ca.pem" -days 2 \
		-subj "/CN=test authority" 2>"$1/openssl.log" &&
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout "$1/server.key" -out "$1/server.csr" \
		-subj "/CN=localhost" 2>>"$1/openssl.log" &&
	printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\n' >"$1/server.ext" &&
	openssl x509 -req -in "$1/server.csr" -CA "$1/ca.pem" -CAkey \
		"$1/ca.key" -CAcreateserial -days 2 -extfile "$1/server.ext" \
		-out "$1/server.pem" 2>>"$1/openssl.log"
}
