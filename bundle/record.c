/* SPDX-License-Identifier: ISC */
/* Which image a bundle's root file system is of. */
#include "bundle/record.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bundle/imagefile.h"
#include "lib/die.h"
#include "lib/io.h"
#include "lib/json.h"
#include "lib/mem.h"

#define RECORD_MAX 4096

void
record_write(int dir, const char *name, const char *digest,
    const char *platform, const char *old_of, int old)
{
	cJSON *record = cJSON_CreateObject(), *replaces;
	struct stat st;
	char *text;

	cJSON_AddStringToObject(record, "manifest", digest);
	if (platform)
		cJSON_AddStringToObject(record, "platform", platform);
	if (old_of) {
		if (fstat(old, &st))
			diesys("rootfs of the bundle");
		replaces = cJSON_AddObjectToObject(record, "replaces");
		cJSON_AddStringToObject(replaces, "manifest", old_of);
		json_add_uint(replaces, "inode", st.st_ino);
	}
	text = json_text(record);
	if (io_replace(dir, name, text, strlen(text), 0644) < 0)
		diesys(RECORD " of the bundle");
	free(text);
	cJSON_Delete(record);
}

char *
record_read(int bundle, int root)
{
	char *text = imagefile_slurp(bundle, RECORD, RECORD_MAX);
	const char *why, *digest;
	cJSON *record = text ? json_parse(text, strlen(text), &why) : NULL;
	const cJSON *old = json_get(record, "replaces");
	struct stat st;
	uint64_t inode;
	char *found;

	if (old && !json_uint(json_get(old, "inode"), UINT64_MAX, &inode) &&
	    !fstat(root, &st) && st.st_ino == inode)
		digest = json_string(old, "manifest");
	else
		digest = json_string(record, "manifest");
	found = digest ? xstrdup(digest) : NULL;
	if (old && found)
		record_write(bundle, RECORD, found, NULL, NULL, -1);
	cJSON_Delete(record);
	free(text);
	return found;
}
