/* SPDX-License-Identifier: ISC */
/*
 * HTTP by libcurl.
 *
 * A handle is good for one address, and what may be shown there is decided
 * when it is made: certificates belong to a host and port, a proxy to
 * whatever isn't this machine.
 *
 * One connection a transfer, HTTP/1.1, is best for large layers: streams of
 * HTTP/2 take a sixth more of processor time, share the window of one
 * connection, and when one is paused libcurl holds megabytes of it in memory
 * or stalls its brothers.  It is for what is small and many that HTTP/2 saves
 * connections.  These are kept apart from the others: libcurl takes a server
 * that was asked by HTTP/1.1 for one that knows no more.
 */
#include "fetch/registry/transport.h"

#include <stdlib.h>
#include <string.h>

#include "fetch/registry/address.h"
#include "fetch/registry/response.h"
#include "fetch/registry/server.h"
#include "lib/mem.h"

#if LIBCURL_VERSION_NUM < 0x075500
#error "libcurl 7.85 or later is needed"
#endif

#define BUFFER_SIZE (256 << 10) /* what one read of a socket may bring */

static void
option_failed(CURLcode code)
{
	if (code)
		die("libcurl: %s", curl_easy_strerror(code));
}

#define SET(easy, option, value)                                               \
	option_failed(curl_easy_setopt(easy, option, value))

void
transport_open(struct transport *t)
{
	static const curl_lock_data shared[] = {CURL_LOCK_DATA_CONNECT,
	    CURL_LOCK_DATA_SSL_SESSION, CURL_LOCK_DATA_DNS};

	option_failed(curl_global_init(CURL_GLOBAL_SSL));
	t->joins =
	    curl_version_info(CURLVERSION_NOW)->features & CURL_VERSION_HTTP2;
	t->share = curl_share_init();
	for (size_t i = 0; i < sizeof shared / sizeof *shared; i++)
		if (!t->share ||
		    curl_share_setopt(t->share, CURLSHOPT_SHARE, shared[i]))
			die("libcurl: no memory, or connections can't be "
			    "shared");
}

void
transport_close(struct transport *t)
{
	curl_share_cleanup(t->share);
	curl_global_cleanup();
	server_free(t->servers);
	for (size_t i = 0; i < t->ntrusted; i++)
		free(t->trusted[i]);
	free(t->trusted);
}

void
transport_trust(struct transport *t, const char *host)
{
	t->trusted =
	    xreallocarray(t->trusted, t->ntrusted + 1, sizeof *t->trusted);
	t->trusted[t->ntrusted++] = xstrdup(host);
}

static bool
is_trusted(const struct transport *t, const char *host)
{
	for (size_t i = 0; i < t->ntrusted; i++)
		if (strcmp(t->trusted[i], host) == 0)
			return true;
	return false;
}

static void
certs_set(CURL *easy, const struct certs *c, size_t pair)
{
	struct curl_blob ca = {
	    c->ca, c->ca ? strlen(c->ca) : 0, CURL_BLOB_COPY};

	if (c->ca_file)
		SET(easy, CURLOPT_CAINFO, c->ca_file);
	else if (c->ca)
		SET(easy, CURLOPT_CAINFO_BLOB, &ca);
	if (c->no_path)
		SET(easy, CURLOPT_CAPATH, NULL);
	if (pair < c->npairs) {
		SET(easy, CURLOPT_SSLCERT, c->pairs[pair].cert);
		SET(easy, CURLOPT_SSLKEY, c->pairs[pair].key);
		/* Or OpenSSL would ask at the terminal. */
		SET(easy, CURLOPT_KEYPASSWD, "");
	}
}

static void
tls_set(CURL *easy, const struct transport *t, const struct server *s)
{
	bool verify = !s->insecure && !is_trusted(t, s->at.host);

	SET(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SET(easy, CURLOPT_SSL_VERIFYPEER, (long)verify);
	SET(easy, CURLOPT_SSL_VERIFYHOST, verify ? 2L : 0L);
	certs_set(easy, s->certs, s->pair);
}

/*
 * Which version, of whose connections.  Streams that are starved by others on
 * their connection aren't slow: see server_pulse.
 */
static void
version_set(CURL *easy, const struct transport *t, bool join)
{
	SET(easy, CURLOPT_HTTP_VERSION,
	    (long)(join ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1));
	if (join) {
		SET(easy, CURLOPT_PIPEWAIT, 1L);
	} else {
		SET(easy, CURLOPT_SHARE, t->share);
		SET(easy, CURLOPT_LOW_SPEED_LIMIT, (long)SERVER_SLOWEST);
		SET(easy, CURLOPT_LOW_SPEED_TIME, t->timeout);
	}
}

CURL *
transport_handle(const struct transport *t, const struct server *s,
    const struct address *a, struct response *r, bool join)
{
	CURL *easy = curl_easy_init();

	if (!easy)
		die("libcurl: no memory");
	response_init(r);
	option_failed(response_follow(r, easy));
	SET(easy, CURLOPT_URL, a->text);
	version_set(easy, t, join);
	SET(easy, CURLOPT_NOSIGNAL, 1L);
	SET(easy, CURLOPT_USERAGENT, "oci-fetch/" VERSION);
	SET(easy, CURLOPT_BUFFERSIZE, (long)BUFFER_SIZE);
	SET(easy, CURLOPT_PROTOCOLS_STR, a->scheme);
	SET(easy, CURLOPT_FOLLOWLOCATION, 0L);
	SET(easy, CURLOPT_CONNECTTIMEOUT, t->timeout);
	SET(easy, CURLOPT_PROXY, s->proxy.url ? s->proxy.url : "");
	SET(easy, CURLOPT_PROXYUSERPWD, s->proxy.user);
	SET(easy, CURLOPT_NOPROXY, ""); /* that has been decided */
	if (strcmp(a->scheme, "https") == 0)
		tls_set(easy, t, s);
	return easy;
}

void
header_add(struct curl_slist **list, const char *line)
{
	struct curl_slist *longer = curl_slist_append(*list, line);

	if (!longer)
		die("libcurl: no memory");
	*list = longer;
}
