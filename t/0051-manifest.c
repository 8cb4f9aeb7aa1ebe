/* SPDX-License-Identifier: ISC */
/* lib/descriptor, lib/manifest: what is read from a manifest and refused. */
#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"
#include "lib/json.h"
#include "lib/manifest.h"
#include "lib/mem.h"
#include "t/tap.h"

#define HEX "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define CONFIG                                                                 \
	"\"config\":{\"mediaType\":\"application/"                             \
	"vnd.oci.image.config.v1+json\","                                      \
	"\"digest\":\"sha256:" HEX "\",\"size\":7}"
#define LAYERS "\"layers\":[{\"digest\":\"sha256:" HEX "\",\"size\":0}]"
#define MANIFEST "{\"schemaVersion\":2," CONFIG "," LAYERS "}"
#define OCI "application/vnd.oci.image."
#define DOCKER "application/vnd.docker.distribution.manifest."
#define TYPED(t)                                                               \
	"{\"schemaVersion\":2,\"mediaType\":\"" t "\"," CONFIG "," LAYERS "}"
#define DESC(rest) "{\"digest\":\"sha256:" HEX "\",\"size\":5" rest "}"
#define PLATFORM(a, v)                                                         \
	",\"platform\":{\"os\":\"linux\",\"architecture\":\"" a                \
	"\",\"variant\":\"" v "\"}"

static void
manifests_good(void)
{
	static const char *const good[] = {MANIFEST,
	    TYPED(OCI "manifest.v1+json"), TYPED(DOCKER "v2+json"), TYPED(""),
	    "{\"schemaVersion\":2,\"layers\":[]," CONFIG "}",
	    "{\"schemaVersion\":2,\"layers\":null," CONFIG "}",
	    "{\"schemaVersion\":2," CONFIG ",\"manifests\":null}"};
	const char *why = NULL;
	struct manifest m;

	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		if (manifest_parse(good[i], strlen(good[i]), &m, &why) < 0) {
			ok(0, why);
			continue;
		}
		ok(m.config.size == 7 && m.nlayers == (i < 4 ? 1 : 0),
		    "a manifest");
		manifest_free(&m);
	}
}

static void
manifests_bad(void)
{
	static const char *const bad[] = {"", "[]", "{}", MANIFEST "x",
	    "{\"schemaVersion\":1," CONFIG "," LAYERS "}",
	    "{\"schemaVersion\":\"2\"," CONFIG "," LAYERS "}",
	    "{" CONFIG "," LAYERS "}", "{\"schemaVersion\":2," LAYERS "}",
	    "{\"schemaVersion\":2,\"config\":[]," LAYERS "}",
	    "{\"schemaVersion\":2,\"layers\":{}," CONFIG "}",
	    "{\"schemaVersion\":2,\"layers\":[7]," CONFIG "}",
	    "{\"schemaVersion\":2,\"manifests\":[]," CONFIG "," LAYERS "}",
	    "{\"schemaVersion\":2,\"fsLayers\":[]," CONFIG "," LAYERS "}",
	    TYPED(OCI "index.v1+json"), TYPED(DOCKER "list.v2+json"),
	    TYPED("text/plain"),
	    "{\"schemaVersion\":2,\"mediaType\":2," CONFIG "," LAYERS "}",
	    "{\"schemaVersion\":2,\"Layers\":[]," CONFIG "," LAYERS "}",
	    "{\"schemaVersion\":2,\"CONFIG\":{}," CONFIG "," LAYERS "}"};
	const char *why;
	struct manifest m;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		why = NULL;
		ok(manifest_parse(bad[i], strlen(bad[i]), &m, &why) < 0 && why,
		    why ? why : bad[i]);
	}
}

