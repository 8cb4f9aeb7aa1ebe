/* SPDX-License-Identifier: ISC */
/* One hook: a program that is run to its end. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "lib/mem.h"
#include "run/container/clone.h"
#include "run/container/exit.h"
#include "run/container/signals.h"
#include "run/hooks/hook.h"
#include "run/hooks/tail.h"
#include "run/process/descriptors.h"
#include "run/process/process.h"
#include "run/spec/spec.h"

#define NO_TIMEOUT INT64_MAX

/* A hook that runs. */
struct run {
	pid_t pid;
	int pidfd;
	int in, out;      /* of its streams this side; -1: closed */
	const char *left; /* of the input */
	struct tail said;
	int *exec_error; /* shared with it */
};

static int64_t
milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void
end_close(int *end)
{
	if (*end >= 0)
		close(*end);
	*end = -1;
}

static void
child_says(enum die_level level, const char *line, size_t n)
{
	if (level == DIE_WARNING || write(2, line, n) < 0)
		return;
}

/*
 * In the new process.  It must not outlive its parent, which may be killed any
 * time: what was begun is undone by others then, who don't know of it.
 */
static _Noreturn void
hook_become(const struct hook_spec *h, const struct hook_way *way,
    const struct run *r, pid_t parent, int in, int out)
{
	int none = -1;

	die_in_child(NULL);
	die_sink(child_says);
	if (setpgid(0, 0) < 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 ||
	    dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0)
		diesys("hook");
	if (getppid() != parent)
		_exit(1);
	descriptors_keep(0, &none, 1);
	process_signals();
	if (way->cwd && chdir(way->cwd) < 0 && chdir("/") < 0)
		diesys("/");
	if (way->last)
		way->last(way->arg);
	execve(h->path, h->args, h->env);
	*r->exec_error = errno;
	_exit(127);
}

static int
hook_start(const struct hook_spec *h, const struct hook_way *way, struct run *r)
{
	pid_t parent = getpid();
	int in[2] = {-1, -1}, out[2] = {-1, -1}, error;

	r->pid = -1;
	r->exec_error = mmap(NULL, sizeof *r->exec_error,
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (r->exec_error != MAP_FAILED && pipe2(in, O_CLOEXEC) == 0 &&
	    pipe2(out, O_CLOEXEC) == 0 &&
	    fcntl(in[1], F_SETFL, O_NONBLOCK) == 0 &&
	    fcntl(out[0], F_SETFL, O_NONBLOCK) == 0)
		r->pid = clone_process(0, -1, &r->pidfd);
	if (r->pid == 0)
		hook_become(h, way, r, parent, in[0], out[1]);
	error = errno;
	if (r->pid > 0)
		setpgid(r->pid, 0); /* whoever is first */
	end_close(&in[0]);
	end_close(&out[1]);
	r->in = in[1];
	r->out = out[0];
	errno = error;
	return r->pid < 0 ? -1 : 0;
}

static void
input_feed(struct run *r)
{
	ssize_t n = write(r->in, r->left, strlen(r->left));

	if (n > 0)
		r->left += n;
	/* It need not read. */
	if (!*r->left || (n < 0 && errno != EAGAIN && errno != EINTR))
		end_close(&r->in);
}

/* Until it has ended, or something else has: HOOK_FAILED is the time. */
static enum hook_end
hook_attend(struct run *r, int64_t end, int signals, int process)
{
	struct pollfd p[5];
	int64_t left = -1;

	for (;;) {
		if (end != NO_TIMEOUT && (left = end - milliseconds()) <= 0)
			return HOOK_FAILED;
		p[0] = (struct pollfd){.fd = r->pidfd, .events = POLLIN};
		p[1] = (struct pollfd){.fd = r->in, .events = POLLOUT};
		p[2] = (struct pollfd){.fd = r->out, .events = POLLIN};
		p[3] = (struct pollfd){.fd = signals, .events = POLLIN};
		p[4] = (struct pollfd){.fd = process, .events = POLLIN};
		if (poll(p, 5, left > INT32_MAX ? INT32_MAX : (int)left) < 0)
			continue;
		if (p[2].revents && !tail_read(&r->said, r->out))
			end_close(&r->out);
		if (p[0].revents)
			break;
		if (p[1].revents)
			input_feed(r);
		if (p[3].revents)
			return HOOK_INTERRUPTED;
		if (p[4].revents)
			return HOOK_VAIN;
	}
	/* What is left behind may have it open, and is not waited for. */
	if (r->out >= 0)
		tail_read(&r->said, r->out);
	return HOOK_DONE;
}

/* How it ended, in words; owned, NULL: it is done. */
static char *
end_text(const struct hook_spec *h, const struct run *r, enum hook_end end)
{
	int sig = exit_signal(r->pidfd), status = exit_wait(r->pidfd);

	if (end == HOOK_INTERRUPTED)
		return xstrdup("interrupted");
	if (end == HOOK_VAIN)
		return xstrdup("killed, for the container's process has ended");
	if (end == HOOK_FAILED)
		return xasprintf("killed, for it took more than its timeout "
				 "of %lld s",
		    (long long)h->timeout);
	if (sig)
		return xasprintf(
		    "killed by signal %d (%s)", sig, strsignal(sig));
	if (*r->exec_error)
		return xstrdup(strerror(*r->exec_error));
	return status ? xasprintf("exit status %d", status) : NULL;
}

/* Wait for it, killed if it isn't done, and say what was wrong. */
static enum hook_end
hook_finish(const struct hook_spec *h, const struct run *r, enum hook_end end,
    char **why)
{
	char *how, *said;

	if (end != HOOK_DONE)
		kill(-r->pid, SIGKILL);
	how = end_text(h, r, end);
	if (!how)
		return HOOK_DONE;
	said = tail_line(&r->said);
	*why = xasprintf("%s%s%s", how, *said ? ": " : "", said);
	free(how);
	free(said);
	return end == HOOK_DONE ? HOOK_FAILED : end;
}

enum hook_end
hook_run(const struct hook_spec *h, const struct hook_way *way, char **why)
{
	const struct sigaction ignore = {.sa_handler = SIG_IGN};
	int signals = way->in_container ? -1 : signals_ending();
	int64_t end = h->timeout == UNSET ? NO_TIMEOUT
					  : milliseconds() + h->timeout * 1000;
	struct run r = {.pidfd = -1, .left = way->input};
	struct sigaction before;
	enum hook_end how;

	/* Of a hook that doesn't read. */
	sigaction(SIGPIPE, &ignore, &before);
	if (hook_start(h, way, &r) < 0) {
		*why = xasprintf("can't be run: %s", strerror(errno));
		how = HOOK_FAILED;
	} else {
		how = hook_attend(&r, end, signals, way->process);
		how = hook_finish(h, &r, how, why);
	}
	sigaction(SIGPIPE, &before, NULL);
	end_close(&r.in);
	end_close(&r.out);
	end_close(&r.pidfd);
	end_close(&signals);
	if (r.exec_error != MAP_FAILED)
		munmap(r.exec_error, sizeof *r.exec_error);
	return how;
}
