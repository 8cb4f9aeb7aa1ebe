/* SPDX-License-Identifier: ISC */
/* What oci-run and oci-create do alike: make a container up to its start. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/mem.h"
#include "lib/statedir.h"
#include "run/cgroup/cgroup.h"
#include "run/container/container.h"
#include "run/container/first.h"
#include "run/container/gate.h"
#include "run/container/handoff.h"
#include "run/container/id.h"
#include "run/container/init.h"
#include "run/container/keeper.h"
#include "run/container/launch.h"
#include "run/container/leftover.h"
#include "run/container/namespaces.h"
#include "run/container/notify.h"
#include "run/container/pidfile.h"
#include "run/container/reaper.h"
#include "run/container/seal.h"
#include "run/container/signals.h"
#include "run/creation.h"
#include "run/process/descriptors.h"
#include "run/process/listen.h"
#include "run/seccomp/cache.h"
#include "run/spec/spec.h"

static bool
is_bundle(const char *path)
{
	char *config = xasprintf("%s/config.json", path);
	bool is = access(config, F_OK) == 0;

	free(config);
	return is;
}

void
creation_check(const struct creation *c)
{
	if (!c->id)
		return;
	if (!state_id_valid(c->id) && is_bundle(c->id))
		die_usage(
		    "%s: this is a bundle, not the ID of a container: %s -b %s",
		    c->id, program_invocation_short_name, c->id);
	state_id_check(c->id);
}

static bool
is_layout(const char *path)
{
	char *layout = xasprintf("%s/oci-layout", path);
	bool is = access(layout, F_OK) == 0;

	free(layout);
	return is;
}

/*
 * The likeliest slips: the bundle's name where the container's would be, none
 * at all, and an image's.
 */
static void
bundle_check(const struct creation *c)
{
	bool here = strcmp(c->bundle, ".") == 0;
	const char *named = here && c->id ? c->id : c->bundle;

	if (is_bundle(c->bundle) || errno != ENOENT)
		return;
	if (here && c->id && is_bundle(c->id))
		die("./config.json: No such file or directory, but %s is a "
		    "bundle: %s -b %s",
		    c->id, program_invocation_short_name, c->id);
	if (is_layout(named))
		die("%s: an image layout, not a bundle: oci-mkbundle %s BUNDLE "
		    "makes one of it",
		    named, named);
	if (here)
		die("./config.json: No such file or directory; --bundle names "
		    "the bundle");
}

struct spec *
creation_read(const struct creation *c, char **argv)
{
	descriptors_check(listen_count(), (unsigned)c->preserve_fds);
	log_begin(&c->global);
	seal_self(argv);
	bundle_check(c);
	if (c->keep_status)
		keeper_fork(*argv);
	return spec_read(c->bundle);
}

void
creation_make(const struct creation *c, struct spec *spec, const char *self,
    bool starts, struct launch *l)
{
	struct namespaces *namespaces = xcalloc(1, sizeof *namespaces);
	struct init *init = xcalloc(1, sizeof *init);
	const char *id = c->id;
	unsigned listened = listen_count();
	int root;

	listen_pass(&spec->process, listened);
	*init = (struct init){
	    .spec = spec,
	    .namespaces = namespaces,
	    .gate = -1,
	    .become = {.process = &spec->process, .reaper = -1},
	    .rootless = geteuid() != 0,
	    .new_keyring = !c->keep_keyring,
	    .no_pivot = c->no_pivot,
	    .preserve_fds = listened + (unsigned)c->preserve_fds,
	};
	namespaces_open(namespaces, spec);
	root = state_root(c->global.root, STATE_MAKE);
	if (c->init)
		init->become.reaper = reaper_open(self);
	if (!id)
		id = id_make(root, c->bundle);
	if (spec->seccomp)
		init->become.seccomp = seccomp_cached(root, spec->seccomp);
	leftover_make_room(root, id, starts);
	leftover_sweep(root);

	/* From here on there is something to undo: see container_create. */
	*l = (struct launch){.spec = spec,
	    .become = &init->become,
	    .signals = signals_hold(),
	    .notify = -1};
	l->container = container_create(root, id, c->bundle, spec);
	keeper_file(l->container->dir);
	init->cgroup = l->container->cgroup;
	init->state = &l->container->state;
	notify_prepare(l->container->dir, spec);
	if (starts)
		l->notify = notify_open(l->container->dir);
	else
		init->gate = gate_make(l->container->dir);
	signals_wait(l->signals, -1);
	first_clone(l, init);
	container_begin(l->container);
	first_settle(l);
	if (c->console_socket) {
		handoff_send("--console-socket", c->console_socket, "/dev/ptmx",
		    l->master, l->signals);
		close(l->master);
		l->master = -1;
	}
	if (c->pidfd_socket)
		handoff_send("--pidfd-socket", c->pidfd_socket, "standard",
		    l->container->pidfd, l->signals);
	container_write(l->container, starts ? "running" : "created");
	if (c->pid_file)
		pidfile_write(c->pid_file, l->container->pid);
}
