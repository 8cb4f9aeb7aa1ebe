/* SPDX-License-Identifier: ISC */
/* lib/json: what is refused, and integers beyond what a double holds. */
#include <stdlib.h>
#include <string.h>

#include "lib/json.h"
#include "t/tap.h"

static cJSON *
parse(const char *text)
{
	const char *why;

	return json_parse(text, strlen(text), &why);
}

static void
refused(const char *text, const char *reason)
{
	const char *why = NULL;
	cJSON *json = json_parse(text, strlen(text), &why);

	ok(!json && why && strstr(why, reason), text);
	cJSON_Delete(json);
}

static void
refusals(void)
{
	char deep[200];
	const char *why;

	refused("{\"a\":1,\"b\":2,\"a\":3}", "twice");
	refused("[{\"x\":{\"a\":1,\"a\":1}}]", "twice");
	refused("{\"a\":\"x\\u0000y\"}", "u0000");
	refused("{} x", "after");
	refused("{}{}", "after");
	refused("{", "not JSON");
	refused("", "not JSON");
	refused("[010]", "number");
	refused("{\"a\":-01}", "number");
	refused("[1.]", "number");
	ok(parse("[0,-0,10,0.5,1e5,1E+5,0e-1,-1.50]") != NULL, "numbers");
	refused("{\"a\":\n\"a\tb\"}",
	    "control character in a string at line 2, column 3");
	refused("[\"a\nb\"]", "control character in a string at line 1, "
			      "column 4");
	refused("{\"a\":\v1}", "control character for a space at line 1, "
			       "column 6");
	refused("[1\033]", "control character for a space");
	ok(parse("[\t1,\r\n 2 ]") != NULL, "the four that are space");
	refused("\357\273\277[]", "byte order mark at line 1, column 1");
	memset(deep, '[', 100);
	memset(deep + 100, ']', 100);
	ok(!json_parse(deep, 200, &why), "100 levels");
	ok(!json_parse("[1]\0[2]", 7, &why), "a NUL byte");
}

/* Where it is wrong. */
static void
places(void)
{
	char deep[80];

	refused("{\"a\":1", "is not JSON at line 1, column 7");
	refused("{\n  \"a\": {\n  }\n", "is not JSON at line 4, column 1");
	refused("{\n \"a\":1,\n}", "is not JSON at line 3, column 1");
	refused("[1,2,\n]", "is not JSON at line 2, column 1");
	refused("{\"\303\244\":x}", "is not JSON at line 1, column 7");
	refused("\n\n  {} {}\n", "after the value at line 3, column 6");
	refused("[1,\n 02]", "number that is not written as in JSON at line 2, "
			     "column 2");
	refused("[\n{\"a\":{}},\n {\"b\":1,\"b\":2}]",
	    "twice in the object at line 3, column 2");
	refused("[\"x\",\n\"\\u0000\"]", "u0000 at line 2, column 2");
	memset(deep, '[', sizeof deep);
	memcpy(deep + 10, "\n", 1);
	deep[sizeof deep - 1] = '\0';
	refused(deep, "nested too deeply at line 2, column 55");
}

static void
nul_place(void)
{
	const char *why = "";
	cJSON *json = json_parse("{\n\"a\0\":1}", 10, &why);

	ok(!json && !strcmp(why, "holds a NUL byte at line 2, column 3"),
	    "the place of a NUL byte");
	cJSON_Delete(json);
}

static void
names(void)
{
	cJSON *json = parse("{\"Size\":1,\"size\":2,\"none\":null,"
			    "\"a\\\"9\":\"\\\"7\"}\n");
	int64_t n = 0;

	ok(json != NULL, "names that differ in case are two names");
	ok(json_int(json_get(json, "size"), 0, 9, &n) == 0 && n == 2,
	    "names are compared by case");
	ok(!json_get(json, "SIZE"), "and not otherwise");
	ok(!json_get(json, "none"), "null is absent");
	ok(!json_string(json, "size"), "a number is no string");
	cJSON_Delete(json);
}

static bool
is_int(const cJSON *json, const char *name, int64_t want)
{
	int64_t n;

	return json_int(json_get(json, name), INT64_MIN, INT64_MAX, &n) == 0 &&
	       n == want;
}

static void
integers(void)
{
	cJSON *json = parse("{\"12\":\"34\",\"a\":9007199254740993,"
			    "\"b\":[\"5\",18446744073709551615],"
			    "\"c\":-9223372036854775808,\"d\":1.5,\"e\":1e3,"
			    "\"f\":18446744073709551616,\"g\":1e300}");
	const cJSON *most = cJSON_GetArrayItem(json_get(json, "b"), 1);
	uint64_t u = 0;
	int64_t n = 0;

	ok(is_int(json, "a", 9007199254740993), "2^53 + 1");
	ok(json_uint(most, UINT64_MAX, &u) == 0 && u == UINT64_MAX, "2^64 - 1");
	ok(json_int(most, 0, INT64_MAX, &n) < 0, "2^64 - 1 is no int64_t");
	ok(is_int(json, "c", INT64_MIN), "-2^63");
	ok(json_int(json_get(json, "d"), 0, 9, &n) < 0, "1.5 is no integer");
	ok(is_int(json, "e", 1000), "1e3 is one");
	ok(json_uint(json_get(json, "f"), UINT64_MAX, &u) < 0, "2^64");
	ok(json_uint(json_get(json, "g"), UINT64_MAX, &u) < 0, "1e300");
	ok(json_int(json_get(json, "a"), 0, 10, &n) < 0, "beyond the limit");
	cJSON_Delete(json);
}

static void
printing(void)
{
	cJSON *json = cJSON_CreateObject();
	char *text;

	json_add_int(json, "a", 1000000000000000000);
	json_add_uint(json, "b", UINT64_MAX);
	text = json_text(json);
	ok(strcmp(text, "{\"a\":1000000000000000000,"
			"\"b\":18446744073709551615}") == 0,
	    "large integers are printed in digits");
	free(text);
	cJSON_Delete(json);
	json = parse("{\"a\":12345678901234567,\"b\":[1.10,1e3,-0,0.1]}");
	text = json_text(json);
	ok(strcmp(text, "{\"a\":12345678901234567,"
			"\"b\":[1.10,1e3,-0,0.1]}") == 0,
	    "and those that were read as they were written");
	free(text);
	text = json_pretty(json);
	ok(strstr(text, ": 12345678901234567,") && strstr(text, "1.10"),
	    "indented too");
	free(text);
	cJSON_Delete(json);
}

int
main(void)
{
	refusals();
	places();
	nul_place();
	names();
	integers();
	printing();
	return tap_end();
}
