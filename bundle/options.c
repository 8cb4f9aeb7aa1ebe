/* SPDX-License-Identifier: ISC */
/* The command line of oci-mkbundle; the names are Docker's and runc's. */
#include "bundle/options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <unistd.h>

#include "bundle/capability.h"
#include "bundle/env.h"
#include "bundle/mountsyntax.h"
#include "bundle/quantity.h"
#include "bundle/rlimit.h"
#include "lib/die.h"
#include "lib/json.h"
#include "lib/mem.h"

static const char help[] =
    "usage: oci-mkbundle [OPTION...] IMAGE BUNDLE [-- COMMAND [ARG...]]\n"
    "Make the directory BUNDLE, which a runtime can run, of an image in an\n"
    "OCI layout.  IMAGE is DIR[:TAG|@DIGEST].  BUNDLE/rootfs is unpacked by\n"
    "oci-unpack unless it is there; BUNDLE/config.json is replaced.\n"
    "\n"
    "  -e, --env NAME[=VALUE]      set a variable, or take it from here\n"
    "      --env-file FILE         likewise, each line of FILE\n"
    "      --entrypoint PROGRAM    in place of the image's and its Cmd\n"
    "  -w, --workdir DIR           where the process starts\n"
    "  -u, --user USER[:GROUP]     who it is, by name or number\n"
    "  -t, --tty, --no-tty         with a terminal or without; oci-run "
    "decides\n"
    "                              where neither is given\n"
    "  -v, --volume SRC:DST[:OPT]  a directory or file of the host\n"
    "      --mount type=T,...      the same in full, or a tmpfs\n"
    "      --image-volume WHAT     tmpfs (default) or ignore\n"
    "      --read-only             the root file system is not written to\n"
    "      --network none|host     a network of its own, empty (default)\n"
    "      --hostname NAME         BUNDLE's last name by default\n"
    "  -m, --memory BYTES          limit, with a suffix k, m, g or t\n"
    "      --pids-limit N          limit of processes and threads\n"
    "      --cpus N                limit of processors, such as 1.5\n"
    "      --ulimit NAME=SOFT[:HARD]\n"
    "      --cap-add CAP, --cap-drop CAP     a capability, or ALL\n"
    "      --no-new-privileges[=true|false]  true by default\n"
    "      --seccomp FILE|unconfined         in place of the default profile\n"
    "      --annotation NAME=VALUE\n"
    "      --platform OS/ARCH[/VARIANT]      this machine's by default\n"
    "      --rootless              for an ordinary user; unasked for one\n"
    "  -h, --help\n"
    "  -V, --version\n";

enum {
	ENV_FILE = 256,
	ENTRYPOINT,
	NO_TTY,
	MOUNT,
	IMAGE_VOLUME,
	READ_ONLY,
	NETWORK,
	HOSTNAME,
	PIDS_LIMIT,
	CPUS,
	ULIMIT,
	CAP_ADD,
	CAP_DROP,
	NO_NEW_PRIVILEGES,
	SECCOMP,
	ANNOTATION,
	PLATFORM,
	ROOTLESS,
};

static const struct option longs[] = {
    {"env", required_argument, NULL, 'e'},
    {"env-file", required_argument, NULL, ENV_FILE},
    {"entrypoint", required_argument, NULL, ENTRYPOINT},
    {"workdir", required_argument, NULL, 'w'},
    {"user", required_argument, NULL, 'u'},
    {"tty", no_argument, NULL, 't'},
    {"no-tty", no_argument, NULL, NO_TTY},
    {"volume", required_argument, NULL, 'v'},
    {"mount", required_argument, NULL, MOUNT},
    {"image-volume", required_argument, NULL, IMAGE_VOLUME},
    {"read-only", no_argument, NULL, READ_ONLY},
    {"network", required_argument, NULL, NETWORK},
    {"hostname", required_argument, NULL, HOSTNAME},
    {"memory", required_argument, NULL, 'm'},
    {"pids-limit", required_argument, NULL, PIDS_LIMIT},
    {"cpus", required_argument, NULL, CPUS},
    {"ulimit", required_argument, NULL, ULIMIT},
    {"cap-add", required_argument, NULL, CAP_ADD},
    {"cap-drop", required_argument, NULL, CAP_DROP},
    {"no-new-privileges", optional_argument, NULL, NO_NEW_PRIVILEGES},
    {"seccomp", required_argument, NULL, SECCOMP},
    {"annotation", required_argument, NULL, ANNOTATION},
    {"platform", required_argument, NULL, PLATFORM},
    {"rootless", no_argument, NULL, ROOTLESS},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {0},
};

/* Which of two words: false for the first, true for the second. */
static bool
choice_parse(
    const char *option, const char *text, const char *first, const char *second)
{
	if (strcmp(text, first) && strcmp(text, second))
		die_usage(
		    "%s '%s': it is %s or %s", option, text, first, second);
	return !strcmp(text, second);
}

static const char *
hostname_parse(const char *text)
{
	size_t len = strlen(text);

	if (!len || len > 64 || strchr(text, '/'))
		die_usage("--hostname '%s': 1 to 64 bytes without '/'", text);
	return text;
}

static uint64_t
capability_or_die(const char *name)
{
	uint64_t set = capability_parse(name);

	if (!set)
		die_usage("capability '%s': there is none of that name", name);
	return set;
}

