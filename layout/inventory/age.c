/* SPDX-License-Identifier: ISC */
/* How old a file of a layout is. */
#include "layout/inventory/age.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define AGE_MAX (100LL * 366 * 24 * 60 * 60) /* a hundred years */

const char *
age_take(void *at, char *text)
{
	static const char units[] = "smhd";
	static const int64_t seconds[] = {1, 60, 60 * 60, 24 * 60 * 60};
	const char *unit;
	char *end;
	int64_t n;

	errno = 0;
	n = strtoll(text, &end, 10);
	unit = *end ? strchr(units, *end) : units;
	if (*text < '0' || *text > '9' || errno || !unit || (*end && end[1]) ||
	    n > AGE_MAX / seconds[unit - units])
		return "must be a number of seconds, or one with s, m, h or d "
		       "behind it";
	*(int64_t *)at = n * seconds[unit - units];
	return NULL;
}

time_t
age_before(int64_t age)
{
	return age ? time(NULL) - (time_t)age : INT64_MAX;
}

bool
age_is_young(const struct stat *st, time_t before)
{
	/* Who unpacks a layout gives files old times, but can't set this one.
	 */
	return st->st_mtime >= before || st->st_ctime >= before;
}
