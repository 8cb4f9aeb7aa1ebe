/* SPDX-License-Identifier: ISC */
/* Amounts on the command line: digits, all of them, and no more. */
#ifndef BUNDLE_QUANTITY_H
#define BUNDLE_QUANTITY_H

#include <stdint.h>

/* A number from 1 to max: 0, or -1. */
int count_parse(const char *text, int64_t max, int64_t *n);

/* Bytes with a suffix b, k, m, g or t in powers of 1024; 1 or more: 0, or -1.
 */
int bytes_parse(const char *text, int64_t *n);

/*
 * A number of processors such as 1.5, as microseconds of each 100000, which
 * is the period of cpu.cfs_period_us; 0.01 to CPUS_MAX: 0, or -1.
 */
int cpus_parse(const char *text, int64_t *quota);

#define CPU_PERIOD 100000
#define CPUS_MAX 8192 /* the most that Linux is built for, NR_CPUS */

#endif
