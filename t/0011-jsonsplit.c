/* SPDX-License-Identifier: ISC */
/* lib/jsonsplit: it agrees with cJSON on the whole, whatever that is. */
#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"
#include "t/jsonwhole.h"
#include "t/tap.h"

static void
agreed(const char *text)
{
	bool is = true;

	for (size_t run = 1; run < 9; run++)
		is &= whole_agrees("list", text, strlen(text), run);
	ok(is, text);
}

/* Refused with the same reason, which has the same place. */
static void
refused(const char *text)
{
	const char *why = "";
	char split[128] = "";

	json_parse(text, strlen(text), &why);
	ok(!whole_split("list", text, strlen(text), 3, split) &&
		!strcmp(why, split),
	    text);
	if (strcmp(why, split))
		printf("# \"%s\", not \"%s\"\n", split, why);
}

static void
documents(void)
{
	agreed("{\"list\":[{\"a\":1},{\"b\":[2,\"]}\"]},3,\"x\\\"y\",null]}");
	agreed("{\"list\":[]}");
	agreed(" { \"list\" : [ ] } ");
	agreed("{\"list\":[ [] , {} ],\"x\":{\"list\":[1]}}");
	agreed("{\"a\":\"list\",\"b\":[1,2],\"list\":[3]}");
	agreed("{\"l\\u0069st\":[1,2]}");
	agreed("{\"List\":[1],\"list\":null}");
	agreed("{\"a\":{\"list\":[1]},\"list\":[1.10,12345678901234567]}");
	agreed("[\"list\",[1,2]]");
	agreed("{\"x\":\"\\\\\",\"list\":[\"\\\\\",\"\\\"\"]}");
}

static int
refuse_third(
    void *n, const cJSON *json, const char *text, size_t len, const char **why)
{
	(void)json, (void)text, (void)len;
	*why = "is the third";
	return ++*(int *)n == 3 ? -1 : 0;
}

/* The items are not in the rest, and whoever gets them may refuse. */
static void
parts(void)
{
	static const char two[] = "{\"a\":[0],\"list\": [ 1,\n{} ] }",
			  three[] = "{\"list\":[1,2,3";
	int n = 0;
	struct json_split s = {.name = "list", .item = refuse_third, .of = &n};
	const char *why = "";
	cJSON *rest = NULL;

	json_split_begin(&s);
	if (!json_split_run(&s, two, sizeof two - 1, &why))
		rest = json_split_end(&s, &why);
	ok(rest && n == 2, "two items");
	ok(!strcmp(s.rest.data, "{\"a\":[0],\"list\": [] }"), "and the rest");
	ok(s.rest.data[s.hole] == ']', "where they are to be seen");
	cJSON_Delete(rest);
	json_split_free(&s);
	s = (struct json_split){.name = "list", .item = refuse_third, .of = &n};
	json_split_begin(&s);
	n = 1;
	ok(json_split_run(&s, three, sizeof three - 1, &why) < 0 &&
		!strcmp(why, "is the third"),
	    "an item that is refused");
	json_split_free(&s);
}

static void
refusals(void)
{
	static const char *const items[] = {"", ",", "1,", ",1", "1,,2", "{]",
	    "[}", "1 2", "{\"a\":1", "}", "]", "010", "\"\\u0000\"", "\"a\tb\"",
	    "{\"a\":1,\"a\":2}", "\"", "\\", "1.", "1}", "{\"a\"},{}",
	    "\357\273\2771"};
	char *text;

	for (size_t i = 1; i < sizeof items / sizeof *items; i++) {
		text = malloc(100);
		snprintf(text, 100, "{\n \"list\":[7,\n  %s]}", items[i]);
		agreed(text);
		snprintf(text, 100, "{\"list\":[%s],\n\"b\":1}", items[i]);
		agreed(text);
		free(text);
	}
	refused("{\"list\":[{},\n {\"b\":1,\"b\":2}]}");
	refused("{\"list\":[1,\n 02]}");
	refused("{\"list\":[1,\"a\tb\"]}");
	refused("{\"list\":[1,\n2],\n \"list\":[3]}");
	refused("{\"list\":[1,\n2], \"b\":01}");
	refused("{\"list\":[1,\n2]} x");
	refused("{\"list\":[1,\n2");
	refused("{\"list\":[1,\n2,\n");
	refused("{\"list\":[1,\n2],\n");
	refused("{\"list\":[1,2]");
	refused("{\"a\":x,\"list\":[1]}");
}

/* As deep as it may be, and deeper, in the array and behind it. */
static void
depth(void)
{
	struct buf b = {0};
	const char *const before[] = {"{\"list\":[", "{\"list\":[0],\"b\":["};
	bool is = true, taken;
	const char *why;
	cJSON *json;

	for (int i = 0; i < 2; i++)
		for (int n = 60; n < 66; n++) {
			b.len = 0;
			buf_adds(&b, before[i]);
			for (int j = 0; j < n; j++)
				buf_addc(&b, '[');
			for (int j = 0; j < n; j++)
				buf_addc(&b, ']');
			buf_adds(&b, "]}");
			json = json_parse(b.data, b.len, &why);
			taken = json;
			is &= taken == (n <= 62);
			is &= whole_agrees("list", b.data, b.len, 7);
			cJSON_Delete(json);
		}
	buf_free(&b);
	ok(is, "64 levels, and no more");
}

/* Documents of words that make them right, or nearly. */
static void
at_random(void)
{
	static const char *const words[] = {"{", "}", "[", "]", ",", ":",
	    "\"list\"", "\"a\"", "\"b\\\"\"", "1", "-0.5e3", "null", " ", "\n",
	    "\"list\":[", "{\"a\":1}", "[]", "},{", "\\", "\"", "\"\\u006c\"",
	    "01", "\f"};
	unsigned random = 1;
	struct buf b = {0};
	size_t bad = 0, n, taken = 0;
	const char *why;
	cJSON *json;

	for (int i = 0; i < 100000; i++) {
		b.len = 0;
		buf_adds(&b, i % 4 ? "{\"list\":[" : "");
		n = (random >> 8) % 12;
		for (size_t j = 0; j < n; j++) {
			random = random * 1664525 + 1013904223;
			buf_adds(&b, words[(random >> 10) %
					   (sizeof words / sizeof *words)]);
		}
		buf_adds(&b, i % 4 ? "]}" : "");
		json = json_parse(b.data, b.len, &why);
		taken += json != NULL;
		cJSON_Delete(json);
		random = random * 1664525 + 1013904223;
		if (!whole_agrees(
			"list", b.data, b.len, 1 + (random >> 20) % 20) &&
		    !bad++)
			printf("# %s\n", b.data);
	}
	buf_free(&b);
	ok(!bad, "documents at random");
	ok(taken > 1000, "of which some are right");
}

/* Arrays without end that might be it: each is looked at once. */
static void
names_without_end(void)
{
	struct buf b = {0};

	buf_adds(&b, "{\"");
	for (int i = 0; i < 1 << 20; i++)
		buf_addc(&b, 'n');
	buf_adds(&b, "\":");
	for (int i = 0; i < 1 << 20; i++)
		buf_adds(&b, "[],");
	ok(whole_agrees("list", b.data, b.len, 1 << 16),
	    "a name of a million bytes");
	buf_free(&b);
}

int
main(void)
{
	documents();
	parts();
	refusals();
	depth();
	at_random();
	names_without_end();
	return tap_end();
}
