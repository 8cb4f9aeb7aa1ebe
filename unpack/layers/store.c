/* SPDX-License-Identifier: ISC */
/* The directory that images share their layers in: what it says of itself. */
#include "unpack/layers/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/directory.h"
#include "lib/io.h"
#include "lib/json.h"
#include "lib/layeruse.h"
#include "lib/mem.h"
#include "unpack/shared.h"

/* A layer's root may be one that its owner can't read, only enter. */
#define FLAGS (O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
#define ABOUT LAYERS_ABOUT
#define ABOUT_MAX 4096

void
store_open(struct store *s, const char *path)
{
	s->path = path;
	s->dir = shared_open(path);
}

/*
 * A file without a name, so that the directory's times stay.  Where nothing can
 * be written one in memory tells as well what the caller may set.
 */
static int
form_file(const struct store *s)
{
	int fd = openat(s->dir, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd < 0 && errno == EROFS)
		fd = memfd_create("attributes", MFD_CLOEXEC);
	return fd;
}

/* What a mount believes that is made by whoever unpacks here. */
static const char *
form_probe(const struct store *s)
{
	static const char name[] = "trusted.overlay.opaque";
	int file = form_file(s), fd = file < 0 ? s->dir : file;
	bool set = fsetxattr(fd, name, "y", 1, 0) == 0;

	if (!set && errno != EPERM && errno != ENOTSUP)
		diesys("%s: extended attribute %s", s->path, name);
	if (set && file < 0)
		fremovexattr(fd, name);
	if (file >= 0)
		close(file);
	return set ? "trusted" : "user";
}

/* Of io_replace that was killed. */
static bool
is_leftover(const char *name)
{
	size_t len = strlen(name);

	return !strncmp(name, "." ABOUT ".", sizeof "." ABOUT) && len > 4 &&
	       !strcmp(name + len - 4, ".tmp");
}

/* Layers are put in no directory that is something else, a layout say. */
static void
form_vacant(const struct store *s)
{
	int fd = openat(s->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;

	if (!dir)
		diesys("%s", s->path);
	while ((e = readdir(dir))) {
		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, "..") ||
		    !strcmp(e->d_name, "lost+found") ||
		    !strcmp(e->d_name, LAYERS_LOCK) ||
		    (is_leftover(e->d_name) &&
			unlinkat(s->dir, e->d_name, 0) == 0))
			continue;
		die("%s: neither a directory of layers, for it has no " ABOUT
		    ", nor an empty one",
		    s->path);
	}
	closedir(dir);
}

static void
form_note(const struct store *s, const char *owners)
{
	cJSON *about = cJSON_CreateObject();
	char *text;

	form_vacant(s);
	cJSON_AddStringToObject(about, "overlay", form_probe(s));
	cJSON_AddStringToObject(about, "owners", owners);
	text = json_text(about);
	if (io_replace(s->dir, ABOUT, text, strlen(text), 0644) < 0)
		diesys("%s/" ABOUT, s->path);
	free(text);
	cJSON_Delete(about);
}

static void
form_read(struct store *s, const char *text, const char *owners)
{
	const char *why = NULL;
	cJSON *about = json_parse(text, strlen(text), &why);
	const char *overlay = json_string(about, "overlay");
	const char *theirs = json_string(about, "owners");

	if (!overlay || !theirs ||
	    (strcmp(overlay, "trusted") && strcmp(overlay, "user")))
		die("%s/" ABOUT ": %s", s->path,
		    about ? "it doesn't say how its layers were made" : why);
	if (strcmp(theirs, owners))
		die("%s: its layers were made with --rootless=%s, not %s",
		    s->path, theirs, owners);
	s->opaque =
	    *overlay == 't' ? "trusted.overlay.opaque" : "user.overlay.opaque";
	/* A process that may not set it is told that nothing has it. */
	if (*overlay == 't' && *form_probe(s) != 't')
		die("%s: %s, which its layers have, can't be read or set here; "
		    "in a user namespace use a directory of its own",
		    s->path, s->opaque);
	cJSON_Delete(about);
}

void
store_form(struct store *s, const char *owners)
{
	char *text;

	directory_lock(s->dir, s->path);
	text = io_slurp_at(s->dir, ABOUT, ABOUT_MAX, NULL);
	if (!text && errno == ENOENT) {
		form_note(s, owners);
		text = io_slurp_at(s->dir, ABOUT, ABOUT_MAX, NULL);
	}
	if (!text)
		diesys("%s/" ABOUT, s->path);
	flock(s->dir, LOCK_UN);
	form_read(s, text, owners);
	free(text);
}

void
store_chain(char chain[DIGEST_MAX], const char *below, const char *diff_id)
{
	char both[2 * DIGEST_MAX];

	if (!below) {
		strcpy(chain, diff_id);
		return;
	}
	snprintf(both, sizeof both, "%s %s", below, diff_id);
	digest_of(both, strlen(both), NULL, chain);
}

char *
store_path(const char *chain, const char *before, const char *behind)
{
	const char *hex = digest_hex(chain);

	return xasprintf(
	    "%.*s/%s%s%s", (int)(hex - chain - 1), chain, before, hex, behind);
}

int
store_find(const struct store *s, const char *chain)
{
	char *path = store_path(chain, "", "");
	int fd = openat(s->dir, path, FLAGS);

	if (fd < 0 && errno != ENOENT)
		diesys("%s/%s", s->path, path);
	free(path);
	return fd;
}
