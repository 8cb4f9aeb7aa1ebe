/* SPDX-License-Identifier: ISC */
/* Namespaces, new and joined. */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/mem.h"
#include "run/container/clone.h"
#include "run/container/namespaces.h"
#include "run/spec/spec.h"

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif

/*
 * Two are left to the child: the root of a cgroup namespace is the cgroup that
 * the process is in when it is made, and the clocks of a time namespace can be
 * set while nobody is in it.
 */
static uint64_t
clone_flags(const struct spec *spec)
{
	uint64_t flags = 0;

	for (size_t i = 0; i < spec->nnamespaces; i++)
		if (!spec->namespaces[i].path)
			flags |= spec->namespaces[i].flag;
	return flags & ~(uint64_t)(CLONE_NEWCGROUP | CLONE_NEWTIME);
}

/* What the error of a clone may mean, "" when its text says it. */
static const char *
clone_hint(int error, bool user, bool cgroup)
{
	switch (error) {
	case ENOSPC:
	case EUSERS:
		return " (are there too many? /proc/sys/user has the limits)";
	case EPERM:
		return user ? " (may this user make a user namespace? a "
			      "sysctl or a security module can forbid it)"
			    : "";
	case EINVAL:
		return " (has the kernel got all of them?)";
	case EBUSY:
	case EOPNOTSUPP:
		return cgroup ? " (the cgroup takes no processes: it gives "
				"controllers to others, or is threaded)"
			      : "";
	case ENODEV:
	case ENOENT:
		return cgroup ? " (somebody has removed its cgroup)" : "";
	case EAGAIN:
		return " (is there a limit of processes on this cgroup or "
		       "user?)";
	default:
		return "";
	}
}

/*
 * This program's own of what it joins out here before a user namespace is
 * made, and leaves again; NULL: that isn't joined so.
 */
static const char *
outer_of(int flag)
{
	return flag == CLONE_NEWNET   ? "/proc/self/ns/net"
	       : flag == CLONE_NEWIPC ? "/proc/self/ns/ipc"
	       : flag == CLONE_NEWUTS ? "/proc/self/ns/uts"
				      : NULL;
}

static void
join(const struct namespaces *n, size_t i)
{
	const struct namespace_spec *ns = &n->spec->namespaces[i];

	if (setns(n->joined[i], ns->flag) < 0)
		diesys("config.json: linux.namespaces: %s", ns->path);
}

/*
 * Whoever made a namespace need not have made it in the container's user
 * namespace, in which this can't be done then.  Returns this program's own,
 * beside spec->namespaces; owned.
 */
static int *
outer_join(const struct namespaces *n)
{
	int *own = xcalloc(n->spec->nnamespaces, sizeof *own);
	const char *path;

	for (size_t i = 0; i < n->spec->nnamespaces; i++) {
		path = outer_of(n->spec->namespaces[i].flag);
		own[i] = -1;
		if (!n->outside || n->joined[i] < 0 || !path)
			continue;
		own[i] = open(path, O_RDONLY | O_CLOEXEC);
		if (own[i] < 0)
			diesys("%s", path);
		join(n, i);
	}
	return own;
}

static void
outer_leave(const struct namespaces *n, int *own)
{
	for (size_t i = 0; i < n->spec->nnamespaces; i++) {
		if (own[i] < 0)
			continue;
		if (setns(own[i], n->spec->namespaces[i].flag) < 0)
			diesys("leaving a namespace of the container");
		close(own[i]);
	}
	free(own);
}

/*
 * The process that is cloned next is in the container's pid namespace.  No
 * other may be, a hook least of all: it would be at the mercy of what is in
 * there.
 */
static void
pid_namespace_begin(const struct namespaces *n)
{
	for (size_t i = 0; !n->user_joined && i < n->spec->nnamespaces; i++)
		if (n->joined[i] >= 0 &&
		    n->spec->namespaces[i].flag == CLONE_NEWPID)
			join(n, i);
}

static void
pid_namespace_end(const struct spec *spec)
{
	const struct namespace_spec *ns = spec_namespace(spec, CLONE_NEWPID);
	int own = -1;

	if (!ns || !ns->path)
		return;
	own = open("/proc/self/ns/pid", O_RDONLY | O_CLOEXEC);
	if (own < 0 || setns(own, CLONE_NEWPID) < 0)
		diesys("/proc/self/ns/pid");
	close(own);
}

