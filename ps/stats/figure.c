/* SPDX-License-Identifier: ISC */
/* Figures of a cgroup: the numbers in its files, exact, as JSON. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/io.h"
#include "lib/json.h"
#include "ps/stats/figure.h"

#define FILE_MAX (16 << 20) /* a line for each of very many devices */

char *
figure_text(int dir, const char *file)
{
	return dir < 0 ? NULL : io_slurp_at(dir, file, FILE_MAX, NULL);
}

bool
figure_parse(const char *word, uint64_t *value)
{
	char *end;

	*value = 0;
	if (strcmp(word, "max") == 0) {
		*value = UINT64_MAX;
		return true;
	}
	errno = 0;
	if (*word == '-') {
		strtoimax(word, &end, 10);
		return end > word + 1 && !*end;
	}
	if (*word < '0' || *word > '9')
		return false;
	*value = strtoumax(word, &end, 10);
	return !*end && !errno;
}

bool
figure_read(int dir, const char *file, uint64_t *value)
{
	char *text = figure_text(dir, file);
	bool is = false;

	*value = 0;
	if (text) {
		text[strcspn(text, "\n")] = '\0';
		is = figure_parse(text, value);
	}
	free(text);
	return is;
}

bool
figure_next(char **rest, char **key, uint64_t *value)
{
	char *line, *space;

	while (*rest && (line = strsep(rest, "\n"))) {
		space = strchr(line, ' ');
		if (!space || space == line)
			continue;
		*space = '\0';
		*key = line;
		if (figure_parse(space + 1, value))
			return true;
	}
	return false;
}

bool
figure_of_key(int dir, const char *file, const char *key, uint64_t *value)
{
	char *text = figure_text(dir, file), *rest = text, *name;
	bool is = false;

	while (!is && figure_next(&rest, &name, value))
		is = strcmp(name, key) == 0;
	free(text);
	if (!is)
		*value = 0;
	return is;
}

void
figure_add(cJSON *obj, const char *member, int dir, const char *file)
{
	uint64_t value;

	if (figure_read(dir, file, &value))
		json_add_uint(obj, member, value);
}

void
figure_append(cJSON *array, uint64_t value)
{
	char digits[24];

	snprintf(digits, sizeof digits, "%" PRIu64, value);
	cJSON_AddItemToArray(array, cJSON_CreateRaw(digits));
}
