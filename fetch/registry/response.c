/* SPDX-License-Identifier: ISC */
/* An answer: what is read of its headers, and how it ended. */
#include "fetch/registry/response.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "fetch/registry/server.h"
#include "lib/die.h"
#include "lib/mem.h"

#define HEADERS_MAX (64 << 10) /* bytes before one body */

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
	int64_t now = clock_now(), asked = r->asked;

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
		r->asked = asked;
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

void
response_asked(struct response *r)
{
	r->asked = r->heard = clock_now();
}

static int
sent(void *arg, char *to, char *from, int to_port, int from_port)
{
	struct response *r = arg;

	(void)to, (void)from, (void)to_port, (void)from_port;
	response_asked(r);
	return CURL_PREREQFUNC_OK;
}

CURLcode
response_follow(struct response *r, CURL *easy)
{
	CURLcode code = CURLE_OK;

	code = code ?: curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, r->error);
	code = code
		   ?: curl_easy_setopt(
			  easy, CURLOPT_HEADERFUNCTION, header_receive);
	code = code ?: curl_easy_setopt(easy, CURLOPT_HEADERDATA, r);
	code = code ?: curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, sent);
	return code ?: curl_easy_setopt(easy, CURLOPT_PREREQDATA, r);
}

void
response_end(struct response *r, CURL *easy)
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
response_reason(const struct response *r, CURLcode code)
{
	if (code == CURLE_OUT_OF_MEMORY)
		die("out of memory");
	if (r->headers > HEADERS_MAX)
		return "the answer's headers are too long";
	return *r->error ? r->error : curl_easy_strerror(code);
}
