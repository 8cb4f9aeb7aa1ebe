/* SPDX-License-Identifier: ISC */
/* --volume and --mount, in Docker's notation. */
#ifndef BUNDLE_MOUNTSYNTAX_H
#define BUNDLE_MOUNTSYNTAX_H

struct cJSON;

/* --volume SOURCE:DESTINATION[:OPTION,...]; dies of wrong usage. */
struct cJSON *mountsyntax_volume(const char *text);

/* --mount type=TYPE,KEY=VALUE,...; dies of wrong usage. */
struct cJSON *mountsyntax_mount(const char *text);

#endif
