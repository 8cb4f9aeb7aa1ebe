/* SPDX-License-Identifier: ISC */
/* JSON objects, one a line. */
#include "unpack/output/line.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

#include "lib/die.h"
#include "lib/text.h"
#include "unpack/stop.h"

/* What ends the last member and begins this one. */
static void
member(struct line *l, const char *name)
{
	buf_addc(&l->text, l->text.len ? ',' : '{');
	buf_addf(&l->text, "\"%s\":", name);
}

/* In quotes; what text_write_json takes for a character stays as it is. */
static void
quoted(struct line *l, const char *value)
{
	buf_addc(&l->text, '"');
	for (const char *p = value; *p; p++) {
		if ((unsigned char)*p < ' ') {
			buf_addf(&l->text, "\\u%04x", *p);
			continue;
		}
		if (*p == '"' || *p == '\\')
			buf_addc(&l->text, '\\');
		buf_addc(&l->text, *p);
	}
	buf_addc(&l->text, '"');
}

static bool
is_text(const char *value)
{
	size_t n;

	for (; *value; value += n) {
		n = text_character(value);
		if (!n)
			return false;
	}
	return true;
}

void
line_bytes(struct line *l, const char *name, const char *value)
{
	line_text(l, name, value);
	if (is_text(value))
		return;
	buf_addf(&l->text, ",\"%sEncoded\":\"", name);
	for (const unsigned char *p = (const unsigned char *)value; *p; p++)
		if (*p <= ' ' || *p > '~' || *p == '%' || *p == '"' ||
		    *p == '\\')
			buf_addf(&l->text, "%%%02X", *p);
		else
			buf_addc(&l->text, (char)*p);
	buf_addc(&l->text, '"');
}

void
line_text(struct line *l, const char *name, const char *value)
{
	member(l, name);
	quoted(l, value);
}

void
line_number(struct line *l, const char *name, int64_t value)
{
	member(l, name);
	buf_addf(&l->text, "%" PRId64, value);
}

/* Before 1970 the fraction counts forwards, in JSON the digits don't. */
void
line_time(struct line *l, const char *name, const struct timespec *t)
{
	bool back = t->tv_sec < 0 && t->tv_nsec;
	int64_t sec = back ? -(t->tv_sec + 1) : t->tv_sec;
	long nsec = back ? 1000000000 - t->tv_nsec : t->tv_nsec;

	member(l, name);
	buf_addf(&l->text, "%s%" PRId64, back ? "-" : "", sec);
	if (nsec) {
		buf_addf(&l->text, ".%09ld", nsec);
		while (l->text.data[l->text.len - 1] == '0')
			l->text.data[--l->text.len] = '\0';
	}
}

void
line_element(struct line *l, const char *name, const char *value)
{
	if (l->text.len && l->text.data[l->text.len - 1] == ']') {
		l->text.data[l->text.len - 1] = ',';
	} else {
		member(l, name);
		buf_addc(&l->text, '[');
	}
	quoted(l, value);
	buf_addc(&l->text, ']');
}

void
line_end(struct line *l)
{
	buf_adds(&l->text, "}\n");
	text_write_json(stdout, l->text.data);
	l->text.len = 0;
	if (ferror(stdout)) {
		stop_check();
		diesys("standard output");
	}
}
