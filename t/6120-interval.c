/* SPDX-License-Identifier: ISC */
/* ps/interval: how often oci-events looks, as Go writes a time. */
#include <stdint.h>
#include <stdlib.h>

#include "lib/mem.h"
#include "ps/interval.h"
#include "t/tap.h"

static int64_t
interval(const char *text)
{
	char *copy = xstrdup(text);
	int64_t ns = -1;

	if (interval_parse(&ns, copy))
		ns = -1;
	free(copy);
	return ns;
}

static void
intervals(void)
{
	static const struct {
		const char *text;
		int64_t ns;
	} all[] = {
	    {"5", 5000000000},
	    {"0.25", 250000000},
	    {"5s", 5000000000},
	    {"1m30s", 90000000000},
	    {"1h0m0.5s", 3600500000000},
	    {"1.5ms", 1500000},
	    {"2us", 2000},
	    {"2\302\265s", 2000},
	    {"7ns", 7},
	    {".5s", 500000000},
	    {"8760h", INT64_C(31536000000000000)},
	    {"8761h", -1},
	    {"99999999999999999999", -1},
	    {"0", -1},
	    {"0.0000000001", -1},
	    {"", -1},
	    {"s", -1},
	    {".", -1},
	    {"5 s", -1},
	    {"-5s", -1},
	    {"1m30", -1},
	    {"5d", -1},
	    {"1e3", -1},
	};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		char *name = xasprintf("an interval of \"%s\"", all[i].text);

		ok(interval(all[i].text) == all[i].ns, name);
		free(name);
	}
}

int
main(void)
{
	intervals();
	return tap_end();
}
