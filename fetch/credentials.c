/* SPDX-License-Identifier: ISC */
/* Credentials: which file, which key, which form. */
#include "fetch/credentials.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mbedtls/base64.h>

#include "fetch/address.h"
#include "fetch/helper.h"
#include "fetch/reference.h"
#include "lib/die.h"
#include "lib/io.h"
#include "lib/json.h"
#include "lib/mem.h"

#define FILE_MAX (1 << 20)
#define HUB_KEY "https://index.docker.io/v1/" /* what docker login writes */

/*
 * The keys of files in one form: Docker writes some as URLs, and knows its
 * hub by three names.
 */
static char *
key_normal(const char *key)
{
	static const char *const hubs[] = {
	    "index.docker.io", "registry-1.docker.io"};
	const char *scheme = strstr(key, "://");
	char *s = xstrdup(scheme ? scheme + 3 : key), *path;
	size_t n;

	path = strchr(s, '/');
	if (path && scheme)
		*path = '\0';
	n = strlen(s);
	if (n && s[n - 1] == '/')
		s[n - 1] = '\0';
	for (size_t i = 0; i < sizeof hubs / sizeof *hubs; i++)
		if (strcmp(s, hubs[i]) == 0) {
			free(s);
			return xstrdup("docker.io");
		}
	return s;
}

/* The member of map whose key says name, in whatever form. */
static const cJSON *
member_find(const cJSON *map, const char *name)
{
	const cJSON *item;
	char *key;
	bool same;

	cJSON_ArrayForEach(item, map)
	{
		key = key_normal(item->string);
		same = strcmp(key, name) == 0;
		free(key);
		if (same)
			return item;
	}
	return NULL;
}

/* Base64 of USER:PASSWORD. */
static void
auth_decode(const char *auth, const char *file, struct credentials *c)
{
	size_t len, max = strlen(auth) + 1;
	char *text = xmalloc(max), *colon;

	if (mbedtls_base64_decode((unsigned char *)text, max - 1, &len,
		(const unsigned char *)auth, max - 1))
		die("%s: an auth that is no base64", file);
	text[len] = '\0';
	colon = strchr(text, ':');
	if (!colon)
		die("%s: an auth without a ':'", file);
	c->user = xstrndup(text, (size_t)(colon - text));
	c->password = xstrdup(colon + 1);
	free(text);
}

/* An entry of auths.  Docker leaves {} where a helper has the rest. */
static bool
entry_read(const cJSON *entry, const char *file, struct credentials *c)
{
	const char *auth = json_string(entry, "auth");
	const char *identity = json_string(entry, "identitytoken");
	const char *user = json_string(entry, "username");
	const char *password = json_string(entry, "password");

	if (auth && *auth) {
		auth_decode(auth, file, c);
	} else if (user && password) {
		c->user = xstrdup(user);
		c->password = xstrdup(password);
	}
	if (identity && *identity)
		c->identity_token = xstrdup(identity);
	return c->user || c->identity_token;
}

/* Look for one key in one file. */
static bool
key_find(
    const cJSON *json, const char *file, const char *key, struct credentials *c)
{
	const char *server = strcmp(key, "docker.io") == 0 ? HUB_KEY : key;
	const cJSON *entry;
	const char *helper;

	helper = cJSON_GetStringValue(
	    member_find(json_get(json, "credHelpers"), key));
	if (helper && helper_get(helper, server, c) == 0)
		return true;
	entry = member_find(json_get(json, "auths"), key);
	return entry && entry_read(entry, file, c);
}

static bool
file_find(const cJSON *json, const char *file, const struct reference *ref,
    struct credentials *c)
{
	char *key = xasprintf("%s/%s", ref->host, ref->repository), *slash;
	const char *store = json_string(json, "credsStore");
	bool found;

	while (!(found = key_find(json, file, key, c)) &&
	       (slash = strrchr(key, '/')))
		*slash = '\0';
	if (!found && store)
		found =
		    helper_get(store,
			strcmp(key, "docker.io") == 0 ? HUB_KEY : key, c) == 0;
	free(key);
	return found;
}

/* Look in a file; whether it is there at all is asked only when it must be. */
static bool
file_look(const char *file, bool must, const struct reference *ref,
    struct credentials *c)
{
	const char *why;
	cJSON *json;
	char *text;
	size_t len;
	bool found;

	text = io_slurp_at(AT_FDCWD, file, FILE_MAX, &len);
	if (!text && !must && (errno == ENOENT || errno == ENOTDIR))
		return false;
	if (!text)
		diesys("%s", file);
	json = json_parse(text, len, &why);
	if (!json)
		die("%s: %s", file, why);
	found = file_find(json, file, ref, c);
	cJSON_Delete(json);
	free(text);
	return found;
}

/* $variable/name, or fallback/name where the variable says nothing. */
static bool
place_look(const char *variable, const char *fallback, const char *name,
    const struct reference *ref, struct credentials *c)
{
	const char *dir = getenv(variable);
	char *file;
	bool found;

	if (!dir || !*dir)
		dir = fallback;
	file = xasprintf("%s/%s", dir, name);
	found = file_look(file, false, ref, c);
	free(file);
	return found;
}

static void
files_look(const struct reference *ref, struct credentials *c)
{
	const char *home = getenv("HOME");
	char *run = xasprintf("/run/user/%u", (unsigned)getuid());
	char *config = xasprintf("%s/.config", home ? home : "/nonexistent");
	char *docker = xasprintf("%s/.docker", home ? home : "/nonexistent");

	if (place_look("XDG_RUNTIME_DIR", run, "containers/auth.json", ref, c))
		;
	else if (place_look(
		     "XDG_CONFIG_HOME", config, "containers/auth.json", ref, c))
		;
	else
		place_look("DOCKER_CONFIG", docker, "config.json", ref, c);
	free(run);
	free(config);
	free(docker);
}

void
credentials_find(const struct reference *ref,
    const struct credential_options *options, struct credentials *c)
{
	const char *file = options->authfile, *colon;

	*c = (struct credentials){0};
	if (options->anonymous)
		return;
	if (options->creds) {
		colon = strchr(options->creds, ':');
		if (!colon)
			die_usage("--creds: not of the form USER:PASSWORD");
		c->user =
		    xstrndup(options->creds, (size_t)(colon - options->creds));
		c->password = xstrdup(colon + 1);
		return;
	}
	if (!file)
		file = getenv("REGISTRY_AUTH_FILE");
	if (file && *file)
		file_look(file, true, ref, c);
	else
		files_look(ref, c);
}

void
credentials_free(struct credentials *c)
{
	free(c->user);
	free(c->password);
	free(c->identity_token);
	*c = (struct credentials){0};
}

void
credentials_guard(struct credentials *c, const struct address *to)
{
	if (address_is_private(to) || (!c->user && !c->identity_token))
		return;
	warn("%s: not https, asked without credentials", to->text);
	credentials_free(c);
}

char *
credentials_basic(const char *user, const char *password)
{
	char *plain = xasprintf("%s:%s", user, password), *basic;
	size_t len = strlen(plain), max = 4 * (len / 3 + 1) + 1;
	unsigned char *coded = xmalloc(max);

	if (mbedtls_base64_encode(
		coded, max, &max, (const unsigned char *)plain, len))
		die("a user name or password is too long");
	basic = xasprintf("Basic %s", coded);
	free(coded);
	free(plain);
	return basic;
}
