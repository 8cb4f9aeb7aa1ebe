/* SPDX-License-Identifier: ISC */
/*
 * The system calls for mounts and descriptors.  glibc wraps them since 2.36,
 * in <sys/mount.h>; musl doesn't, and leaves their constants to the kernel's
 * <linux/mount.h>, which glibc's header can't stand beside it.  Its statx, if
 * there is one, doesn't tell the mount.
 */
#ifndef LIB_SYSCALLS_H
#define LIB_SYSCALLS_H

#include <sys/mount.h>
#include <sys/stat.h>

#ifndef __GLIBC__
#include <linux/close_range.h>
#include <linux/mount.h>
#define statx linux_statx
#define statx_timestamp linux_statx_timestamp
#include <linux/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static inline int
statx(int dir, const char *path, int flags, unsigned mask, struct statx *st)
{
	return (int)syscall(SYS_statx, dir, path, flags, mask, st);
}

static inline int
fsopen(const char *type, unsigned flags)
{
	return (int)syscall(SYS_fsopen, type, flags);
}

/* Newer ones of musl have it. */
#define renameat2 linux_renameat2
#ifndef RENAME_NOREPLACE
#define RENAME_NOREPLACE 1
#endif

static inline int
renameat2(
    int from_dir, const char *from, int to_dir, const char *to, unsigned flags)
{
	return (int)syscall(SYS_renameat2, from_dir, from, to_dir, to, flags);
}

static inline int
fsconfig(int fs, unsigned command, const char *key, const void *value, int aux)
{
	return (int)syscall(SYS_fsconfig, fs, command, key, value, aux);
}

static inline int
fsmount(int fs, unsigned flags, unsigned attributes)
{
	return (int)syscall(SYS_fsmount, fs, flags, attributes);
}

static inline int
open_tree(int dir, const char *path, unsigned flags)
{
	return (int)syscall(SYS_open_tree, dir, path, flags);
}

static inline int
move_mount(
    int from_dir, const char *from, int to_dir, const char *to, unsigned flags)
{
	return (int)syscall(SYS_move_mount, from_dir, from, to_dir, to, flags);
}

static inline int
mount_setattr(int dir, const char *path, unsigned flags,
    struct mount_attr *attributes, size_t size)
{
	return (int)syscall(
	    SYS_mount_setattr, dir, path, flags, attributes, size);
}

static inline int
close_range(unsigned first, unsigned last, int flags)
{
	return (int)syscall(SYS_close_range, first, last, flags);
}
#endif

#endif
