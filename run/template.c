/* SPDX-License-Identifier: ISC */
/* A config.json to begin with: what runc spec writes. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/io.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "lib/options.h"
#include "lib/syscalls.h"
#include "run/template.h"

#define FILE_NAME "config.json"
#define VERSION_NEEDED "1.0.2" /* older runtimes refuse a newer one */

struct options {
	const char *bundle;
	bool rootless;
};

static const struct option_line lines[] = {
    {"bundle", 'b', "DIR", "the bundle (.)", OPTION_STRING(bundle)},
    {"rootless", 0, NULL,
	"for an ordinary user: in a user namespace, with the host's network",
	OPTION_FLAG(rootless)},
    {0},
};

static const struct program program = {
    .name = "oci-runtime spec",
    .operands = "",
    .about = "Write a config.json to begin with, of a shell in rootfs, into a "
	     "bundle that has none.",
    .options = lines,
    .libraries = {json_library},
    .notes = "Exit status: 0 done, 1 failed, 2 wrong usage.",
};

#define CAPABILITIES "['CAP_AUDIT_WRITE','CAP_KILL','CAP_NET_BIND_SERVICE']"

/* With ' for ", which is in no text of it. */
static const char text[] =
    "{'ociVersion': '%s', "
    "'process': {'terminal': true, 'user': {'uid': 0, 'gid': 0}, 'args': "
    "['sh'], "
    " 'env': "
    "['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', "
    "  'TERM=xterm'], "
    " 'cwd': '/', "
    " 'capabilities': { "
    "  'bounding': %s, "
    "  'effective': %s, "
    "  'permitted': %s}, "
    " 'rlimits': [{'type': 'RLIMIT_NOFILE', 'hard': 1024, 'soft': 1024}], "
    " 'noNewPrivileges': true}, "
    "'root': {'path': 'rootfs', 'readonly': true}, "
    "'hostname': 'container', "
    "'mounts': [ "
    " {'destination': '/proc', 'type': 'proc', 'source': 'proc'}, "
    " {'destination': '/dev', 'type': 'tmpfs', 'source': 'tmpfs', "
    "  'options': ['nosuid', 'strictatime', 'mode=755', 'size=65536k']}, "
    " {'destination': '/dev/pts', 'type': 'devpts', 'source': 'devpts', "
    "  'options': ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', "
    "'mode=0620'%s]}, "
    " {'destination': '/dev/shm', 'type': 'tmpfs', 'source': 'shm', "
    "  'options': ['nosuid', 'noexec', 'nodev', 'mode=1777', 'size=65536k']}, "
    " {'destination': '/dev/mqueue', 'type': 'mqueue', 'source': 'mqueue', "
    "  'options': ['nosuid', 'noexec', 'nodev']}, "
    " {'destination': '/sys', %s}, "
    " {'destination': '/sys/fs/cgroup', 'type': 'cgroup', 'source': 'cgroup', "
    "  'options': ['nosuid', 'noexec', 'nodev', 'relatime', 'ro']}], "
    "'linux': { "
    " %s "
    " 'namespaces': [{'type': 'pid'}, {'type': 'ipc'}, {'type': 'uts'}, "
    "  {'type': 'mount'}, %s%s], "
    " 'maskedPaths': ['/proc/acpi', '/proc/asound', '/proc/kcore', "
    "'/proc/keys', "
    "  '/proc/latency_stats', '/proc/timer_list', '/proc/timer_stats', "
    "  '/proc/sched_debug', '/sys/firmware', '/proc/scsi'], "
    " 'readonlyPaths': ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', "
    "  '/proc/sysrq-trigger']}} ";

/* What differs for an ordinary user, the ids of whom are to be filled in. */
static const char rootless_ids[] =
    "'uidMappings':[{'containerID':0,'hostID':%u,'size':1}],"
    "'gidMappings':[{'containerID':0,'hostID':%u,'size':1}],";
static const char rootless_sys[] =
    "'type':'none','source':'/sys',"
    "'options':['rbind','nosuid','noexec','nodev','ro']";
static const char root_sys[] = "'type':'sysfs','source':'sysfs',"
			       "'options':['nosuid','noexec','nodev','ro']";
static const char root_devices[] =
    "'resources':{'devices':[{'allow':false,'access':'rwm'}]},";

/* Where there is but v2 the container sees its own part of it. */
static const char *
cgroup_namespace(void)
{
	struct statfs fs;

	return statfs("/sys/fs/cgroup", &fs) == 0 &&
		       fs.f_type == CGROUP2_SUPER_MAGIC
		   ? ",{'type':'cgroup'}"
		   : "";
}

/* Owned. */
static char *
template_text(bool rootless)
{
	char *ids =
	    xasprintf(rootless_ids, (unsigned)geteuid(), (unsigned)getegid());
	char *json = xasprintf(text, VERSION_NEEDED, CAPABILITIES, CAPABILITIES,
	    CAPABILITIES, rootless ? "" : ",'gid=5'",
	    rootless ? rootless_sys : root_sys, rootless ? ids : root_devices,
	    rootless ? "{'type':'user'}" : "{'type':'network'}",
	    cgroup_namespace());
	const char *why;
	cJSON *config;

	free(ids);
	for (char *p = json; (p = strchr(p, '\'')); p++)
		*p = '"';
	config = json_parse(json, strlen(json), &why);
	free(json);
	if (!config)
		die("the template: %s", why);
	json = json_pretty(config);
	cJSON_Delete(config);
	return json;
}

/* Where there are no links: have the name, if nobody has. */
static int
name_claim(int dir)
{
	int fd = openat(
	    dir, FILE_NAME, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

	return fd < 0 ? -1 : close(fd);
}

/* What stands there is somebody's work. */
static void
write_new(int dir, const char *json)
{
	char *name = xasprintf("." FILE_NAME ".%d.new", (int)getpid());
	char *line = xasprintf("%s\n", json);
	int r;

	if (io_replace(dir, name, line, strlen(line), 0666) < 0)
		diesys(FILE_NAME);
	r = linkat(dir, name, dir, FILE_NAME, 0);
	if (r < 0 && errno != EEXIST)
		r = name_claim(dir) < 0 ? -1
					: renameat(dir, name, dir, FILE_NAME);
	if (r < 0)
		warnsys(FILE_NAME);
	unlinkat(dir, name, 0);
	if (r < 0)
		die_said(die_status);
	free(line);
	free(name);
}

void
template_command(int argc, char **argv)
{
	struct options o = {.bundle = "."};
	struct operands operands;
	char *json;
	int dir;

	optind = 0; /* getopt has been used on the whole line */
	options_read(&program, argc, argv, &o, &operands);
	dir = open(o.bundle, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		diesys("%s", o.bundle);
	/* A link that leads nowhere is there, too. */
	if (faccessat(dir, FILE_NAME, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		die("File " FILE_NAME " exists. Remove it first");
	json = template_text(o.rootless);
	write_new(dir, json);
	free(json);
	close(dir);
}
