/* SPDX-License-Identifier: ISC */
/*
 * without CALL[,CALL...] ERROR COMMAND [ARG...]: run COMMAND where the system
 * calls give ERROR, a number, as on an old kernel or in a container whose
 * seccomp profile hasn't got them.
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <seccomp.h>

int
main(int argc, char **argv)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	unsigned error;
	int call, r;

	if (argc < 4 || !filter)
		errx(2, "usage: without CALL[,CALL...] ERROR COMMAND...");
	error = (unsigned)atoi(argv[2]);
	for (char *name = strtok(argv[1], ","); name;
	     name = strtok(NULL, ",")) {
		call = seccomp_syscall_resolve_name(name);
		if (call == __NR_SCMP_ERROR)
			errx(2, "%s: no system call", name);
		r = seccomp_rule_add(filter, SCMP_ACT_ERRNO(error), call, 0);
		if (r < 0)
			errx(2, "%s: %s", name, strerror(-r));
	}
	/* As the user's container would have it, set-user-ID goes on. */
	seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, 0);
	r = seccomp_load(filter);
	if (r < 0) {
		seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, 1);
		r = seccomp_load(filter);
	}
	if (r < 0)
		errx(2, "no filter: %s", strerror(-r));
	execvp(argv[3], argv + 3);
	err(2, "%s", argv[3]);
}
