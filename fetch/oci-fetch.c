/* SPDX-License-Identifier: ISC */
/*
 * oci-fetch: an image from a registry to standard output, as a stream.
 *
 * Reads the registry and the user's credentials; writes an image layout as a
 * tar archive, in an order that lets the reader verify and unpack while bytes
 * arrive.  All manifests are fetched and verified first, because index.json
 * and the sizes in tar headers come before any layer.  Layers come several at
 * a time and leave in order.  The end of the archive is written only after
 * every byte was verified, so that a reader who sees it has the image.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cjson/cJSON.h>

#include "fetch/image/plan.h"
#include "fetch/image/progress.h"
#include "fetch/image/reference.h"
#include "fetch/image/stream.h"
#include "fetch/image/tags.h"
#include "fetch/image/transfer.h"
#include "fetch/registry/certs.h"
#include "fetch/registry/registry.h"
#include "lib/buf.h"
#include "lib/caller.h"
#include "lib/die.h"
#include "lib/io.h"
#include "lib/mem.h"
#include "lib/platform.h"
#include "lib/text.h"

#define JOBS 3
#define JOBS_MAX 64
#define TIMEOUT 30
#define TIMEOUT_MAX 3600

static const char help[] =
    "usage: oci-fetch [OPTION...] [HOST[:PORT]/]NAME[:TAG][@DIGEST]\n"
    "Write an image of a registry to standard output as an image stream.\n"
    "  -p, --platform OS/ARCH[/VARIANT]  not this machine's\n"
    "  -a, --all              every platform of a multi-platform image\n"
    "  -j, --jobs N           layers to fetch at a time (3)\n"
    "  -m, --manifest         print the manifest or index, nothing else\n"
    "  -t, --tags             print the repository's tags as JSON\n"
    "      --authfile FILE    look for credentials in FILE only\n"
    "      --creds USER:PASSWORD\n"
    "      --anonymous        use no credentials\n"
    "      --cert-dir DIR     *.crt to trust; *.cert and *.key to show\n"
    "      --tls-verify[=false]  https also on this machine; with false\n"
    "                         unverified, or http where there is no https\n"
    "      --timeout SECONDS  without progress before another try (30)\n"
    "  -q, --quiet            no progress, even on a terminal\n"
    "      --progress         progress, even if not on a terminal\n"
    "  -h, --help             print this\n"
    "  -V, --version          print the version\n";

struct options {
	struct plan_options plan;
	struct platform platform;
	struct credential_options credentials;
	const char *cert_dir;
	long jobs, timeout;
	bool manifest, tags, progress;
	bool tls;    /* asked for, so loopback is no exception */
	bool verify; /* what https says */
};

static long
number(const char *option, const char *text, long max)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (end == text || *end || n < 1 || n > max)
		die_usage("%s: not a number from 1 to %ld", option, max);
	return n;
}

static void
platform_set(struct options *o, const char *text)
{
	platform_free(&o->platform);
	if (platform_parse(text, &o->platform) < 0)
		die_usage("--platform: not of the form OS/ARCH[/VARIANT]");
	o->plan.platform = &o->platform;
}

static void
tls_set(struct options *o, const char *text)
{
	o->tls = true;
	o->verify = !text || strcmp(text, "true") == 0;
	if (!o->verify && strcmp(text, "false") != 0)
		die_usage("--tls-verify=%s: neither true nor false", text);
}

/* What goes together and what doesn't. */
static void
options_check(const struct options *o)
{
	if (o->manifest && o->tags)
		die_usage("--manifest and --tags: one of them");
	if (o->plan.all && o->plan.platform)
		die_usage("--all and --platform: one of them");
	if ((o->manifest || o->tags) && o->plan.all)
		die_usage("--all goes with neither --manifest nor --tags");
	if (o->tags && o->plan.platform)
		die_usage("--platform doesn't go with --tags");
	if (o->credentials.anonymous &&
	    (o->credentials.creds || o->credentials.authfile))
		die_usage("--anonymous goes with neither --creds nor "
			  "--authfile");
	if (o->credentials.creds && !strchr(o->credentials.creds, ':'))
		die_usage("--creds: not of the form USER:PASSWORD");
}

enum { AUTHFILE = 256, CREDS, ANONYMOUS, CERT_DIR, TLS, TIME, PROGRESS };

static const struct option longs[] = {
    {"platform", required_argument, NULL, 'p'},
    {"all", no_argument, NULL, 'a'},
    {"jobs", required_argument, NULL, 'j'},
    {"manifest", no_argument, NULL, 'm'},
    {"tags", no_argument, NULL, 't'},
    {"authfile", required_argument, NULL, AUTHFILE},
    {"creds", required_argument, NULL, CREDS},
    {"anonymous", no_argument, NULL, ANONYMOUS},
    {"cert-dir", required_argument, NULL, CERT_DIR},
    {"tls-verify", optional_argument, NULL, TLS},
    {"timeout", required_argument, NULL, TIME},
    {"quiet", no_argument, NULL, 'q'},
    {"progress", no_argument, NULL, PROGRESS},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {0},
};

