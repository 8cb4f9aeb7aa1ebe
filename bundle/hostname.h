/* SPDX-License-Identifier: ISC */
/* Names of hosts, as hostname(7) has them. */
#ifndef BUNDLE_HOSTNAME_H
#define BUNDLE_HOSTNAME_H

/* NULL, or what is wrong with the name. */
const char *hostname_check(const char *name);

#endif
