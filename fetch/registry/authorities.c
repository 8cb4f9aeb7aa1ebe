/* SPDX-License-Identifier: ISC */
/* Whom to trust. */
#include "fetch/registry/authorities.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <curl/curl.h>

#include "fetch/registry/certs.h"
#include "fetch/registry/pem.h"
#include "lib/die.h"
#include "lib/io.h"
#include "lib/mem.h"

#define AUTHORITY_MAX (1 << 20) /* bytes of a file */
#define SYSTEM_MAX (16 * AUTHORITY_MAX)

static bool
file_add(struct pem *all, const char *path, size_t max)
{
	char *text = io_slurp_at(AT_FDCWD, path, max, NULL);

	if (text)
		pem_add(all, text);
	free(text);
	return text != NULL;
}

void
authority_add(struct pem *all, bool named, const char *dir, const char *name)
{
	char *path = xasprintf("%s/%s", dir, name);

	if (!file_add(all, path, AUTHORITY_MAX))
		certs_unreadable(named, dir, name);
	free(path);
}

static const char *
variable(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

/* Authorities of the machine: where libcurl reads them from by itself, or
 * what SSL_CERT_FILE has in its place, as programs written in Go have it. */
static void
system_add(struct pem *all)
{
	const char *file = variable("SSL_CERT_FILE");

	if (file && !file_add(all, file, SYSTEM_MAX))
		diesys("%s, which SSL_CERT_FILE names", file);
	if (file)
		return;
	file = curl_version_info(CURLVERSION_NOW)->cainfo;
	if (file)
		file_add(all, file, SYSTEM_MAX);
}

/* All files of the directories of SSL_CERT_DIR, in place of libcurl's own. */
static void
system_dirs_add(struct pem *all, const char *dirs)
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
			file_add(all, path, SYSTEM_MAX);
			free(path);
			free(list[i]);
		}
		if (count > 0)
			free(list);
		free(dir);
	}
}

/* Whether OpenSSL looks for a certificate in a file of that name. */
static int
is_hashed(const struct dirent *d)
{
	size_t n = strspn(d->d_name, "0123456789abcdef");

	return n == 8 && d->d_name[n] == '.' &&
	       !d->d_name[n + 1 + strspn(d->d_name + n + 1, "0123456789")];
}

static bool
hashed_has(const struct pem *all, const char *dir, const char *name)
{
	char *path = xasprintf("%s/%s", dir, name);
	char *text = io_slurp_at(AT_FDCWD, path, AUTHORITY_MAX, NULL);
	bool has = text ? pem_has(all, text) : errno == ENOENT;

	free(text);
	free(path);
	return has;
}

/*
 * Whether libcurl's own directory has nothing besides these, so that it can be
 * left out: with it, no connection uses what another has parsed.  Debian has
 * there, under other names, what is in its file.
 */
static bool
path_is_known(const struct pem *all)
{
	const curl_version_info_data *v = curl_version_info(CURLVERSION_NOW);
	struct dirent **list;
	bool known = true;
	int n;

	if (!v->capath)
		return true;
	if (!v->ssl_version || strncmp(v->ssl_version, "OpenSSL/", 8) != 0)
		return false;
	n = scandir(v->capath, &list, is_hashed, NULL);
	for (int i = 0; i < n; i++) {
		known = known && hashed_has(all, v->capath, list[i]->d_name);
		free(list[i]);
	}
	if (n >= 0)
		free(list);
	return n >= 0 && known;
}

/*
 * A file of that text by a name that no other has until the process ends:
 * libcurl takes what it has parsed of a file for all files of that name.
 * NULL: there can be none here.
 */
static char *
file_make(const struct buf *text)
{
	int fd = memfd_create("authorities", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	char *name;

	if (fd < 0)
		return NULL;
	name = xasprintf("/proc/self/fd/%d", fd);
	if (io_write(fd, text->data, text->len) == 0 &&
	    fcntl(fd, F_ADD_SEALS,
		F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) ==
		0 &&
	    access(name, R_OK) == 0)
		return name;
	close(fd);
	free(name);
	return NULL;
}

/* What is trusted: these authorities, which may be none, and the machine's. */
static void
all_set(struct certs *c, struct pem *mine)
{
	const char *dirs = variable("SSL_CERT_DIR");
	bool given = mine->text.len || dirs || variable("SSL_CERT_FILE");

	system_add(mine);
	if (dirs)
		system_dirs_add(mine, dirs);
	c->no_path = dirs || path_is_known(mine);
	if (given)
		c->ca_file = file_make(&mine->text);
	if (given && !c->ca_file)
		c->ca = buf_take(&mine->text);
	pem_free(mine);
}

void
authorities_set(struct certs *c, struct pem *mine)
{
	static struct certs machine; /* of each server that has no others */
	static bool known;

	if (mine->text.len) {
		all_set(c, mine);
		return;
	}
	if (!known)
		all_set(&machine, mine);
	known = true;
	c->ca = machine.ca ? xstrdup(machine.ca) : NULL;
	c->ca_file = machine.ca_file ? xstrdup(machine.ca_file) : NULL;
	c->no_path = machine.no_path;
}
