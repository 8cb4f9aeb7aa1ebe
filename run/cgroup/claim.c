/* SPDX-License-Identifier: ISC */
/* The mark of a container on its cgroup. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "lib/cgroupmark.h"
#include "lib/die.h"
#include "lib/mem.h"
#include "lib/procstat.h"
#include "run/cgroup/claim.h"

#define CLAIM_MAX 96

/* What stands before the claim: the role. */
static const char *const roles[] = {
    [CGROUP_MADE] = "made ",
    [CGROUP_TAKEN] = "taken ",
    [CGROUP_PARENT] = "parent ",
};

char *
claim_new(void)
{
	uint64_t random;

	if (getrandom(&random, sizeof random, 0) != sizeof random)
		diesys("getrandom");
	return xasprintf("%d.%" PRIu64 ".%016" PRIx64, (int)getpid(),
	    procstat_start(getpid()), random);
}

int
claim_set(int dirfd, const char *claim, enum cgroup_role role)
{
	char *value = xasprintf("%s%s", roles[role], claim);
	int r = cgroupmark_set(dirfd, &cgroupmark_container, value);

	free(value);
	return r;
}

/* The mark that is there, "" when there is none. */
static void
claim_get(int dirfd, char value[CLAIM_MAX])
{
	cgroupmark_get(dirfd, &cgroupmark_container, value, CLAIM_MAX);
}

static bool
begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

bool
claim_is(int dirfd, const char *claim, enum cgroup_role *role)
{
	char value[CLAIM_MAX];

	claim_get(dirfd, value);
	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
		if (begins(value, roles[i]) &&
		    strcmp(value + strlen(roles[i]), claim) == 0) {
			if (role)
				*role = i;
			return true;
		}
	return false;
}

bool
claim_is_there(int dirfd)
{
	char value[CLAIM_MAX];

	claim_get(dirfd, value);
	return *value;
}

void
claim_came(int dirfd)
{
	struct stat st;

	if (fstat(dirfd, &st) == 0)
		fchmod(dirfd, st.st_mode & 07777 & ~CLAIM_COMING);
}

bool
claim_never_came(int dirfd)
{
	struct stat st;

	return fstat(dirfd, &st) == 0 && st.st_mode & CLAIM_COMING &&
	       st.st_uid == geteuid() && !claim_is_there(dirfd);
}

bool
claim_is_held(int dirfd)
{
	char value[CLAIM_MAX];
	uint64_t start;
	int pid;

	claim_get(dirfd, value);
	return sscanf(value, "%*s %d.%" SCNu64, &pid, &start) == 2 &&
	       pid != getpid() && procstat_lives(pid, start);
}

bool
claim_is_of_made(int dirfd)
{
	char value[CLAIM_MAX];

	claim_get(dirfd, value);
	return begins(value, roles[CGROUP_MADE]);
}

void
claim_drop(int dirfd)
{
	cgroupmark_drop(dirfd, &cgroupmark_container);
}
