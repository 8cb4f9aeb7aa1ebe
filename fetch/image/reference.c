/* SPDX-License-Identifier: ISC */
/* Names of images in registries. */
#include "fetch/image/reference.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/image/host.h"
#include "lib/digest.h"
#include "lib/mem.h"

#define NAME_MAX_BYTES 255
#define TAG_MAX_BYTES 128

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

/* A word of the tag: not begun by '.' or '-', at most 128 bytes. */
bool
reference_tag_valid(const char *s)
{
	size_t n = strlen(s);

	return n > 0 && n <= TAG_MAX_BYTES && *s != '.' && *s != '-' &&
	       strspn(s, LOWER UPPER DIGITS "_.-") == n;
}

/*
 * Words of lower case and digits with separators between them: one '.', one
 * or two '_', any number of '-'.
 */
static bool
component_valid(const char *s, size_t n)
{
	const char *end = s + n;
	size_t word, gap;

	for (;;) {
		word = strspn(s, LOWER DIGITS);
		if (word == 0 || s + word > end)
			return false;
		s += word;
		if (s == end)
			return true;
		gap = strspn(s, "-");
		if (gap == 0)
			gap = *s == '.' ? 1 : strspn(s, "_");
		if (gap == 0 || (*s == '_' && gap > 2))
			return false;
		s += gap;
	}
}

static bool
repository_valid(const char *s)
{
	size_t n;

	for (;;) {
		n = strcspn(s, "/");
		if (!component_valid(s, n))
			return false;
		if (s[n] == '\0')
			return true;
		s += n + 1;
	}
}

/* Whether the n bytes before the first '/' name a host. */
static bool
looks_like_host(const char *s, size_t n)
{
	if (n == strlen("localhost") && strncmp(s, "localhost", n) == 0)
		return true;
	for (size_t i = 0; i < n; i++)
		if (s[i] == '.' || s[i] == ':' || isupper((unsigned char)s[i]))
			return true;
	return false;
}

static void
name_normal(struct reference *r)
{
	char *host = host_normal(r->host);

	free(r->host);
	r->host = host;
}

/* Split name, which has no tag any more, into host and repository. */
static void
name_split(const char *name, struct reference *r)
{
	size_t n = strcspn(name, "/");

	if (name[n] == '/' && looks_like_host(name, n)) {
		r->host = xstrndup(name, n);
		name += n + 1;
	} else {
		r->host = xstrdup(HOST_HUB);
		r->hostless = true;
	}
	name_normal(r);
	if (strcmp(r->host, HOST_HUB) == 0 && !strchr(name, '/'))
		r->repository = xasprintf("library/%s", name);
	else
		r->repository = xstrdup(name);
}

static bool
all_hex64(const char *s)
{
	return strlen(s) == 64 && strspn(s, DIGITS "abcdef") == 64;
}

static const char *
fault(const char *name, const struct reference *r)
{
	if (strstr(name, "//"))
		return "is a URL; name the image without the scheme";
	if (all_hex64(name))
		return "is the digits of a digest, not a name";
	if (strlen(r->host) + 1 + strlen(r->repository) > NAME_MAX_BYTES)
		return "is longer than 255 bytes";
	if (!host_valid(r->host))
		return "does not begin with a valid host";
	if (!repository_valid(r->repository))
		return "is not a valid name; names are lower case, such as "
		       "host:5000/a/b:tag";
	if (r->tag && !reference_tag_valid(r->tag))
		return "has no valid tag";
	if (r->digest && !digest_valid(r->digest))
		return "has no valid sha256 or sha512 digest";
	return NULL;
}

int
reference_parse(const char *text, struct reference *r, const char **why)
{
	char *name = xstrdup(text), *at, *colon;
	struct reference new = {0};

	at = strchr(name, '@');
	if (at) {
		new.digest = xstrdup(at + 1);
		*at = '\0';
	}
	colon = strrchr(name, ':');
	if (colon && !strchr(colon, '/')) {
		new.tag = xstrdup(colon + 1);
		*colon = '\0';
	} else if (!new.digest) {
		new.tag = xstrdup("latest");
	}
	name_split(name, &new);
	*why = fault(name, &new);
	free(name);
	if (*why) {
		reference_free(&new);
		return -1;
	}
	*r = new;
	return 0;
}

/* What may follow the host in a prefix: a name, maybe a tag or digest. */
static bool
prefix_rest_valid(char *name)
{
	char *at = strchr(name, '@'), *colon;

	if (at)
		*at++ = '\0';
	colon = strchr(name, ':');
	if (colon)
		*colon++ = '\0';
	return repository_valid(name) && (!at || digest_valid(at)) &&
	       (!colon || reference_tag_valid(colon));
}

bool
reference_prefix_valid(const char *text)
{
	char *host = xstrdup(text), *name = strchr(host, '/');
	bool valid;

	if (strncmp(host, "*.", 2) == 0) {
		valid = host_valid(host + 2) && !strpbrk(host, "/:[");
	} else if (name) {
		*name++ = '\0';
		valid = looks_like_host(host, strlen(host)) &&
			host_valid(host) && prefix_rest_valid(name);
	} else {
		valid = host_valid(host);
	}
	free(host);
	return valid;
}

static char *
copied(const char *s)
{
	return s ? xstrdup(s) : NULL;
}

void
reference_copy(struct reference *to, const struct reference *from)
{
	*to = (struct reference){
	    .host = copied(from->host),
	    .repository = copied(from->repository),
	    .tag = copied(from->tag),
	    .digest = copied(from->digest),
	    .hostless = from->hostless,
	};
}

void
reference_free(struct reference *r)
{
	free(r->host);
	free(r->repository);
	free(r->tag);
	free(r->digest);
	*r = (struct reference){0};
}

char *
reference_text(const struct reference *r)
{
	return xasprintf("%s/%s%s%s%s%s", r->host, r->repository,
	    r->tag ? ":" : "", r->tag ? r->tag : "", r->digest ? "@" : "",
	    r->digest ? r->digest : "");
}

const char *
reference_object(const struct reference *r)
{
	return r->digest ? r->digest : r->tag;
}
