/* SPDX-License-Identifier: ISC */
/* The host, with or without a port, that the name of an image begins with. */
#ifndef FETCH_IMAGE_HOST_H
#define FETCH_IMAGE_HOST_H

#include <stdbool.h>
#include <stddef.h>

#define HOST_HUB "docker.io"

/* Letters, digits and '-' between dots, or [IPv6]; then maybe a port. */
bool host_valid(const char *host);

/*
 * The one way of writing it by which rules, credentials and names know it, but
 * for upper case; owned.  Docker Hub has one name, also at its port; of IPv6
 * there is one form, and of what is IPv4 within that the other's.
 */
char *host_normal(const char *host);

/* Bytes of a host at the beginning of a text, without the port behind it. */
size_t host_length(const char *text);

#endif
