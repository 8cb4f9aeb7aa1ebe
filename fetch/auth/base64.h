/* SPDX-License-Identifier: ISC */
/* Base64 (RFC 4648, 4) as others write it. */
#ifndef FETCH_AUTH_BASE64_H
#define FETCH_AUTH_BASE64_H

#include <stddef.h>

/*
 * The bytes that text stands for, with a NUL behind them; owned.  Its padding
 * may be left out, and it may be broken into lines.  NULL: it is no base64.
 */
char *base64_decode(const char *text, size_t *len);

/* The reverse, of a string; owned. */
char *base64_encode(const char *plain);

#endif