static void
descriptors_bad(void)
{
	static const char *const bad[] = {"[]", "{}",
	    "{\"digest\":\"sha256:../../x\",\"size\":1}",
	    "{\"digest\":\"sha256:" HEX "\",\"size\":1,\"Digest\":\"x\"}",
	    "{\"digest\":\"sha256:" HEX "0\",\"size\":1}",
	    "{\"digest\":\"md5:" HEX "\",\"size\":1}",
	    "{\"digest\":17,\"size\":1}", "{\"size\":1}",
	    "{\"digest\":\"sha256:" HEX "\"}",
	    "{\"digest\":\"sha256:" HEX "\",\"size\":-1}",
	    "{\"digest\":\"sha256:" HEX "\",\"size\":1.5}",
	    "{\"digest\":\"sha256:" HEX "\",\"size\":\"1\"}",
	    "{\"digest\":\"sha256:" HEX "\",\"size\":9223372036854775808}",
	    DESC(",\"mediaType\":1"), DESC(",\"platform\":1"),
	    DESC(",\"platform\":{\"os\":1}"), DESC(",\"annotations\":[]"),
	    DESC(",\"annotations\":{\"io.containerd.image.name\":1}")};
	struct descriptor d;
	const char *why;
	cJSON *json;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		why = NULL;
		json = json_parse(bad[i], strlen(bad[i]), &why);
		ok(json && descriptor_parse(json, &d, &why) < 0 && why, bad[i]);
		cJSON_Delete(json);
	}
}

static void
descriptor_round(void)
{
	static const char text[] =
	    "{\"mediaType\":\"a/b\",\"digest\":\"sha256:" HEX
	    "\",\"size\":9007199254740993,\"platform\":{\"architecture\":"
	    "\"arm\",\"os.version\":\"10.1\",\"os\":\"linux\",\"variant\":"
	    "\"v7\"},\"artifactType\":\"x/y\",\"mine\":[12345678901234567,1.0],"
	    "\"annotations\":{\"a\":\"b\",\"io.containerd.image.name\":\"x/"
	    "y:z\","
	    "\"org.opencontainers.image.ref.name\":\"z\"}}";
	const char *why = NULL;
	cJSON *json = json_parse(text, sizeof text - 1, &why), *back;
	const cJSON *json_item;
	struct descriptor d, e;
	char *again;

	if (!json || descriptor_parse(json, &d, &why) < 0) {
		ok(0, why);
		return;
	}
	descriptor_copy(&e, &d);
	descriptor_free(&d);
	back = descriptor_json(&e);
	again = json_text(back);
	ok(strcmp(again, text) == 0, "a descriptor, and back");
	free(again);
	cJSON_Delete(back);
	free(e.ref_name);
	free(e.image_name);
	e.ref_name = xstrdup("new");
	e.image_name = NULL;
	back = descriptor_json(&e);
	json_item = json_get(back, "annotations");
	ok(!strcmp(json_string(json_item, "a"), "b") &&
		!strcmp(
		    json_string(json_item, "org.opencontainers.image.ref.name"),
		    "new") &&
		!json_get(json_item, "io.containerd.image.name"),
	    "and with other names");
	cJSON_Delete(back);
	cJSON_Delete(json);
	descriptor_free(&e);
}

/* What Go leaves empty isn't said. */
static void
nothing_said(void)
{
	static const char *const texts[] = {
	    DESC(",\"mediaType\":\"\",\"platform\":null,\"annotations\":null"),
	    DESC(
		",\"platform\":{\"os\":\"\",\"architecture\":null},"
		"\"annotations\":{\"org.opencontainers.image.ref.name\":\"\"}"),
	    DESC(",\"annotations\":{\"org.opencontainers.image.ref.name\":"
		 "\"@sha256:" HEX "\",\"io.containerd.image.name\":\"\"}")};
	const char *why = NULL;
	struct descriptor d;
	cJSON *json;

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		json = json_parse(texts[i], strlen(texts[i]), &why);
		ok(json && descriptor_parse(json, &d, &why) == 0 &&
			!*d.media_type && !d.platform.os && !d.platform.arch &&
			!d.ref_name && !d.image_name,
		    texts[i]);
		descriptor_free(&d);
		cJSON_Delete(json);
	}
}

