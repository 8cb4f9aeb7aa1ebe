/* SPDX-License-Identifier: ISC */
/* "ps ID OPTION..." of runc: the container's lines of what ps(1) prints. */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "run/pstable.h"

#define OUTPUT_MAX (64 << 20)
#define BLANKS " \t"

extern char **environ;

char **
pstable_words(char **args)
{
	const char *format = "table";

	for (; *args && **args == '-'; args++) {
		if (strncmp(*args, "--format=", 9) == 0)
			format = *args + 9;
		else if (strncmp(*args, "-f", 2) == 0 && (*args)[2])
			format = *args + 2;
		else if (args[1] && (strcmp(*args, "-f") == 0 ||
					strcmp(*args, "--format") == 0))
			format = *++args;
	}
	if (!*args || !args[1])
		return NULL;
	if (strcmp(format, "table") == 0)
		return args + 1;
	args[1] = NULL;
	return NULL;
}

/* What a command prints; owned.  It has said itself what went wrong. */
static char *
output_of(char **command, size_t *len)
{
	posix_spawn_file_actions_t actions;
	int ends[2], status = 0, error;
	char *text;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		diesys("pipe");
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
	error = posix_spawnp(&pid, *command, &actions, NULL, command, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	errno = error;
	if (error)
		diesys("%s", *command);
	text = io_slurp(ends[0], OUTPUT_MAX, len);
	if (!text)
		diesys("output of %s", *command);
	close(ends[0]);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	if (status)
		die_said(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
	return text;
}

/* The word of a line in that place, or NULL; the line stays as it is. */
static const char *
word_at(const char *line, size_t place)
{
	for (;; place--) {
		line += strspn(line, BLANKS);
		if (!*line || !place)
			return *line ? line : NULL;
		line += strcspn(line, BLANKS);
	}
}

static size_t
pid_place(const char *header)
{
	const char *word;

	for (size_t i = 0; (word = word_at(header, i)); i++)
		if (strcspn(word, BLANKS) == 3 && strncmp(word, "PID", 3) == 0)
			return i;
	die("ps: it prints no header with PID, by which the container's "
	    "processes "
	    "are found");
}

static long
pid_at(const char *line, size_t place)
{
	const char *word = word_at(line, place);
	char *end;
	long pid = word ? strtol(word, &end, 10) : 0;

	if (pid <= 0 || (*end && !strchr(BLANKS, *end)))
		die("ps: its column PID has to be to the left of those with "
		    "blanks in them");
	return pid;
}

static bool
has(const cJSON *pids, long pid)
{
	const cJSON *one;

	cJSON_ArrayForEach(one, pids)
	{
		if (cJSON_IsNumber(one) && one->valuedouble == (double)pid)
			return true;
	}
	return false;
}

void
pstable_print(char **lister, char **words)
{
	char **ps, *text, *line;
	const char *why;
	size_t n = 0, len, place;
	cJSON *pids;

	text = output_of(lister, &len);
	pids = json_parse(text, len, &why);
	if (!pids)
		die("%s: %s", *lister, why);
	while (words[n])
		n++;
	ps = xcalloc(n + 2, sizeof *ps);
	ps[0] = xstrdup("ps");
	memcpy(ps + 1, words, n * sizeof *ps);
	text = output_of(ps, &len);
	line = strsep(&text, "\n");
	place = pid_place(line);
	puts(line);
	while ((line = strsep(&text, "\n")))
		if (*line && has(pids, pid_at(line, place)))
			puts(line);
}
