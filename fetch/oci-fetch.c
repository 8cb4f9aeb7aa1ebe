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
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cjson/cJSON.h>
#include <curl/curl.h>

#include "fetch/auth/password.h"
#include "fetch/image/look.h"
#include "fetch/image/plan.h"
#include "fetch/image/reference.h"
#include "fetch/image/stream.h"
#include "fetch/image/transfer.h"
#include "fetch/registry/pace.h"
#include "fetch/registry/registry.h"
#include "fetch/stock/stock.h"
#include "lib/caller.h"
#include "lib/die.h"
#include "lib/digest.h"
#include "lib/io.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "lib/options.h"
#include "lib/progress.h"
#include "lib/tarheader.h"

struct options {
	struct plan_options plan;
	struct credential_options credentials;
	struct option_list mirrors;
	const char *registries_conf;
	const char *cert_dir;
	const char *cache;
	struct option_list have;
	int64_t jobs, timeout;
	struct look look; /* in place of the image */
	enum progress_mode progress;
	enum { TLS_UNSAID, TLS_VERIFIED, TLS_UNVERIFIED } tls;
};

static const struct option_line lines[] = {
    {"platform", 'p', "OS/ARCH[/VARIANT],...", "not this machine's",
	OPTION_CALL(plan.platforms, platforms_take)},
    {"all", 'a', NULL, "every platform of a multi-platform image",
	OPTION_FLAG(plan.all)},
    {"jobs", 'j', "N", "layers to fetch at a time (3, or up to 32)",
	OPTION_NUMBER(jobs, 1, 64)},
    {"have", 0, "DIR",
	"leave out blobs that the layout DIR has: for oci-layout-write DIR",
	OPTION_LIST(have)},
    {"cache", 0, "DIR",
	"keep what is fetched in the layout DIR, and take it from there",
	OPTION_STRING(cache)},
    {"manifest", 'm', NULL, "print the manifest or index, nothing else",
	OPTION_FLAG(look.manifest)},
    {"config", 0, NULL, "print the image's config", OPTION_FLAG(look.config)},
    {"digest", 0, NULL, "print the digest that the name has now",
	OPTION_FLAG(look.digest)},
    {"tags", 't', NULL, "print the repository's tags as JSON",
	OPTION_FLAG(look.tags)},
    {"foreign", 0, NULL, "layers that the registry lacks by their URLs",
	OPTION_FLAG(plan.foreign)},
    {"referrers", 0, NULL, "what is about the image, too: signatures, SBOMs",
	OPTION_FLAG(plan.referrers)},
    {"list", 0, NULL, "print these as JSON, nothing else",
	OPTION_FLAG(look.referrers)},
    {"artifact-type", 0, "TYPE", "only those of this type",
	OPTION_STRING(look.type)},
    {"raw", 0, NULL, "print to a terminal what could steer it, too",
	OPTION_FLAG(look.raw)},
    {"mirror", 0, "HOST[/PREFIX]", "ask there before the registry itself",
	OPTION_LIST(mirrors)},
    {"registries-conf", 0, "FILE", "read of mirrors and more there only",
	OPTION_STRING(registries_conf)},
    {"authfile", 0, "FILE", "look for credentials in FILE only",
	OPTION_STRING(credentials.authfile)},
    {"creds", 0, "USER[:PASSWORD]",
	"use these credentials; without a password, ask for it",
	OPTION_STRING(credentials.creds)},
    {"creds-file", 0, "FILE", "read USER:PASSWORD there",
	OPTION_STRING(credentials.creds_file)},
    {"anonymous", 0, NULL, "use no credentials",
	OPTION_FLAG(credentials.anonymous)},
    {"cert-dir", 0, "DIR", "*.crt to trust; *.cert and *.key to show",
	OPTION_STRING(cert_dir)},
    {"tls-verify", 0, "[true|false]",
	"https also on this machine; with false unverified, or http where "
	"there is no https",
	OPTION_WORD(tls, TLS_VERIFIED, TLS_VERIFIED)},
    {"timeout", 0, "SECONDS", "without progress before another try (30)",
	OPTION_NUMBER(timeout, 1, 3600)},
    PROGRESS_OPTIONS(progress),
    {0},
};

static const char *
curl_library(void)
{
	return curl_version(); /* with what it uses itself */
}

static const struct program program = {
    .name = "oci-fetch",
    .operands = "[HOST[:PORT]/]NAME[:TAG][@DIGEST]",
    .about = "Write an image of a registry to standard output as an image "
	     "stream.",
    .options = lines,
    .libraries = {curl_library, json_library, digest_library,
	tarheader_library},
    .min = 1,
    .max = 1,
    .notes = "Exit status: 0 when all of it was verified and written, 1 when "
	     "not, 2 for wrong usage.",
};