/* Which manifest of an index: its place, or -1. */
static int
selected(const char *text, const char *platform)
{
	const struct descriptor *d;
	const char *why = NULL;
	struct platform want;
	struct index x;
	int i = -1;

	if (platform_parse(platform, &want) < 0 ||
	    index_parse(text, strlen(text), &x, &why) < 0)
		return -2;
	d = index_select(&x, &want);
	if (d)
		i = (int)(d - x.manifests);
	index_free(&x);
	platform_free(&want);
	return i;
}

static void
indexes(void)
{
#define INDEX(list) "{\"schemaVersion\":2,\"manifests\":[" list "]}"
	static const char many[] = INDEX(DESC("") "," DESC(PLATFORM("amd64",
	    "v3")) "," DESC(PLATFORM("amd64", "")) "," DESC(PLATFORM("arm",
	    "v6")) "," DESC(PLATFORM("arm", "v7")) "," DESC(PLATFORM("arm64",
	    "") ",\"mediaType\":\"text/plain\""));
	static const char one[] = INDEX(DESC(""));
	static const char both[] =
	    "{\"schemaVersion\":2,\"manifests\":[]," LAYERS "}";
	static const char configured[] =
	    "{\"schemaVersion\":2,\"manifests\":[]," CONFIG "}";
	const char *why = NULL;
	struct index x;

	ok(selected(many, "linux/amd64") == 2, "the plainest for amd64");
	ok(selected(many, "linux/arm/v7") == 4, "arm/v7");
	ok(selected(many, "linux/arm/v8") == 4, "arm/v8 runs v7");
	ok(selected(many, "linux/arm/v6") == 3, "arm/v6");
	ok(selected(many, "linux/arm/v5") == -1, "not arm/v5");
	ok(selected(many, "linux/arm64") == -1,
	    "what is no image isn't chosen");
	ok(selected(one, "linux/s390x") == 0, "one that says nothing");
	ok(selected(INDEX(""), "linux/amd64") == -1, "none");
#define FOREIGN "{\"digest\":\"blake3:abc\",\"size\":5}"
#define BAD "{\"digest\":\"Blake3/..:abc\",\"size\":5}"
	ok(!index_parse(INDEX(DESC("") "," FOREIGN),
	       strlen(INDEX(DESC("") "," FOREIGN)), &x, &why) &&
		x.nmanifests == 1 && x.nforeign == 1,
	    "an entry with a digest of an unknown algorithm");
	index_free(&x);
	ok(index_parse(INDEX(BAD), strlen(INDEX(BAD)), &x, &why) < 0,
	    "and one with none");
	ok(!index_parse(
	       "{\"schemaVersion\":2,\"manifests\":null}", 36, &x, &why) &&
		!x.nmanifests,
	    "an index without manifests, as Go writes it");
	index_free(&x);
	ok(index_parse(both, strlen(both), &x, &why) < 0,
	    "an index with layers");
	ok(index_parse(configured, strlen(configured), &x, &why) < 0,
	    "an index with a config");
	ok(index_parse(MANIFEST, strlen(MANIFEST), &x, &why) < 0,
	    "a manifest is no index");
}

static void
limits(void)
{
	struct buf b = {0};
	struct manifest m;
	const char *why = NULL;

	buf_adds(&b, "{\"schemaVersion\":2," CONFIG ",\"layers\":[");
	for (int i = 0; i <= LAYERS_MAX; i++)
		buf_addf(&b, "%s" DESC(""), i ? "," : "");
	buf_adds(&b, "]}");
	ok(manifest_parse(b.data, b.len, &m, &why) < 0, "too many layers");
	buf_free(&b);
}

int
main(void)
{
	manifests_good();
	manifests_bad();
	descriptors_bad();
	descriptor_round();
	nothing_said();
	indexes();
	limits();
	return tap_end();
}
