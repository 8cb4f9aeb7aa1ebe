/* SPDX-License-Identifier: ISC */
/* The user that the process runs as. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/mem.h"
#include "run/process/user.h"
#include "run/spec/spec.h"

/* EINVAL is of an id that a user namespace, ours or the joined one, hasn't. */
static _Noreturn void
die_of_id(const char *what, const char *maps)
{
	if (errno == EINVAL)
		die("%s: the container's user namespace has no such id, see "
		    "its %s",
		    what, maps);
	diesys("%s", what);
}

void
user_become(const struct process_spec *p, bool groups_denied)
{
	if (setgroups(p->ngids, p->gids) < 0 &&
	    (errno != EPERM || p->ngids || !groups_denied))
		die_of_id("process.user.additionalGids", "gidMappings");
	if (setresgid(p->gid, p->gid, p->gid) < 0)
		die_of_id(
		    xasprintf("process.user.gid: %u", p->gid), "gidMappings");
	if (setresuid(p->uid, p->uid, p->uid) < 0)
		die_of_id(
		    xasprintf("process.user.uid: %u", p->uid), "uidMappings");
}

/* A file that is only read, /etc/passwd perhaps, is not to be given away. */
static bool
is_to_be_given(int fd, const struct stat *st)
{
	if (S_ISREG(st->st_mode))
		return (fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDONLY;
	return S_ISFIFO(st->st_mode) || S_ISSOCK(st->st_mode) ||
	       (S_ISCHR(st->st_mode) && isatty(fd));
}

void
user_streams(uid_t uid)
{
	struct stat st;

	for (int fd = 0; fd < 3; fd++) {
		if (fstat(fd, &st) < 0 || st.st_uid == uid ||
		    !is_to_be_given(fd, &st))
			continue;
		/* A file on a read-only mount, or of an id not mapped. */
		(void)!fchown(fd, uid, -1);
	}
}
