/* SPDX-License-Identifier: ISC */
/* OCI archives that come in on a pipe. */
#include "layout/archive.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "layout/store/staging.h"
#include "lib/buf.h"
#include "lib/die.h"
#include "lib/layout.h"
#include "lib/notar.h"
#include "lib/tarentry.h"
#include "lib/tarread.h"

#define MEMBERS_MAX 131072
/* Members that tell what an archive is that is no layout. */
enum { OTHER_MANIFEST = 1u << 30, OTHER_VERSION = 1u << 29 };

#define PIPE_SIZE (1 << 20) /* what an ordinary user may have */

void
archive_open(struct archive *a, int fd)
{
	*a = (struct archive){0};
	fcntl(fd, F_SETPIPE_SZ, PIPE_SIZE); /* fewer turns, if it's a pipe */
	source_fd_init(&a->in, fd, 0);
	memset(a->in.buf, 0, NOTAR_FIRST); /* of a short input */
	a->tar = tar_reader_new(&a->in.source);
}

/* Say which other format of images the archive is of. */
_Noreturn static void
die_no_layout(const struct archive *a)
{
	if (a->seen & OTHER_MANIFEST && a->seen & OTHER_VERSION)
		die("the archive holds what skopeo writes as dir:, not an "
		    "image layout; skopeo copy dir:DIR oci-archive:FILE "
		    "converts it");
	if (a->seen & OTHER_MANIFEST)
		die("the archive was made by docker save before version 25 "
		    "and is not an image layout; skopeo copy "
		    "docker-archive:FILE oci-archive:FILE "
		    "converts it");
	die("the archive has no oci-layout, so it isn't an image layout");
}

/*
 * The end of an archive, or of the file, which is only good after that: true
 * when another archive follows.
 */
static bool
end_check(struct archive *a)
{
	const char *why;
	int r;

	if (!tar_ended(a->tar) && !a->members)
		notar_die_empty();
	if (!tar_ended(a->tar))
		die("the stream was cut off: the two blocks of zeros at its "
		    "end are missing");
	if (!(a->seen & 1u << ARCHIVE_LAYOUT))
		die_no_layout(a);
	if (!(a->seen & 1u << ARCHIVE_INDEX))
		die("the archive has no index.json");
	a->seen = 0;
	a->number++;
	/* Zeros are padding, which its writer must be able to get rid of. */
	r = tar_again(a->tar, &why);
	if (r < 0)
		die("standard input: %s", why);
	return r;
}

/* "./blobs//" is what tar makes of a directory; it names the same. */
static const char *
name_plain(const char *name)
{
	while (name[0] == '.' && name[1] == '/')
		for (name += 2; *name == '/';)
			name++;
	return name;
}

/* What macOS puts beside files: ._NAME with their attributes, .DS_Store. */
static bool
is_droppings(const char *name)
{
	const char *slash = strrchr(name, '/'),
		   *last = slash ? slash + 1 : name;

	return !strncmp(last, "._", 2) || !strcmp(last, ".DS_Store");
}

/* What is being written to a layout that an archive is made of. */
static bool
is_staged(const char *name)
{
	char place[32];
	size_t n;

	name += sizeof "blobs/" - 1;
	n = strcspn(name, "/");
	if (n >= sizeof place)
		return false;
	memcpy(place, name, n);
	place[n] = '\0';
	return staging_is_name(place, NULL);
}

/* Whether a blob's digest is of an algorithm that isn't known here. */
static bool
is_foreign(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "0123456789+._-";
	size_t n;

	name += sizeof "blobs/" - 1;
	n = strspn(name, letters);
	return n && *name != '.' && name[n] == '/' &&
	       strncmp(name, "sha256/", 7) && strncmp(name, "sha512/", 7) &&
	       !strchr(name + n + 1, '/') && name[n + 1] != '.';
}

/* By today's name, or by that of image-spec 0.3, which --refs keeps beside it.
 */
static bool
member_digest(const char *name, char digest[DIGEST_MAX])
{
	return blob_digest(name, digest) ||
	       (!strncmp(name, "blobs/", 6) &&
		   digest_of_name(name + 6, digest));
}

/* Whether it is a link to the same blob by its other name, as tar makes it. */
static bool
is_second_name(const struct archive *a, const struct tar_entry *e)
{
	char digest[DIGEST_MAX];

	return e->type == '1' && member_digest(name_plain(e->link), digest) &&
	       !strcmp(digest, a->digest);
}

/* What a member is by its name; ARCHIVE_END: nothing of the layout. */
static enum archive_member
member_kind(struct archive *a, const struct tar_entry *e)
{
	const char *name = name_plain(e->name);
	enum archive_member kind = ARCHIVE_END;

	if (!strcmp(name, "oci-layout"))
		kind = ARCHIVE_LAYOUT;
	else if (!strcmp(name, "index.json"))
		kind = ARCHIVE_INDEX;
	else if (!strncmp(name, "blobs/", 6) && e->type != '5' &&
		 !is_droppings(name) && !is_staged(name) && !is_foreign(name))
		kind = ARCHIVE_BLOB;
	else if (!strcmp(name, "manifest.json"))
		a->seen |= OTHER_MANIFEST;
	else if (!strcmp(name, "version"))
		a->seen |= OTHER_VERSION;
	if (kind == ARCHIVE_END)
		return kind;
	if (kind == ARCHIVE_BLOB && !member_digest(name, a->digest))
		die("%s: not the name of a blob", e->name);
	if (kind == ARCHIVE_BLOB && is_second_name(a, e))
		return ARCHIVE_END;
	if (e->type != '0')
		die("%s: a link or special file where the archive must have a "
		    "regular file",
		    e->name);
	if (e->sparse)
		die("%s: a sparse file; make the archive without that",
		    e->name);
	a->size = e->size;
	return kind;
}

/* Note that a member was there, which may be there once. */
static void
member_note(struct archive *a, enum archive_member kind)
{
	unsigned bit = 1u << kind;

	if (a->seen & bit)
		die("the archive has %s twice",
		    kind == ARCHIVE_LAYOUT ? "oci-layout" : "index.json");
	a->seen |= bit;
}

enum archive_member
archive_next(struct archive *a)
{
	const struct tar_entry *e;
	enum archive_member kind;
	const char *why;
	int r;

	do {
		while ((r = tar_next(a->tar, &e, &why)) > 0) {
			if (++a->members > MEMBERS_MAX)
				die("the archive has more than %d members",
				    MEMBERS_MAX);
			kind = member_kind(a, e);
			if (kind == ARCHIVE_LAYOUT || kind == ARCHIVE_INDEX)
				member_note(a, kind);
			if (kind != ARCHIVE_END)
				return kind;
		}
		if (r < 0 && !a->members)
			notar_die(a->in.buf, why);
		if (r < 0)
			die("standard input: %s", why);
	} while (end_check(a));
	return ARCHIVE_END;
}

ssize_t
archive_data(struct archive *a, const unsigned char **p)
{
	const char *why;
	ssize_t n = tar_data(a->tar, p, &why);

	if (n < 0)
		die("standard input: %s", why);
	return n;
}

char *
archive_text(struct archive *a, const char *name, size_t max, size_t *len)
{
	const unsigned char *p;
	struct buf b = {0};
	ssize_t n;

	while ((n = archive_data(a, &p)) > 0) {
		if ((size_t)n > max - b.len)
			die("%s: it has more than %zu bytes", name, max);
		buf_add(&b, p, (size_t)n);
	}
	*len = b.len;
	return buf_take(&b);
}

void
archive_close(struct archive *a)
{
	tar_reader_free(a->tar);
	free(a->in.buf);
}
