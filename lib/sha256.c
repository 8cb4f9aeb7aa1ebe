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
#define LANE static inline __attribute__((__always_inline__)) TARGET

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
 * One text on its way: the instructions want the state as ABEF and CDGH, and
 * do two rounds each.  w holds sixteen words of the message schedule.
 */
struct lane {
	__m128i abef, cdgh, abef0, cdgh0, w[4];
};

LANE void
lane_load(struct lane *l, const uint32_t state[8])
{
	__m128i t, u;

	t = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xb1);
	u = _mm_shuffle_epi32(
	    _mm_loadu_si128((const __m128i *)(state + 4)), 0x1b);
	l->abef = _mm_alignr_epi8(t, u, 8);
	l->cdgh = _mm_blend_epi16(u, t, 0xf0);
}

LANE void
lane_store(const struct lane *l, uint32_t state[8])
{
	__m128i t = _mm_shuffle_epi32(l->abef, 0x1b),
		u = _mm_shuffle_epi32(l->cdgh, 0xb1);

	_mm_storeu_si128((__m128i *)state, _mm_blend_epi16(t, u, 0xf0));
	_mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(u, t, 8));
}

LANE void
lane_begin(struct lane *l, const unsigned char *p)
{
	const __m128i swap =
	    _mm_set_epi64x(0x0c0d0e0f08090a0bULL, 0x0405060700010203ULL);

	l->abef0 = l->abef;
	l->cdgh0 = l->cdgh;
	for (int i = 0; i < 4; i++)
		l->w[i] = _mm_shuffle_epi8(
		    _mm_loadu_si128((const __m128i *)p + i), swap);
}

/* The r-th four rounds; from the fifth on their words come of the last 16. */
LANE void
lane_rounds(struct lane *l, int r)
{
	__m128i *w = l->w, t;

	if (r >= 4) {
		t = _mm_alignr_epi8(w[(r + 3) & 3], w[(r + 2) & 3], 4);
		w[r & 3] = _mm_sha256msg2_epu32(
		    _mm_add_epi32(
			_mm_sha256msg1_epu32(w[r & 3], w[(r + 1) & 3]), t),
		    w[(r + 3) & 3]);
	}
	t = _mm_add_epi32(
	    w[r & 3], _mm_loadu_si128((const __m128i *)(k + 4 * r)));
	l->cdgh = _mm_sha256rnds2_epu32(l->cdgh, l->abef, t);
	t = _mm_shuffle_epi32(t, 0x0e);
	l->abef = _mm_sha256rnds2_epu32(l->abef, l->cdgh, t);
}

LANE void
lane_end(struct lane *l)
{
	l->abef = _mm_add_epi32(l->abef, l->abef0);
	l->cdgh = _mm_add_epi32(l->cdgh, l->cdgh0);
}

#elif defined(__aarch64__)
#include <arm_neon.h>
#include <sys/auxv.h>

#ifndef HWCAP_SHA2
#define HWCAP_SHA2 (1 << 6)
#endif

#define TARGET __attribute__((__target__("+crypto")))
#define LANE static inline __attribute__((__always_inline__)) TARGET

bool
sha256_by_instructions(void)
{
	return getauxval(AT_HWCAP) & HWCAP_SHA2;
}

/* One text on its way; w holds sixteen words of the message schedule. */
struct lane {
	uint32x4_t abcd, efgh, abcd0, efgh0, w[4];
};

LANE void
lane_load(struct lane *l, const uint32_t state[8])
{
	l->abcd = vld1q_u32(state);
	l->efgh = vld1q_u32(state + 4);
}

LANE void
lane_store(const struct lane *l, uint32_t state[8])
{
	vst1q_u32(state, l->abcd);
	vst1q_u32(state + 4, l->efgh);
}

LANE void
lane_begin(struct lane *l, const unsigned char *p)
{
	l->abcd0 = l->abcd;
	l->efgh0 = l->efgh;
	for (int i = 0; i < 4; i++)
		l->w[i] =
		    vreinterpretq_u32_u8(vrev32q_u8(vld1q_u8(p + 16 * i)));
}

/* The r-th four rounds; from the fifth on their words come of the last 16. */
LANE void
lane_rounds(struct lane *l, int r)
{
	uint32x4_t *w = l->w, t, a = l->abcd;

	if (r >= 4)
		w[r & 3] =
		    vsha256su1q_u32(vsha256su0q_u32(w[r & 3], w[(r + 1) & 3]),
			w[(r + 2) & 3], w[(r + 3) & 3]);
	t = vaddq_u32(w[r & 3], vld1q_u32(k + 4 * r));
	l->abcd = vsha256hq_u32(a, l->efgh, t);
	l->efgh = vsha256h2q_u32(l->efgh, a, t);
}

LANE void
lane_end(struct lane *l)
{
	l->abcd = vaddq_u32(l->abcd, l->abcd0);
	l->efgh = vaddq_u32(l->efgh, l->efgh0);
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

void
sha256_blocks_two(uint32_t state[8], const unsigned char *p, uint32_t other[8],
    const unsigned char *q, size_t n)
{
	(void)state, (void)p, (void)other, (void)q, (void)n;
}
#endif

#ifdef LANE
TARGET void
sha256_blocks(uint32_t state[8], const unsigned char *p, size_t n)
{
	struct lane a;

	lane_load(&a, state);
	for (; n; n--, p += 64) {
		lane_begin(&a, p);
#pragma GCC unroll 16
		for (int r = 0; r < 16; r++)
			lane_rounds(&a, r);
		lane_end(&a);
	}
	lane_store(&a, state);
}

/* Each instruction waits for the one before, but not for the other text's. */
TARGET void
sha256_blocks_two(uint32_t state[8], const unsigned char *p, uint32_t other[8],
    const unsigned char *q, size_t n)
{
	struct lane a, b;

	lane_load(&a, state);
	lane_load(&b, other);
	for (; n; n--, p += 64, q += 64) {
		lane_begin(&a, p);
		lane_begin(&b, q);
#pragma GCC unroll 16
		for (int r = 0; r < 16; r++) {
			lane_rounds(&a, r);
			lane_rounds(&b, r);
		}
		lane_end(&a);
		lane_end(&b);
	}
	lane_store(&a, state);
	lane_store(&b, other);
}
#endif
