/* SPDX-License-Identifier: ISC */
/* The names of objects. */
#include "unpack/objects/key.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "lib/tarentry.h"
#include "unpack/objects/objects.h"
#include "unpack/tree/tree.h"

#define MAP_MAX 65536 /* bytes of ids in a user namespace */

static void
text_add(struct digest *d, const char *text)
{
	digest_update(d, text, strlen(text) + 1);
}

/* What ids are to others: root in one user namespace is not so in another. */
static void
maps_add(struct digest *d)
{
	static char *maps[2];

	for (size_t i = 0; i < 2; i++) {
		if (!maps[i])
			maps[i] = io_slurp_at(AT_FDCWD,
			    i ? "/proc/self/gid_map" : "/proc/self/uid_map",
			    MAP_MAX, NULL);
		if (!maps[i])
			maps[i] = xstrdup("");
		text_add(d, maps[i]);
	}
}

/*
 * Whose the file will be: with one id for all files an attribute keeps the
 * layer's owner, so that both enter.
 */
static void
inode_digest(const struct tree *t, const struct tar_entry *e,
    const char *content, char digest[DIGEST_MAX])
{
	struct digest d;
	char text[256];

	digest_init(&d, NULL);
	text_add(&d, content);
	snprintf(text, sizeof text, "%o %u:%u %" PRId64 ".%09ld",
	    (unsigned)e->mode, e->uid, e->gid, (int64_t)e->mtime.tv_sec,
	    e->mtime.tv_nsec);
	text_add(&d, text);
	if (t->single) {
		snprintf(text, sizeof text, "single %u:%u", t->uid, t->gid);
		text_add(&d, text);
	} else {
		maps_add(&d);
	}
	for (size_t i = 0; i < e->nxattrs; i++) {
		const struct tar_xattr *x = &e->xattrs[i];

		snprintf(text, sizeof text, "%zu", x->len);
		text_add(&d, x->name);
		text_add(&d, text);
		digest_update(&d, x->value, x->len);
	}
	digest_final(&d, digest);
}

void
key_make(char key[KEY_MAX], const struct tree *t, const struct tar_entry *e,
    const char *content)
{
	char digest[DIGEST_MAX];
	const char *hex = digest_hex(content);

	if (!t->objects->clones) {
		inode_digest(t, e, content, digest);
		hex = digest_hex(digest);
	}
	snprintf(key, KEY_MAX, "%s/%.2s/%s",
	    t->objects->clones ? OBJECT_CONTENTS : OBJECT_INODES, hex, hex + 2);
}
