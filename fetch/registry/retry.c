/* SPDX-License-Identifier: ISC */
/* Which failures are worth another try, and when. */
#include "fetch/registry/retry.h"

#include "fetch/registry/pause.h"
#include "fetch/registry/transport.h"

#define TRIES 5
#define FIRST_WAIT 500            /* milliseconds, doubled each time */
#define LONGEST_WAIT (120 * 1000) /* that a server may ask for */

static bool
status_passes(long status)
{
	return status == 408 || status == 429 ||
	       (status >= 500 && status <= 504 && status != 501);
}

static bool
code_passes(CURL *easy, CURLcode code, bool reached)
{
	curl_off_t connected = 0;

	switch (code) {
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_CONNECT:
	case CURLE_SSL_CONNECT_ERROR:
		return reached;
	case CURLE_PARTIAL_FILE:
	case CURLE_GOT_NOTHING:
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
		return true;
	case CURLE_OPERATION_TIMEDOUT:
		/* Before there is a connection nobody was reached. */
		curl_easy_getinfo(easy, CURLINFO_CONNECT_TIME_T, &connected);
		return reached || connected > 0;
	default:
		return false;
	}
}

long
retry_delay(CURL *easy, CURLcode code, unsigned done, bool reached)
{
	curl_off_t asked = 0;
	long status = 0;

	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
	if (done >= TRIES ||
	    !(code ? code_passes(easy, code, reached) : status_passes(status)))
		return -1;
	if (!code)
		curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &asked);
	if (asked > LONGEST_WAIT / 1000)
		return -1;
	return asked > 0 ? (long)asked * 1000 : FIRST_WAIT << (done - 1);
}

int64_t
retry_later(
    struct transport *t, const struct address *server, long status, long wait)
{
	int64_t end = clock_now() + wait;

	if (status == 429 || status == 503)
		pause_set(&t->pauses, server, end);
	return end;
}
