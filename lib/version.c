/* SPDX-License-Identifier: ISC */
/* The version, and " (COMMIT)" if the build found one. */
#include "lib/version.h"

const char version[] = VERSION COMMIT;
