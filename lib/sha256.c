/* SPDX-License-Identifier: ISC */
/* The block function of SHA-256 by the SHA extensions of x86 or ARMv8. */
#include "lib/sha256.h"

static const uint32_t k[64] = {0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5,
    0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01,
    0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
    0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
    0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138,
    0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624,
    0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5,
    0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f,
    0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

#define TARGET __attribute__((__target__("sha,sse4.1,ssse3")))

bool
sha256_by_instructions(void)
{
	static int known; /* 0 not asked, 1 no, 2 yes */
	unsigned a, b, c, d, b7;

	if (!known) {
		known = 1;
		if (__get_cpuid_count(7, 0, &a, &b7, &c, &d) &&
		    (b7 & bit_SHA) && __get_cpuid(1, &a, &b, &c, &d) &&
		    (c & bit_SSE4_1) && (c & bit_SSSE3))
			known = 2;
	}
	return known == 2;
}

/*
 * The instructions want the state as ABEF and CDGH, and do two rounds each.
 * Four rounds at a time: w holds sixteen words of the message schedule, of
 * which w[i] are the four next; from round 16 on they are computed from the
 * sixteen before.
 */
TARGET void
sha256_blocks(uint32_t state[8], const unsigned char *p, size_t n)
{
	const __m128i swap =
	    _mm_set_epi64x(0x0c0d0e0f08090a0bULL, 0x0405060700010203ULL);
	__m128i abef, cdgh, abef0, cdgh0, w[4], t;

	t = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xb1);
	cdgh = _mm_shuffle_epi32(
	    _mm_loadu_si128((const __m128i *)(state + 4)), 0x1b);
	abef = _mm_alignr_epi8(t, cdgh, 8);
	cdgh = _mm_blend_epi16(cdgh, t, 0xf0);

	for (; n; n--, p += 64) {
		abef0 = abef;
		cdgh0 = cdgh;
		for (int i = 0; i < 4; i++)
			w[i] = _mm_shuffle_epi8(
			    _mm_loadu_si128((const __m128i *)p + i), swap);
#pragma GCC unroll 16
		for (int r = 0; r < 16; r++) {
			if (r >= 4) {
				t = _mm_alignr_epi8(
				    w[(r + 3) & 3], w[(r + 2) & 3], 4);
				w[r & 3] = _mm_sha256msg2_epu32(
				    _mm_add_epi32(_mm_sha256msg1_epu32(
						      w[r & 3], w[(r + 1) & 3]),
					t),
				    w[(r + 3) & 3]);
			}
			t = _mm_add_epi32(w[r & 3],
			    _mm_loadu_si128((const __m128i *)(k + 4 * r)));
			cdgh = _mm_sha256rnds2_epu32(cdgh, abef, t);
			t = _mm_shuffle_epi32(t, 0x0e);
			abef = _mm_sha256rnds2_epu32(abef, cdgh, t);
		}
		abef = _mm_add_epi32(abef, abef0);
		cdgh = _mm_add_epi32(cdgh, cdgh0);
	}

	t = _mm_shuffle_epi32(abef, 0x1b);
	cdgh = _mm_shuffle_epi32(cdgh, 0xb1);
	abef = _mm_blend_epi16(t, cdgh, 0xf0);
	cdgh = _mm_alignr_epi8(cdgh, t, 8);
	_mm_storeu_si128((__m128i *)state, abef);
	_mm_storeu_si128((__m128i *)(state + 4), cdgh);
}

#elif defined(__aarch64__)
#include <arm_neon.h>
#include <sys/auxv.h>

#ifndef HWCAP_SHA2
#define HWCAP_SHA2 (1 << 6)
#endif

bool
sha256_by_instructions(void)
{
	return getauxval(AT_HWCAP) & HWCAP_SHA2;
}

__attribute__((__target__("+crypto"))) void
sha256_blocks(uint32_t state[8], const unsigned char *p, size_t n)
{
	uint32x4_t abcd = vld1q_u32(state), efgh = vld1q_u32(state + 4);
	uint32x4_t abcd0, efgh0, w[4], t, a;

	for (; n; n--, p += 64) {
		abcd0 = abcd;
		efgh0 = efgh;
		for (int i = 0; i < 4; i++)
			w[i] = vreinterpretq_u32_u8(
			    vrev32q_u8(vld1q_u8(p + 16 * i)));
		for (int r = 0; r < 16; r++) {
			if (r >= 4)
				w[r & 3] = vsha256su1q_u32(
				    vsha256su0q_u32(w[r & 3], w[(r + 1) & 3]),
				    w[(r + 2) & 3], w[(r + 3) & 3]);
			t = vaddq_u32(w[r & 3], vld1q_u32(k + 4 * r));
			a = abcd;
			abcd = vsha256hq_u32(abcd, efgh, t);
			efgh = vsha256h2q_u32(efgh, a, t);
		}
		abcd = vaddq_u32(abcd, abcd0);
		efgh = vaddq_u32(efgh, efgh0);
	}
	vst1q_u32(state, abcd);
	vst1q_u32(state + 4, efgh);
}

#else

bool
sha256_by_instructions(void)
{
	return false;
}

void
sha256_blocks(uint32_t state[8], const unsigned char *p, size_t n)
{
	(void)state, (void)p, (void)n, (void)k;
}
#endif
