/* SPDX-License-Identifier: ISC */
/*
 * How old a file of a layout is: all that is known of those that other
 * programs, which take no lock, are writing.
 */
#ifndef LAYOUT_INVENTORY_AGE_H
#define LAYOUT_INVENTORY_AGE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <time.h>

#define AGE_DEFAULT (60 * 60) /* seconds */

/*
 * An option's value, of the type int64_t: seconds, or minutes, hours, days with
 * m, h, d behind them.  What is wrong with it; NULL: nothing.
 */
const char *age_take(void *at, char *text);

/* The time before which a file is that old; of 0 seconds all files are. */
time_t age_before(int64_t age);

/* Whether the file was written, or put where it is, at that time or since. */
bool age_is_young(const struct stat *st, time_t before);

#endif
