/* SPDX-License-Identifier: ISC */
/* Reads "process" of config.json, or one alone (config.md, "Process"). */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "run/process/capabilities.h"
#include "run/spec/json.h"

#define GIDS_MAX 65536 /* NGROUPS_MAX */

static const struct {
	const char *name;
	int resource;
} rlimit_names[] = {
    {"RLIMIT_AS", RLIMIT_AS},
    {"RLIMIT_CORE", RLIMIT_CORE},
    {"RLIMIT_CPU", RLIMIT_CPU},
    {"RLIMIT_DATA", RLIMIT_DATA},
    {"RLIMIT_FSIZE", RLIMIT_FSIZE},
    {"RLIMIT_LOCKS", RLIMIT_LOCKS},
    {"RLIMIT_MEMLOCK", RLIMIT_MEMLOCK},
    {"RLIMIT_MSGQUEUE", RLIMIT_MSGQUEUE},
    {"RLIMIT_NICE", RLIMIT_NICE},
    {"RLIMIT_NOFILE", RLIMIT_NOFILE},
    {"RLIMIT_NPROC", RLIMIT_NPROC},
    {"RLIMIT_RSS", RLIMIT_RSS},
    {"RLIMIT_RTPRIO", RLIMIT_RTPRIO},
    {"RLIMIT_RTTIME", RLIMIT_RTTIME},
    {"RLIMIT_SIGPENDING", RLIMIT_SIGPENDING},
    {"RLIMIT_STACK", RLIMIT_STACK},
};

static int
rlimit_resource(const char *name)
{
	for (size_t i = 0; i < sizeof rlimit_names / sizeof *rlimit_names; i++)
		if (strcmp(rlimit_names[i].name, name) == 0)
			return rlimit_names[i].resource;
	spec_die("process", "rlimits",
	    "%s: no limit of Linux (they are called RLIMIT_NOFILE and so on, "
	    "see setrlimit(2))",
	    name);
}

static uint64_t
rlimit_value(const cJSON *json, const char *name)
{
	const cJSON *item = json_get(json, name);
	uint64_t n;
	int64_t negative;

	/* -1 for "unlimited" is not in the specification, but in the wild. */
	if (json_int(item, -1, -1, &negative) == 0)
		return RLIM_INFINITY;
	if (json_uint(item, UINT64_MAX, &n) < 0)
		spec_die("process.rlimits", name,
		    "%s: must be an integer from 0 to 18446744073709551615, "
		    "which is no limit",
		    item ? json_text(item) : "nothing");
	return n;
}

/*
 * What a process may have at most is the machine's (fs.nr_open), and nobody
 * may ask for more.  What it has already isn't asked for.
 */
static void
nofile_check(const struct rlimit_spec *r)
{
	struct rlimit now;
	uint64_t most;
	char *text;

	if (r->resource != RLIMIT_NOFILE ||
	    (getrlimit(r->resource, &now) == 0 && now.rlim_max == r->hard))
		return;
	text = io_slurp_at(AT_FDCWD, "/proc/sys/fs/nr_open", 64, NULL);
	most = text ? strtoull(text, NULL, 10) : 0;
	free(text);
	if (most && r->hard > most)
		spec_die("process.rlimits", r->type,
		    "hard, %llu, must be no more than %llu (fs.nr_open)",
		    (unsigned long long)r->hard, (unsigned long long)most);
}

static void
process_rlimits(const cJSON *json, struct process_spec *p)
{
	const cJSON *item =
	    get_objects(json, "process", "rlimits", &p->nrlimits);
	struct rlimit_spec *r;

	r = p->rlimits = xcalloc(p->nrlimits, sizeof(*r));
	for (; item; item = item->next, r++) {
		r->type = need_string(item, "process.rlimits", "type");
		r->resource = rlimit_resource(r->type);
		r->soft = rlimit_value(item, "soft");
		r->hard = rlimit_value(item, "hard");
		if (r->soft > r->hard)
			spec_die("process.rlimits", r->type,
			    "soft, %llu, must be no more than hard, %llu",
			    (unsigned long long)r->soft,
			    (unsigned long long)r->hard);
		nofile_check(r);
		for (struct rlimit_spec *q = p->rlimits; q < r; q++)
			if (q->resource == r->resource)
				spec_die("process", "rlimits",
				    "%s: given twice", r->type);
	}
}

