/* SPDX-License-Identifier: ISC */
/*
 * oci-run - run a container from a bundle
 *
 * Reads BUNDLE/config.json, makes the container's state directory and cgroup,
 * clones its first process into new namespaces (run/container/init.c is what
 * happens there), and when that process is ready writes the state and lets it
 * go.  In the foreground it then passes signals and the terminal through,
 * waits, and undoes what it made: nothing is left of the container but its
 * rootfs.
 */
#include <getopt.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/caller.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "lib/statedir.h"
#include "run/container/container.h"
#include "run/container/init.h"
#include "run/container/launch.h"
#include "run/container/namespaces.h"
#include "run/container/pidfile.h"
#include "run/container/reaper.h"
#include "run/container/seal.h"
#include "run/container/signals.h"
#include "run/container/supervise.h"
#include "run/process/descriptors.h"
#include "run/process/environment.h"
#include "run/process/seccomp_cache.h"
#include "run/spec/spec.h"
#include "run/terminal/terminal.h"

#define STATUS_OWN_FAILURE 125
#define PRESERVE_MAX 65536

static const char usage[] =
    "Usage: oci-run [OPTION]... ID\n"
    "Run the container of a bundle, named ID, and give its exit status.\n"
    "\n"
    "  -b, --bundle DIR           the bundle (default: .)\n"
    "  -d, --detach               go back when its program runs\n"
    "      --pid-file FILE        write the pid of its first process there\n"
    "      --tty auto|yes|no      a terminal: as config.json says, else when\n"
    "                             used at one (auto, default); always; never\n"
    "      --init                 a first process that passes signals on and "
    "reaps\n"
    "      --console-socket PATH  send the terminal's master to this socket\n"
    "      --no-new-keyring       keep the session keyring\n"
    "      --preserve-fds N       pass N descriptors after standard error on\n"
    "      --root DIR             where states are kept (default: /run/oci)\n"
    "  -h, --help                 print this\n"
    "  -V, --version              print the version\n"
    "\n"
    "Exit status: the container's; 128+N when signal N ended it; 125 when\n"
    "oci-run failed, 126 and 127 when the command can't be run or found.\n";

struct options {
	const char *bundle, *root, *pid_file, *console_socket, *id;
	enum { TTY_AUTO, TTY_YES, TTY_NO } tty;
	bool detach, init, keep_keyring;
	unsigned preserve_fds;
};

static unsigned
number_parse(const char *option, const char *text)
{
	unsigned long n;
	char *end;

	n = strtoul(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || n > PRESERVE_MAX)
		die_usage("%s: %s: must be a number from 0 to %d", option, text,
		    PRESERVE_MAX);
	return n;
}

static int
tty_parse(const char *text)
{
	static const char *const words[] = {
	    [TTY_AUTO] = "auto", [TTY_YES] = "yes", [TTY_NO] = "no"};

	for (int i = 0; i < 3; i++)
		if (strcmp(text, words[i]) == 0)
			return i;
	die_usage("--tty: %s: must be auto, yes or no", text);
}

static void
options_parse(int argc, char **argv, struct options *o)
{
	enum { PID_FILE = 256, INIT, TTY, SOCKET, KEYRING, PRESERVE, ROOT };
	static const struct option names[] = {
	    {"bundle", required_argument, NULL, 'b'},
	    {"detach", no_argument, NULL, 'd'},
	    {"pid-file", required_argument, NULL, PID_FILE},
	    {"init", no_argument, NULL, INIT},
	    {"tty", required_argument, NULL, TTY},
	    {"console-socket", required_argument, NULL, SOCKET},
	    {"no-new-keyring", no_argument, NULL, KEYRING},
	    {"preserve-fds", required_argument, NULL, PRESERVE},
	    {"root", required_argument, NULL, ROOT},
	    {"help", no_argument, NULL, 'h'},
	    {"version", no_argument, NULL, 'V'},
	    {0},
	};
	int c;

	while ((c = getopt_long(argc, argv, "b:dhV", names, NULL)) != -1)
		switch (c) {
		case 'b':
			o->bundle = optarg;
			break;
		case 'd':
			o->detach = true;
			break;
		case PID_FILE:
			o->pid_file = optarg;
			break;
		case INIT:
			o->init = true;
			break;
		case TTY:
			o->tty = tty_parse(optarg);
			break;
		case SOCKET:
			o->console_socket = optarg;
			break;
		case KEYRING:
			o->keep_keyring = true;
			break;
		case PRESERVE:
			o->preserve_fds =
			    number_parse("--preserve-fds", optarg);
			break;
		case ROOT:
			o->root = optarg;
			break;
		case 'h':
			say_and_exit(usage);
		case 'V':
			say_and_exit("oci-run " VERSION "\n");
		default:
			die_usage("unknown option or missing argument");
		}
	if (argc - optind != 1)
		die_usage("one ID is needed, the container's name");
	o->id = argv[optind];
	if (!state_id_valid(o->id))
		die_usage("%s: an ID is made of letters, digits and _ + . -, "
			  "and does not begin with a dot",
		    o->id);
}

