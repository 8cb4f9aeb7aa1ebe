/* SPDX-License-Identifier: ISC */
/* The parts of a bundle take their places, and go back if one can't. */
#include "bundle/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/die.h"

#define ROOT "rootfs"

/*
 * Nobody but root may give another parent to a directory that he can't write
 * to, and the root directories of many images have the mode 555.
 */
struct mode {
	int dir; /* -1: nothing was changed */
	mode_t mode;
};

static struct mode
mode_loosen(int dir)
{
	struct mode m = {.dir = -1};
	struct stat st;

	if (!faccessat(dir, ROOT, W_OK, AT_EACCESS) || errno != EACCES ||
	    fstatat(dir, ROOT, &st, AT_SYMLINK_NOFOLLOW) ||
	    !S_ISDIR(st.st_mode) || st.st_uid != geteuid())
		return m;
	m.mode = st.st_mode & 07777;
	if (!fchmodat(dir, ROOT, m.mode | S_IWUSR, 0))
		m.dir = dir;
	return m;
}

/* In dir it has its old mode again, or in the directory it was moved to. */
static void
mode_restore(const struct mode *m, int dir)
{
	if (m->dir >= 0 && fchmodat(dir, ROOT, m->mode, 0))
		warnsys("%s: the mode %o", ROOT, (unsigned)m->mode);
}

static int
exchange(int work, int bundle)
{
	return renameat2(work, ROOT, bundle, ROOT, RENAME_EXCHANGE);
}

/* What file systems, kernels and filters say that don't exchange names. */
static bool
is_unknown(int error)
{
	return error == EINVAL || error == ENOSYS || error == EOPNOTSUPP ||
	       error == EPERM;
}

/*
 * The new root for the old one.  Where two names can't be exchanged there is a
 * moment without.
 */
static int
root_move(int work, int bundle, bool old, bool *exchanged)
{
	int error;

	*exchanged = old && !exchange(work, bundle);
	if (*exchanged)
		return 0;
	if (old && (!is_unknown(errno) || renameat(bundle, ROOT, work, "old")))
		return -1;
	if (!renameat(work, ROOT, bundle, ROOT))
		return 0;
	error = errno;
	if (old && renameat(work, "old", bundle, ROOT))
		return -2;
	errno = error;
	return -1;
}

static int
root_back(int work, int bundle, bool old, bool exchanged)
{
	if (exchanged)
		return exchange(work, bundle);
	if (renameat(bundle, ROOT, work, ROOT))
		return -1;
	return old ? renameat(work, "old", bundle, ROOT) : 0;
}

int
parts_move(int work, int bundle, bool old, const char **what)
{
	struct mode mine = mode_loosen(work), theirs = {.dir = -1};
	bool exchanged;
	int r, error;

	if (old)
		theirs = mode_loosen(bundle);
	*what = ROOT;
	r = root_move(work, bundle, old, &exchanged);
	if (!r) {
		*what = "config.json";
		r = renameat(work, *what, bundle, *what);
		error = errno;
		if (r && root_back(work, bundle, old, exchanged))
			r = -2;
		errno = error;
	}
	error = errno;
	if (!r)
		mode_restore(&mine, bundle);
	else if (r == -1)
		mode_restore(&theirs, bundle);
	errno = error;
	return r;
}
