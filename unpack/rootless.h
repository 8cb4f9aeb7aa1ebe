/* SPDX-License-Identifier: ISC */
/* Whose the files are when the caller isn't root. */
#ifndef UNPACK_ROOTLESS_H
#define UNPACK_ROOTLESS_H

#include <stdbool.h>

enum rootless {
	ROOTLESS_DEFAULT, /* no for root, single for others */
	ROOTLESS_NO,
	ROOTLESS_SINGLE, /* all files are the caller's */
	ROOTLESS_RANGES, /* owners from subuid(5), in a user namespace */
	ROOTLESS_AUTO    /* ranges where the caller has some, else single */
};

/* In words, from ROOTLESS_NO on. */
#define ROOTLESS_WORDS "no|single|ranges|auto"

/*
 * Die of wrong usage if the word is a mode, which doesn't come behind a blank:
 * say what it is and how it is given.
 */
void rootless_explain(const char *word);

/* Get ready for a mode; whether owners are to be ignored. */
bool rootless_enter(enum rootless mode);

/*
 * Have the right to look into what is the caller's whatever its mode, as root
 * has it, where a user namespace gives it.  For one that keeps ids as they are.
 */
void rootless_look(void);

#endif