static void
annotation_set(cJSON *annotations, char *text)
{
	char *value = strchr(text, '=');

	if (!value || value == text)
		die_usage("--annotation '%s': not NAME=VALUE", text);
	*value++ = '\0';
	cJSON_DeleteItemFromObjectCaseSensitive(annotations, text);
	cJSON_AddStringToObject(annotations, text, value);
}

static struct platform *
platform_or_die(const char *text)
{
	struct platform *p = xcalloc(1, sizeof *p);

	if (platform_parse(text, p) < 0)
		die_usage("--platform '%s': not OS/ARCH[/VARIANT]", text);
	return p;
}

static void
limit_parse(int option, const char *text, struct options *o)
{
	if (option == 'm' && bytes_parse(text, &o->memory) < 0)
		die_usage("--memory '%s': not a number of bytes with a suffix "
			  "k, m, g or t",
		    text);
	if (option == PIDS_LIMIT && count_parse(text, INT64_MAX, &o->pids) < 0)
		die_usage("--pids-limit '%s': not a number above 0", text);
	if (option == CPUS && cpus_parse(text, &o->cpu_quota) < 0)
		die_usage("--cpus '%s': not a number from 0.01 on", text);
}

/* Options whose values are kept in lists. */
static bool
list_option(int option, char *value, struct options *o)
{
	switch (option) {
	case 'e':
		env_change_add(o->env, value);
		return true;
	case ENV_FILE:
		env_change_add_file(o->env, value);
		return true;
	case 'v':
		cJSON_AddItemToArray(o->mounts, mountsyntax_volume(value));
		return true;
	case MOUNT:
		cJSON_AddItemToArray(o->mounts, mountsyntax_mount(value));
		return true;
	case ULIMIT:
		rlimit_put(o->rlimits, value);
		return true;
	case ANNOTATION:
		annotation_set(o->annotations, value);
		return true;
	default:
		return false;
	}
}

/* Options that name what the process is. */
static bool
process_option(int option, const char *value, struct options *o)
{
	switch (option) {
	case ENTRYPOINT:
		o->entrypoint = value;
		return true;
	case 'w':
		o->workdir = value;
		return true;
	case 'u':
		o->user = value;
		return true;
	case 't':
		o->tty = TTY_YES;
		return true;
	case NO_TTY:
		o->tty = TTY_NO;
		return true;
	case NO_NEW_PRIVILEGES:
		o->new_privileges = value && choice_parse("--no-new-privileges",
						 value, "true", "false");
		return true;
	case SECCOMP:
		o->seccomp = value;
		return true;
	default:
		return false;
	}
}

static void
container_option(int option, const char *value, struct options *o)
{
	switch (option) {
	case IMAGE_VOLUME:
		o->no_volumes =
		    choice_parse("--image-volume", value, "tmpfs", "ignore");
		break;
	case READ_ONLY:
		o->read_only = true;
		break;
	case NETWORK:
		o->host_network =
		    choice_parse("--network", value, "none", "host");
		break;
	case HOSTNAME:
		o->hostname = hostname_parse(value);
		break;
	case 'm':
	case PIDS_LIMIT:
	case CPUS:
		limit_parse(option, value, o);
		break;
	case PLATFORM:
		o->platform = platform_or_die(value);
		break;
	case ROOTLESS:
		o->rootless = true;
		break;
	case 'h':
		say_and_exit(help);
	case 'V':
		say_and_exit("oci-mkbundle " VERSION "\n");
	default:
		break;
	}
}

static void
operand_take(const char *text, struct options *o)
{
	if (!o->image)
		o->image = text;
	else if (!o->bundle)
		o->bundle = text;
	else
		die_usage("%s: a command comes after --", text);
}

/* "-" would have to be read by two programs, this one and oci-unpack. */
static void
operands_check(const struct options *o)
{
	if (!o->image || !o->bundle)
		die_usage("IMAGE and BUNDLE are needed");
	if (!strcmp(o->image, "-"))
		die_usage("-: a bundle isn't made of the stream; pipe it to "
			  "oci-layout-write, and name that layout");
}

void
options_parse(int argc, char **argv, struct options *o)
{
	uint64_t add = 0, drop = 0;
	int option;

	*o = (struct options){.rootless = geteuid() != 0};
	o->env = cJSON_CreateArray();
	o->mounts = cJSON_CreateArray();
	o->rlimits = cJSON_CreateArray();
	o->annotations = cJSON_CreateObject();
	/* The '-': operands come one by one, so what is after -- is apart. */
	opterr = 0;
	while ((option = getopt_long(
		    argc, argv, "-:e:w:u:tv:m:hV", longs, NULL)) >= 0) {
		if (option == '?')
			die_usage("%s: no such option", argv[optind - 1]);
		if (option == ':')
			die_usage("%s: it needs a value", argv[optind - 1]);
		if (option == 1)
			operand_take(optarg, o);
		else if (option == CAP_ADD)
			add |= capability_or_die(optarg);
		else if (option == CAP_DROP)
			drop |= capability_or_die(optarg);
		else if (!list_option(option, optarg, o) &&
			 !process_option(option, optarg, o))
			container_option(option, optarg, o);
	}
	while (optind < argc && !o->bundle)
		operand_take(argv[optind++], o);
	if (optind < argc)
		o->command = argv + optind;
	operands_check(o);
	o->capabilities = capabilities_change(add, drop);
}