/* What goes together and what doesn't. */
static void
looks_check(const struct look *look, const struct plan_options *plan)
{
	const char *option;
	size_t n = look_count(look, &option);

	if (n > 1)
		die_usage("--manifest, --config, --digest, --tags and --list "
			  "exclude each other");
	if (plan->all && plan->platforms.n)
		die_usage("--all and --platform exclude each other");
	if (n && plan->all)
		die_usage("--all and %s exclude each other", option);
	if (look->tags && plan->platforms.n)
		die_usage("--platform and --tags exclude each other");
	if (look->config && plan->platforms.n > 1)
		die_usage("--config takes one --platform");
	if (n && plan->foreign)
		die_usage("--foreign and %s exclude each other", option);
	if (plan->referrers && n && !look->referrers)
		die_usage("--referrers and %s exclude each other", option);
	if ((look->referrers || look->type) && !plan->referrers)
		die_usage("%s needs --referrers",
		    look->referrers ? "--list" : "--artifact-type");
	if (look->raw && !look->manifest && !look->config && !look->referrers)
		die_usage("--raw needs --manifest, --config or --list");
}

static void
options_check(const struct options *o)
{
	const char *option;

	looks_check(&o->look, &o->plan);
	if (o->have.n && look_count(&o->look, &option))
		die_usage("--have and %s exclude each other", option);
	if (o->cache && (o->look.tags || o->look.digest))
		die_usage("--cache and %s exclude each other",
		    o->look.tags ? "--tags" : "--digest");
	if (o->credentials.anonymous &&
	    (o->credentials.creds || o->credentials.creds_file ||
		o->credentials.authfile))
		die_usage("--anonymous excludes --creds, --creds-file and "
			  "--authfile");
	if (o->credentials.creds && o->credentials.creds_file)
		die_usage("--creds and --creds-file exclude each other");
	if (o->credentials.creds && !strchr(o->credentials.creds, ':') &&
	    !password_can_be_asked())
		die_usage("--creds: no password, and no terminal to ask at; "
			  "--creds-file reads it");
}

/* Take the password out of what everybody may read of a process. */
static void
creds_hide(struct options *o)
{
	char *given = (char *)o->credentials.creds; /* of argv */
	char *colon = given ? strchr(given, ':') : NULL;

	if (!colon)
		return;
	o->credentials.creds = xstrdup(given);
	explicit_bzero(colon + 1, strlen(colon + 1));
}

/* The options into *o; the reference is returned. */
static const char *
options_parse(int argc, char **argv, struct options *o)
{
	struct operands operands;

	*o = (struct options){.timeout = 30};
	options_read(&program, argc, argv, o, &operands);
	creds_hide(o);
	options_check(o);
	o->plan.referrers_type = o->look.type;
	return operands.all[0];
}

static void
stock_begin(struct stock *s, const struct options *o)
{
	*s = (struct stock){0};
	for (size_t i = 0; i < o->have.n; i++)
		stock_have(s, o->have.all[i]);
	if (o->cache)
		stock_cache(s, o->cache);
}

static void
registry_begin(struct registry *r, const struct reference *ref,
    const struct stock *stock, const struct options *o)
{
	*r = (struct registry){
	    .ref = ref,
	    .stock = stock,
	    .transport = {.timeout = (long)o->timeout},
	    .credentials = o->credentials,
	    .mirrors = o->mirrors,
	    .registries_conf = o->registries_conf,
	    .cert_dir = o->cert_dir,
	    .verify = o->tls != TLS_UNVERIFIED,
	};
	pace_begin(&r->loop, (unsigned)o->jobs);
	registry_open(r, o->tls == TLS_UNSAID);
}

static void
write_image(struct registry *r, const struct options *o)
{
	struct progress_state begun = {0};
	struct progress progress;
	struct progress_state done;
	struct stream stream;
	struct plan plan;

	if (isatty(1))
		die_usage("an image isn't for a terminal: pipe it into "
			  "oci-layout-write or oci-unpack, or > FILE");
	plan_make(r, &o->plan, &plan);
	begun.total = plan.size;
	begun.parts = plan.nblobs;
	progress_begin(&progress, o->progress, "blob", &begun);
	stream_open(
	    &stream, 1, &plan.image, plan.about, plan.nabout, plan.load);
	done = transfer_run(&plan, r, &stream, &progress);
	stream_end(&stream);
	progress_end(&progress, &done);
	plan_free(&plan);
}

int
main(int argc, char **argv)
{
	struct options options;
	struct reference ref;
	struct registry registry;
	struct stock stock;
	const char *name, *why, *what;

	caller_settle();
	signal(SIGPIPE, SIG_IGN); /* the error of write says it better */
	/* Or want of memory would be taken for bad syntax. */
	cJSON_InitHooks(&(cJSON_Hooks){xmalloc, free});
	name = options_parse(argc, argv, &options);
	errno = EBADF;
	if ((fcntl(1, F_GETFL) & O_ACCMODE) == O_RDONLY) /* closed, maybe */
		diesys("standard output");
	if (reference_parse(name, &ref, &why) < 0)
		die_usage("%s: it %s", name, why);
	stock_begin(&stock, &options);
	registry_begin(&registry, &ref, &stock, &options);
	if (look_count(&options.look, &what))
		look_print(&registry, &options.look, &options.plan.platforms);
	else
		write_image(&registry, &options);
	registry_creds_check(&registry);
	registry_close(&registry);
	stock_free(&stock);
	reference_free(&ref);
	return 0;
}
