/* SPDX-License-Identifier: ISC */
/*
 * What a manifest is by all who have a say in it: the registry's headers, the
 * descriptor that led to it, and its own bytes.  Messages name object.
 */
#ifndef FETCH_IMAGE_AGREED_H
#define FETCH_IMAGE_AGREED_H

struct buf;

/*
 * The media type, of Content-Type and the document's own mediaType: where
 * both say one they must agree, and with the descriptor that led here too,
 * unless that says "".  Owned; dies where they don't.
 */
char *agreed_type(const char *object, const char *header,
    const struct buf *body, const char *expected);

/*
 * The digest of the bytes, held against Docker-Content-Digest, unless that is
 * "", and what it should be, unless that is NULL.  Owned; dies where they
 * differ.
 */
char *agreed_digest(const char *object, const char *header,
    const struct buf *body, const char *expected);

#endif
