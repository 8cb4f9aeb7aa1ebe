/* SPDX-License-Identifier: ISC */
/* What of a layer is left out: one warning a kind, and a count at the end. */
#include "unpack/apply/omission.h"

#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "lib/die.h"

static uint64_t counts[OMISSIONS]; /* of the process's one tree */

void
omission(enum omission kind, const char *path, const char *what)
{
	if (counts[kind]++)
		return;
	switch (kind) {
	case OMITTED_DEVICE:
		/* Root of a container, or of a user namespace, may not. */
		warn("%s: device left out: only root%s may make one", path,
		    geteuid() ? "" : " with CAP_MKNOD");
		break;
	case OMITTED_HIDING_DEVICE:
		warn("%s: device 0:0 left out: it would hide files if this "
		     "were mounted by overlay",
		    path);
		break;
	case OMITTED_OWNER:
		warnsys("%s: the owner is not kept", path);
		break;
	case OMITTED_XATTR:
		warnsys("%s: extended attribute %s left out%s", path, what,
		    strncmp(what, "trusted.", 8) ? ""
						 : ", for it takes "
						   "CAP_SYS_ADMIN");
		break;
	case OMITTED_OVERLAY_XATTR:
		warn("%s: extended attribute %s left out: it is for the "
		     "kernel's overlay mounts",
		    path, what);
		break;
	case OMISSIONS:
		break;
	}
}

void
omissions_count(void)
{
	static const char *const kinds[OMISSIONS] = {
	    [OMITTED_DEVICE] = "devices",
	    [OMITTED_HIDING_DEVICE] = "devices 0:0",
	    [OMITTED_OWNER] = "owners",
	    [OMITTED_XATTR] = "extended attributes",
	    [OMITTED_OVERLAY_XATTR] = "extended attributes of overlay mounts"};

	for (int i = 0; i < OMISSIONS; i++)
		if (counts[i] > 1)
			warn("%s left out: %llu more", kinds[i],
			    (unsigned long long)counts[i] - 1);
}
