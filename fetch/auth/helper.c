/* SPDX-License-Identifier: ISC */
/*
 * docker-credential-NAME get: the server's name on its standard input, a JSON
 * object with Username and Secret on its output; on failure a message there
 * and a status other than 0.
 */
#include "fetch/auth/helper.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fetch/auth/credentials.h"
#include "lib/die.h"
#include "lib/io.h"
#include "lib/json.h"
#include "lib/mem.h"

#define OUTPUT_MAX (64 << 10)

extern char **environ;

static void
pipe_make(int ends[2])
{
	if (pipe2(ends, O_CLOEXEC) < 0)
		diesys("pipe");
}

/*
 * Start program with the argument get; its input and output in *in, *out.
 * -1 with errno when there is no such program.
 */
static pid_t
helper_start(const char *program, int *in, int *out)
{
	char *argv[] = {(char *)program, (char *)"get", NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t ignored;
	int to[2], from[2], error;
	pid_t pid;

	pipe_make(to);
	pipe_make(from);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, to[0], 0);
	posix_spawn_file_actions_adddup2(&actions, from[1], 1);
	/* This program ignores SIGPIPE, another one may count on it. */
	sigemptyset(&ignored);
	sigaddset(&ignored, SIGPIPE);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigdefault(&attributes, &ignored);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
	errno =
	    posix_spawnp(&pid, program, &actions, &attributes, argv, environ);
	error = errno;
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	close(to[0]);
	close(from[1]);
	*in = to[1];
	*out = from[0];
	if (!error)
		return pid;
	close(*in);
	close(*out);
	errno = error;
	return -1;
}

/* Two empty ones are how a helper says that it has none. */
static char *
output_parse(
    const char *program, const char *text, size_t len, struct credentials *c)
{
	const char *why, *user, *secret;
	cJSON *json = json_parse(text, len, &why);

	if (!json)
		return xasprintf("%s: what it prints %s", program, why);
	user = json_string(json, "Username");
	secret = json_string(json, "Secret");
	if (user && strcmp(user, "<token>") == 0) {
		if (secret && *secret)
			c->identity_token = xstrdup(secret);
	} else if ((user && *user) || (secret && *secret)) {
		c->user = xstrdup(user ? user : "");
		c->password = xstrdup(secret ? secret : "");
	}
	cJSON_Delete(json);
	return NULL;
}

/* What it prints, and its status; NULL with errno. */
static char *
helper_talk(int in, int out, const char *server, size_t *len)
{
	char *text = NULL;

	/* A helper that doesn't read the question tells so by its status. */
	if (io_write(in, server, strlen(server)) == 0 || errno == EPIPE) {
		close(in);
		text = io_slurp(out, OUTPUT_MAX, len);
	} else {
		close(in);
	}
	close(out);
	return text;
}

int
helper_get(
    const char *name, const char *server, struct credentials *c, char **why)
{
	char *program, *text;
	int in, out, status;
	size_t len;
	pid_t pid;

	*why = NULL;
	/* The name comes from a file and goes through PATH, nowhere else. */
	if (strchr(name, '/')) {
		*why =
		    xasprintf("%s: not the name of a credential helper", name);
		return -1;
	}
	program = xasprintf("docker-credential-%s", name);
	pid = helper_start(program, &in, &out);
	text = pid < 0 ? NULL : helper_talk(in, out, server, &len);
	if (!text)
		*why = xasprintf("%s: %s", program, strerror(errno));
	if (pid > 0 && waitpid(pid, &status, 0) < 0)
		diesys("%s", program);
	if (text && status == 0)
		*why = output_parse(program, text, len, c);
	else if (text && !strstr(text, "not found"))
		*why = *text ? xasprintf("%s: %.*s", program,
				   (int)strcspn(text, "\n"), text)
			     : xasprintf(
				   "%s: it failed without saying why", program);
	free(text);
	free(program);
	return *why ? -1 : 0;
}
