/* SPDX-License-Identifier: ISC */
/* What manifest and config say of the layers. */
#include "unpack/input/input.h"

#include "lib/die.h"
#include "lib/digest.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "unpack/input/decompress.h"

void
input_manifest(struct input *in, const char *text, size_t len)
{
	const char *why;

	if (manifest_parse(text, len, &in->manifest, &why) < 0)
		die("manifest: %s", why);
	for (size_t i = 0; i < in->manifest.nlayers; i++) {
		const struct descriptor *d = &in->manifest.layers[i];

		if (!format_find(d->media_type))
			die("%s: \"%s\" is no media type of a layer", d->digest,
			    d->media_type);
	}
}

void
input_config(struct input *in, const char *text, size_t len)
{
	size_t layers = in->manifest.nlayers, n = 0;
	const char *why;
	cJSON *config = json_parse(text, len, &why);
	const cJSON *ids, *id;

	if (!config)
		die("config: %s", why);
	ids = json_get(json_get(config, "rootfs"), "diff_ids");
	if (!cJSON_IsArray(ids) && (ids || layers))
		die("config: no rootfs.diff_ids: this is no container image");
	if ((size_t)cJSON_GetArraySize(ids) != layers)
		die("config: %d diff_ids, but the manifest has %zu layers",
		    cJSON_GetArraySize(ids), layers);
	in->diff_ids = xcalloc(layers + 1, sizeof *in->diff_ids);
	cJSON_ArrayForEach(id, ids)
	{
		if (!cJSON_IsString(id) || !digest_valid(id->valuestring))
			die("config: diff_id %zu is no digest", n + 1);
		in->diff_ids[n++] = xstrdup(id->valuestring);
	}
	cJSON_Delete(config);
}
