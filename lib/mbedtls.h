/* SPDX-License-Identifier: ISC */
/*
 * mbedtls's SHA-2, by the names of version 3.  Before it the functions that
 * can fail ended in _ret; since then the fields of a context are private,
 * and lib/digest.c has to reach those of SHA-256 for the block function that
 * uses the processor's instructions.
 */
#ifndef LIB_MBEDTLS_H
#define LIB_MBEDTLS_H

#define MBEDTLS_ALLOW_PRIVATE_ACCESS

#include <mbedtls/sha256.h>
#include <mbedtls/sha512.h>
#include <mbedtls/version.h>

#if MBEDTLS_VERSION_MAJOR < 3
#define mbedtls_sha256 mbedtls_sha256_ret
#define mbedtls_sha256_starts mbedtls_sha256_starts_ret
#define mbedtls_sha256_update mbedtls_sha256_update_ret
#define mbedtls_sha256_finish mbedtls_sha256_finish_ret
#define mbedtls_sha512_starts mbedtls_sha512_starts_ret
#define mbedtls_sha512_update mbedtls_sha512_update_ret
#define mbedtls_sha512_finish mbedtls_sha512_finish_ret
#endif

#endif
