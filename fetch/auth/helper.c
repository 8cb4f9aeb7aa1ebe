/* SPDX-License-Identifier: ISC */
/*
 * docker-credential-NAME get: the server's name on its standard input, a JSON
 * object with Username and Secret on its output; on failure a message there
 * and a status other than 0.
 */
#include "fetch/auth/helper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fetch/auth/credentials.h"
#include "lib/buf.h"
#include "lib/die.h"
#include "lib/io.h"
#include "lib/json.h"
#include "lib/mem.h"

#define OUTPUT_MAX (64 << 10)
#define PIECE 4096
#define TURN 100   /* milliseconds */
#define GRACE 1000 /* of these, until who is asked to end is made to */

static int limit = 30; /* seconds that a helper has */

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

static int
passed(const struct timespec *since)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int)((now.tv_sec - since->tv_sec) * 1000 +
		     (now.tv_nsec - since->tv_nsec) / 1000000);
}

/*
 * Wait until one of them is ready, within the milliseconds left: false when
 * they are over.  A turn counts for no more than it was to take, as Ctrl-Z may
 * stop all of it for an hour.
 */
static bool
ready(struct pollfd *fds, nfds_t n, int *left)
{
	int most = *left < TURN ? *left : TURN, took;
	struct timespec since;

	clock_gettime(CLOCK_MONOTONIC, &since);
	for (nfds_t i = 0; i < n; i++)
		fds[i].revents = 0; /* as after EINTR they aren't set */
	if (poll(fds, n, most) < 0 && errno != EINTR)
		diesys("poll");
	took = passed(&since);
	*left -= took < most ? took : most;
	return *left > 0;
}

/*
 * All that a helper prints, until it has ended: what it left running may have
 * its output open for longer.  0, or -1 with errno, EFBIG of too much.
 */
static int
output_read(int out, int process, struct buf *text)
{
	struct pollfd fds[] = {
	    {.fd = out, .events = POLLIN}, {.fd = process, .events = POLLIN}};
	int left = limit * 1000;
	ssize_t n = 0;

	while (!fds[1].revents || fds[0].revents) {
		if (!ready(fds, 2, &left)) {
			errno = ETIMEDOUT;
			return -1;
		}
		if (!fds[0].revents)
			continue;
		n = io_some(out, buf_reserve(text, PIECE), PIECE);
		if (n < 0)
			return -1;
		text->len += (size_t)n;
		text->data[text->len] = '\0';
		if (text->len > OUTPUT_MAX) {
			errno = EFBIG;
			return -1;
		}
		if (!n) { /* a helper may have closed it, and live on */
			fds[0].fd = -1;
			fds[0].revents = 0;
		}
	}
	return 0;
}

/* Its status, once it has ended, as it is made to where it isn't to go on. */
static int
helper_end(pid_t pid, int process, bool go_on)
{
	struct pollfd fd = {.fd = process, .events = POLLIN};
	int status;

	if (!go_on) {
		kill(pid, SIGTERM); /* it may have a terminal to put right */
		if (poll(&fd, 1, GRACE) <= 0)
			kill(pid, SIGKILL);
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			diesys("waitpid");
	return status;
}

/* What it prints, and its status: 0, or -1 with errno. */
static int
helper_talk(pid_t pid, int in, int out, const char *server, struct buf *text,
    int *status)
{
	int process = (int)syscall(SYS_pidfd_open, pid, 0), error;
	bool all;

	if (process < 0)
		diesys("pidfd_open");
	/* A helper that doesn't read the question tells so by its status. */
	all = io_write(in, server, strlen(server)) == 0 || errno == EPIPE;
	close(in);
	all = all && !output_read(out, process, text);
	error = errno;
	close(out);
	*status = helper_end(pid, process, all);
	close(process);
	errno = error;
	return all ? 0 : -1;
}

/* Why there is no answer, as errno has it; owned. */
static char *
silence(const char *program)
{
	if (errno == ETIMEDOUT)
		return xasprintf("%s: it didn't answer and end within %d "
				 "seconds (--timeout)",
		    program, limit);
	return xasprintf("%s: %s", program,
	    errno == EFBIG ? "it prints too much" : strerror(errno));
}

/* What a helper that has ended said. */
static char *
answer_read(
    const char *program, const struct buf *b, int status, struct credentials *c)
{
	const char *text = b->len ? b->data : "";

	if (status == 0)
		return output_parse(program, text, b->len, c);
	if (strstr(text, "not found"))
		return NULL;
	if (!*text)
		return xasprintf("%s: it failed without saying why", program);
	return xasprintf("%s: %.*s", program, (int)strcspn(text, "\n"), text);
}

void
helper_limit(long seconds)
{
	limit = (int)seconds;
}

int
helper_get(
    const char *name, const char *server, struct credentials *c, char **why)
{
	int in, out, status;
	struct buf text = {0};
	char *program;
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
	if (pid < 0 || helper_talk(pid, in, out, server, &text, &status))
		*why = silence(program);
	else
		*why = answer_read(program, &text, status, c);
	buf_free(&text);
	free(program);
	return *why ? -1 : 0;
}
