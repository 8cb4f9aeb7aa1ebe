/* SPDX-License-Identifier: ISC */
/* --volume and --mount, in Docker's notation. */
#ifndef BUNDLE_MOUNTOPTION_H
#define BUNDLE_MOUNTOPTION_H

struct cJSON;

/* --volume SOURCE:DESTINATION[:OPTION,...]; dies of wrong usage. */
struct cJSON *mount_parse_volume(const char *text);

/* --mount type=TYPE,KEY=VALUE,...; dies of wrong usage. */
struct cJSON *mount_parse(const char *text);

#endif
