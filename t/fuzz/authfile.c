/* SPDX-License-Identifier: ISC */
/*
 * Files with credentials: a line with a reference, and the file.  No helper is
 * run: what it is called says what it answers.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fetch/auth/authfile.h"
#include "fetch/auth/credentials.h"
#include "fetch/auth/helper.h"
#include "fetch/auth/password.h"
#include "fetch/image/reference.h"
#include "lib/io.h"
#include "lib/mem.h"
#include "t/fuzz/fuzz.h"

static char file[32];
static int fd;

int
helper_get(
    const char *name, const char *server, struct credentials *c, char **why)
{
	fuzz_must(*name && *server, "a helper is asked for something");
	if (*name == 'n')
		return 0;
	if (*name == 'f') {
		*why = xstrdup("it fails");
		return -1;
	}
	c->user = xstrdup("user");
	c->password = xstrdup("secret");
	return 0;
}

char *
password_ask(const char *user, const char *host)
{
	(void)user, (void)host;
	return xstrdup("");
}

static void
find(void *arg)
{
	struct credential_options options = {.authfile = file};
	struct credentials c;
	struct reference ref;
	const char *why;

	if (reference_parse(arg, &ref, &why) < 0)
		return;
	credentials_find(&ref, &options, &c);
	fuzz_must(!c.user == !c.password, "user and password go together");
	fuzz_must(!c.from == !(c.user || c.identity_token),
	    "who has credentials knows where they are from");
	credentials_free(&c);
	reference_free(&ref);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	fd = memfd_create("auth.json", MFD_CLOEXEC);
	if (fd < 0)
		diesys("memfd_create");
	snprintf(file, sizeof file, "/proc/self/fd/%d", fd);
	return 0;
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	char *text = fuzz_text(data, len), *rest = text;
	char *line = fuzz_line(&rest);
	size_t first;

	if (line && rest) {
		first = (size_t)(rest - text);
		if (ftruncate(fd, 0) < 0 || lseek(fd, 0, SEEK_SET) < 0 ||
		    io_write(fd, rest, len - first) < 0)
			diesys("%s", file);
		fuzz_survived(find, line);
	}
	free(text);
	return 0;
}
