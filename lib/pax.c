/* SPDX-License-Identifier: ISC */
/*
 * Extended headers of pax(1): records of the form "LENGTH KEY=VALUE\n", the
 * length that of the whole record.
 */
#include "lib/pax.h"

#include <string.h>

#include "lib/tar.h"

#define XATTR "SCHILY.xattr."
#define SPARSE "GNU.sparse."

void
pax_clear(struct pax *p)
{
	p->has = 0;
	p->path = p->link = p->sparse_name = NULL;
	p->nxattrs = 0;
	p->sparse_any = p->sparse_map = false;
	p->sparse_major = p->sparse_minor = p->sparse_size = -1;
}

/* A value that is a number of 0 and more, and nothing else. */
static int
pax_whole(const char *s, int64_t *value)
{
	const char *end;

	return tar_decimal(s, &end, value) < 0 || *end ? -1 : 0;
}

/* "[-]SECONDS[.FRACTION]"; digits after the ninth are dropped. */
static int
pax_time(const char *s, struct timespec *ts)
{
	bool negative = *s == '-';
	int64_t sec;
	long nsec = 0, unit = 100000000;

	if (tar_decimal(s + negative, &s, &sec) < 0)
		return -1;
	if (*s == '.')
		for (s++; *s >= '0' && *s <= '9'; s++, unit /= 10)
			nsec += (*s - '0') * unit;
	if (*s)
		return -1;
	if (negative) {
		sec = -sec - (nsec > 0);
		nsec = nsec ? 1000000000 - nsec : 0;
	}
	*ts = (struct timespec){.tv_sec = sec, .tv_nsec = nsec};
	return 0;
}

/*
 * The keys with numbers; 1 for another key.  That an empty value takes back
 * what was said before is refused, for some readers take it for 0.
 */
static int
pax_metadata(struct pax *p, const char *key, const char *value)
{
	static const char *const keys[] = {
	    "size", "uid", "gid", "atime", "mtime"};
	unsigned bit = 1;
	int r = 0;

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++, bit <<= 1)
		if (!strcmp(key, keys[i]))
			break;
	if (bit > PAX_MTIME)
		return 1;
	if (bit == PAX_SIZE)
		r = pax_whole(value, &p->size);
	else if (bit == PAX_UID)
		r = pax_whole(value, &p->uid);
	else if (bit == PAX_GID)
		r = pax_whole(value, &p->gid);
	else if (bit == PAX_ATIME)
		r = pax_time(value, &p->atime);
	else
		r = pax_time(value, &p->mtime);
	p->has |= bit;
	return r;
}

static int
pax_sparse(struct pax *p, const char *key, const char *value, const char **why)
{
	int64_t n;

	p->sparse_any = true;
	if (!strcmp(key, "map") || !strcmp(key, "offset"))
		p->sparse_map = true;
	if (!strcmp(key, "name"))
		p->sparse_name = value;
	else if (!strcmp(key, "major"))
		return pax_whole(value, &p->sparse_major);
	else if (!strcmp(key, "minor"))
		return pax_whole(value, &p->sparse_minor);
	else if (!strcmp(key, "size") || !strcmp(key, "realsize"))
		return pax_whole(value, &p->sparse_size);
	else if (!strcmp(key, "offset") || !strcmp(key, "numbytes"))
		return pax_whole(value, &n) < 0
			   ? -1
			   : sparse_add_number(p->sparse, n, why);
	else if (!strcmp(key, "map"))
		for (const char *end; *value; value = end + (*end == ','))
			if (tar_decimal(value, &end, &n) < 0 ||
			    (*end && *end != ',') ||
			    sparse_add_number(p->sparse, n, why) < 0)
				return -1;
	return 0; /* numblocks: nothing that isn't known without */
}

static int
pax_xattr(struct pax *p, const char *name, const char *value, size_t len,
    const char **why)
{
	if (!*name)
		return -1;
	if (p->nxattrs == PAX_XATTRS_MAX) {
		*why = "it has more than 1024 extended attributes";
		return -1;
	}
	p->xattrs[p->nxattrs++] = (struct tar_xattr){name, value, len};
	return 0;
}

static int
pax_record(struct pax *p, const char *key, const char *value, size_t len,
    const char **why)
{
	bool text = strlen(value) == len;
	int r;

	if (!strncmp(key, XATTR, strlen(XATTR)))
		return pax_xattr(p, key + strlen(XATTR), value, len, why);
	r = pax_metadata(p, key, value);
	if (r <= 0)
		return text ? r : -1;
	if (!strcmp(key, "path"))
		p->path = value;
	else if (!strcmp(key, "linkpath"))
		p->link = value;
	else if (!strncmp(key, SPARSE, strlen(SPARSE)))
		r = pax_sparse(p, key + strlen(SPARSE), value, why);
	else
		return 0; /* a comment, or a vendor's: it may be binary */
	return r < 0 || !len || !text ? -1 : 0;
}

/*
 * The next record of a text up to end, behind which the caller has a NUL: its
 * key and value, with a NUL behind each.  What is behind it; or NULL.
 */
static char *
pax_next(char *text, const char *end, char **key, char **value, size_t *len)
{
	const char *digits;
	int64_t n;

	if (tar_decimal(text, &digits, &n) < 0 || *digits != ' ' ||
	    n > end - text || n < digits - text + 3 || text[n - 1] != '\n')
		return NULL;
	*key = text + (digits + 1 - text);
	text += n;
	text[-1] = 0;
	*value = memchr(*key, '=', (size_t)(text - 1 - *key));
	if (!*value || *value == *key ||
	    memchr(*key, 0, (size_t)(*value - *key)))
		return NULL;
	*(*value)++ = 0;
	*len = (size_t)(text - 1 - *value);
	return text;
}

int
pax_parse(struct pax *p, char *text, size_t len, const char **why)
{
	const char *end = text + len;
	char *key, *value;
	size_t n;

	*why = "its extended header is damaged";
	while (text < end) {
		text = pax_next(text, end, &key, &value, &n);
		if (!text || pax_record(p, key, value, n, why) < 0)
			return -1;
	}
	return 0;
}

int
pax_parse_global(char *text, size_t len, const char **why)
{
	static const char *const change[] = {"path", "linkpath", "size", "uid",
	    "gid", "uname", "gname", "mtime", "atime"};
	static const char *const prefixes[] = {
	    SPARSE, "SCHILY.", "LIBARCHIVE."};
	const char *end = text + len;
	char *key, *value;

	while (text < end) {
		text = pax_next(text, end, &key, &value, &len);
		*why = "a global extended header is damaged";
		if (!text)
			return -1;
		*why = "a global extended header would change the entries "
		       "behind it, for some readers and not for others";
		for (size_t i = 0; i < sizeof change / sizeof *change; i++)
			if (!strcmp(key, change[i]))
				return -1;
		for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
			if (!strncmp(key, prefixes[i], strlen(prefixes[i])))
				return -1;
	}
	return 0;
}
