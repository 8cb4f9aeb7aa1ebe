/* SPDX-License-Identifier: ISC */
/* Amounts on the command line. */
#include "bundle/quantity.h"

#include <stddef.h>
#include <string.h>

/* The digits at *text, which moves behind them: -1 when none or too many. */
static int
digits_take(const char **text, int64_t *n)
{
	const char *begin = *text;

	*n = 0;
	for (; **text >= '0' && **text <= '9'; ++*text)
		if (__builtin_mul_overflow(*n, 10, n) ||
		    __builtin_add_overflow(*n, **text - '0', n))
			return -1;
	return *text > begin ? 0 : -1;
}

int
count_parse(const char *text, int64_t max, int64_t *n)
{
	if (digits_take(&text, n) < 0 || *text)
		return -1;
	return *n >= 1 && *n <= max ? 0 : -1;
}

int
bytes_parse(const char *text, int64_t *n)
{
	static const char suffixes[] = "bBkKmMgGtT";
	const char *suffix;

	if (digits_take(&text, n) < 0 || *n < 1)
		return -1;
	if (!*text)
		return 0;
	suffix = strchr(suffixes, *text);
	if (!suffix || text[1])
		return -1;
	for (ptrdiff_t i = (suffix - suffixes) / 2; i > 0; i--)
		if (__builtin_mul_overflow(*n, 1024, n))
			return -1;
	return 0;
}

int
cpus_parse(const char *text, int64_t *quota)
{
	int64_t whole, unit = CPU_PERIOD;

	if (digits_take(&text, &whole) < 0 || whole > CPUS_MAX)
		return -1;
	*quota = whole * unit;
	if (*text == '.')
		for (text++; *text >= '0' && *text <= '9'; text++) {
			unit /= 10;
			*quota += (*text - '0') * unit;
		}
	/* The kernel takes no quota under a millisecond. */
	return !*text && *quota >= 1000 && *quota <= CPUS_MAX * CPU_PERIOD ? 0
									   : -1;
}