/* Whether the process gets a terminal, and what programs expect then. */
static void
terminal_decide(const struct options *o, struct process_spec *p)
{
	if (o->tty != TTY_AUTO)
		p->terminal = o->tty == TTY_YES;
	else if (!p->terminal_said && !o->detach)
		p->terminal = terminal_is_here();
	else
		return;
	if (p->terminal && !environment_get(p->env, "TERM"))
		environment_add(&p->env, xstrdup("TERM=xterm"));
}

static void
terminal_check(const struct options *o, const struct spec *spec)
{
	bool terminal = spec->process.terminal;

	if (terminal && o->detach && !o->console_socket)
		die("%s: with --detach a terminal needs --console-socket",
		    o->tty == TTY_YES ? "--tty yes"
				      : "config.json: process.terminal");
	if (!terminal && o->console_socket)
		die("--console-socket: config.json asks for no terminal "
		    "(process.terminal), give --tty yes to have one");
}

/* The user's terminal is the container's while that runs. */
static int
run_in_foreground(struct launch *l)
{
	int status;

	if (l->master >= 0) {
		terminal_resize(l->master);
		terminal_raw();
	}
	launch_go(l);
	pidfile_keep();
	status = supervise(l->signals, l->container->pidfd, l->master);
	terminal_restore();
	container_delete(l->container);
	return status;
}

int
main(int argc, char **argv)
{
	struct options o = {.bundle = "."};
	struct namespaces namespaces;
	struct init init = {.namespaces = &namespaces, .reaper = -1};
	struct launch l = {.init = &init};
	struct container *c;
	int root;

	caller_settle();
	cJSON_InitHooks(&(cJSON_Hooks){xmalloc, free});
	die_status = STATUS_OWN_FAILURE;
	options_parse(argc, argv, &o);
	descriptors_check(o.preserve_fds);
	seal_self(argv);
	init.spec = spec_read(o.bundle);
	init.new_keyring = !o.keep_keyring;
	init.preserve_fds = o.preserve_fds;
	environment_settle(init.spec->process.env);
	terminal_decide(&o, &init.spec->process);
	terminal_check(&o, init.spec);
	namespaces_open(&namespaces, init.spec);
	root = state_root(o.root, true);
	if (o.init)
		init.reaper = reaper_open(argv[0]);
	if (init.spec->seccomp)
		init.seccomp = seccomp_cached(root, init.spec->seccomp);

	/* From here on there is something to undo: see container_create. */
	l.signals = signals_hold();
	c = l.container = container_create(root, o.id, o.bundle, init.spec);
	init.cgroup = c->cgroup;
	signals_wait(l.signals, -1);
	launch_clone(&l);
	launch_settle(&l);
	if (o.console_socket) {
		terminal_send(o.console_socket, l.master, l.signals);
		close(l.master);
		l.master = -1;
	}
	container_start(c);
	if (o.pid_file)
		pidfile_write(o.pid_file, c->pid);
	if (!o.detach)
		return run_in_foreground(&l);
	launch_go(&l);
	pidfile_keep();
	container_release(c);
	return 0;
}
