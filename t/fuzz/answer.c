/* SPDX-License-Identifier: ISC */
/*
 * What a registry answers: a line with what it was asked for and its status,
 * "tags 200", "manifest 200", "referrers 200" or "token 200", then headers and
 * a body.  The first token comes from the realm that WWW-Authenticate names.
 */
#include <stdlib.h>
#include <string.h>

/* For the function that libcurl gives each header. */
#include "fetch/registry/response.c"

#include "fetch/auth/challenge.h"
#include "fetch/auth/credentials.h"
#include "fetch/auth/token.h"
#include "fetch/image/document.h"
#include "fetch/image/reference.h"
#include "fetch/image/referrers.h"
#include "fetch/image/tags.h"
#include "fetch/registry/endpoint.h"
#include "fetch/registry/link.h"
#include "fetch/registry/refusal.h"
#include "fetch/registry/registry.h"
#include "lib/digest.h"
#include "lib/json.h"
#include "lib/manifest.h"
#include "t/fuzz/fuzz.h"

#define PAGES 3
#define ABOUT                                                                  \
	"sha256:"                                                              \
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static struct {
	const char *asked;
	long status;
	const char *headers; /* and the body behind them */
	size_t len;
	int answers; /* so far */
} given;

static void
header(struct response *r, const char *line, size_t n)
{
	char *copy = xmalloc(n);

	/* libcurl has no NUL behind it. */
	memcpy(copy, line, n);
	header_receive(copy, 1, n, r);
	free(copy);
}

/* Nobody is met, and no time passes. */
int64_t
clock_now(void)
{
	return 1;
}

void
server_free(struct server *list)
{
	(void)list;
}

/* The answer, as often as it is asked for. */
static void
answer(struct response *r, struct buf *body)
{
	const char *at = given.headers, *end = at + given.len, *next;

	response_init(r);
	r->status = given.status;
	for (; at < end; at = next) {
		next = memchr(at, '\n', (size_t)(end - at));
		next = next ? next + 1 : end;
		header(r, at, (size_t)(next - at));
		if (r->headed)
			break;
	}
	if (at < end)
		buf_add(body, next, (size_t)(end - next));
	given.answers++;
}

void
registry_get(struct registry *r, const char *path, const char *accept,
    size_t max, const char *object, struct buf *body, struct response *a)
{
	(void)r, (void)path, (void)accept, (void)max, (void)object;
	buf_free(body);
	answer(a, body);
	if (given.answers == PAGES)
		*a->link = '\0';
}

bool
registry_find(struct registry *r, const char *path, const char *accept,
    size_t max, const char *object, struct buf *body, struct response *a)
{
	registry_get(r, path, accept, max, object, body, a);
	return a->status != 404;
}

bool
registry_may_get(struct registry *r, const char *path, const char *accept,
    size_t max, const char *object, struct buf *body, struct response *a)
{
	registry_get(r, path, accept, max, object, body, a);
	return a->status == 200;
}

bool
registry_head(struct registry *r, const char *path, const char *accept,
    const char *object, struct response *a)
{
	struct buf body = {0};

	(void)r, (void)path, (void)accept, (void)object;
	answer(a, &body);
	buf_free(&body);
	return a->status == 200;
}

bool
registry_has(struct registry *r, const char *path, const char *object)
{
	(void)r, (void)path, (void)object;
	return true;
}

void
registry_route(const struct registry *r, const char *path, struct route *route)
{
	char *url = xasprintf("https://x.y/v2/a/%s", path);
	struct address first;
	const char *why;

	(void)r;
	if (address_parse(url, NULL, &first, &why) < 0)
		die("%s: it %s", url, why);
	route_begin(route, &first);
	free(url);
}

/* Only where there is no answer at all. */
char *
refusal_reason(const struct request *q)
{
	(void)q;
	return xstrdup("no answer");
}

void
loop_add(struct loop *l, struct request *q)
{
	(void)l;
	answer(&q->answer, &q->body);
	q->ended(q->arg);
}

