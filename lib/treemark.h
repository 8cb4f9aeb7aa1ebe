/* SPDX-License-Identifier: ISC */
/*
 * An extended attribute of the root of a tree whose files are hard links to
 * what other trees have, too: none of them may be written to in place.  Who
 * unpacks sets it (oci-layers(5), "Shared files"), and who makes a bundle of
 * the tree goes by it.  It can be set by whoever owns the tree, and stays with
 * it when the tree is renamed.
 */
#ifndef LIB_TREEMARK_H
#define LIB_TREEMARK_H

#define TREEMARK "user.oci-unpack.shared"
#define TREEMARK_LINKS "hard links"

#endif
