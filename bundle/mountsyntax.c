/* SPDX-License-Identifier: ISC */
/* --volume and --mount, in Docker's notation. */
#include "bundle/mountsyntax.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bundle/mountentry.h"
#include "bundle/path.h"
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
		die_usage("%s %s: the destination %s", option, text, why);
	return clean;
}

/*
 * A directory or file of the host.  What has no slash would be the name of a
 * volume elsewhere, and is more likely a mistake here.
 */
static char *
source_parse(const char *option, const char *text, const char *path)
{
	char *here, *absolute, *tidy;

	if (*path == '/')
		return path_tidy(path);
	if (*path != '.')
		die_usage(
		    "%s %s: the source must begin with / or .", option, text);
	here = getcwd(NULL, 0);
	if (!here)
		diesys("the working directory");
	absolute = xasprintf("%s/%s", here, path);
	tidy = path_tidy(absolute);
	free(absolute);
	free(here);
	return tidy;
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

/* Of each line one at most: the others say the contrary. */
#define PROPAGATIONS                                                           \
	" private rprivate slave rslave shared rshared unbindable runbindable"
static const char *const bind_options[] = {" bind rbind", " ro rw rro",
    " exec noexec", " suid nosuid", " dev nodev", " noatime relatime",
    PROPAGATIONS};

#define GROUPS (sizeof bind_options / sizeof *bind_options)

enum { BIND_KIND, BIND_SPREAD = GROUPS - 1 };

static size_t
option_group(const char *text, const char *option)
{
	size_t i = 0;

	while (i < GROUPS && !is_one_of(option, bind_options[i]))
		i++;
	if (i < GROUPS)
		return i;
	die_usage("--volume %s: no option is called '%s'", text, option);
}

/* The options behind the second colon, the kind of bind mount first. */
static char *
options_parse(const char *text, char *at)
{
	const char *said[GROUPS] = {[BIND_KIND] = NULL}, *option;
	struct buf options = {0};
	size_t group;

	while ((option = strsep(&at, ","))) {
		group = option_group(text, option);
		if (said[group] && strcmp(said[group], option))
			die_usage("--volume %s: %s and %s contradict each "
				  "other",
			    text, said[group], option);
		said[group] = option;
	}
	buf_adds(&options, said[BIND_KIND] ? said[BIND_KIND] : "rbind");
	buf_addf(&options, ",%s",
	    said[BIND_SPREAD] ? said[BIND_SPREAD] : "rprivate");
	for (group = BIND_KIND + 1; group < BIND_SPREAD; group++)
		if (said[group])
			buf_addf(&options, ",%s", said[group]);
	return buf_take(&options);
}

cJSON *
mountsyntax_volume(const char *text)
{
	char *copy = xstrdup(text), *at = copy, *source, *destination, *options;
	cJSON *mount;

	source = strsep(&at, ":");
	if (!at)
		die_usage("--volume %s: must be SOURCE:DESTINATION", text);
	destination = destination_parse("--volume", text, strsep(&at, ":"));
	options = options_parse(text, at);
	source = source_parse("--volume", text, source);
	mount = mountentry_make(destination, "bind", source, options);
	free(options);
	free(source);
	free(destination);
	free(copy);
	return mount;
}

/* What --mount says, KEY=VALUE by KEY=VALUE. */
struct request {
	const char *type, *source, *destination, *propagation, *size, *mode;
	const char *read_only, *shallow; /* "true" or "false", or not said */
};

/* true, false, 1, 0, or nothing at all, which is true. */
static const char *
truth_parse(const char *text, const char *key, const char *value)
{
	if (!value || !strcmp(value, "true") || !strcmp(value, "1"))
		return "true";
	if (strcmp(value, "false") && strcmp(value, "0"))
		die_usage("--mount %s: %s must be true or false", text, key);
	return "false";
}

static bool
is_true(const char *truth)
{
	return truth && *truth == 't';
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
	    {"ro", offsetof(struct request, read_only)},
	    {"readonly", offsetof(struct request, read_only)},
	    {"bind-nonrecursive", offsetof(struct request, shallow)},
	};

	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		if (!strcmp(fields[i].key, key))
			return (const char **)(void *)((char *)r +
						       fields[i].offset);
	return NULL;
}

/* Keys that mean the same are one key, which is given once. */
static void
request_parse(const char *text, char *words, struct request *r)
{
	char *word, *key;
	const char **field;

	while ((word = strsep(&words, ","))) {
		key = strsep(&word, "=");
		field = request_field(r, key);
		if (!field)
			die_usage(
			    "--mount %s: no key is called '%s'", text, key);
		if (*field)
			die_usage("--mount %s: %s says again what was said "
				  "before it",
			    text, key);
		if (field == &r->read_only || field == &r->shallow)
			*field = truth_parse(text, key, word);
		else if (!word || !*word)
			die_usage("--mount %s: %s needs a value", text, key);
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
		die_usage("--mount %s: src=PATH is missing", text);
	if (r->size || r->mode)
		die_usage("--mount %s: tmpfs-size and tmpfs-mode need "
			  "type=tmpfs",
		    text);
	if (!is_one_of(spread, PROPAGATIONS))
		die_usage("--mount %s: bind-propagation must be one of%s", text,
		    PROPAGATIONS);
	source = source_parse("--mount", text, r->source);
	options = xasprintf("%s,%s%s", is_true(r->shallow) ? "bind" : "rbind",
	    spread, is_true(r->read_only) ? ",ro" : "");
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
		die_usage("--mount %s: src, bind-propagation and "
			  "bind-nonrecursive go "
			  "with type=bind",
		    text);
	if (r->mode && (r->mode[strspn(r->mode, "01234567")] ||
			   strtoul(r->mode, NULL, 8) > 07777))
		die_usage("--mount %s: tmpfs-mode must be octal, from 0 to "
			  "7777",
		    text);
	if (r->size && bytes_parse(r->size, &size) < 0)
		die_usage("--mount %s: tmpfs-size must be a number from 1 to "
			  "9223372036854775807, of bytes or with k, m, g or t "
			  "behind it",
		    text);
	buf_adds(&options, "nosuid,nodev");
	if (is_true(r->read_only))
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
		die_usage("--mount %s: %s is missing", text,
		    r.type ? "dst=PATH" : "type=bind or type=tmpfs");
	destination = destination_parse("--mount", text, r.destination);
	if (!strcmp(r.type, "bind"))
		mount = bind_make(text, &r, destination);
	else if (!strcmp(r.type, "tmpfs"))
		mount = tmpfs_make(text, &r, destination);
	else
		die_usage("--mount %s: type must be bind or tmpfs", text);
	free(destination);
	free(words);
	return mount;
}
