/* SPDX-License-Identifier: ISC */
/* Certificates as text: each once, and none lost. */
#include <string.h>

#include "fetch/registry/pem.h"
#include "t/tap.h"

#define ONE "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
#define TWO "-----BEGIN CERTIFICATE-----\nAAAB\n-----END CERTIFICATE-----\n"
#define OLD "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n"
#define CUT "-----BEGIN CERTIFICATE-----\nAAAA\n"

static void
adds(const char *name, const char *text, const char *more, const char *result)
{
	struct pem p = {0};

	pem_add(&p, text);
	pem_add(&p, more);
	ok(strcmp(p.text.data, result) == 0, name);
	ok(pem_has(&p, text) && pem_has(&p, more), "  and has them");
	pem_free(&p);
}

int
main(void)
{
	struct pem p = {0};

	adds("two", ONE, TWO, ONE TWO);
	adds("one of two files", ONE, ONE, ONE);
	adds("one twice in a file", TWO ONE TWO, ONE, TWO ONE);
	adds("text around", "subject=x\n" ONE "\nissuer=y\n" TWO "z", "",
	    ONE TWO);
	adds("no newline at the end",
	    "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", ONE,
	    ONE);
	adds("a list of what is revoked", ONE, OLD, ONE OLD);
	adds("one without an end, which fails where it is read", CUT, ONE,
	    CUT "\n" ONE);
	pem_add(&p, ONE);
	ok(!pem_has(&p, ONE TWO), "another isn't there");
	ok(!pem_has(&p, CUT), "nor is a part of one");
	ok(pem_has(&p, "text"), "of nothing there is all");
	pem_free(&p);
	return tap_end();
}