static void
process_user(const cJSON *json, struct process_spec *p)
{
	const cJSON *user = get_object(json, "process", "user"), *gids;
	const uint32_t most = UINT32_MAX - 1; /* the last one means "none" */
	int64_t n;

	n = user ? get_int(user, "process.user", "uid", 0, most) : 0;
	p->uid = n == UNSET ? 0 : n;
	n = user ? get_int(user, "process.user", "gid", 0, most) : 0;
	p->gid = n == UNSET ? 0 : n;
	p->umask =
	    user ? get_int(user, "process.user", "umask", 0, 0777) : UNSET;
	gids = user ? json_get(user, "additionalGids") : NULL;
	if (gids && !cJSON_IsArray(gids))
		spec_die("process.user", "additionalGids", "must be an array");
	if (cJSON_GetArraySize(gids) > GIDS_MAX)
		spec_die("process.user", "additionalGids",
		    "has more than %d groups", GIDS_MAX);
	p->gids = xcalloc(cJSON_GetArraySize(gids), sizeof(*p->gids));
	for (gids = gids ? gids->child : NULL; gids; gids = gids->next) {
		if (json_int(gids, 0, most, &n) < 0)
			spec_die("process.user", "additionalGids",
			    "%s: must be an integer from 0 to %lld",
			    json_text(gids), (long long)most);
		p->gids[p->ngids++] = n;
	}
}

/* Names that this program doesn't know are passed over with a warning. */
static uint64_t
capability_set(const cJSON *json, const char *name)
{
	char **names = get_strings(json, "process.capabilities", name);
	uint64_t set = 0;
	int n;

	for (; *names; names++) {
		n = capability_number(*names);
		if (n < 0)
			warn("process.capabilities.%s: %s is "
			     "unknown, and ignored",
			    name, *names);
		else
			set |= UINT64_C(1) << n;
	}
	return set;
}

static void
process_capabilities(const cJSON *json, struct process_spec *p)
{
	const cJSON *caps = get_object(json, "process", "capabilities");

	if (!caps)
		return;
	p->bounding = capability_set(caps, "bounding");
	p->effective = capability_set(caps, "effective");
	p->inheritable = capability_set(caps, "inheritable");
	p->permitted = capability_set(caps, "permitted");
	p->ambient = capability_set(caps, "ambient");
}

static void
process_console(const cJSON *json, struct process_spec *p)
{
	const cJSON *size = get_object(json, "process", "consoleSize");

	p->terminal = get_bool(json, "process", "terminal");
	p->terminal_said = json_get(json, "terminal") != NULL;
	if (!size)
		return;
	p->rows = need_int(size, "process.consoleSize", "height", 0, 65535);
	p->columns = need_int(size, "process.consoleSize", "width", 0, 65535);
}

static void
processors(const cJSON *json, const char *name, struct processors *p)
{
	const char *list = get_string(json, "process.execCPUAffinity", name),
		   *why;

	if (!list || !*list)
		return;
	why = processors_parse(p, list);
	if (why)
		spec_die("process.execCPUAffinity", name, "%s: %s", list, why);
}

/* For other processes than the first: oci-exec's. */
static void
process_affinity(const cJSON *json, struct affinity *a)
{
	const cJSON *item = get_object(json, "process", "execCPUAffinity");

	*a = (struct affinity){0};
	if (!item)
		return;
	processors(item, "initial", &a->initial);
	processors(item, "final", &a->final);
	a->said = a->initial.set || a->final.set;
}

void
spec_process_object(const cJSON *json, struct process_spec *p)
{
	const char *const undone[] = {
	    "apparmorProfile", "selinuxLabel", "scheduler", "ioPriority", NULL};

	refuse(json, "process", undone);
	process_affinity(json, &p->affinity);
	process_console(json, p);
	process_user(json, p);
	p->args = get_strings(json, "process", "args");
	p->env = get_strings(json, "process", "env");
	p->cwd = need_string(json, "process", "cwd");
	if (*p->cwd != '/')
		spec_die(
		    "process", "cwd", "%s: must be an absolute path", p->cwd);
	process_capabilities(json, p);
	process_rlimits(json, p);
	p->no_new_privileges = get_bool(json, "process", "noNewPrivileges");
	p->oom_score_adj = get_int(json, "process", "oomScoreAdj", -1000, 1000);
}

void
spec_process(const cJSON *root, struct process_spec *p)
{
	const cJSON *json = get_object(root, "", "process");

	if (!json)
		spec_die("", "process", "must be given");
	spec_process_object(json, p);
}
