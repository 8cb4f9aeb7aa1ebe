/* SPDX-License-Identifier: ISC */
/*
 * Names of hosts.  The kernel takes any 64 bytes; a program that looks the name
 * up, or has it in a prompt or an address, does not.  '_' isn't in hostname(7)
 * but in many a name that works.
 */
#include "bundle/hostname.h"

#include <string.h>

#define NAME_MAX_LEN 64
#define PART_MAX 63

const char *
hostname_check(const char *name)
{
	static const char characters[] =
	    "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
	size_t len;

	if (!*name)
		return "must not be empty";
	if (strlen(name) > NAME_MAX_LEN)
		return "must be no longer than 64 bytes";
	for (;; name += len + 1) {
		len = strcspn(name, ".");
		if (!len)
			return "must have something on either side of each dot";
		if (len > PART_MAX)
			return "must have no part longer than 63 bytes";
		if (strspn(name, characters) < len)
			return "must be made of letters, digits, '-', '_' and "
			       "dots";
		if (*name == '-' || name[len - 1] == '-')
			return "must have no part that begins or ends with "
			       "'-'";
		if (!name[len])
			return NULL;
	}
}