pid_t
namespaces_clone(const struct namespaces *n, int cgroup, int *pidfd)
{
	bool user = spec_namespace(n->spec, CLONE_NEWUSER) != NULL;
	int *own = outer_join(n), error;
	pid_t pid;

	pid_namespace_begin(n);
	pid = clone_process(clone_flags(n->spec), cgroup, pidfd);
	error = errno;
	if (pid != 0) {
		pid_namespace_end(n->spec);
		outer_leave(n, own);
	}
	errno = error;
	if (pid < 0)
		diesys("clone: a process in new namespaces%s",
		    clone_hint(errno, user, cgroup >= 0));
	return pid;
}

/*
 * The user namespace need not own the others, and who has joined it has no
 * rights over one that it doesn't: so what can be joined is joined before.  As
 * an ordinary user the rights come with it, and the rest is joined after.
 */
void
namespaces_join(const struct namespaces *n)
{
	size_t all = n->spec->nnamespaces, user = 0;
	bool *done = xcalloc(all, sizeof *done);

	for (size_t i = 0; i < all; i++) {
		const struct namespace_spec *ns = &n->spec->namespaces[i];

		if (ns->flag == CLONE_NEWUSER)
			user = i;
		done[i] = ns->flag == CLONE_NEWUSER || n->joined[i] < 0 ||
			  setns(n->joined[i], ns->flag) == 0;
		if (!done[i] && errno != EPERM)
			diesys("config.json: linux.namespaces: %s", ns->path);
	}
	join(n, user);
	for (size_t i = 0; i < all; i++)
		if (!done[i])
			join(n, i);
	free(done);
}

pid_t
namespaces_split(const struct namespaces *n, int *pidfd)
{
	pid_t pid =
	    clone_process(clone_flags(n->spec) | CLONE_PARENT, -1, pidfd);

	if (pid < 0)
		diesys("clone: a process in new namespaces%s",
		    clone_hint(errno, false, false));
	return pid;
}

/* A root is made in a mount namespace with the /proc of that namespace. */
static void
proc_check(const struct namespace_spec *mount)
{
	char self[32];

	if (readlink("/proc/self", self, sizeof self) < 0)
		die("config.json: linux.namespaces: %s: its /proc isn't there "
		    "or of another pid namespace, whose path is to be given, "
		    "too",
		    mount->path);
}

/*
 * The root file system is made in a copy of the namespace that this process is
 * to be in after all, where nobody else sees what is mounted.  The host's /proc
 * is there only as long as no other's mounts are.
 */
static int
mounts_copy(const struct namespaces *n)
{
	const struct namespace_spec *ns = spec_namespace(n->spec, CLONE_NEWNS);
	int home;

	if (ns && !ns->path)
		return -1;
	home = ns ? n->joined[ns - n->spec->namespaces]
		  : open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	if (home < 0 || unshare(CLONE_NEWNS) < 0)
		diesys("a copy of the mount namespace");
	if (ns)
		proc_check(ns);
	return home;
}

int
namespaces_enter(const struct namespaces *n)
{
	const struct namespace_spec *ns;

	for (size_t i = 0; !n->user_joined && i < n->spec->nnamespaces; i++)
		if (n->joined[i] >= 0 &&
		    n->spec->namespaces[i].flag != CLONE_NEWPID &&
		    !(n->outside && outer_of(n->spec->namespaces[i].flag)))
			join(n, i);
	ns = spec_namespace(n->spec, CLONE_NEWCGROUP);
	if (ns && !ns->path && unshare(CLONE_NEWCGROUP) < 0)
		diesys("config.json: linux.namespaces: cgroup");
	return mounts_copy(n);
}

static void
loopback_up(void)
{
	struct ifreq lo = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
	int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (s < 0 || ioctl(s, SIOCSIFFLAGS, &lo) < 0)
		warnsys("network: lo");
	if (s >= 0)
		close(s);
}

void
namespaces_settle(const struct namespaces *n)
{
	const struct spec *spec = n->spec;
	const struct namespace_spec *net = spec_namespace(spec, CLONE_NEWNET);

	if (net && !net->path)
		loopback_up();
	if (spec->hostname &&
	    sethostname(spec->hostname, strlen(spec->hostname)) < 0)
		diesys("config.json: hostname");
	if (spec->domainname &&
	    setdomainname(spec->domainname, strlen(spec->domainname)) < 0)
		diesys("config.json: domainname");
}
