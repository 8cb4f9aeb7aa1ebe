/* SPDX-License-Identifier: ISC */
/* Which libseccomp this is, and which architectures it knows. */
#ifndef RUN_SECCOMP_LIBRARY_H
#define RUN_SECCOMP_LIBRARY_H

#include <stdint.h>

/* "libseccomp/2.5.4". */
const char *seccomp_library(void);

/* libseccomp's number of "SCMP_ARCH_...", or 0. */
uint32_t seccomp_arch_token(const char *name);

#endif
