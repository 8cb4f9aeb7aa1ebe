/* SPDX-License-Identifier: ISC */
/* A bundle's links to its layers, "0", "1" and so on, the topmost first. */
#ifndef BUNDLE_LINKS_H
#define BUNDLE_LINKS_H

/*
 * Make them in a directory, to layers in the directory store, by their names,
 * a line each.  Dies.
 */
void links_make(int dir, const char *store, const char *names);

/*
 * How many there are.  Dies when they aren't what links_make makes: a mount
 * has nothing but what the image has, whatever became of the bundle.
 */
int links_check(int dir, const char *store, const char *names);

#endif
