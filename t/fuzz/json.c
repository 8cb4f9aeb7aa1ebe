/* SPDX-License-Identifier: ISC */
/*
 * Documents of JSON, as any of those that come from outside: manifest, index,
 * descriptor, oci-layout, state.json.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/json.h"
#include "lib/layout.h"
#include "lib/manifest.h"
#include "lib/state.h"
#include "lib/statejson.h"
#include "t/fuzz/fuzz.h"
#include "t/jsonwhole.h"

struct document {
	const char *text;
	size_t len;
};

/* What is printed is read as the same, on one line or indented. */
static void
printed_again(const cJSON *json, char *(*print)(const cJSON *))
{
	char *text = print(json), *second;
	const char *why;
	cJSON *again = json_parse(text, strlen(text), &why);

	fuzz_must(again, "what is printed is read again");
	second = print(again);
	fuzz_must(!strcmp(text, second), "it is printed the same");
	free(text);
	free(second);
	cJSON_Delete(again);
}

static void
numbers(const cJSON *json)
{
	const cJSON *child;
	uint64_t u;
	int64_t i;

	if (json_int(json, INT64_MIN, INT64_MAX, &i) == 0 && i >= 0)
		fuzz_must(
		    json_uint(json, UINT64_MAX, &u) == 0 && u == (uint64_t)i,
		    "a number is the same in both kinds");
	cJSON_ArrayForEach(child, json) numbers(child);
}

static void
descriptor(const cJSON *json)
{
	struct descriptor d, again;
	const cJSON *child;
	const char *why;
	cJSON *made;

	if (descriptor_parse(json, &d, &why) == 0) {
		made = descriptor_json(&d);
		fuzz_must(descriptor_parse(made, &again, &why) == 0,
		    "a descriptor that is printed is one");
		fuzz_must(!strcmp(d.digest, again.digest) &&
			      d.size == again.size &&
			      !strcmp(d.media_type, again.media_type) &&
			      !d.ref_name == !again.ref_name,
		    "it says the same");
		descriptor_free(&again);
		descriptor_free(&d);
		cJSON_Delete(made);
	}
	descriptor_is_foreign(json);
	cJSON_ArrayForEach(child, json) descriptor(child);
}

static void
state(const cJSON *json)
{
	struct state s = {0};
	const char *why;

	if (state_parse(json, &s, &why) == 0) {
		printed_again(state_json(&s), json_text);
		printed_again(state_json_public(&s), json_pretty);
	}
	state_free(&s);
}

static void
documents(void *arg)
{
	const struct document *doc = arg;
	struct platform want = {(char *)"linux", (char *)"arm", (char *)"v7"};
	struct manifest m;
	struct index x;
	const char *why = NULL;
	cJSON *json = json_parse(doc->text, doc->len, &why);

	fuzz_must(json || why, "there is a reason");
	fuzz_must(
	    whole_agrees("manifests", doc->text, doc->len, 1 + doc->len / 3),
	    "split it is what it is as a whole");
	if (manifest_parse(doc->text, doc->len, &m, &why) == 0) {
		fuzz_must(m.nlayers <= LAYERS_MAX, "layers have a limit");
		manifest_free(&m);
	}
	if (index_parse(doc->text, doc->len, &x, &why) == 0) {
		fuzz_must(manifest_parse(doc->text, doc->len, &m, &why) < 0,
		    "nothing is index and manifest");
		index_select(&x, &want);
		index_free(&x);
	}
	layout_version_check(doc->text, doc->len, &why);
	if (!json)
		return;
	numbers(json);
	printed_again(json, json_text);
	printed_again(json, json_pretty);
	descriptor(json);
	state(json);
	cJSON_Delete(json);
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	struct document doc = {(const char *)data, len};

	fuzz_must(
	    fuzz_survived(documents, &doc), "documents are no reason to die");
	return 0;
}
