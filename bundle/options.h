/* SPDX-License-Identifier: ISC */
/* The command line of oci-mkbundle. */
#ifndef BUNDLE_OPTIONS_H
#define BUNDLE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/platform.h"
#include "lib/progress.h"

struct cJSON;

struct options {
	const char *image; /* NULL: none, with rootfs */
	const char *bundle;
	struct platform *platform; /* NULL: this machine's */
	char **command;            /* NULL-terminated; NULL: not said */
	const char *entrypoint;    /* NULL: the image's; "": none */
	const char *workdir, *user, *hostname; /* NULL: not said */
	struct cJSON *env;               /* changes, as bundle/env.h has them */
	struct cJSON *mounts;            /* entries of mounts */
	struct cJSON *annotations;       /* an object */
	struct cJSON *rlimits;           /* entries of process.rlimits */
	int64_t memory, pids, cpu_quota; /* 0: not said */
	uint64_t cap_add, cap_drop;      /* as they were said */
	uint64_t capabilities;           /* bundle/capability.h */
	const char
	    *rootfs; /* a root file system that is elsewhere; NULL: none */
	const char *layers;    /* the directory of shared ones; NULL: none */
	const char *objects;   /* that of shared files; NULL: none */
	struct cJSON *profile; /* what seccomp names, read */
	const char *seccomp;   /* a file or "unconfined"; NULL: the default */
	enum { TTY_UNSAID, TTY_YES, TTY_NO } tty;
	bool read_only, host_network, rootless;
	bool new_privileges;         /* set-user-ID programs work */
	bool replace;                /* another image's root file system */
	enum progress_mode progress; /* of oci-unpack */
	bool no_volumes;             /* the image's Volumes are passed over */
};

/* Dies of wrong usage, and does what --help and the like say. */
void options_parse(int argc, char **argv, struct options *o);

#endif
