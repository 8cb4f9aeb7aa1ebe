/* SPDX-License-Identifier: ISC */
/* What registries want their users to know (distribution-spec, "Warnings"). */
#ifndef FETCH_REGISTRY_WARNING_H
#define FETCH_REGISTRY_WARNING_H

/*
 * Show the texts of Warning headers, a line each, of code 299 and no agent
 * (RFC 7234, 5.5): each once, whatever says it again, and no more than 4096
 * bytes of all.  What has another form is passed over.
 */
void warning_show(const char *host, const char *lines);

#endif
