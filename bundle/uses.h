/* SPDX-License-Identifier: ISC */
/* That a bundle uses layers, said where they are (lib/layeruse.h). */
#ifndef BUNDLE_USES_H
#define BUNDLE_USES_H

/*
 * A descriptor for as long as no layer may go; -1 where there is no directory
 * of layers yet, or none to be trusted, as whoever unpacks will say.  Dies.
 */
int uses_lock(const char *store);

/*
 * Have in a bundle's rootfs a link for each layer of the directory store, by
 * their names, a line each; none where the store is read-only.  Dies.
 */
void uses_note(int rootfs, const char *store, const char *names);

#endif
