/* SPDX-License-Identifier: ISC */
/* Which libseccomp this is, and which architectures it knows. */
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "run/seccomp/library.h"

const char *
seccomp_library(void)
{
	const struct scmp_version *v = seccomp_version();
	static char text[48];

	snprintf(text, sizeof text, "libseccomp/%u.%u.%u", v->major, v->minor,
	    v->micro);
	return text;
}

uint32_t
seccomp_arch_token(const char *name)
{
	static const char prefix[] = "SCMP_ARCH_";
	const size_t n = sizeof prefix - 1;
	uint32_t token;
	char *lower;

	if (strncmp(name, prefix, n) != 0)
		return 0;
	lower = xstrdup(name + n);
	for (char *c = lower; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c += 'a' - 'A';
	token = seccomp_arch_resolve_name(lower);
	free(lower);
	return token;
}
