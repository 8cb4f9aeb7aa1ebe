/* SPDX-License-Identifier: ISC */
/* The parts of a TOML reader: where it is, and how it reads on. */
#ifndef FETCH_CONFIG_TOMLPARSE_H
#define FETCH_CONFIG_TOMLPARSE_H

#include <stdbool.h>

#include "fetch/config/toml.h"

struct toml {
	const char *at, *end;
	unsigned line;
	unsigned keys;   /* so far */
	const char *why; /* the first that is wrong; NULL: nothing */
	unsigned wrong;  /* the line that it is in */
};

/* A key's parts, each owned. */
struct toml_key {
	char *parts[TOML_DEPTH_MAX];
	size_t n;
};

/* What is known of a table or an array beyond its members. */
enum toml_kind {
	TOML_OPEN,   /* only named on the way to another */
	TOML_HEADED, /* has a [header] of its own, or several [[header]]s */
	TOML_DOTTED, /* made by a key with dots */
	TOML_CLOSED  /* a value: nothing is added to it */
};

/* Note what is wrong, if it is the first; false. */
bool toml_wrong(struct toml *t, const char *why);

/* Over spaces and tabs; over these, comments and the ends of lines. */
void toml_blank(struct toml *t);
void toml_lines(struct toml *t);

/* Over one character, if it is the next. */
bool toml_take(struct toml *t, char c);

/* Each is false, or NULL, when something is wrong. */
bool toml_key(struct toml *t, struct toml_key *key);
char *toml_string(struct toml *t);
cJSON *toml_value(struct toml *t, int depth);
bool toml_pair(struct toml *t, cJSON *table, int depth);
void toml_key_free(struct toml_key *key);

/* A new member of the kind, which begins here. */
cJSON *toml_new(const struct toml *t, cJSON *item, enum toml_kind kind);
enum toml_kind toml_kind_of(const cJSON *item);

#endif
