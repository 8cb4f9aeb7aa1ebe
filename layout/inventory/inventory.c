/* SPDX-License-Identifier: ISC */
/* The files of a layout's blobs. */
#include "layout/inventory/inventory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "layout/store/staging.h"
#include "lib/die.h"
#include "lib/mem.h"

/* A list with room for one more than n. */
static void *
grown(void *list, size_t n, size_t size)
{
	return n & (n - 1) ? list : xreallocarray(list, n ? 2 * n : 1, size);
}

/* The digest that blobs/ALGORITHM/DIGITS or blobs/ALGORITHM-DIGITS says. */
static bool
digest_read(const char *algorithm, const char *digits, char *digest)
{
	if (strlen(algorithm) + 1 + strlen(digits) >= DIGEST_MAX)
		return false;
	stpcpy(stpcpy(stpcpy(digest, algorithm), ":"), digits);
	return digest_valid(digest);
}

static void
file_add(struct inventory *v, int dir, const char *name, const char *digest,
    char *path)
{
	struct file f = {.path = path};

	/* It may have been removed just now. */
	if (fstatat(dir, name, &f.st, 0) && errno == ENOENT &&
	    fstatat(dir, name, &f.st, AT_SYMLINK_NOFOLLOW)) {
		free(path);
		return;
	}
	strcpy(f.digest, digest);
	v->all = grown(v->all, v->n, sizeof *v->all);
	v->all[v->n++] = f;
}

static void
stray_add(struct inventory *v, char *path)
{
	v->stray = grown(v->stray, v->nstray, sizeof *v->stray);
	v->stray[v->nstray++] = path;
}

/* A directory below the layout; NULL when there is none. */
static DIR *
directory_open(int layout, const char *path)
{
	int fd = openat(layout, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (!dir && errno != ENOENT && errno != ENOTDIR)
		diesys("%s", path);
	return dir;
}

/* The name of the next entry that isn't "." or ".."; NULL: no more. */
static const char *
next_name(DIR *dir)
{
	struct dirent *e;

	do
		e = (errno = 0, readdir(dir));
	while (e && (!strcmp(e->d_name, ".") || !strcmp(e->d_name, "..")));
	if (!e && errno)
		diesys("blobs");
	return e ? e->d_name : NULL;
}

/* blobs/sha256, blobs/sha512. */
static void
algorithm_read(struct inventory *v, int layout, const char *algorithm)
{
	char *path = xasprintf("blobs/%s", algorithm), *below;
	DIR *dir = directory_open(layout, path);
	char digest[DIGEST_MAX];
	const char *name;
	struct stat st;

	if (!fstatat(layout, path, &st, AT_SYMLINK_NOFOLLOW))
		v->linked |= S_ISLNK(st.st_mode);
	while (dir && (name = next_name(dir))) {
		below = xasprintf("%s/%s", path, name);
		if (digest_read(algorithm, name, digest))
			file_add(v, dirfd(dir), name, digest, below);
		else
			stray_add(v, below);
	}
	if (dir)
		closedir(dir);
	free(path);
}

/* Those of image-spec 0.3, in blobs/ itself. */
static void
flat_read(struct inventory *v, int layout)
{
	DIR *dir = directory_open(layout, "blobs");
	char digest[DIGEST_MAX], algorithm[7];
	const char *name;

	while (dir && (name = next_name(dir))) {
		if (strlen(name) < 8 || name[6] != '-')
			continue;
		memcpy(algorithm, name, 6);
		algorithm[6] = '\0';
		if (digest_read(algorithm, name + 7, digest))
			file_add(v, dirfd(dir), name, digest,
			    xasprintf("blobs/%s", name));
	}
	if (dir)
		closedir(dir);
}

static int
file_compare(const void *x, const void *y)
{
	const struct file *a = x, *b = y;
	int r = strcmp(a->digest, b->digest);

	return r ? r : strcmp(a->path, b->path);
}

void
inventory_read(struct inventory *v, int layout)
{
	struct stat st;

	*v = (struct inventory){0};
	if (!fstatat(layout, "blobs", &st, AT_SYMLINK_NOFOLLOW))
		v->linked = S_ISLNK(st.st_mode);
	algorithm_read(v, layout, "sha256");
	algorithm_read(v, layout, "sha512");
	flat_read(v, layout);
	if (v->n)
		qsort(v->all, v->n, sizeof *v->all, file_compare);
}

void
inventory_free(struct inventory *v)
{
	for (size_t i = 0; i < v->n; i++)
		free(v->all[i].path);
	for (size_t i = 0; i < v->nstray; i++)
		free(v->stray[i]);
	free(v->all);
	free(v->stray);
	*v = (struct inventory){0};
}

static int
digest_compare(const void *digest, const void *file)
{
	return strcmp(digest, ((const struct file *)file)->digest);
}

struct file *
inventory_find(const struct inventory *v, const char *digest)
{
	struct file *f =
	    v->n ? bsearch(digest, v->all, v->n, sizeof *v->all, digest_compare)
		 : NULL;

	while (f && f > v->all && !strcmp(f[-1].digest, digest))
		f--;
	return f;
}

struct file *
inventory_next(const struct inventory *v, struct file *f)
{
	return f + 1 < v->all + v->n && !strcmp(f->digest, f[1].digest) ? f + 1
									: NULL;
}

static bool
is_same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
	       a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

void
inventory_keep(struct inventory *v, const struct inventory *old)
{
	const struct file *was;

	for (size_t i = 0; i < v->n; i++) {
		was = old->n ? bsearch(&v->all[i], old->all, old->n,
				   sizeof *old->all, file_compare)
			     : NULL;
		if (was && is_same_file(&was->st, &v->all[i].st))
			v->all[i].verdict = was->verdict;
	}
}
