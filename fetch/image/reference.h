/* SPDX-License-Identifier: ISC */
/* Names of images in registries, with Docker's grammar and defaults. */
#ifndef FETCH_IMAGE_REFERENCE_H
#define FETCH_IMAGE_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>

struct reference {
	char *host;       /* "docker.io", "localhost:5000" */
	char *repository; /* "library/busybox" */
	char *tag;        /* NULL when a digest alone was given */
	char *digest;     /* valid (lib/digest.h), or NULL */
	bool hostless;    /* the host isn't said */
};

/*
 * [HOST[:PORT]/]REPOSITORY[:TAG][@DIGEST].  The first part is a host only
 * when it has a '.' or ':' or upper case, or is localhost; otherwise the host
 * is docker.io, and there a repository of one part is below library/.  The
 * tag is latest where neither is said.  0, or -1 with a reason.
 */
int reference_parse(const char *text, struct reference *r, const char **why);
void reference_copy(struct reference *to, const struct reference *from);
void reference_free(struct reference *r);

/*
 * Whether references can begin with it: HOST[:PORT][/PATH][:TAG][@DIGEST] of
 * whole words, or *.HOST for those whose host ends in that, at any port.
 */
bool reference_prefix_valid(const char *text);

/* Whether a tag can be named: 128 bytes, of letters, digits, '_', '.', '-'. */
bool reference_tag_valid(const char *tag);

/* "docker.io/library/busybox:latest", owned by the caller. */
char *reference_text(const struct reference *r);

/* What the registry is asked for: the digest, or else the tag. */
const char *reference_object(const struct reference *r);

#endif
