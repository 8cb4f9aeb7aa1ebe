/* SPDX-License-Identifier: ISC */
/* The image that an archive has, by its index.json. */
#ifndef UNPACK_INPUT_ARCHIVED_H
#define UNPACK_INPUT_ARCHIVED_H

struct members;
struct descriptor;
struct platform;

/*
 * What the archive begins with, up to index.json: the one image that it
 * names, by however many names; to be freed.  Dies.
 */
void archived_image(struct members *m, struct descriptor *d);

/*
 * Go on to its manifest, through indexes, where the platform chooses (NULL:
 * this machine's), and replace *d by its descriptor.  Its text is the
 * caller's, and verified.  Dies.
 */
char *archived_manifest(
    struct members *m, const struct platform *platform, struct descriptor *d);

#endif
