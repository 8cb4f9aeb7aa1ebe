/* SPDX-License-Identifier: ISC */
/* The command line of oci-mkbundle; the names are Docker's and runc's. */
#include "bundle/options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bundle/capability.h"
#include "bundle/env.h"
#include "bundle/hostname.h"
#include "bundle/mountsyntax.h"
#include "bundle/path.h"
#include "bundle/quantity.h"
#include "bundle/rlimit.h"
#include "lib/die.h"
#include "lib/digest.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "lib/options.h"

#define PIDS_MAX (4 << 20)      /* the kernel's, of any machine */
#define MEMORY_LITTLE (1 << 20) /* bytes that are hardly enough */

static const char *
env_take(void *env, char *text)
{
	return env_change_add(*(cJSON **)env, text);
}

static const char *
env_file_take(void *env, char *path)
{
	return env_change_add_file(*(cJSON **)env, path);
}

/* The image's is copied as it is, says its specification. */
static const char *
workdir_take(void *workdir, char *path)
{
	*(const char **)workdir = path_tidy(path);
	return *path == '/' ? NULL : "must be an absolute path";
}

/* Of two mounts in one place only the last would be seen. */
static const char *
mount_add(cJSON *mounts, cJSON *mount)
{
	const char *destination = json_string(mount, "destination");
	const cJSON *old;

	cJSON_ArrayForEach(old, mounts)
	{
		if (!strcmp(json_string(old, "destination"), destination))
			return xasprintf(
			    "another mount is at %s already", destination);
	}
	cJSON_AddItemToArray(mounts, mount);
	return NULL;
}

static const char *
volume_take(void *mounts, char *text)
{
	if (!*text)
		return "must be SOURCE:DESTINATION";
	return mount_add(*(cJSON **)mounts, mountsyntax_volume(text));
}

static const char *
mount_take(void *mounts, char *text)
{
	if (!*text)
		return "must be type=TYPE,dst=PATH,...";
	return mount_add(*(cJSON **)mounts, mountsyntax_mount(text));
}

static const char *
hostname_take(void *hostname, char *text)
{
	*(const char **)hostname = text;
	return hostname_check(text);
}

/*
 * What can run in little memory is the runtime's and the program's to say; the
 * one that is known to be in want of it is named.
 */
static const char *
memory_take(void *at, char *text)
{
	int64_t *bytes = at;

	if (bytes_parse(text, bytes) < 0)
		return "must be a number from 1 to 9223372036854775807, of "
		       "bytes or with k, m, g or t behind it";
	if (*bytes < MEMORY_LITTLE)
		warn("--memory %s: hardly enough to start a container in; "
		     "oci-run refuses less than 256k, and runc needs several "
		     "megabytes",
		    text);
	return NULL;
}

static const char *
cpus_take(void *quota, char *text)
{
	return cpus_parse(text, quota) < 0
		   ? "must be a number from 0.01 to 8192, such as 1.5"
		   : NULL;
}

static const char *
ulimit_take(void *rlimits, char *text)
{
	return rlimit_put(*(cJSON **)rlimits, text);
}

static const char *
capability_take(void *set, char *name)
{
	uint64_t more = capability_parse(name);

	*(uint64_t *)set |= more;
	return more ? NULL : "must be a capability's name, or ALL";
}

static const char *
annotation_take(void *annotations, char *text)
{
	cJSON *all = *(cJSON **)annotations;
	char *value = strchr(text, '='), *name;

	if (!value || value == text)
		return "must be NAME=VALUE";
	name = xstrndup(text, (size_t)(value - text));
	cJSON_DeleteItemFromObjectCaseSensitive(all, name);
	cJSON_AddStringToObject(all, name, value + 1);
	free(name);
	return NULL;
}

