/* SPDX-License-Identifier: ISC */
/* Whom to trust. */
#include "fetch/registry/authorities.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "fetch/registry/certs.h"
#include "lib/buf.h"
#include "lib/die.h"
#include "lib/io.h"
#include "lib/mem.h"

#define AUTHORITY_MAX (1 << 20) /* bytes of a file */

void
authority_add(struct buf *all, bool named, const char *dir, const char *name)
{
	char *path = xasprintf("%s/%s", dir, name);
	char *text = io_slurp_at(AT_FDCWD, path, AUTHORITY_MAX, NULL);

	if (!text) {
		certs_unreadable(named, dir, name);
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
	char *text = io_slurp_at(AT_FDCWD, path, 16 * AUTHORITY_MAX, NULL);

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
void
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
