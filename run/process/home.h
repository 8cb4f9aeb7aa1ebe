/* SPDX-License-Identifier: ISC */
/* HOME, from the image's own user database (passwd(5)). */
#ifndef RUN_PROCESS_HOME_H
#define RUN_PROCESS_HOME_H

struct process_spec;
struct root;

/*
 * Add HOME to the environment where it doesn't say it: the home directory of
 * process.user.uid in etc/passwd below the root, else "/".  A file that is no
 * regular one, or longer than 8 MiB, is passed over with a warning.  Reads
 * with the container user's own ids and no capability.  Dies.
 */
void home_set(struct process_spec *p, const struct root *root);

#endif
