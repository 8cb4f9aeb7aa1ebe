/* SPDX-License-Identifier: ISC */
/* A file that is one JSON object. */
#include <errno.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/io.h"
#include "lib/jsonfile.h"

cJSON *
jsonfile_parse(const char *text, size_t len, const char *path, size_t max)
{
	const char *why;
	cJSON *json;

	if (!text && errno == EFBIG)
		die("%s: longer than %zu MiB", path, max >> 20);
	if (!text)
		diesys("%s", path);
	json = json_parse(text, len, &why);
	if (!json)
		die("%s: %s", path, why);
	if (!cJSON_IsObject(json))
		die("%s: not a JSON object", path);
	return json;
}

cJSON *
jsonfile_read(int dirfd, const char *name, const char *path, size_t max,
    char **text, size_t *len)
{
	*text = name ? io_slurp_at(dirfd, name, max, len)
		     : io_slurp(STDIN_FILENO, max, len);
	return jsonfile_parse(*text, *len, path, max);
}
