/* SPDX-License-Identifier: ISC */
/* Messages in a file besides standard error. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "lib/state.h"
#include "run/log.h"

#define ERRNO_MAX 134 /* one more than the last */

/* All that this process says, which is one record. */
static struct {
	const struct global *global; /* while the options are read; NULL */
	int fd;
	bool json;
	enum die_level level;
	struct buf text;
} record = {.fd = -1};

static const char *const levels[] = {
    [DIE_WARNING] = "warning", [DIE_ERROR] = "error"};

static char *
record_json(const char *time)
{
	cJSON *json = cJSON_CreateObject();
	char *text;

	cJSON_AddStringToObject(json, "level", levels[record.level]);
	cJSON_AddStringToObject(json, "msg", record.text.data);
	cJSON_AddStringToObject(json, "time", time);
	text = json_text(json);
	cJSON_Delete(json);
	return text;
}

/* As runc's loggers quote it. */
static char *
record_text(const char *time)
{
	cJSON *msg = cJSON_CreateString(record.text.data);
	char *quoted = json_text(msg), *text;

	text = xasprintf(
	    "time=\"%s\" level=%s msg=%s", time, levels[record.level], quoted);
	free(quoted);
	cJSON_Delete(msg);
	return text;
}

/*
 * The reason at the end as Go's programs have it, in small letters: Docker
 * compares it so ("permission denied" is 126).
 */
static void
reason_settle(char *text)
{
	char *reason = NULL;

	for (char *p = text; (p = strstr(p, ": ")); p += 2)
		reason = p + 2;
	for (int e = 1; reason && e < ERRNO_MAX; e++) {
		if (strcmp(reason, strerror(e)) != 0)
			continue;
		if (reason[1] >= 'a' && reason[1] <= 'z' && *reason >= 'A' &&
		    *reason <= 'Z')
			*reason += 'a' - 'A';
		return;
	}
}

static int
log_open(const struct global *g)
{
	record.fd =
	    open(g->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	record.json = g->log_format == LOG_JSON;
	record.global = NULL;
	return record.fd;
}

/* At exit, when whatever else is done then has had its say. */
static void
record_write(void)
{
	char *time, *text;
	size_t len;

	if (record.text.len == 0)
		return;
	die_sink(die_standard_error);
	if (record.global && log_open(record.global) < 0)
		warnsys("--log");
	if (record.fd < 0)
		return; /* as has been said */
	reason_settle(record.text.data);
	time = state_time();
	text = record.json ? record_json(time) : record_text(time);
	len = strlen(text);
	text[len] = '\n';
	if (write(record.fd, text, len + 1) < 0)
		die_standard_error(DIE_WARNING, text, len + 1);
	free(text);
	free(time);
	record.text.len = 0;
}

void
log_end(void)
{
	record_write();
}

/* Without the program's name, which its reader knows. */
static void
record_add(const char *line, size_t n)
{
	const char *name = program_invocation_short_name;
	size_t len = strlen(name);

	if (n > len + 2 && memcmp(line, name, len) == 0)
		line += len + 2, n -= len + 2;
	if (n > 0 && line[n - 1] == '\n')
		n--;
	buf_addf(
	    &record.text, "%s%.*s", record.text.len ? "; " : "", (int)n, line);
}

static void
both(enum die_level level, const char *line, size_t n)
{
	die_standard_error(level, line, n);
	if (level > record.level)
		record.level = level;
	if (n > 0)
		record_add(line, n);
}

const char *
log_take(void *at, char *file)
{
	struct global *g = at;

	if (!*file)
		return "must not be empty";
	if (!g->log) {
		atexit(record_write);
		die_sink(both);
	}
	g->log = file;
	record.global = g;
	return NULL;
}

void
log_begin(const struct global *g)
{
	if (g->log && log_open(g) < 0)
		diesys("--log: %s", g->log);
}
