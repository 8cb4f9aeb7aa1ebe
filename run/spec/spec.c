/* SPDX-License-Identifier: ISC */
/*
 * Reads a bundle's config.json (runtime-spec config.md).  What is common to
 * all platforms is here; process, linux and below are read beside it.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/io.h"
#include "lib/jsonfile.h"
#include "lib/mem.h"
#include "run/spec/json.h"

#define CONFIG_MAX (4 << 20) /* bytes; profiles of seccomp are the largest */
#define MOUNTS_MAX 4096
#define UTS_MAX 64 /* uname(2) */

/* Semantic versioning: a 1.x.y of any minor number is read as 1.2 is. */
static char *
spec_version(const cJSON *root)
{
	char *version = need_string(root, "", "ociVersion");

	if (strncmp(version, "1.", 2) != 0)
		spec_die("", "ociVersion", "%s: must be 1.x.y", version);
	return version;
}

static void
spec_root(const cJSON *root, const char *bundle, struct spec *s)
{
	const cJSON *json = get_object(root, "", "root");
	char *path, real[PATH_MAX];
	struct stat st;

	if (!json)
		spec_die("", "root", "must be given");
	path = need_string(json, "root", "path");
	if (*path != '/')
		path = xasprintf("%s/%s", bundle, path);
	if (!realpath(path, real) || stat(real, &st) < 0)
		diesys("config.json: root.path: %s", path);
	if (!S_ISDIR(st.st_mode))
		die("config.json: root.path: %s: Not a directory", path);
	s->root = xstrdup(real);
	s->root_readonly = get_bool(json, "root", "readonly");
}

/* The kernel takes any bytes, but no more of them. */
static char *
spec_name(const cJSON *root, const char *name)
{
	char *text = get_string(root, "", name);

	if (text && strlen(text) > UTS_MAX)
		spec_die("", name, "%s: must be no longer than %d bytes", text,
		    UTS_MAX);
	return text;
}

static bool
is_bind(const struct mount_spec *m)
{
	bool bind = strcmp(m->type, "bind") == 0;

	for (char **o = m->options; *o; o++)
		bind |= strcmp(*o, "bind") == 0 || strcmp(*o, "rbind") == 0;
	return bind;
}

static bool
is_of_device(const struct mount_spec *m)
{
	struct stat st;

	return *m->source == '/' && !is_bind(m) && stat(m->source, &st) == 0 &&
	       S_ISBLK(st.st_mode);
}

/* A bind mount's source is relative to the bundle. */
static const char *
mount_source(const struct mount_spec *m, const char *bundle)
{
	if (is_bind(m) && *m->source != '/')
		return xasprintf("%s/%s", bundle, m->source);
	return m->source;
}

static void
mount_idmaps(const cJSON *json, struct mount_spec *m)
{
	m->uid_map = get_idmap(json, "mounts", "uidMappings", &m->nuid_map);
	m->gid_map = get_idmap(json, "mounts", "gidMappings", &m->ngid_map);
	if (!m->nuid_map != !m->ngid_map)
		spec_die("mounts", m->nuid_map ? "gidMappings" : "uidMappings",
		    "must be given, because the other is for %s",
		    m->destination);
}

static void
spec_mounts(const cJSON *root, const char *bundle, struct spec *s)
{
	const cJSON *json = get_objects(root, "", "mounts", &s->nmounts);
	struct mount_spec *m;

	if (s->nmounts > MOUNTS_MAX)
		spec_die("", "mounts", "has more than %d entries", MOUNTS_MAX);
	m = s->mounts = xcalloc(s->nmounts, sizeof(*m));
	for (; json; json = json->next, m++) {
		m->destination = need_string(json, "mounts", "destination");
		m->type = get_string(json, "mounts", "type");
		m->source = get_string(json, "mounts", "source");
		m->options = get_strings(json, "mounts", "options");
		if (!m->type)
			m->type = "";
		if (!m->source)
			m->source = "";
		m->source = mount_source(m, bundle);
		mount_idmaps(json, m);
		s->mounts_device |= *bundle && is_of_device(m);
	}
}