static const struct option_line lines[] = {
    {"replace", 0, NULL,
	"put the root file system of IMAGE in the place of another image's",
	OPTION_FLAG(replace)},
    {"rootfs", 0, "DIR",
	"DIR is the root file system, nothing is unpacked; IMAGE may be left "
	"out",
	OPTION_STRING(rootfs)},
    {"layers", 0, "DIR",
	"the root file system is an overlay mount of layers that images share "
	"in DIR",
	OPTION_STRING(layers)},
    {"objects", 0, "DIR",
	"share files with other root file systems, by way of DIR",
	OPTION_STRING(objects)},
    {"env", 'e', "NAME[=VALUE]", "set a variable, or take it from here",
	OPTION_CALL(env, env_take)},
    {"env-file", 0, "FILE", "likewise, each line of FILE",
	OPTION_CALL(env, env_file_take)},
    {"entrypoint", 0, "PROGRAM", "in place of the image's and its Cmd",
	OPTION_STRING(entrypoint), .empty = true},
    {"workdir", 'w', "DIR", "where the process starts",
	OPTION_CALL(workdir, workdir_take)},
    {"user", 'u', "USER[:GROUP]", "who it is, by name or number",
	OPTION_STRING(user)},
    {"tty", 't', NULL,
	"with a terminal; oci-run decides where neither this nor --no-tty is "
	"given",
	OPTION_SET(tty, TTY_YES)},
    {"no-tty", 0, NULL, "without one", OPTION_SET(tty, TTY_NO)},
    {"volume", 'v', "SRC:DST[:OPT]", "a directory or file of the host",
	OPTION_CALL(mounts, volume_take)},
    {"mount", 0, "type=T,...", "the same in full, or a tmpfs",
	OPTION_CALL(mounts, mount_take)},
    {"image-volume", 0, "tmpfs|ignore",
	"what becomes of the image's volumes (tmpfs)",
	OPTION_WORD(no_volumes, false, false)},
    {"read-only", 0, NULL, "the root file system is not written to",
	OPTION_FLAG(read_only)},
    {"network", 0, "none|host", "a network of its own, empty (none)",
	OPTION_WORD(host_network, false, false)},
    {"hostname", 0, "NAME", "BUNDLE's last name by default",
	OPTION_CALL(hostname, hostname_take)},
    {"memory", 'm', "BYTES", "limit, with a suffix k, m, g or t",
	OPTION_CALL(memory, memory_take)},
    {"pids-limit", 0, "N", "limit of processes and threads",
	OPTION_NUMBER(pids, 1, PIDS_MAX)},
    {"cpus", 0, "N", "limit of processors, such as 1.5",
	OPTION_CALL(cpu_quota, cpus_take)},
    {"ulimit", 0, "NAME=SOFT[:HARD]", "a limit, such as nofile=1024:4096",
	OPTION_CALL(rlimits, ulimit_take)},
    {"cap-add", 0, "CAP", "a capability more, or ALL",
	OPTION_CALL(cap_add, capability_take)},
    {"cap-drop", 0, "CAP", "one less, or ALL",
	OPTION_CALL(cap_drop, capability_take)},
    {"no-new-privileges", 0, "[true|false]",
	"whether set-user-ID programs are without effect (true)",
	OPTION_WORD(new_privileges, false, false)},
    {"seccomp", 0, "FILE|unconfined", "in place of the default profile",
	OPTION_STRING(seccomp)},
    {"annotation", 0, "NAME=VALUE", "for the runtime and whoever asks it",
	OPTION_CALL(annotations, annotation_take)},
    {"platform", 0, "OS/ARCH[/VARIANT]", "this machine's by default",
	OPTION_CALL(platform, platform_take)},
    {"rootless", 0, NULL, "for an ordinary user; unasked for one",
	OPTION_FLAG(rootless)},
    PROGRESS_OPTIONS(progress),
    {0},
};

