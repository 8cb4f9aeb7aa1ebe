/* SPDX-License-Identifier: ISC */
/*
 * Where registries are and who stands in for them, as the machine or its user
 * has it: containers-registries.conf(5), version 2, with its drop-ins.
 */
#ifndef FETCH_CONFIG_REGISTRIES_H
#define FETCH_CONFIG_REGISTRIES_H

#include <stdbool.h>
#include <stddef.h>

struct reference;

/* What stands in for a registry, for which references. */
struct source {
	char *location; /* HOST[:PORT][/PREFIX] */
	bool insecure;
	enum { SOURCE_ALL, SOURCE_DIGESTS, SOURCE_TAGS } use;
};

/* What holds for names that begin with a prefix. */
struct rule {
	char *prefix;   /* "HOST/NAME", or "*.DOMAIN" */
	char *location; /* in the prefix's place; NULL: as it is */
	bool insecure, blocked;
	struct source *mirrors;
	size_t nmirrors;
	char *file; /* that says so */
};

struct alias {
	char *name, *value, *file;
};

/* What the last file that says it has as a list. */
struct words {
	char **all;
	size_t n;
	char *file; /* NULL: none says it */
};

struct registries {
	struct rule *rules;
	size_t nrules;
	struct alias *aliases; /* the last of a name counts */
	size_t naliases;
	struct words searched; /* registries, for names without a host */
	struct words helpers;  /* programs that have credentials */
};

/*
 * Read file alone, or with NULL that of the environment or the usual
 * ones and their drop-ins, as far as they are there.  Dies of one that can't be
 * read or is wrong: it may say that something is blocked.
 */
void registries_read(struct registries *c, const char *file);
void registries_free(struct registries *c);

/* Add what one file says, whose n bytes these are; dies of what is wrong. */
void registries_add(
    struct registries *c, const char *file, const char *text, size_t n);

/*
 * The rule of the longest prefix of a whole reference, a host's rather than an
 * equally long domain's; NULL: there is none.
 */
const struct rule *registries_find(const struct registries *c, const char *ref);

/* The reference with location in place of the rule's prefix; owned. */
char *rule_rewrite(const struct rule *r, const char *location, const char *ref);

/* Its parts. */
void rule_free(struct rule *r);
void words_free(struct words *w);

/*
 * Die of a reference without a host, if the files have other registries for it
 * than docker.io: which one is meant is for the user to say.
 */
void registries_check_hostless(
    const struct registries *c, const struct reference *ref);

#endif
