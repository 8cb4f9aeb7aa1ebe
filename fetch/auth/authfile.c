/* SPDX-License-Identifier: ISC */
/* Credentials in a file: which key, which form. */
#include "fetch/auth/authlook.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/auth/authkey.h"
#include "fetch/auth/base64.h"
#include "fetch/auth/credentials.h"
#include "fetch/auth/helper.h"
#include "fetch/image/reference.h"
#include "lib/die.h"
#include "lib/io.h"
#include "lib/json.h"
#include "lib/mem.h"

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
	return credentials_are(c);
}

bool
authfile_ask(const char *helper, const char *key, const struct place *p,
    struct credentials *c)
{
	char *why = NULL;

	if (!helper || !*helper)
		return false;
	if (helper_get(helper, key, c, &why) < 0)
		unusable(p, why);
	free(why);
	return credentials_are(c);
}

/* A key as Docker gives it to a helper. */
static const char *
helper_key(const char *key)
{
	return strcmp(key, "docker.io") == 0 ? HUB_KEY : key;
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
		found = authfile_ask(cJSON_GetStringValue(helper),
			    helper_key(key), p, c) ||
			entry_read(authkey_find(auths, key), p, c);
		slash = strrchr(key, '/');
		if (found || !slash)
			break;
		*slash = '\0';
	}
	/* A host with a helper of its own, if only "", isn't in the store. */
	if (!found && !helper)
		found = authfile_ask(
		    json_string(json, "credsStore"), helper_key(key), p, c);
	free(key);
	return found;
}

bool
authfile_look(const struct place *p, bool must, const struct reference *ref,
    struct credentials *c)
{
	const char *why;
	cJSON *json;
	char *text;
	size_t len;
	bool found = false;

	text = io_slurp_at(AT_FDCWD, p->file, AUTHFILE_MAX, &len);
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
