/* SPDX-License-Identifier: ISC */
/* Where certificates for a server are. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fetch/registry/address.h"
#include "fetch/registry/certs.h"
#include "lib/mem.h"

#define HUB_HOST "registry-1.docker.io"

/* The first place that is there for a name, if perhaps not to be read. */
static char *
place_of(const char *name)
{
	const char *home = getenv("HOME");
	char *own = xasprintf("%s/.config/containers/certs.d",
	    home && *home ? home : "/nonexistent");
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
