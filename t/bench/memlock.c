/* SPDX-License-Identifier: ISC */
/*
 * For crun, by LD_PRELOAD, on machines without CAP_SYS_RESOURCE: it raises
 * RLIMIT_MEMLOCK before it loads an eBPF program and gives up when it can't,
 * though kernels since 5.11 don't count such memory by that limit.
 */
#include <stddef.h>
#include <sys/resource.h>

int
setrlimit(__rlimit_resource_t resource, const struct rlimit *limit)
{
	if (resource == RLIMIT_MEMLOCK)
		return 0;
	return prlimit(0, resource, limit, NULL);
}
