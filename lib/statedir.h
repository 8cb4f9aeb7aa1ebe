/* SPDX-License-Identifier: ISC */
/*
 * The state directory, oci-state(5): a directory for each container, by its
 * ID, locked with flock(2) by whoever changes the container.
 */
#ifndef LIB_STATEDIR_H
#define LIB_STATEDIR_H

#include <stdbool.h>

struct state;

#define STATE_OPEN (O_RDONLY | O_DIRECTORY | O_CLOEXEC)

/*
 * Open the directory of all containers: root if not NULL; else /run/oci for
 * the superuser, $XDG_RUNTIME_DIR/oci or /tmp/oci-UID for others; the root of
 * a user namespace is of the others where that variable is set.  STATE_MAKE
 * creates it with its parents; else -1 when it isn't there.  Dies when it
 * can't be had or others could write to it: what stands in there says what is
 * killed, removed, joined, and run as a hook.  That of another user is for the
 * superuser alone, and for STATE_LOOK.
 */
enum state_use { STATE_LOOK, STATE_CHANGE, STATE_MAKE };
int state_root(const char *root, enum state_use use);

/* Whether id can name a container: [A-Za-z0-9_+-][A-Za-z0-9_+.-]{0,253}. */
bool state_id_valid(const char *id);

/* Die of wrong usage, saying this, of one that can't. */
void state_id_check(const char *id);

/*
 * Make the directory of a new container, write s to it, and only then give it
 * its name: nobody sees it without its state.  Returns it locked.  Dies when
 * the container exists, stopped or not.
 */
int state_claim(int root, const struct state *s);

/*
 * Whether a crash of the machine took the text of a container's state.json:
 * then there is nothing else of it.
 */
bool state_is_torn(int root, const char *id);

/*
 * Open the directory of a container, state_lock also locks it, waiting for
 * whoever has it, ten seconds at most: then it dies.  -1 with errno ENOENT when
 * there is none (any more).
 */
int state_open(int root, const char *id);
int state_lock(int root, const char *id);

/*
 * The same without waiting, of any name in root: -1 with errno EWOULDBLOCK when
 * it is in use, ESTALE when it was removed meanwhile.
 */
int state_try_lock(int root, const char *name);
void state_unlock(int dir); /* closes it too */

/*
 * The file of a container's exit status, there when somebody keeps that: empty
 * until it is known.  What it says, 0 to 255, or -1: nothing, so far.
 */
#define STATE_EXIT "exit"
int state_exit_read(int file);

/*
 * Remove a container's directory, locked as dir, with all files in it and in
 * directories of it, state.json last; closes dir.  0, or -1 with a warning
 * printed.
 */
int state_remove(int root, const char *id, int dir);

/*
 * The same of one that has not got its name yet, as name, without a warning.
 * One that holds a directory is somebody else's, and stays.
 */
int state_remove_nameless(int root, const char *name, int dir);

#endif
