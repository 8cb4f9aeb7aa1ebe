/* SPDX-License-Identifier: ISC */
/* lib/digest: known answers, and any cut of the input gives the same. */
#include <stdlib.h>
#include <string.h>

#include "lib/digest.h"
#include "lib/sha256.h"
#include "t/tap.h"

#define ABC256                                                                 \
	"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define NIL256                                                                 \
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define ABC512                                                                 \
	"ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"     \
	"2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"

static void
answers(const char *input, const char *want)
{
	char text[DIGEST_MAX];

	digest_of(input, strlen(input), want, text);
	ok(strcmp(text, want) == 0, want);
}

/* mbedtls alone, which knows nothing of the instructions. */
static void
reference(const unsigned char *p, size_t n, char text[DIGEST_MAX])
{
	unsigned char raw[32];

	mbedtls_sha256(p, n, raw, 0);
	memcpy(text, "sha256:", 8);
	for (size_t i = 0; i < sizeof raw; i++)
		sprintf(text + 7 + 2 * i, "%02x", raw[i]);
}

static void
in_pieces(const unsigned char *p, size_t n, char text[DIGEST_MAX])
{
	struct digest d;
	size_t step;

	digest_init(&d, NULL);
	for (; n; p += step, n -= step) {
		step = 1 + random() % 300;
		if (step > n)
			step = n;
		digest_update(&d, p, step);
	}
	digest_final(&d, text);
}

/* Two texts at once, in pieces that begin anywhere in either. */
static int
two_wrong(const unsigned char *p, size_t n, const char *like)
{
	char want[2][DIGEST_MAX], got[2][DIGEST_MAX];
	const unsigned char *q = p + 1 + random() % 7;
	struct digest a, b;
	size_t step, head = random() % 150;

	reference(p, n, want[0]);
	digest_of(q, n + head, like, want[1]);
	digest_init(&a, NULL);
	digest_init(&b, like);
	digest_update(&b, q, head);
	for (q += head; n; p += step, q += step, n -= step) {
		step = 1 + random() % 300;
		if (step > n)
			step = n;
		digest_update_two(&a, p, &b, q, step);
	}
	digest_final(&a, got[0]);
	digest_final(&b, got[1]);
	return strcmp(want[0], got[0]) || strcmp(want[1], got[1]);
}

static void
cuts(void)
{
	static unsigned char data[5000 + 200];
	char want[DIGEST_MAX], got[DIGEST_MAX];
	int wrong = 0, wrong_two = 0;

	srandom(1);
	for (size_t i = 0; i < sizeof data; i++)
		data[i] = random();
	for (int round = 0; round < 500; round++) {
		size_t n = random() % (sizeof data - 200);

		reference(data, n, want);
		in_pieces(data, n, got);
		wrong += strcmp(got, want) != 0;
		wrong_two +=
		    two_wrong(data, n, round % 5 ? "sha256:" : "sha512:");
	}
	printf(
	    "# by instructions: %s\n", sha256_by_instructions() ? "yes" : "no");
	ok(wrong == 0, "500 texts in random pieces, as mbedtls has them");
	ok(wrong_two == 0, "and each at once with another, by either function");
}

static void
validity(void)
{
	ok(digest_valid("sha256:" ABC256), "a sha256 digest is valid");
	ok(digest_valid("sha512:" ABC512), "a sha512 digest is valid");
	ok(strcmp(digest_hex("sha256:" ABC256), ABC256) == 0, "its digits");
	ok(!digest_valid("sha256:" ABC256 "0"), "a digit too many");
	ok(!digest_valid("sha256:" ABC256 "\n"), "a line end behind it");
	ok(!digest_valid("sha512:" ABC256), "sha512 with sha256's digits");
	ok(!digest_valid("sha256:BA7816BF8F01CFEA414140DE5DAE2223B00361A396177"
			 "A9CB410FF61F20015AD"),
	    "upper-case digits");
	ok(!digest_valid("sha256:../../x"), "sha256:../../x");
	ok(!digest_valid("md5:d41d8cd98f00b204e9800998ecf8427e"), "md5");
	ok(!digest_valid(""), "nothing");
}

int
main(void)
{
	answers("abc", "sha256:" ABC256);
	answers("", "sha256:" NIL256);
	answers("abc", "sha512:" ABC512);
	cuts();
	validity();
	return tap_end();
}
