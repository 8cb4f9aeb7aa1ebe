/* SPDX-License-Identifier: ISC */
/*
 * The search for credentials.  The child sends its parent one message for each
 * thing: a letter, its text and a NUL, as text that neither a header nor a
 * helper's JSON lets a NUL into.  It has ended well when it said so last.
 */
#include "fetch/auth/search.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fetch/auth/authfile.h"
#include "fetch/auth/credentials.h"
#include "fetch/auth/helper.h"
#include "fetch/registry/transport.h"
#include "lib/die.h"
#include "lib/io.h"
#include "lib/mem.h"

#define PIECE 4096

enum message {
	SAID_WARNING = 'w',
	SAID_ERROR = 'e',
	SAID_USER = 'u',
	SAID_PASSWORD = 'p',
	SAID_IDENTITY = 'i',
	SAID_FROM = 'f',
	SAID_END = '.'
};

static int parent = -1; /* of the child, where its messages go */

static const int signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};
#define SIGNALS (sizeof signals / sizeof *signals)

static struct sigaction before[SIGNALS]; /* of the parent */
static struct sigaction stop_before;
static volatile pid_t searching;

/*
 * The child may have a terminal to put right: it is ended first, and the
 * parent by the same signal when it sees that.
 */
static void
forward(int sig)
{
	if (searching > 0)
		kill(searching, sig);
}

static void
signals_forward(pid_t child)
{
	struct sigaction action = {
	    .sa_handler = forward, .sa_flags = SA_RESTART};

	searching = child;
	for (size_t i = 0; i < SIGNALS; i++) {
		sigaction(signals[i], NULL, &before[i]);
		if (before[i].sa_handler != SIG_IGN)
			sigaction(signals[i], &action, NULL);
	}
}

/*
 * Ctrl-Z is for both: while the child ignores it, as it does at its prompt,
 * a parent that stopped would leave the terminal to two.  A helper that takes
 * its time can be stopped as ever.
 */
static void
stop_ignore(bool prompts)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};

	sigaction(SIGTSTP, prompts ? &ignore : NULL, &stop_before);
}

static void
signals_restore(void)
{
	searching = 0;
	sigaction(SIGTSTP, &stop_before, NULL);
	for (size_t i = 0; i < SIGNALS; i++)
		sigaction(signals[i], &before[i], NULL);
}

static void
say(enum message what, const char *text, size_t n)
{
	char letter = (char)what;

	if (!text)
		return;
	if (io_write(parent, &letter, 1) < 0 || io_write(parent, text, n) < 0 ||
	    io_write(parent, "", 1) < 0)
		_exit(1); /* nobody waits for it any more */
}

static void
sink(enum die_level level, const char *line, size_t n)
{
	say(level == DIE_ERROR ? SAID_ERROR : SAID_WARNING, line, n);
}

static void
text_say(enum message what, const char *text)
{
	say(what, text, text ? strlen(text) : 0);
}

static _Noreturn void
child(const struct reference *ref, const struct credential_options *options,
    long timeout)
{
	struct credentials found;

	die_in_child(NULL);
	die_sink(sink);
	/* Whoever waits for it has its reasons to end before. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	helper_limit(timeout);
	credentials_find(ref, options, &found);
	text_say(SAID_USER, found.user);
	text_say(SAID_PASSWORD, found.password);
	text_say(SAID_IDENTITY, found.identity_token);
	text_say(SAID_FROM, found.from);
	text_say(SAID_END, "");
	_exit(0);
}

static void
message_take(struct search *s, char what, const char *text)
{
	size_t n = strlen(text);

	switch (what) {
	case SAID_WARNING:
		die_pass(DIE_WARNING, text, n);
		break;
	case SAID_ERROR:
		die_pass(DIE_ERROR, text, n);
		break;
	case SAID_USER:
		s->found->user = xstrdup(text);
		break;
	case SAID_PASSWORD:
		s->found->password = xstrdup(text);
		break;
	case SAID_IDENTITY:
		s->found->identity_token = xstrdup(text);
		break;
	case SAID_FROM:
		s->found->from = xstrdup(text);
	}
}

/* It has said all: take that, and go on. */
static void
search_end(struct search *s)
{
	bool whole = false;
	int status;

	close(s->watch.fd);
	loop_unwatch(s->loop, &s->watch);
	for (size_t i = 0; i < s->said.len; i += strlen(s->said.data + i) + 1) {
		whole = s->said.data[i] == SAID_END;
		message_take(s, s->said.data[i], s->said.data + i + 1);
	}
	if (waitpid(s->pid, &status, 0) < 0)
		diesys("the search for credentials");
	signals_restore();
	if (WIFSIGNALED(status)) {
		raise(WTERMSIG(status));
		die("the search for credentials was killed by signal %d",
		    WTERMSIG(status));
	}
	if (!whole)
		die_said(1);
	explicit_bzero(s->said.data, s->said.len);
	buf_free(&s->said);
	s->ended(s->arg);
}

static void
readable(void *arg)
{
	struct search *s = arg;
	ssize_t n = io_some(s->watch.fd, buf_reserve(&s->said, PIECE), PIECE);

	if (n < 0)
		diesys("the search for credentials");
	s->said.len += (size_t)n;
	s->said.data[s->said.len] = '\0';
	if (n == 0)
		search_end(s);
}

void
search_begin(struct search *s, struct loop *l, const struct reference *ref,
    const struct credential_options *options, struct credentials *found,
    void (*ended)(void *arg), void *arg)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		diesys("pipe");
	stop_ignore(options->creds && !strchr(options->creds, ':'));
	*s = (struct search){.loop = l,
	    .watch = {.fd = ends[0], .readable = readable, .arg = s},
	    .found = found,
	    .ended = ended,
	    .arg = arg,
	    .pid = fork()};
	if (s->pid < 0)
		diesys("fork");
	if (s->pid == 0) {
		close(ends[0]);
		parent = ends[1];
		child(ref, options, l->transport->timeout);
	}
	close(ends[1]);
	signals_forward(s->pid);
	loop_watch(l, &s->watch);
}
