/* SPDX-License-Identifier: ISC */
/* What manifest and config say of the layers. */
#include "unpack/input/input.h"

#include <string.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/digest.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "unpack/input/decompress.h"
#include "unpack/input/layout.h"
#include "unpack/input/stream.h"

struct input *
input_open(
    const char *image, const struct platform *platform, const char *spool)
{
	return strcmp(image, "-") ? input_layout(image, platform)
				  : input_stream(STDIN_FILENO, platform, spool);
}

void
input_terminal_check(const char *image, const char *usage)
{
	if (!strcmp(image, "-") && isatty(STDIN_FILENO))
		die_usage("-: an image archive is read from standard input, "
			  "which is a terminal: oci-fetch NAME | %s",
		    usage);
}

void
input_manifest(
    struct input *in, const struct descriptor *manifest, const char *text)
{
	const char *why;

	if (manifest_parse(text, (size_t)manifest->size, &in->manifest, &why) <
	    0)
		die("%s: the manifest %s", manifest->digest, why);
	for (size_t i = 0; i < in->manifest.nlayers; i++) {
		const struct descriptor *d = &in->manifest.layers[i];

		if (!format_find(d->media_type))
			die("%s: \"%s\" is not a media type of layers",
			    d->digest, d->media_type);
	}
}

void
input_config(struct input *in, const char *text)
{
	const struct descriptor *d = &in->manifest.config;
	size_t layers = in->manifest.nlayers, n = 0;
	const char *why;
	cJSON *config = json_parse(text, (size_t)d->size, &why);
	const cJSON *ids, *id;

	if (!config)
		die("%s: the config %s", d->digest, why);
	ids = json_get(json_get(config, "rootfs"), "diff_ids");
	if (!cJSON_IsArray(ids) && (ids || layers))
		die("config: no rootfs.diff_ids: not a container image");
	if ((size_t)cJSON_GetArraySize(ids) != layers)
		die("config: %d diff_ids, but the manifest has %zu layers",
		    cJSON_GetArraySize(ids), layers);
	in->diff_ids = xcalloc(layers + 1, sizeof *in->diff_ids);
	cJSON_ArrayForEach(id, ids)
	{
		if (!cJSON_IsString(id) || !digest_valid(id->valuestring))
			die("config: diff_id %zu is not a digest", n + 1);
		in->diff_ids[n++] = xstrdup(id->valuestring);
	}
	cJSON_Delete(config);
}

const char *
input_diff_id(const struct input *in, size_t i)
{
	const struct descriptor *d = &in->manifest.layers[i];

	if (in->verified || (format_find(d->media_type) == &format_plain &&
				!strcmp(d->digest, in->diff_ids[i])))
		return NULL;
	return in->diff_ids[i];
}
