/* SPDX-License-Identifier: ISC */
/*
 * HTTP by libcurl.
 *
 * A handle is good for one address, and what may be shown there is decided
 * when it is made: certificates belong to a host and port, a proxy to
 * whatever isn't this machine.  One connection a transfer, HTTP/1.1: the layers
 * of an image are few and large, and a paused stream of HTTP/2 costs memory or
 * stalls its brothers.
 */
#include "fetch/registry/transport.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "fetch/registry/address.h"
#include "fetch/registry/server.h"
#include "lib/mem.h"

#if LIBCURL_VERSION_NUM < 0x075500
#error "libcurl 7.85 or later is needed"
#endif

#define BUFFER_SIZE (256 << 10) /* what one read of a socket may bring */
#define SLOWEST 512             /* bytes a second, or it counts as nothing */
#define HEADERS_MAX (64 << 10)  /* bytes before one body */

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

void
response_init(struct response *r)
{
	*r = (struct response){
	    .type = xstrdup(""),
	    .digest = xstrdup(""),
	    .challenge = xstrdup(""),
	    .link = xstrdup(""),
	    .location = xstrdup(""),
	    .warning = xstrdup(""),
	    .encoding = xstrdup(""),
	    .length = -1,
	    .from = -1,
	};
}

void
response_free(struct response *r)
{
	free(r->type);
	free(r->digest);
	free(r->challenge);
	free(r->link);
	free(r->location);
	free(r->warning);
	free(r->encoding);
}

/* The value when line, of n bytes, is the header name; owned. */
static char *
header_value(const char *line, size_t n, const char *name)
{
	size_t len = strlen(name);

	if (n <= len || line[len] != ':' || strncasecmp(line, name, len) != 0)
		return NULL;
	line += len + 1;
	n -= len + 1;
	while (n && strchr(" \t\r\n", line[n - 1]))
		n--;
	while (n && strchr(" \t", *line))
		line++, n--;
	return xstrndup(line, n);
}

static int64_t
number(const char *s)
{
	char *end;
	long long n = strtoll(s, &end, 10);

	return end == s || n < 0 ? -1 : n;
}

static void
header_text(const char *line, size_t n, const char *name, char **place)
{
	char *value = header_value(line, n, name);

	if (!value)
		return;
	free(*place);
	*place = value;
}

/* Of a header that may come several times, each on a line of its own. */
static void
header_line(const char *line, size_t n, const char *name, char **place)
{
	char *value = header_value(line, n, name), *all;

	if (!value)
		return;
	all = xasprintf("%s%s%s", *place, **place ? "\n" : "", value);
	free(*place);
	free(value);
	*place = all;
}

static void
header_numbers(const char *line, size_t n, struct response *r)
{
	char *value = header_value(line, n, "Content-Length");

	if (value)
		r->length = number(value);
	free(value);
	value = header_value(line, n, "Content-Range");
	if (value && strncasecmp(value, "bytes ", 6) == 0)
		r->from = number(value + 6);
	free(value);
}

static size_t
header_receive(char *line, size_t size, size_t n, void *arg)
{
	struct response *r = arg;
	size_t all;
	int64_t now = clock_now();

	(void)size;
	r->heard = r->heard ? now : 0;
	all = r->headers += n;
	if (all > HEADERS_MAX)
		return 0;
	if (n > 5 && memcmp(line, "HTTP/", 5) == 0) {
		/* The next answer: after 100, or after a proxy's. */
		response_free(r);
		response_init(r);
		r->headers = all;
		r->heard = now;
		return n;
	}
	r->headed = *line == '\r' || *line == '\n';
	header_text(line, n, "Content-Type", &r->type);
	r->type[strcspn(r->type, "; \t")] = '\0';
	header_text(line, n, "Docker-Content-Digest", &r->digest);
	header_text(line, n, "Location", &r->location);
	header_text(line, n, "Content-Encoding", &r->encoding);
	header_line(line, n, "Link", &r->link);
	header_line(line, n, "Warning", &r->warning);
	header_line(line, n, "WWW-Authenticate", &r->challenge);
	header_numbers(line, n, r);
	return n;
}

/* There is a connection, and now the server has to answer. */
static int
request_sent(void *arg, char *to, char *from, int to_port, int from_port)
{
	struct response *r = arg;

	(void)to, (void)from, (void)to_port, (void)from_port;
	r->heard = clock_now();
	return CURL_PREREQFUNC_OK;
}

static void
certs_set(CURL *easy, const struct certs *c, size_t pair)
{
	struct curl_blob ca = {
	    c->ca, c->ca ? strlen(c->ca) : 0, CURL_BLOB_COPY};

	if (c->ca)
		SET(easy, CURLOPT_CAINFO_BLOB, &ca);
	if (c->ca_path)
		SET(easy, CURLOPT_CAPATH, *c->ca_path ? c->ca_path : NULL);
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

CURL *
transport_handle(const struct transport *t, const struct server *s,
    const struct address *a, struct response *r)
{
	CURL *easy = curl_easy_init();

	if (!easy)
		die("libcurl: no memory");
	response_init(r);
	SET(easy, CURLOPT_URL, a->text);
	SET(easy, CURLOPT_ERRORBUFFER, r->error);
	SET(easy, CURLOPT_HEADERFUNCTION, header_receive);
	SET(easy, CURLOPT_HEADERDATA, r);
	SET(easy, CURLOPT_PREREQFUNCTION, request_sent);
	SET(easy, CURLOPT_PREREQDATA, r);
	SET(easy, CURLOPT_SHARE, t->share);
	SET(easy, CURLOPT_NOSIGNAL, 1L);
	SET(easy, CURLOPT_USERAGENT, "oci-fetch/" VERSION);
	SET(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	SET(easy, CURLOPT_BUFFERSIZE, (long)BUFFER_SIZE);
	SET(easy, CURLOPT_PROTOCOLS_STR, a->scheme);
	SET(easy, CURLOPT_FOLLOWLOCATION, 0L);
	SET(easy, CURLOPT_CONNECTTIMEOUT, t->timeout);
	SET(easy, CURLOPT_LOW_SPEED_LIMIT, (long)SLOWEST);
	SET(easy, CURLOPT_LOW_SPEED_TIME, t->timeout);
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

void
transport_finish(CURL *easy, struct response *r)
{
	curl_off_t retry = 0, connected = 0;

	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &r->status);
	curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &retry);
	curl_easy_getinfo(easy, CURLINFO_CONNECT_TIME_T, &connected);
	r->retry_after =
	    retry < LONG_MAX / 1000 ? (long)retry : LONG_MAX / 1000;
	r->connected = connected > 0;
	curl_easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &r->tunnel);
}

const char *
transport_reason(CURLcode code, const struct response *r)
{
	if (code == CURLE_OUT_OF_MEMORY)
		die("out of memory");
	if (r->headers > HEADERS_MAX)
		return "the answer's headers are too long";
	return *r->error ? r->error : curl_easy_strerror(code);
}
