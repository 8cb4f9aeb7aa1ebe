/* SPDX-License-Identifier: ISC */
/* A time as one who knows Go writes it. */
#ifndef PS_INTERVAL_H
#define PS_INTERVAL_H

#include <stdint.h>

/*
 * For OPTION_CALL, into an int64_t of nanoseconds: a number of seconds, "5" or
 * "0.5", or, as runc takes it and engines give it, numbers with the units h, m,
 * s, ms, us and ns, "1m30s".  More than nothing, and a year at most.
 */
const char *interval_parse(void *at, char *value);

#endif
