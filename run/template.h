/* SPDX-License-Identifier: ISC */
/* A config.json to begin with: what runc spec writes. */
#ifndef RUN_TEMPLATE_H
#define RUN_TEMPLATE_H

/*
 * The command "spec": reads its command line, of which argv[0] is "spec", and
 * writes config.json into a bundle that has none.  Dies.
 */
void template_command(int argc, char **argv);

#endif
