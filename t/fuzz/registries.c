/* SPDX-License-Identifier: ISC */
/*
 * registries.conf: a line with a reference, and the file.  What one way of
 * writing the reference comes to every other does.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/config/registries.h"
#include "fetch/config/toml.h"
#include "fetch/image/host.h"
#include "fetch/image/reference.h"
#include "lib/mem.h"
#include "t/fuzz/fuzz.h"

struct input {
	const char *name, *text;
	size_t len;
};

static unsigned
lines_of(const char *text, size_t len)
{
	unsigned n = 1;

	for (size_t i = 0; i < len; i++)
		n += text[i] == '\n';
	return n;
}

static void
values_check(const cJSON *item, unsigned lines)
{
	for (; item; item = item->next) {
		fuzz_must(toml_line(item) >= 1 && toml_line(item) <= lines,
		    "a value has its line");
		values_check(item->child, lines);
	}
}

static void
toml(const struct input *in)
{
	unsigned line = 0, lines = lines_of(in->text, in->len);
	const char *why = NULL;
	cJSON *tree = toml_parse(in->text, in->len, &line, &why);

	if (tree)
		values_check(tree->child, lines);
	else
		fuzz_must(why && *why && line >= 1 && line <= lines,
		    "what is wrong has a line");
	cJSON_Delete(tree);
}

static void
rules_check(const struct registries *c)
{
	for (size_t i = 0; i < c->nrules; i++) {
		const struct rule *r = &c->rules[i];

		fuzz_must(reference_prefix_valid(r->prefix),
		    "names begin with a prefix");
		fuzz_must(r->location || !strncmp(r->prefix, "*.", 2),
		    "a rule is of a place or a domain");
		for (size_t k = 0; k < r->nmirrors; k++)
			fuzz_must(*r->mirrors[k].location, "a mirror is one");
	}
}

/* The host in upper case, with the port that it has anyway. */
static char *
otherwise(const char *name)
{
	size_t host = host_length(name);
	char *text = xasprintf("%.*s%s%s", (int)host, name,
	    name[host] == ':' || *name == '[' ? "" : ":443", name + host);

	for (size_t i = 0; i < host; i++)
		text[i] = (char)toupper((unsigned char)text[i]);
	return text;
}

static void
reference_check(const struct registries *c, const struct reference *ref)
{
	char *name = reference_text(ref), *other = otherwise(name), *there;
	const struct rule *r = registries_find(c, name);
	struct reference again;
	const char *why;

	if (r && r->location) {
		there = rule_rewrite(r, r->location, name);
		fuzz_must(!strncmp(there, r->location, strlen(r->location)),
		    "what is elsewhere is there");
		free(there);
	}
	fuzz_must(reference_parse(other, &again, &why) == 0,
	    "another way of writing a name is one");
	free(name);
	name = reference_text(&again);
	fuzz_must(registries_find(c, name) == r, "it has the same rule");
	reference_free(&again);
	free(other);
	free(name);
}

static void
conf(void *arg)
{
	const struct input *in = arg;
	struct registries c = {0};
	struct reference ref;
	const char *why;

	toml(in);
	registries_add(&c, "registries.conf", in->text, in->len);
	rules_check(&c);
	/* As a drop-in it says nothing new. */
	registries_add(&c, "drop-in.conf", in->text, in->len);
	rules_check(&c);
	if (reference_parse(in->name, &ref, &why) == 0) {
		reference_check(&c, &ref);
		if (ref.hostless)
			registries_check_hostless(&c, &ref);
		reference_free(&ref);
	}
	registries_free(&c);
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	char *text = fuzz_text(data, len), *rest = text;
	struct input in = {.name = fuzz_line(&rest)};

	if (in.name && rest) {
		in.len = len - (size_t)(rest - text);
		/* Of just its size, so that a sanitizer sees its end. */
		in.text = memcpy(xmalloc(in.len), rest, in.len);
		fuzz_survived(conf, &in);
		free((char *)in.text);
	}
	free(text);
	return 0;
}
