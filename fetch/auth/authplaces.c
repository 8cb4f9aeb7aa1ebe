/* SPDX-License-Identifier: ISC */
/* Where credentials are looked for. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fetch/auth/authfile.h"
#include "fetch/auth/authlook.h"
#include "fetch/auth/credentials.h"
#include "fetch/auth/password.h"
#include "fetch/config/registries.h"
#include "fetch/image/reference.h"
#include "lib/die.h"
#include "lib/io.h"
#include "lib/mem.h"

static bool
place_look(const char *dir, bool named, const char *name,
    const struct reference *ref, struct credentials *c)
{
	char *file = xasprintf("%s/%s", dir, name);
	struct place p = {file, named};
	bool found = authfile_look(&p, false, ref, c);

	free(file);
	return found;
}

/* The value of a variable that says something, or NULL. */
static const char *
variable(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

/* Where podman login writes: $XDG_RUNTIME_DIR/containers, or else
 * /run/containers/UID. */
static bool
runtime_look(const struct reference *ref, struct credentials *c)
{
	const char *dir = variable("XDG_RUNTIME_DIR");
	char *run = xasprintf("/run/containers/%u", (unsigned)getuid());
	char *user = xasprintf("/run/user/%u", (unsigned)getuid());
	bool found;

	if (dir)
		found = place_look(dir, false, "containers/auth.json", ref, c);
	else
		found = place_look(run, false, "auth.json", ref, c) ||
			place_look(user, false, "containers/auth.json", ref, c);
	free(run);
	free(user);
	return found;
}

static void
files_look(const struct reference *ref, struct credentials *c)
{
	const char *file = variable("REGISTRY_AUTH_FILE");
	const char *home = getenv("HOME");
	const char *config = variable("XDG_CONFIG_HOME");
	const char *docker = variable("DOCKER_CONFIG");
	char *own = xasprintf("%s/.config", home ? home : "/nonexistent");
	char *dot = xasprintf("%s/.docker", home ? home : "/nonexistent");

	if (file)
		authfile_look(&(struct place){file, true}, true, ref, c);
	else if (!runtime_look(ref, c) &&
		 !place_look(config ? config : own, false,
		     "containers/auth.json", ref, c))
		place_look(docker ? docker : dot, docker != NULL, "config.json",
		    ref, c);
	free(own);
	free(dot);
}

/*
 * What podman login keeps by a helper of registries.conf is the host's, by the
 * name that images have; what Docker keeps there has another for its hub.
 */
static bool
helper_look(const struct reference *ref, const char *helper, const char *conf,
    struct credentials *c)
{
	const struct place p = {conf, false};
	bool found = authfile_ask(helper, ref->host, &p, c);

	if (!found && strcmp(ref->host, "docker.io") == 0)
		found = authfile_ask(helper, HUB_KEY, &p, c);
	if (found)
		c->from = xasprintf("docker-credential-%s", helper);
	return found;
}

/* In their order, in which the files have their place, if they have one. */
static void
helpers_look(const struct reference *ref, const struct words *helpers,
    struct credentials *c)
{
	const char *name;

	for (size_t i = 0; i < helpers->n && !credentials_are(c); i++) {
		name = helpers->all[i];
		if (strcmp(name, "containers-auth.json") == 0)
			files_look(ref, c);
		else
			helper_look(ref, name, helpers->file, c);
	}
}

/* USER:PASSWORD, or USER, who is asked for the rest. */
static void
creds_take(const char *creds, const char *host, struct credentials *c)
{
	const char *colon = strchr(creds, ':');

	c->from = xstrdup("--creds");
	if (!colon) {
		c->user = xstrdup(creds);
		c->password = password_ask(creds, host);
		return;
	}
	c->user = xstrndup(creds, (size_t)(colon - creds));
	c->password = xstrdup(colon + 1);
}

/* The same of the first line of a file. */
static void
creds_read(const char *file, struct credentials *c)
{
	char *text = io_slurp_at(AT_FDCWD, file, AUTHFILE_MAX, NULL), *colon;

	if (!text)
		diesys("%s", file);
	text[strcspn(text, "\r\n")] = '\0';
	colon = strchr(text, ':');
	if (!colon || colon == text)
		die("%s: its first line is not USER:PASSWORD", file);
	c->from = xstrdup(file);
	c->user = xstrndup(text, (size_t)(colon - text));
	c->password = xstrdup(colon + 1);
	explicit_bzero(text, strlen(text));
	free(text);
}

void
credentials_find(const struct reference *ref,
    const struct credential_options *options, struct credentials *c)
{
	const char *file = options->authfile;

	*c = (struct credentials){0};
	if (options->anonymous)
		return;
	if (options->creds) {
		creds_take(options->creds, ref->host, c);
		return;
	}
	if (options->creds_file) {
		creds_read(options->creds_file, c);
		return;
	}
	if (file && *file)
		authfile_look(&(struct place){file, true}, true, ref, c);
	else if (options->helpers && options->helpers->n)
		helpers_look(ref, options->helpers, c);
	else
		files_look(ref, c);
}
