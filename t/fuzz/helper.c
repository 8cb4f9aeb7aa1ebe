/* SPDX-License-Identifier: ISC */
/* What a credential helper prints. */
#include <stdlib.h>
#include <string.h>

/* For the function that reads it. */
#include "fetch/auth/helper.c"

#include "t/fuzz/fuzz.h"

struct output {
	const char *text;
	size_t len;
};

static void
read_output(void *arg)
{
	const struct output *o = arg;
	struct credentials c = {0};
	char *why = output_parse("docker-credential-x", o->text, o->len, &c);

	fuzz_must(!why || !credentials_are(&c), "an error has no credentials");
	fuzz_must(!why || *why, "it has a reason");
	fuzz_must(!c.user == !c.password, "user and password go together");
	fuzz_must(!c.user || *c.user || *c.password, "nobody is none");
	fuzz_must(!c.user || !c.identity_token, "there is one way to log in");
	fuzz_must(!c.identity_token || *c.identity_token, "a token is one");
	free(why);
	credentials_free(&c);
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	char *text = fuzz_text(data, len);
	struct output o = {text, len};

	fuzz_must(fuzz_survived(read_output, &o), "it is no reason to die");
	free(text);
	return 0;
}
