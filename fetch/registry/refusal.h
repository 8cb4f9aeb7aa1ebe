/* SPDX-License-Identifier: ISC */
/* What a refusal means, and what to do about it. */
#ifndef FETCH_REGISTRY_REFUSAL_H
#define FETCH_REGISTRY_REFUSAL_H

struct request;

/* Die of the answer to a request, or of its having none. */
_Noreturn void refused(const struct request *q);

/* What that would say behind the object; owned. */
char *refusal_reason(const struct request *q);

#endif
