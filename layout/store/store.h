/* SPDX-License-Identifier: ISC */
/*
 * A layout that is written to.  What is new is staged in a directory of its
 * own until all of it is there; then it is moved into place under a lock on
 * the layout's directory.  All of these die.
 */
#ifndef LAYOUT_STORE_STORE_H
#define LAYOUT_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "layout/store/staging.h"
#include "lib/digest.h"
#include "lib/directory.h"

struct descriptor;
struct digestmap;

struct store {
	const char *path;
	int layout; /* descriptor of the directory; -1: it isn't there */
	struct staging staging;
	bool is_new; /* the layout is in the staging directory */
	struct directory place;
};

/*
 * Open the layout at path, or an empty directory, or get ready to make it;
 * what dead writers left is removed.  Symbolic links in path are followed,
 * those inside the layout never.  s stays where it is until store_close,
 * which removes what is staged then, as the end of the process does before.
 */
void store_open(struct store *s, const char *path);
void store_close(struct store *s);

/* Whether a directory has nothing in it but what is made for a layout. */
bool store_is_bare(int layout);

/* Open a layout that another process has made since. */
void store_look(struct store *s);

/*
 * Begin to publish: the layout is open, and locked, or it is a new one that
 * store_end brings to its place in one step.  That is false when another
 * process was quicker: what was staged is so again, and all that lies
 * between the two is to be done once more.
 */
void store_begin(struct store *s);
bool store_end(struct store *s, const struct digestmap *staged);

/* The lock of all who change the layout; not for long. */
void store_lock(const struct store *s);
void store_unlock(const struct store *s);

/* Bytes of a staged blob; -1 when there is none. */
int64_t store_staged(const struct store *s, const char *digest);

/* Whether the layout, not the staging directory, has a file for the blob. */
bool store_has(const struct store *s, const char *digest);

/* A whole blob of at most max bytes from either of them, verified. */
char *store_read(const struct store *s, const struct descriptor *d, size_t max);

/* A blob of any size in either of them, to be read from. */
int store_open_blob(const struct store *s, const char *digest);

/* The digest, of the kind of like, of all that is in a file; -1 with errno. */
int store_hash(int fd, const char *like, char text[DIGEST_MAX]);

/*
 * Verify, to the last byte, what the layout has, and stage a second link to it:
 * whoever removes it meanwhile, store_publish has it back.  Where there can be
 * no such link it stays in place, and is on the disk then.
 */
enum taken { TAKEN_DAMAGED, TAKEN_STAGED, TAKEN_IN_PLACE };
enum taken store_take(const struct store *s, const struct descriptor *d);

/*
 * Stage a link to the blob's file in a layout, which is open at fd: false where
 * there can be none, and of a file that only a symbolic link there leads to.
 */
bool store_link(const struct store *s, const char *digest, int fd, int layout);

/* Bring staged blobs to the disk. */
void store_sync(const struct store *s, const struct digestmap *staged);

/* A new file in the staging directory, in place of one of that name. */
int store_create(const struct store *s, const char *name);

/* Remove a staged blob, if it is there. */
void store_unstage(const struct store *s, const char *digest);

/*
 * Stage a file, on the disk when this returns; then move it to where it
 * belongs in dir, in one step.
 */
void store_stage(
    const struct store *s, const char *name, const char *text, size_t len);
void store_move(const struct store *s, const char *name, int dir);

/*
 * Move blobs into place, in the order given, and bring that to the disk.
 * blobs/sha256 may be a link, if only this user or root could have made it.
 */
void store_publish(const struct store *s, const struct digestmap *staged);

/*
 * Bring the blobs of a layout of image-spec 0.3 to where they are today; keep:
 * they have their old names as well.  True when there were any.  The layout is
 * locked.
 */
bool store_upgrade(const struct store *s, bool keep);

/* Give the blobs, which are published, the names that those have. */
void store_publish_flat(const struct store *s, const struct digestmap *staged);

/* A directory below dir, made if need be; not through a symbolic link. */
int store_directory(const struct store *s, int dir, const char *name);

/*
 * Bring to the disk what a directory of the layout has, called name in
 * messages; the same of a change that readers see already, which goes on being
 * there.
 */
void store_directory_sync(const struct store *s, int dir, const char *name);
void store_change_sync(const struct store *s, int dir);

#endif
