/* SPDX-License-Identifier: ISC */
/* What a header says of its entry. */
#include "lib/tarfields.h"

#include <string.h>

#include "lib/tar.h"
#include "lib/tarentry.h"
#include "lib/tarextension.h"

/* NAME or PREFIX/NAME; GNU's header has other things behind the names. */
static const char *
ustar_name(struct tar_fields *f, const struct tarheader *h)
{
	size_t n = 0;

	if (!memcmp(h->magic, "ustar", 6) && h->prefix[0]) {
		/* star has its times behind a shorter prefix. */
		size_t max =
		    memcmp(h->padding + 8, "tar", 4) ? sizeof h->prefix : 131;

		n = strnlen(h->prefix, max);
		memcpy(f->name, h->prefix, n);
		f->name[n++] = '/';
	}
	memcpy(f->name + n, h->name, sizeof h->name);
	f->name[n + sizeof h->name] = 0;
	return f->name;
}

static const char *
ustar_link(struct tar_fields *f, const struct tarheader *h)
{
	memcpy(f->link, h->linkname, sizeof h->linkname);
	return f->link;
}

static bool
is_set(const struct tar_extension *x, unsigned what)
{
	return x->pax.has & what;
}

/* What the header says, where no extended header says otherwise. */
static int
read_numbers(const struct tarheader *h, const struct tar_extension *x,
    int64_t size, struct tar_entry *e, const char **why)
{
	int64_t mode, uid, gid, mtime;

	*why = "a field of its header is not a number";
	if (tar_number(h->mode, sizeof h->mode, &mode) < 0 ||
	    tar_number(h->uid, sizeof h->uid, &uid) < 0 ||
	    tar_number(h->gid, sizeof h->gid, &gid) < 0 ||
	    tar_number(h->mtime, sizeof h->mtime, &mtime) < 0)
		return -1;
	if (is_set(x, PAX_UID))
		uid = x->pax.uid;
	if (is_set(x, PAX_GID))
		gid = x->pax.gid;
	/* The last one is the kernel's "no id". */
	if (uid < 0 || uid >= UINT32_MAX || gid < 0 || gid >= UINT32_MAX) {
		*why = "its owner is out of range";
		return -1;
	}
	if (mode < 0 || mode > 0xffffff) {
		*why = "its mode is out of range";
		return -1;
	}
	e->mode = mode & 07777;
	e->uid = (uid_t)uid;
	e->gid = (gid_t)gid;
	e->size = is_set(x, PAX_SIZE) ? x->pax.size : size;
	e->mtime = (struct timespec){.tv_sec = mtime};
	if (is_set(x, PAX_MTIME))
		e->mtime = x->pax.mtime;
	e->atime = is_set(x, PAX_ATIME) ? x->pax.atime : e->mtime;
	return 0;
}

static int
read_device(const struct tarheader *h, struct tar_entry *e, const char **why)
{
	int64_t major, minor;

	if (tar_number(h->devmajor, sizeof h->devmajor, &major) < 0 ||
	    tar_number(h->devminor, sizeof h->devminor, &minor) < 0 ||
	    major < 0 || major > 0xfff || minor < 0 || minor > 0xfffff) {
		*why = "its device number is out of range";
		return -1;
	}
	e->major = (unsigned)major;
	e->minor = (unsigned)minor;
	return 0;
}

/* A name is given by GNU's long names or by pax(1): readers differ on both. */
static int
read_names(struct tar_fields *f, const struct tarheader *h,
    const struct tar_extension *x, struct tar_entry *e, const char **why)
{
	bool link = h->typeflag == '1' || h->typeflag == '2';

	if ((x->name.len && x->pax.path) || (x->link.len && x->pax.link)) {
		*why = "its header gives two names";
		return -1;
	}
	e->name = x->name.len   ? x->name.data
		  : x->pax.path ? x->pax.path
				: ustar_name(f, h);
	e->link = !link         ? ""
		  : x->link.len ? x->link.data
		  : x->pax.link ? x->pax.link
				: ustar_link(f, h);
	return 0;
}

static bool
ends_in_slash(const char *name)
{
	return *name && name[strlen(name) - 1] == '/';
}

/* The type of an entry, which older programs told in other ways. */
static int
read_type(struct tar_fields *f, const struct tarheader *h, struct tar_entry *e,
    const char **why)
{
	e->type = h->typeflag;
	if (e->type == '7')
		e->type = '0';
	if (e->type == 'D') /* GNU's, with a list of names for its data */
		e->type = '5';
	if (e->type)
		return 0;
	e->type = ends_in_slash(e->name) ? '5' : '0';
	if (ends_in_slash(e->name) == ends_in_slash(ustar_name(f, h)))
		return 0;
	*why = "it is a directory by one of its names, and a file by another";
	return -1;
}

int
tar_fields_read(struct tar_fields *f, const struct tarheader *h,
    const struct tar_extension *x, int64_t size, struct tar_entry *e,
    const char **why)
{
	*e = (struct tar_entry){0};
	if (read_names(f, h, x, e, why) < 0 || read_type(f, h, e, why) < 0 ||
	    read_numbers(h, x, size, e, why) < 0)
		return -1;
	return e->type == '3' || e->type == '4' ? read_device(h, e, why) : 0;
}
