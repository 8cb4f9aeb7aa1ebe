/* SPDX-License-Identifier: ISC */
/* Credentials in files: which file, which key, which form. */
#include "fetch/auth/authfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fetch/auth/authkey.h"
#include "fetch/auth/base64.h"
#include "fetch/auth/credentials.h"
#include "fetch/auth/helper.h"
#include "fetch/auth/password.h"
#include "fetch/image/reference.h"
#include "lib/die.h"
#include "lib/io.h"
#include "lib/json.h"
#include "lib/mem.h"

#define FILE_MAX (1 << 20)
#define HUB_KEY "https://index.docker.io/v1/" /* what docker login writes */

/* A file with credentials, and whether the user named it. */
struct place {
	const char *file;
	bool named;
};

/*
 * Something of a file is of no use.  A place of the user's choice has to be
 * right; of one that only may be there is a warning, and the search goes on.
 */
static void
unusable(const struct place *p, const char *why)
{
	if (p->named)
		die("%s: %s", p->file, why);
	warn("%s: passed over: %s", p->file, why);
}

/* USER:PASSWORD; two empty ones are how "nobody" is written. */
static void
pair_set(struct credentials *c, const char *user, const char *password)
{
	if (!*user && !*password)
		return;
	c->user = xstrdup(user);
	c->password = xstrdup(password);
}

/* An auth, whose text is USER:PASSWORD. */
static void
auth_read(const char *auth, const struct place *p, struct credentials *c)
{
	size_t len;
	char *text = base64_decode(auth, &len), *colon;

	/* Docker pads with NULs. */
	while (text && len && text[len - 1] == '\0')
		len--;
	colon = text ? memchr(text, ':', len) : NULL;
	if (!text) {
		unusable(p, "an auth that is not base64");
	} else if (memchr(text, '\0', len)) {
		unusable(p, "an auth with a NUL in it");
	} else if (!colon) {
		unusable(p, "an auth without a ':'");
	} else {
		*colon = '\0';
		pair_set(c, text, colon + 1);
	}
	free(text);
}

/* An entry of auths.  Docker leaves {} where a helper has the rest. */
static bool
entry_read(const cJSON *entry, const struct place *p, struct credentials *c)
{
	const char *auth = json_string(entry, "auth");
	const char *identity = json_string(entry, "identitytoken");
	const char *user = json_string(entry, "username");
	const char *password = json_string(entry, "password");

	if (auth && *auth)
		auth_read(auth, p, c);
	else if (user && password)
		pair_set(c, user, password);
	if (identity && *identity)
		c->identity_token = xstrdup(identity);
	return c->user || c->identity_token;
}

/* Ask a helper for a key; one without a name is none. */
static bool
helper_ask(const char *helper, const char *key, const struct place *p,
    struct credentials *c)
{
	char *why = NULL;

	if (!helper || !*helper)
		return false;
	if (strcmp(key, "docker.io") == 0)
		key = HUB_KEY;
	if (helper_get(helper, key, c, &why) < 0)
		unusable(p, why);
	free(why);
	return c->user || c->identity_token;
}

static bool
file_find(const cJSON *json, const struct place *p, const struct reference *ref,
    struct credentials *c)
{
	const cJSON *helpers = json_get(json, "credHelpers"), *helper = NULL;
	const cJSON *auths = json_get(json, "auths");
	char *key = xasprintf("%s/%s", ref->host, ref->repository), *slash;
	bool found;

	for (;;) {
		helper = authkey_find(helpers, key);
		found = helper_ask(cJSON_GetStringValue(helper), key, p, c) ||
			entry_read(authkey_find(auths, key), p, c);
		slash = strrchr(key, '/');
		if (found || !slash)
			break;
		*slash = '\0';
	}
	/* A host with a helper of its own, if only "", isn't in the store. */
	if (!found && !helper)
		found = helper_ask(json_string(json, "credsStore"), key, p, c);
	free(key);
	return found;
}

/* Look in a file, which need not be there unless must. */
static bool
file_look(const struct place *p, bool must, const struct reference *ref,
    struct credentials *c)
{
	const char *why;
	cJSON *json;
	char *text;
	size_t len;
	bool found = false;

	text = io_slurp_at(AT_FDCWD, p->file, FILE_MAX, &len);
	if (!text && !must && (errno == ENOENT || errno == ENOTDIR))
		return false;
	if (!text || len == 0) {
		unusable(p, text ? "is empty" : strerror(errno));
		free(text);
		return false;
	}
	json = json_parse(text, len, &why);
	if (json)
		found = file_find(json, p, ref, c);
	if (found)
		c->from = xstrdup(p->file);
	if (!json)
		unusable(p, why);
	cJSON_Delete(json);
	free(text);
	return found;
}

static bool
place_look(const char *dir, bool named, const char *name,
    const struct reference *ref, struct credentials *c)
{
	char *file = xasprintf("%s/%s", dir, name);
	struct place p = {file, named};
	bool found = file_look(&p, false, ref, c);

	free(file);
	return found;
}

/* The value of a variable that says something, or NULL. */
static const char *
directory(const char *variable)
{
	const char *dir = getenv(variable);

	return dir && *dir ? dir : NULL;
}

/* Where podman login writes: $XDG_RUNTIME_DIR/containers, or else
 * /run/containers/UID. */
static bool
runtime_look(const struct reference *ref, struct credentials *c)
{
	const char *dir = directory("XDG_RUNTIME_DIR");
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
	const char *home = getenv("HOME");
	const char *config = directory("XDG_CONFIG_HOME");
	const char *docker = directory("DOCKER_CONFIG");
	char *own = xasprintf("%s/.config", home ? home : "/nonexistent");
	char *dot = xasprintf("%s/.docker", home ? home : "/nonexistent");

	if (!runtime_look(ref, c) && !place_look(config ? config : own, false,
					 "containers/auth.json", ref, c))
		place_look(docker ? docker : dot, docker != NULL, "config.json",
		    ref, c);
	free(own);
	free(dot);
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
	char *text = io_slurp_at(AT_FDCWD, file, FILE_MAX, NULL), *colon;

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
	if (!file)
		file = getenv("REGISTRY_AUTH_FILE");
	if (file && *file)
		file_look(&(struct place){file, true}, true, ref, c);
	else
		files_look(ref, c);
}