void
request_free(struct request *q)
{
	response_free(&q->answer);
	buf_free(&q->body);
}

static void
tags(struct registry *r)
{
	char *text = tags_fetch(r);
	const char *why;
	cJSON *json = json_parse(text, strlen(text), &why);
	const cJSON *tag;

	fuzz_must(json, "the tags are JSON");
	cJSON_ArrayForEach(tag, json_get(json, "tags"))
	    fuzz_must(reference_tag_valid(cJSON_GetStringValue(tag)),
		"a tag can be named");
}

static void
token_ended(void *arg)
{
	(void)arg;
}

static void
token(const struct response *r)
{
	struct credentials c = {.user = xstrdup("user"),
	    .password = xstrdup("secret"),
	    .identity_token = r->length == 1 ? xstrdup("identity") : NULL};
	struct challenge challenge;
	struct address by;
	struct token t = {.ended = token_ended, .by = &by};
	const char *why;

	if (address_parse("https://x.y/v2/", NULL, &by, &why) < 0)
		die("%s", why);
	challenge_parse(r->challenge, &challenge);
	token_begin(&t, &challenge, &c);
	fuzz_must(t.text && *t.text, "there is a token");
	for (const char *s = t.text; *s; s++)
		fuzz_must(*s > ' ' && *s <= '~', "it fits into a header");
	token_free(&t);
	address_free(&by);
}

static void
manifest(struct registry *r)
{
	struct document d;
	struct manifest m;
	struct index x;

	document_fetch(r, &d);
	if (media_type_is_index(d.desc.media_type))
		document_index(&d, &x);
	else
		document_manifest(&d, &m);
}

static void
referrers(struct registry *r)
{
	struct referrers list = {.type = r->ref->tag};
	struct document d;

	for (int i = 0; i < 2; i++) {
		referrers_fetch(r, ABOUT, &list);
		for (size_t k = 0; k < list.n; k++) {
			fuzz_must(
			    !list.all[k].ref_name && !list.all[k].image_name,
			    "what refers to an image has no name");
			fuzz_must(digest_valid(list.all[k].digest),
			    "what refers has a digest");
			if (referrers_document(r, &list.all[k], ABOUT, &d))
				document_free(&d);
		}
		referrers_free(&list);
		given.answers = 0;
	}
}

static void
headers_check(const struct response *r)
{
	char *next = link_next(r->link);
	struct challenge c;

	fuzz_must(!next || !strpbrk(next, ">\n"), "a link is one");
	free(next);
	challenge_parse(r->challenge, &c);
	fuzz_must(challenge_is_known(r->challenge) == (c.basic || c.bearer),
	    "a challenge is known");
	fuzz_must(!c.realm || c.bearer, "only Bearer has a realm");
	challenge_free(&c);
	fuzz_must(r->length >= -1 && r->from >= -1, "numbers are none below 0");
}

static void
ask(void *arg)
{
	struct reference ref = {.host = (char *)"x.y",
	    .repository = (char *)"a",
	    .tag = (char *)"b"};
	struct endpoint own = {.ref = ref};
	struct registry r = {.ref = &ref, .first = &own, .own = &own};
	struct response first;
	struct buf body = {0};

	(void)arg;
	answer(&first, &body);
	given.answers = 0;
	headers_check(&first);
	if (strcmp(given.asked, "tags") == 0)
		tags(&r);
	else if (strcmp(given.asked, "referrers") == 0)
		referrers(&r);
	else if (strcmp(given.asked, "token") == 0)
		token(&first);
	else
		manifest(&r);
	response_free(&first);
	buf_free(&body);
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	char *text = fuzz_text(data, len), *rest = text;
	char *line = fuzz_line(&rest), *blank;

	if (line && rest) {
		blank = strchr(line, ' ');
		given.status = blank ? atol(blank) : 200;
		if (blank)
			*blank = '\0';
		given.asked = line;
		given.headers = rest;
		given.len = len - (size_t)(rest - text);
		fuzz_survived(ask, NULL);
	}
	free(text);
	return 0;
}