/* bundle NULL: there is none to look at. */
static void
spec_fill(const cJSON *root, const char *bundle, struct spec *s)
{
	const char *const undone[] = {"vm", "zos", NULL};

	s->version = spec_version(root);
	refuse(root, "", undone);
	s->hostname = spec_name(root, "hostname");
	s->domainname = spec_name(root, "domainname");
	s->annotations = get_pairs(root, "", "annotations");
	if (bundle)
		spec_root(root, bundle, s);
	spec_mounts(root, bundle ? bundle : "", s);
	spec_process(root, &s->process);
	spec_linux(root, s);
	spec_hooks(root, s->hooks);
}

struct spec *
spec_read(const char *bundle)
{
	struct spec *s = xcalloc(1, sizeof *s);
	char *path = xasprintf("%s/config.json", bundle);

	spec_fill(jsonfile_read(
		      AT_FDCWD, path, path, CONFIG_MAX, &s->text, &s->text_len),
	    bundle, s);
	free(path);
	return s;
}

/*
 * The bytes of config.json in a container's directory, owned; NULL with errno.
 * It may be a FIFO that nobody writes to, as state.json may.
 */
static char *
kept_slurp(int dir, size_t *len)
{
	int fd = openat(dir, "config.json",
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	char *text = NULL;
	struct stat st;
	int error;

	if (fd < 0)
		return NULL;
	errno = EINVAL;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		text = io_slurp(fd, CONFIG_MAX, len);
	error = errno;
	close(fd);
	errno = error;
	return text;
}

/* It goes first when a container is deleted, which may be just now. */
static cJSON *
kept_read(int dir, char **text, size_t *len)
{
	*text = kept_slurp(dir, len);
	if (!*text && errno == ENOENT)
		die("config.json of the state isn't there: the container is "
		    "being deleted, or does not exist any more");
	if (!*text && errno == EINVAL)
		die("config.json of the state: is not a regular file");
	return jsonfile_parse(
	    *text, *len, "config.json of the state", CONFIG_MAX);
}

struct spec *
spec_kept(int dir)
{
	struct spec *s = xcalloc(1, sizeof *s);

	spec_fill(kept_read(dir, &s->text, &s->text_len), NULL, s);
	return s;
}

struct spec *
spec_kept_with(int dir, const cJSON *changes)
{
	struct spec *s = xcalloc(1, sizeof *s);
	cJSON *json = kept_read(dir, &s->text, &s->text_len);
	const char *why;

	spec_resources_merge(json, changes);
	free(s->text);
	s->text = json_pretty(json);
	s->text_len = strlen(s->text);
	cJSON_Delete(json);
	/* Numbers are those of a text: see json_int. */
	json = json_parse(s->text, s->text_len, &why);
	if (!json)
		die("config.json: %s", why);
	spec_fill(json, NULL, s);
	return s;
}

void
spec_hooks_kept(int dir, struct hook_list lists[HOOK_POINTS])
{
	const char *why = NULL;
	cJSON *json = NULL;
	size_t len;
	char *text;

	text = kept_slurp(dir, &len);
	if (!text && errno != ENOENT)
		warnsys("config.json of the state: its hooks");
	if (text && !(json = json_parse(text, len, &why)))
		warn("config.json of the state: its hooks: %s", why);
	spec_hooks(json, lists);
	free(text);
}

void
spec_process_read(const char *path, struct process_spec *p)
{
	size_t len;
	char *text;
	cJSON *json =
	    jsonfile_read(AT_FDCWD, path, path, CONFIG_MAX, &text, &len);

	free(text);
	*p = (struct process_spec){0};
	spec_document(path);
	spec_process_object(json, p);
	spec_document("config.json");
}

const struct namespace_spec *
spec_namespace(const struct spec *s, int flag)
{
	for (size_t i = 0; i < s->nnamespaces; i++)
		if (s->namespaces[i].flag == flag)
			return &s->namespaces[i];
	return NULL;
}
