/* SPDX-License-Identifier: ISC */
/* A time namespace (time_namespaces(7); config-linux.md, timeOffsets). */
#ifndef RUN_CONTAINER_CLOCKS_H
#define RUN_CONTAINER_CLOCKS_H

struct init;

/*
 * In the child: be in a new time namespace with the offsets of its clocks, if
 * config.json asks for one.  Dies.
 */
void clocks_settle(const struct init *in);

#endif
