/* SPDX-License-Identifier: ISC */
/* What is shown to a server. */
#include "fetch/auth/credentials.h"

#include <stdlib.h>

#include "fetch/auth/base64.h"
#include "fetch/registry/address.h"
#include "lib/die.h"
#include "lib/mem.h"

bool
credentials_are(const struct credentials *c)
{
	return c->user || c->identity_token;
}

void
credentials_free(struct credentials *c)
{
	free(c->user);
	free(c->password);
	free(c->identity_token);
	free(c->from);
	*c = (struct credentials){0};
}

void
credentials_guard(struct credentials *c, const struct address *to)
{
	if (address_is_private(to) || !credentials_are(c))
		return;
	warn("%s: not https, asked without credentials", to->text);
	credentials_free(c);
}

char *
credentials_basic(const char *user, const char *password)
{
	char *plain = xasprintf("%s:%s", user, password);
	char *coded = base64_encode(plain);
	char *basic = xasprintf("Basic %s", coded);

	free(coded);
	free(plain);
	return basic;
}
