/* SPDX-License-Identifier: ISC */
/* Which image a bundle's root file system is of. */
#include "bundle/record.h"

#include <stdbool.h>
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

static uint64_t
inode_of(int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		diesys("rootfs of the bundle");
	return st.st_ino;
}

void
record_write(int dir, const char *name, const char *digest,
    const char *platform, const struct record_replaced *old)
{
	cJSON *record = cJSON_CreateObject(), *replaces;
	char *text;

	cJSON_AddStringToObject(record, "manifest", digest);
	if (platform)
		cJSON_AddStringToObject(record, "platform", platform);
	if (old) {
		json_add_uint(record, "inode", inode_of(old->by));
		replaces = cJSON_AddObjectToObject(record, "replaces");
		cJSON_AddStringToObject(replaces, "manifest", old->digest);
		json_add_uint(replaces, "inode", inode_of(old->root));
	}
	text = json_text(record);
	if (io_replace(dir, name, text, strlen(text), 0644) < 0)
		diesys(RECORD " of the bundle");
	free(text);
	cJSON_Delete(record);
}

/* Whether root is what the record gives the inode of; none is given: unsaid. */
static bool
is_of(const cJSON *record, int root, bool unsaid)
{
	const cJSON *number = json_get(record, "inode");
	uint64_t inode;

	if (!number)
		return unsaid;
	return !json_uint(number, UINT64_MAX, &inode) &&
	       inode == inode_of(root);
}

char *
record_read(int bundle, int root)
{
	char *text = imagefile_slurp(bundle, RECORD, RECORD_MAX);
	const char *why, *digest, *platform = NULL;
	cJSON *record = text ? json_parse(text, strlen(text), &why) : NULL;
	const cJSON *old = json_get(record, "replaces");
	char *found;

	if (old && is_of(old, root, false)) {
		digest = json_string(old, "manifest");
	} else {
		if (old && !is_of(record, root, true))
			die("rootfs of the bundle: it is of one of two images, "
			    "for its replacement was cut short, and it can't "
			    "be "
			    "told which; remove it to have it unpacked");
		digest = json_string(record, "manifest");
		platform = json_string(record, "platform");
	}
	found = digest ? xstrdup(digest) : NULL;
	if (old && found)
		record_write(bundle, RECORD, found, platform, NULL);
	cJSON_Delete(record);
	free(text);
	return found;
}
