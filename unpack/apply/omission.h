/* SPDX-License-Identifier: ISC */
/*
 * What of a layer is left out, and isn't worth failing for.  The first of each
 * kind is a warning with its name, the others are counted.
 */
#ifndef UNPACK_APPLY_OMISSION_H
#define UNPACK_APPLY_OMISSION_H

enum omission {
	OMITTED_DEVICE,        /* only root may make one */
	OMITTED_HIDING_DEVICE, /* 0:0, what overlay mounts use for whiteouts */
	OMITTED_OWNER,         /* which an attribute would keep; why in errno */
	OMITTED_XATTR,         /* what is the attribute; why in errno */
	OMITTED_OVERLAY_XATTR, /* what is the attribute */
	OMISSIONS
};

/* Note that it was left out at path; what as its kind says, or NULL. */
void omission(enum omission kind, const char *path, const char *what);

/* Say how many there were beyond the first of each kind. */
void omissions_count(void);

#endif
