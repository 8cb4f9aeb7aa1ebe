/* SPDX-License-Identifier: ISC */
/* JSON is UTF-8; the names of files are any bytes. */
#ifndef PS_UTF8_H
#define PS_UTF8_H

#include <stdio.h>

/* Write s to f, U+FFFD in the place of each byte that is not UTF-8. */
void utf8_write(FILE *f, const char *s);

#endif