/* The options into *o; the reference is returned. */
static const char *
options_read(int argc, char **argv, struct options *o)
{
	int c;

	*o = (struct options){.jobs = JOBS,
	    .timeout = TIMEOUT,
	    .verify = true,
	    .progress = isatty(2)};
	opterr = 0;
	while ((c = getopt_long(argc, argv, ":p:aj:mtqhV", longs, NULL)) != -1)
		switch (c) {
		case 'p':
			platform_set(o, optarg);
			break;
		case 'a':
			o->plan.all = true;
			break;
		case 'j':
			o->jobs = number("--jobs", optarg, JOBS_MAX);
			break;
		case 'm':
			o->manifest = true;
			break;
		case 't':
			o->tags = true;
			break;
		case AUTHFILE:
			o->credentials.authfile = optarg;
			break;
		case CREDS:
			o->credentials.creds = optarg;
			break;
		case ANONYMOUS:
			o->credentials.anonymous = true;
			break;
		case CERT_DIR:
			o->cert_dir = optarg;
			o->tls = true;
			break;
		case TLS:
			tls_set(o, optarg);
			break;
		case TIME:
			o->timeout = number("--timeout", optarg, TIMEOUT_MAX);
			break;
		case 'q':
			o->progress = false;
			break;
		case PROGRESS:
			o->progress = true;
			break;
		case 'h':
			say_and_exit(help);
		case 'V':
			say_and_exit("oci-fetch " VERSION "\n");
		case ':':
			die_usage("%s: it needs a value", argv[optind - 1]);
		default:
			die_usage("%s: no such option", argv[optind - 1]);
		}
	options_check(o);
	if (optind + 1 != argc)
		die_usage("one image is to be named");
	return argv[optind];
}

static void
registry_begin(
    struct registry *r, const struct reference *ref, const struct options *o)
{
	*r = (struct registry){
	    .ref = ref,
	    .transport = {.timeout = o->timeout},
	    .credentials = o->credentials,
	    .may_fall = !o->verify,
	};
	registry_open(r, !o->tls);
	if (!o->verify)
		r->transport.trusted = &r->server;
	if (o->cert_dir) {
		certs_read(&r->transport.certs, o->cert_dir);
		r->transport.given = &r->server;
	}
}

static void
print(char *text, size_t len)
{
	if (io_write(1, text, len) < 0)
		diesys("standard output");
	free(text);
}

/* A terminal gets the lines of foreign text without what could steer it. */
static void
print_safe(char *text)
{
	char *line = text, *next;
	struct buf safe = {0};
	size_t len;

	for (; line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		if (next && !*next)
			next = NULL;
		for (char *tab = line; (tab = strchr(tab, '\t'));)
			*tab = ' ';
		text_safe(line);
		buf_addf(&safe, "%s\n", line);
	}
	free(text);
	len = safe.len;
	print(buf_take(&safe), len);
}

static void
print_manifest(struct registry *r, const struct options *o)
{
	size_t len;
	char *text = plan_manifest(r, o->plan.platform, &len);

	if (isatty(1))
		print_safe(text);
	else
		print(text, len);
}

static void
print_tags(struct registry *r)
{
	char *text = tags_fetch(r);

	print(text, strlen(text));
}

static void
write_image(struct registry *r, const struct options *o)
{
	struct progress progress;
	struct stream stream;
	struct plan plan;

	if (isatty(1))
		die_usage("an image isn't for a terminal: pipe it into "
			  "oci-layout-write or oci-unpack, or > FILE");
	plan_make(r, &o->plan, &plan);
	progress_begin(&progress, o->progress, plan.size);
	stream_open(&stream, 1, &plan.image, plan.load);
	transfer_run(&plan, r, (unsigned)o->jobs, &stream, &progress);
	stream_end(&stream);
	plan_free(&plan);
}

int
main(int argc, char **argv)
{
	struct options options;
	struct reference ref;
	struct registry registry;
	const char *name, *why;

	caller_settle();
	signal(SIGPIPE, SIG_IGN); /* the error of write says it better */
	/* Or want of memory would be taken for bad syntax. */
	cJSON_InitHooks(&(cJSON_Hooks){xmalloc, free});
	name = options_read(argc, argv, &options);
	errno = EBADF;
	if ((fcntl(1, F_GETFL) & O_ACCMODE) == O_RDONLY) /* closed, maybe */
		diesys("standard output");
	if (reference_parse(name, &ref, &why) < 0)
		die_usage("%s: it %s", name, why);
	registry_begin(&registry, &ref, &options);
	if (options.manifest)
		print_manifest(&registry, &options);
	else if (options.tags)
		print_tags(&registry);
	else
		write_image(&registry, &options);
	registry_creds_check(&registry);
	registry_close(&registry);
	reference_free(&ref);
	platform_free(&options.platform);
	return 0;
}