/* What one who knows docker run tries. */
static const struct option_elsewhere elsewhere[] = {
    {"interactive", 'i',
	"it isn't needed, for the container reads the standard input of "
	"oci-run; -t gives it a terminal"},
    {"detach", 'd', "it is an option of oci-run"},
    {"init", 0, "it is an option of oci-run"},
    {"name", 0, "a container's name is the ID that oci-run is given"},
    {"rm", 0,
	"it isn't needed, for oci-run leaves nothing of a container but its "
	"rootfs"},
    {"publish", 'p',
	"a container has the host's ports with --network host, else none"},
    {"privileged", 0, "see --cap-add, --seccomp and --no-new-privileges"},
    {"tmpfs", 0, "use --mount type=tmpfs,dst=DIR"},
    {"label", 'l', "use --annotation"},
    {0},
};

static const struct program program = {
    .name = "oci-mkbundle",
    .operands = "IMAGE BUNDLE [-- COMMAND [ARG...]]",
    .about = "Make the directory BUNDLE, which a runtime can run, of an image "
	     "in an OCI layout. IMAGE is DIR[:TAG|@DIGEST]. BUNDLE/rootfs is "
	     "unpacked by oci-unpack unless it is there; BUNDLE/config.json "
	     "is replaced.",
    .options = lines,
    .elsewhere = elsewhere,
    .libraries = {json_library, digest_library},
    .min = 1,
    .max = 2,
    .command = true,
    .notes = "Exit status: 0 when the bundle is there, 1 when it isn't, 2 for "
	     "wrong usage.",
};

/* IMAGE BUNDLE, or with --rootfs BUNDLE alone. */
static void
operands_take(const struct operands *operands, struct options *o)
{
	o->command = operands->command;
	o->image = operands->all[0];
	if (operands->n == 2) {
		o->bundle = operands->all[1];
	} else if (o->rootfs) {
		o->bundle = o->image;
		o->image = NULL;
	} else if (o->command) { /* all of it comes after -- */
		o->bundle = *o->command++;
		if (!*o->command)
			o->command = NULL;
	} else {
		die_usage("an operand is missing: %s", program.operands);
	}
	if (o->rootfs && o->replace)
		die_usage("--replace and --rootfs exclude each other, for "
			  "nothing is unpacked");
	if (o->layers && (o->rootfs || o->rootless))
		die_usage("--layers excludes --rootfs and --rootless, for it "
			  "takes the right to mount");
	if (o->objects && (o->rootfs || o->layers))
		die_usage("--objects excludes --rootfs and --layers, for it is "
			  "about files that are unpacked");
	if (!o->image && !o->command && !o->entrypoint)
		die_usage("--rootfs without IMAGE needs the command to run, "
			  "after --");
}

/* A source may come before the bundle is run: no error, but a likely slip. */
static void
sources_look(const cJSON *mounts)
{
	const cJSON *m;
	const char *source;

	for (m = mounts->child; m; m = m->next) {
		source = json_get(m, "source")->valuestring;
		if (!strcmp(json_get(m, "type")->valuestring, "bind") &&
		    access(source, F_OK) < 0 &&
		    (errno == ENOENT || errno == ENOTDIR))
			warn("%s: isn't there, so that the bundle won't run "
			     "before it is",
			    source);
	}
}

void
options_parse(int argc, char **argv, struct options *o)
{
	struct operands operands;

	*o = (struct options){.rootless = geteuid() != 0};
	o->env = cJSON_CreateArray();
	o->mounts = cJSON_CreateArray();
	o->rlimits = cJSON_CreateArray();
	o->annotations = cJSON_CreateObject();
	options_read(&program, argc, argv, o, &operands);
	operands_take(&operands, o);
	sources_look(o->mounts);
	/* "-" would have to be read by two programs, us and oci-unpack. */
	if (o->image && !strcmp(o->image, "-"))
		die_usage("-: a bundle can't be made from a stream; pipe it to "
			  "oci-layout-write and name that layout");
	o->capabilities = capabilities_change(o->cap_add, o->cap_drop);
}
