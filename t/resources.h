/* SPDX-License-Identifier: ISC */
/* A specification whose linux.resources say nothing. */
#ifndef T_RESOURCES_H
#define T_RESOURCES_H

#include "run/spec/spec.h"

static inline void
nothing_said(struct spec *s)
{
	*s = (struct spec){0};
	s->resources.memory_limit = s->resources.memory_reservation =
	    s->resources.memory_swap = s->resources.memory_swappiness =
		s->resources.kernel_tcp = UNSET;
	s->resources.cpu_shares = s->resources.cpu_quota =
	    s->resources.cpu_period = s->resources.cpu_burst =
		s->resources.cpu_idle = s->resources.cpu_rt_runtime =
		    s->resources.cpu_rt_period = UNSET;
	s->resources.pids_limit = UNSET;
}

#endif
