/* SPDX-License-Identifier: ISC */
/* A time as one who knows Go writes it. */
#include <stdbool.h>
#include <string.h>

#include "ps/interval.h"

#define S INT64_C(1000000000)
#define MOST (365 * 24 * 3600 * S)

static const struct {
	const char *name; /* "m" is the beginning of "ms" */
	int64_t ns;
} units[] = {
    {"ms", S / 1000},
    {"us", S / 1000000},
    {"\302\265s", S / 1000000}, /* the micro sign */
    {"\316\274s", S / 1000000}, /* the Greek letter */
    {"ns", 1},
    {"h", 3600 * S},
    {"m", 60 * S},
    {"s", S},
};

#define NUNITS (sizeof units / sizeof *units)

/* The unit at *text, which is moved behind it; 0: there is none. */
static int64_t
unit_parse(const char **text)
{
	for (size_t i = 0; i < NUNITS; i++) {
		size_t len = strlen(units[i].name);

		if (strncmp(*text, units[i].name, len) == 0) {
			*text += len;
			return units[i].ns;
		}
	}
	return 0;
}

/*
 * Digits and a fraction, times the unit behind them, or seconds where nothing
 * is; -1 when it is none.
 */
static int64_t
part_parse(const char **text, bool first)
{
	size_t whole = strspn(*text, "0123456789"), part = 0;
	const char *digits = *text, *fraction = digits + whole;
	int64_t n = 0, unit, scale;

	if (*fraction == '.')
		part = strspn(++fraction, "0123456789");
	*text = fraction + part;
	if (whole + part == 0)
		return -1;
	unit = first && !**text ? S : unit_parse(text);
	if (!unit)
		return -1;
	for (size_t i = 0; i < whole && n <= MOST; i++)
		n = n * 10 + digits[i] - '0';
	if (n > MOST / unit)
		return MOST + 1;
	n *= unit;
	scale = unit;
	for (size_t i = 0; i < part && scale; i++) {
		scale /= 10;
		n += (fraction[i] - '0') * scale;
	}
	return n;
}

const char *
interval_parse(void *at, char *value)
{
	static const char wrong[] =
	    "must be a number of seconds, or a time such as 500ms or 1m30s";
	const char *text = value;
	int64_t sum = 0, n;

	do {
		n = part_parse(&text, text == value);
		if (n < 0)
			return wrong;
		sum += n;
	} while (*text && sum <= MOST);
	if (sum == 0)
		return "must be more than nothing";
	if (sum > MOST)
		return "must be a year at most";
	*(int64_t *)at = sum;
	return NULL;
}
