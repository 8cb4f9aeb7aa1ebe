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

/* What this client shows: the first NAME.cert whose NAME.key is there too. */
static void
pair_take(struct certs *c, bool named, const char *dir, const char *cert)
{
	char *key = xasprintf("%.*s.key", (int)strlen(cert) - 5, cert);
	char *certs[] = {
	    xasprintf("%s/%s", dir, cert), xasprintf("%s/%s", dir, key)};

	if (access(certs[0], R_OK) < 0) {
		unreadable(named, dir, cert);
	} else if (access(certs[1], R_OK) < 0) {
		unreadable(named, dir, key);
	} else {
		c->cert = certs[0];
		c->key = certs[1];
		free(key);
		return;
	}
	free(certs[0]);
	free(certs[1]);
	free(key);
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

/* Where libcurl reads authorities from by itself. */
static void
system_add(struct buf *all)
{
	curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
	char *text;

	if (!info->cainfo)
		return;
	text = io_slurp_at(AT_FDCWD, info->cainfo, 16 * FILE_MAX, NULL);
	if (text)
		buf_adds(all, text);
	free(text);
}

/* Whether there is such a directory, if perhaps one that can't be read. */
static bool
dir_read(struct certs *c, bool named, const char *dir)
{
	struct buf authorities = {0};
	struct dirent **list;
	int n = scandir(dir, &list, NULL, alphasort);

	*c = (struct certs){0};
	if (n < 0 && errno == ENOMEM)
		die("out of memory");
	if (n < 0 && !named && (errno == ENOENT || errno == ENOTDIR))
		return false;
	if (n < 0)
		unreadable(named, dir, "");
	for (int i = 0; i < n; i++) {
		const char *name = list[i]->d_name;

		if (strcmp(suffix(name), ".crt") == 0)
			authority_add(&authorities, named, dir, name);
		if (strcmp(suffix(name), ".cert") == 0 && !c->cert)
			pair_take(c, named, dir, name);
		free(list[i]);
	}
	if (n >= 0)
		free(list);
	if (authorities.len) {
		system_add(&authorities);
		c->ca = buf_take(&authorities);
	}
	return true;
}

void
certs_read(struct certs *c, const char *dir)
{
	dir_read(c, true, dir);
}

/* Look for one name of a server in both places. */
static bool
name_look(struct certs *c, const char *name)
{
	static const char *const places[] = {
	    "/etc/containers/certs.d", "/etc/docker/certs.d"};
	bool found = false;
	char *dir;

	for (size_t i = 0; !found && i < 2; i++) {
		dir = xasprintf("%s/%s", places[i], name);
		found = dir_read(c, false, dir);
		free(dir);
	}
	return found;
}

void
certs_find(struct certs *c, const struct address *a)
{
	char *whole = xasprintf("%s:%s", a->host, a->port);
	/* The hub is known by the name that images have. */
	const char *host =
	    strcmp(a->host, HUB_HOST) == 0 ? "docker.io" : a->host;

	if (!name_look(c, whole) && strcmp(a->port, "443") == 0)
		name_look(c, host);
	free(whole);
}

void
certs_free(struct certs *c)
{
	free(c->ca);
	free(c->cert);
	free(c->key);
	*c = (struct certs){0};
}
