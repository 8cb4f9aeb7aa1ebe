/* SPDX-License-Identifier: ISC */
/* Links in an answer's header (RFC 8288). */
#ifndef FETCH_REGISTRY_LINK_H
#define FETCH_REGISTRY_LINK_H

/*
 * The target of the first link whose relation is next, as it is written, of
 * the values of all Link headers, a line each.  Owned; NULL when there is
 * none.
 */
char *link_next(const char *lines);

#endif
