/* SPDX-License-Identifier: ISC */
/* Who the process is: config.User, by the image's own passwd and group. */
#ifndef BUNDLE_USER_H
#define BUNDLE_USER_H

#include <stddef.h>
#include <stdint.h>

#define ID_MAX 4294967294 /* 4294967295 is -1, which means "unchanged" */

struct user {
	int64_t uid, gid;
	char *home;      /* owned; NULL when passwd doesn't say */
	int64_t *groups; /* the supplementary ones, each once; owned */
	size_t ngroups;
};

/*
 * USER[:GROUP] (image-spec conversion.md, "Config.User"; "" is 0).  What is
 * all digits is an id and never looked up as a name.  A user without a group
 * has the group of his passwd entry; one given by name the supplementary
 * groups of /etc/group as well.  Dies when a name isn't there or an id is out
 * of range; with root -1 only of the latter.
 */
void user_resolve(int root, const char *text, struct user *u);

#endif
