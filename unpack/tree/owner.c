/* SPDX-License-Identifier: ISC */
/* Owners that are kept in an extended attribute. */
#include "unpack/tree/owner.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/xattr.h>

#include "lib/die.h"
#include "unpack/apply/omission.h"
#include "unpack/tree/tree.h"

#define XATTR "user.rootlesscontainers"
#define ROOT UINT32_MAX /* what is written for 0: "as it is" */

bool
owner_kept(const struct tree *t, uid_t uid, gid_t gid)
{
	return t->single && (uid || gid);
}

bool
owner_is(const struct tree *t, const char *xattr)
{
	return t->single && !strcmp(xattr, XATTR);
}

/* A field of a message of Protocol Buffers: its key, and seven bits a byte. */
static size_t
field(unsigned char *p, unsigned number, uint32_t value)
{
	size_t n = 0;

	p[n++] = (unsigned char)(number << 3);
	for (; value > 0x7f; value >>= 7)
		p[n++] = (unsigned char)(value | 0x80);
	p[n++] = (unsigned char)value;
	return n;
}

void
owner_keep(int fd, const char *path, uid_t uid, gid_t gid)
{
	unsigned char value[12];
	size_t n = field(value, 1, uid ? uid : ROOT);

	n += field(value + n, 2, gid ? gid : ROOT);
	if (fsetxattr(fd, XATTR, value, n, 0) == 0)
		return;
	if (errno != ENOTSUP && errno != EPERM)
		diesys("%s: extended attribute " XATTR, path);
	omission(OMITTED_OWNER, path, NULL);
}

bool
owner_has(int fd, uid_t uid, gid_t gid)
{
	uid_t is_uid = 0;
	gid_t is_gid = 0;
	unsigned char value[64];
	ssize_t n = fgetxattr(fd, XATTR, value, sizeof value);

	if (n < 0)
		return errno == ENODATA && !uid && !gid;
	owner_read(value, (size_t)n, &is_uid, &is_gid);
	return is_uid == uid && is_gid == gid;
}

/* The value of a varint, which ends before end; *p moves behind it. */
static uint32_t
varint(const unsigned char **p, const unsigned char *end)
{
	uint32_t value = 0;

	for (unsigned shift = 0; *p < end && shift < 35; shift += 7) {
		value |= (uint32_t)(**p & 0x7f) << shift;
		if (!(*(*p)++ & 0x80))
			break;
	}
	return value;
}

void
owner_read(const void *value, size_t len, uid_t *uid, gid_t *gid)
{
	const unsigned char *p = value, *end = p + len;

	while (p < end) {
		uint32_t key = varint(&p, end), id = varint(&p, end);

		if (key == 1 << 3)
			*uid = id == ROOT ? 0 : id;
		else if (key == 2 << 3)
			*gid = id == ROOT ? 0 : id;
	}
}
