/* SPDX-License-Identifier: ISC */
/* --volume and --mount, in Docker's notation. */
#include "bundle/mountsyntax.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bundle/destination.h"
#include "bundle/mountentry.h"
#include "bundle/quantity.h"
#include "lib/buf.h"
#include "lib/die.h"
#include "lib/json.h"
#include "lib/mem.h"

/* The destination of a mount of the command line; dies of wrong usage. */
static char *
destination_parse(const char *option, const char *text, const char *path)
{
	const char *why;
	char *clean = destination_clean(path, &why);

	if (!clean)
		die_usage("%s %s: the destination: %s", option, text, why);
	return clean;
}

/*
 * A directory or file of the host.  What has no slash would be the name of a
 * volume elsewhere, and is more likely a mistake here.
 */
static char *
source_parse(const char *option, const char *text, const char *path)
{
	char *here, *absolute;

	if (*path == '/')
		return xstrdup(path);
	if (*path != '.')
		die_usage(
		    "%s %s: the source must begin with / or .", option, text);
	here = getcwd(NULL, 0);
	if (!here)
		diesys("the working directory");
	absolute = xasprintf("%s/%s", here, path);
	free(here);
	return absolute;
}

static bool
is_one_of(const char *word, const char *list)
{
	size_t len = strlen(word);

	if (strchr(word, ' '))
		return false;
	for (; len && (list = strstr(list, word)); list += len)
		if (list[-1] == ' ' && (list[len] == ' ' || !list[len]))
			return true;
	return false;
}

#define PROPAGATIONS                                                           \
	" private rprivate slave rslave shared rshared unbindable runbindable"
#define BIND_OPTIONS                                                           \
	" bind rbind ro rw rro exec noexec suid nosuid dev nodev noatime"      \
	" relatime" PROPAGATIONS

cJSON *
mountsyntax_volume(const char *text)
{
	char *copy = xstrdup(text), *at = copy, *source, *destination, *option;
	struct buf options = {0};
	const char *kind = "rbind", *spread = "rprivate";
	cJSON *mount;

	source = strsep(&at, ":");
	if (!at)
		die_usage("--volume %s: must be SOURCE:DESTINATION", text);
	destination = destination_parse("--volume", text, strsep(&at, ":"));
	while ((option = strsep(&at, ","))) {
		if (!is_one_of(option, BIND_OPTIONS))
			die_usage("--volume %s: no option '%s'", text, option);
		if (is_one_of(option, " bind rbind"))
			kind = option;
		else if (is_one_of(option, PROPAGATIONS))
			spread = option;
		else
			buf_addf(&options, ",%s", option);
	}
	source = source_parse("--volume", text, source);
	option =
	    xasprintf("%s,%s%s", kind, spread, options.len ? options.data : "");
	mount = mountentry_make(destination, "bind", source, option);
	free(option);
	free(source);
	free(destination);
	free(copy);
	buf_free(&options);
	return mount;
}

/* What --mount says, KEY=VALUE by KEY=VALUE. */
struct request {
	const char *type, *source, *destination, *propagation, *size, *mode;
	bool read_only, shallow;
};

/* true, false, 1, 0, or nothing at all, which is true. */
static bool
truth_parse(const char *text, const char *key, const char *value)
{
	if (!value || !strcmp(value, "true") || !strcmp(value, "1"))
		return true;
	if (strcmp(value, "false") && strcmp(value, "0"))
		die_usage("--mount %s: %s is true or false", text, key);
	return false;
}

static const char **
request_field(struct request *r, const char *key)
{
	static const struct {
		const char *key;
		size_t offset;
	} fields[] = {
	    {"type", offsetof(struct request, type)},
	    {"src", offsetof(struct request, source)},
	    {"source", offsetof(struct request, source)},
	    {"dst", offsetof(struct request, destination)},
	    {"destination", offsetof(struct request, destination)},
	    {"target", offsetof(struct request, destination)},
	    {"bind-propagation", offsetof(struct request, propagation)},
	    {"tmpfs-size", offsetof(struct request, size)},
	    {"tmpfs-mode", offsetof(struct request, mode)},
	};

	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		if (!strcmp(fields[i].key, key))
			return (const char **)(void *)((char *)r +
						       fields[i].offset);
	return NULL;
}

static void
request_parse(const char *text, char *words, struct request *r)
{
	char *word, *key;
	const char **field;

	while ((word = strsep(&words, ","))) {
		key = strsep(&word, "=");
		field = request_field(r, key);
		if (!strcmp(key, "ro") || !strcmp(key, "readonly"))
			r->read_only = truth_parse(text, key, word);
		else if (!strcmp(key, "bind-nonrecursive"))
			r->shallow = truth_parse(text, key, word);
		else if (!field)
			die_usage("--mount %s: no key '%s'", text, key);
		else if (!word || !*word)
			die_usage("--mount %s: %s has no value", text, key);
		else
			*field = word;
	}
}

static cJSON *
bind_make(const char *text, const struct request *r, const char *destination)
{
	const char *spread = r->propagation ? r->propagation : "rprivate";
	char *options, *source;
	cJSON *mount;

	if (!r->source)
		die_usage("--mount %s: src is missing", text);
	if (r->size || r->mode)
		die_usage("--mount %s: tmpfs-size and tmpfs-mode go with "
			  "type=tmpfs",
		    text);
	if (!is_one_of(spread, PROPAGATIONS))
		die_usage("--mount %s: no propagation '%s'", text, spread);
	source = source_parse("--mount", text, r->source);
	options = xasprintf("%s,%s%s", r->shallow ? "bind" : "rbind", spread,
	    r->read_only ? ",ro" : "");
	mount = mountentry_make(destination, "bind", source, options);
	free(options);
	free(source);
	return mount;
}

static cJSON *
tmpfs_make(const char *text, const struct request *r, const char *destination)
{
	struct buf options = {0};
	int64_t size;
	cJSON *mount;

	if (r->source || r->propagation || r->shallow)
		die_usage(
		    "--mount %s: src and bind-... go with type=bind", text);
	if (r->mode && r->mode[strspn(r->mode, "01234567")])
		die_usage("--mount %s: tmpfs-mode is octal", text);
	if (r->size && bytes_parse(r->size, &size) < 0)
		die_usage("--mount %s: tmpfs-size is bytes, or has one of the "
			  "suffixes k, m and g",
		    text);
	buf_adds(&options, "nosuid,nodev");
	if (r->read_only)
		buf_adds(&options, ",ro");
	buf_addf(&options, ",mode=%s", r->mode ? r->mode : "1777");
	if (r->size)
		buf_addf(&options, ",size=%" PRId64, size);
	mount = mountentry_make(destination, "tmpfs", "tmpfs", options.data);
	buf_free(&options);
	return mount;
}

cJSON *
mountsyntax_mount(const char *text)
{
	struct request r = {0};
	char *words = xstrdup(text), *destination;
	cJSON *mount = NULL;

	request_parse(text, words, &r);
	if (!r.type || !r.destination)
		die_usage("--mount %s: type and dst are needed", text);
	destination = destination_parse("--mount", text, r.destination);
	if (!strcmp(r.type, "bind"))
		mount = bind_make(text, &r, destination);
	else if (!strcmp(r.type, "tmpfs"))
		mount = tmpfs_make(text, &r, destination);
	else
		die_usage("--mount %s: the type is bind or tmpfs", text);
	free(destination);
	free(words);
	return mount;
}
