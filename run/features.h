/* SPDX-License-Identifier: ISC */
/*
 * What the programs of a container's life were built to do, whatever the host
 * can (runtime-spec features.md).
 */
#ifndef RUN_FEATURES_H
#define RUN_FEATURES_H

/* The version of the specification that is done, but for what isn't. */
#define SPEC_VERSION "1.2.0"

/* Print it on standard output, as one JSON object. */
void features_print(void);

#endif
