/* SPDX-License-Identifier: ISC */
/* Blobs that stand in their own descriptors. */
#include "fetch/image/embedded.h"

#include <stdlib.h>
#include <string.h>

#include "fetch/auth/base64.h"
#include "lib/descriptor.h"
#include "lib/die.h"
#include "lib/digest.h"
#include "lib/json.h"

static bool
is_it(const char *data, size_t len, const struct descriptor *d)
{
	char text[DIGEST_MAX];

	if (!data || (int64_t)len != d->size)
		return false;
	digest_of(data, len, d->digest, text);
	return strcmp(text, d->digest) == 0;
}

char *
embedded_data(const struct descriptor *d)
{
	const char *why, *text;
	cJSON *json;
	char *data = NULL;
	size_t len = 0;

	/* Few have any, and an index may have many descriptors. */
	if (!d->json || !strstr(d->json, "\"data\""))
		return NULL;
	json = json_parse(d->json, strlen(d->json), &why);
	text = json_string(json, "data");
	/* Go writes what is empty as it writes what isn't said. */
	if (text && (*text || d->size == 0)) {
		data = base64_decode(text, &len);
		if (!is_it(data, len, d)) {
			warn("%s: its descriptor has data that isn't it",
			    d->digest);
			free(data);
			data = NULL;
		}
	}
	cJSON_Delete(json);
	return data;
}
