/* SPDX-License-Identifier: ISC */
/* What a manifest is by all who have a say in it. */
#include "fetch/image/agreed.h"

#include <string.h>
#include <strings.h>

#include "lib/buf.h"
#include "lib/descriptor.h"
#include "lib/digest.h"
#include "lib/json.h"
#include "lib/mem.h"

#define SCHEMA_1                                                               \
	"a manifest of schema version 1; have it pushed again by a current "   \
	"tool"

/* Servers of plain files have types like text/plain for anything. */
static bool
type_says_nothing(const char *type)
{
	return strncasecmp(type, "application/vnd.", 16) != 0;
}

/* OCI's documents may leave their type out, but not what they are made of. */
static const char *
type_deduced(const cJSON *json)
{
	if (cJSON_IsArray(json_get(json, "manifests")))
		return "application/vnd.oci.image.index.v1+json";
	if (cJSON_IsObject(json_get(json, "config")))
		return "application/vnd.oci.image.manifest.v1+json";
	return NULL;
}

/* Some servers say that they have failed with the status of success. */
_Noreturn static void
die_untyped(const char *object, const cJSON *json)
{
	const cJSON *first = cJSON_GetArrayItem(json_get(json, "errors"), 0);
	const char *message = json_string(first, "message");

	if (!message)
		message = json_string(first, "code");
	if (message)
		die("%s: the registry sent no manifest but an error: %s",
		    object, message);
	die("%s: neither the registry nor the manifest says what it is",
	    object);
}

char *
agreed_type(const char *object, const char *header, const struct buf *body,
    const char *expected)
{
	const char *why, *own, *type;
	cJSON *json = json_parse(body->data, body->len, &why);
	char *agreed;

	if (!json)
		die("%s: the manifest %s", object, why);
	own = json_string(json, "mediaType");
	if (own && !*own)
		own = NULL;
	type = type_says_nothing(header) ? own : header;
	if (!type && *expected)
		type = expected;
	if (!type)
		type = type_deduced(json);
	if (!type && json_get(json, "fsLayers"))
		die("%s: " SCHEMA_1, object);
	if (!type)
		die_untyped(object, json);
	if (own && strcmp(own, type) != 0)
		die("%s: the registry says %s, the manifest %s", object, type,
		    own);
	if (*expected && strcmp(expected, type) != 0)
		die("%s: it is %s, its index says %s", object, type, expected);
	if (strstr(type, "docker.distribution.manifest.v1+"))
		die("%s: " SCHEMA_1, object);
	agreed = xstrdup(type);
	cJSON_Delete(json);
	return agreed;
}

char *
agreed_digest(const char *object, const char *header, const struct buf *body,
    const char *expected)
{
	char text[DIGEST_MAX];

	/* Digits of no algorithm, as some send, say nothing. */
	if (!strchr(header, ':'))
		header = "";
	if (*header && !digest_valid(header))
		die("%s: the registry gives a malformed digest", object);
	digest_of(body->data, body->len, *header ? header : expected, text);
	if (*header && strcmp(text, header) != 0)
		die("%s: the manifest's digest is %s, the registry says %s",
		    object, text, header);
	if (!expected)
		return xstrdup(text);
	digest_of(body->data, body->len, expected, text);
	if (strcmp(text, expected) != 0)
		die("%s: the registry sent a manifest of digest %s", object,
		    text);
	return xstrdup(text);
}
