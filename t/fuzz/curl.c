/* SPDX-License-Identifier: ISC */
/* The beginning of targets that use libcurl. */
#include <curl/curl.h>

#include "t/fuzz/fuzz.h"

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	curl_global_init(CURL_GLOBAL_NOTHING);
	return 0;
}
