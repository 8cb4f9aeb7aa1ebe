/* SPDX-License-Identifier: ISC */
/* Certificates for one server. */
#include "fetch/registry/certs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <curl/curl.h>

#include "fetch/registry/address.h"
#include "lib/buf.h"
#include "lib/die.h"
#include "lib/io.h"
#include "lib/mem.h"

#define FILE_MAX (1 << 20)
#define HUB_HOST "registry-1.docker.io"

/* Of the user's own choice, or only one of the places there are. */
static void
unreadable(bool named, const char *dir, const char *name)
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
		unreadable(c->named, dir, name);
	} else if (access(key, R_OK) < 0) {
		unreadable(c->named, dir, key + strlen(dir) + 1);
	} else if (is_encrypted(key)) {
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

static void
authority_add(struct buf *all, bool named, const char *dir, const char *name)
{
	char *path = xasprintf("%s/%s", dir, name);
	char *text = io_slurp_at(AT_FDCWD, path, FILE_MAX, NULL);

	if (!text) {
		unreadable(named, dir, name);
	} else {
		buf_adds(all, text);
		buf_addc(all, '\n');
	}
	free(text);
	free(path);
}

static const char *
variable(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

static bool
file_add(struct buf *all, const char *path)
{
	char *text = io_slurp_at(AT_FDCWD, path, 16 * FILE_MAX, NULL);

	if (!text)
		return false;
	buf_adds(all, text);
	buf_addc(all, '\n');
	free(text);
	return true;
}

/* Authorities of the machine: where libcurl reads them from by itself, or
 * what SSL_CERT_FILE has in its place, as programs written in Go have it. */
static void
system_add(struct buf *all)
{
	const char *file = variable("SSL_CERT_FILE");

	if (file && !file_add(all, file))
		diesys("%s, which SSL_CERT_FILE names", file);
	if (file)
		return;
	file = curl_version_info(CURLVERSION_NOW)->cainfo;
	if (file)
		file_add(all, file);
}

/* All files of the directories of SSL_CERT_DIR, in place of libcurl's own. */
static void
system_dirs_add(struct buf *all, const char *dirs)
{
	struct dirent **list;
	char *dir, *path;
	size_t n;
	int count;

	for (; *dirs; dirs += n + (dirs[n] == ':')) {
		n = strcspn(dirs, ":");
		dir = xstrndup(dirs, n);
		count = n ? scandir(dir, &list, NULL, alphasort) : 0;
		for (int i = 0; i < count; i++) {
			path = xasprintf("%s/%s", dir, list[i]->d_name);
			file_add(all, path);
			free(path);
			free(list[i]);
		}
		if (count > 0)
			free(list);
		free(dir);
	}
}

/* What is trusted: these authorities, which may be none, and the machine's. */
static void
authorities_set(struct certs *c, struct buf *mine)
{
	const char *dirs = variable("SSL_CERT_DIR");

	if (!mine->len && !dirs && !variable("SSL_CERT_FILE"))
		return;
	system_add(mine);
	if (dirs) {
		system_dirs_add(mine, dirs);
		c->ca_path = xstrdup("");
	}
	if (mine->len)
		c->ca = buf_take(mine);
}

/* Whether there is such a directory, if perhaps one that can't be read. */
static bool
dir_read(struct certs *c, bool named, const char *dir)
{
	struct buf authorities = {0};
	struct dirent **list;
	int n = scandir(dir, &list, NULL, alphasort);

	if (n < 0 && errno == ENOMEM)
		die("out of memory");
	if (n < 0 && !named && (errno == ENOENT || errno == ENOTDIR))
		return false;
	if (n < 0)
		unreadable(named, dir, "");
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

/* The first place that is there for a name, if perhaps not to be read. */
static char *
place_of(const char *name)
{
	const char *home = variable("HOME");
	char *own = xasprintf(
	    "%s/.config/containers/certs.d", home ? home : "/nonexistent");
	const char *const places[] = {
	    own, "/etc/containers/certs.d", "/etc/docker/certs.d"};
	char *dir = NULL;

	for (size_t i = 0; !dir && i < sizeof places / sizeof *places; i++) {
		dir = xasprintf("%s/%s", places[i], name);
		if (access(dir, F_OK) < 0 &&
		    (errno == ENOENT || errno == ENOTDIR)) {
			free(dir);
			dir = NULL;
		}
	}
	free(own);
	return dir;
}

char *
certs_place(const struct address *a)
{
	char *whole = xasprintf("%s:%s", a->host, a->port);
	char *dir = place_of(whole);

	/* The hub is known by the name that images have. */
	if (!dir && strcmp(a->port, "443") == 0)
		dir = place_of(
		    strcmp(a->host, HUB_HOST) == 0 ? "docker.io" : a->host);
	free(whole);
	return dir;
}

void
certs_find(struct certs *c, const struct address *a)
{
	char *dir = certs_place(a);
	struct buf none = {0};

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
	free(c->ca);
	free(c->ca_path);
	free(c->dir);
	*c = (struct certs){0};
}
