/* SPDX-License-Identifier: ISC */
/* Certificates for one registry. */
#include "fetch/certs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fetch/transport.h"
#include "lib/buf.h"
#include "lib/io.h"
#include "lib/mem.h"

#define FILE_MAX (1 << 20)

static const char *
suffix(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot ? dot : "";
}

static void
authority_add(struct buf *all, int dir, const char *name)
{
	char *text = io_slurp_at(dir, name, FILE_MAX, NULL);

	if (!text)
		diesys("%s", name);
	buf_adds(all, text);
	buf_addc(all, '\n');
	free(text);
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

static int
dir_read(struct transport *t, const char *path)
{
	DIR *dir = opendir(path);
	struct buf authorities = {0};
	struct dirent *e;

	if (!dir)
		return -1;
	while ((e = readdir(dir))) {
		if (strcmp(suffix(e->d_name), ".crt") == 0)
			authority_add(&authorities, dirfd(dir), e->d_name);
		if (strcmp(suffix(e->d_name), ".cert") == 0 && !t->cert) {
			t->cert = xasprintf("%s/%s", path, e->d_name);
			t->key = xstrndup(t->cert, strlen(t->cert) - 5);
			t->key = xreallocarray(
			    t->key, strlen(t->key) + sizeof ".key", 1);
			strcat(t->key, ".key");
		}
	}
	closedir(dir);
	if (authorities.len) {
		system_add(&authorities);
		t->ca = buf_take(&authorities);
	}
	return 0;
}

void
certs_read(struct transport *t, const char *dir, const char *host)
{
	static const char *const places[] = {
	    "/etc/containers/certs.d", "/etc/docker/certs.d"};
	char *path;
	bool found = false;

	if (dir && dir_read(t, dir) < 0)
		diesys("%s", dir);
	for (size_t i = 0; !dir && !found && i < 2; i++) {
		path = xasprintf("%s/%s", places[i], host);
		found = dir_read(t, path) == 0;
		if (!found && errno != ENOENT)
			diesys("%s", path);
		free(path);
	}
}
