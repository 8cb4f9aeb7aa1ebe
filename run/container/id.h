/* SPDX-License-Identifier: ISC */
/* The name of a container that its user gave none. */
#ifndef RUN_CONTAINER_ID_H
#define RUN_CONTAINER_ID_H

/*
 * "NAME-PID" of the bundle's directory and this process, with '_' for what an
 * ID can't hold; "NAME-PID.2" and so on while root, the state directory, has
 * that.  Owned.  Dies when there is no such bundle.
 */
char *id_make(int root, const char *bundle);

#endif
