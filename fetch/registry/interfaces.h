/* SPDX-License-Identifier: ISC */
/*
 * The addresses of this machine's network interfaces, as this process saw them
 * when it first asked.
 */
#ifndef FETCH_REGISTRY_INTERFACES_H
#define FETCH_REGISTRY_INTERFACES_H

#include <stdbool.h>

/* Whether a struct in_addr or in6_addr, by its family, is one of them. */
bool interfaces_have(int family, const void *address);

#endif
