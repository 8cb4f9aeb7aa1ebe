/* SPDX-License-Identifier: ISC */
/* Certificates for one server. */
#include "fetch/registry/certs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fetch/registry/authorities.h"
#include "fetch/registry/pem.h"
#include "lib/die.h"
#include "lib/io.h"
#include "lib/mem.h"

#define FILE_MAX (1 << 20)

void
certs_unreadable(bool named, const char *dir, const char *name)
{
	static bool warned;

	if (named)
		diesys("%s%s%s", dir, *name ? "/" : "", name);
	if (!warned) /* once will do for all of a transfer's servers */
		warnsys("%s%s%s: passed over", dir, *name ? "/" : "", name);
	warned = true;
}

static const char *
suffix(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot ? dot : "";
}

/* As unreadable, without an errno. */
static void
unusable(bool named, const char *file, const char *why)
{
	if (named)
		die("%s: %s", file, why);
	warn("%s: passed over: %s", file, why);
}

/* Nobody is asked for a password: what has a key to unlock isn't a pipe. */
static bool
is_encrypted(const char *file)
{
	char *text = io_slurp_at(AT_FDCWD, file, FILE_MAX, NULL);
	bool encrypted = text && strstr(text, "ENCRYPTED");

	if (text)
		explicit_bzero(text, strlen(text));
	free(text);
	return encrypted;
}

static void
pair_add(struct certs *c, char *cert, char *key)
{
	c->pairs = xreallocarray(c->pairs, c->npairs + 1, sizeof *c->pairs);
	c->pairs[c->npairs++] = (struct pair){cert, key};
}

/* What this client shows: a NAME.cert whose NAME.key is there too. */
static void
pair_take(struct certs *c, const char *dir, const char *name)
{
	char *cert = xasprintf("%s/%s", dir, name);
	char *key = xasprintf("%.*s.key", (int)strlen(cert) - 5, cert);

	if (access(cert, R_OK) < 0) {
		certs_unreadable(c->named, dir, name);
	} else if (access(key, R_OK) < 0) {
		certs_unreadable(c->named, dir, key + strlen(dir) + 1);
	} else if (is_encrypted(key)) {
		if (!c->locked)
			c->locked = xstrdup(key);
		unusable(c->named, key,
		    "the key is encrypted, and nobody is asked for its "
		    "password");
	} else {
		pair_add(c, cert, key);
		return;
	}
	free(cert);
	free(key);
}

void
certs_misfit(const struct certs *c, const struct pair *p)
{
	char *why = xasprintf("can't be used with %s: it is no key, or "
			      "another's",
	    p->cert);

	unusable(c->named, p->key, why);
	free(why);
}

/* Whether there is such a directory, if perhaps one that can't be read. */
static bool
dir_read(struct certs *c, bool named, const char *dir)
{
	struct pem authorities = {0};
	struct dirent **list;
	int n = scandir(dir, &list, NULL, alphasort);

	if (n < 0 && errno == ENOMEM)
		die("out of memory");
	if (n < 0 && !named && (errno == ENOENT || errno == ENOTDIR))
		return false;
	if (n < 0)
		certs_unreadable(named, dir, "");
	*c = (struct certs){.named = named, .dir = xstrdup(dir)};
	for (int i = 0; i < n; i++) {
		const char *name = list[i]->d_name;

		if (strcmp(suffix(name), ".crt") == 0)
			authority_add(&authorities, named, dir, name);
		if (strcmp(suffix(name), ".cert") == 0)
			pair_take(c, dir, name);
		free(list[i]);
	}
	if (n >= 0)
		free(list);
	authorities_set(c, &authorities);
	return true;
}

void
certs_read(struct certs *c, const char *dir)
{
	dir_read(c, true, dir);
}

void
certs_find(struct certs *c, const struct address *a)
{
	char *dir = certs_place(a);
	struct pem none = {0};

	*c = (struct certs){0};
	if (!dir || !dir_read(c, false, dir))
		authorities_set(c, &none);
	free(dir);
}

void
certs_free(struct certs *c)
{
	for (size_t i = 0; i < c->npairs; i++) {
		free(c->pairs[i].cert);
		free(c->pairs[i].key);
	}
	free(c->pairs);
	free(c->ca_file);
	free(c->ca);
	free(c->dir);
	free(c->locked);
	*c = (struct certs){0};
}
