/* SPDX-License-Identifier: ISC */
/*
 * A bundle's config.json; behind a line "---" changes of its resources, as
 * oci-update has them.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "run/spec/spec.h"
#include "t/fuzz/fuzz.h"

static const char *bundle;
static int dir, file;

static void
spec_check(const struct spec *s)
{
	const struct process_spec *p = &s->process;

	fuzz_must(s->text && s->version, "the text is kept");
	fuzz_must(!p->cwd || *p->cwd == '/', "cwd is absolute");
	for (size_t i = 0; i < s->nmounts; i++)
		fuzz_must(!s->mounts[i].nuid_map == !s->mounts[i].ngid_map,
		    "a mount has both maps or none");
	for (size_t i = 0; i < s->nnamespaces; i++)
		fuzz_must(spec_namespace(s, s->namespaces[i].flag) ==
			      &s->namespaces[i],
		    "a namespace comes once");
}

static void
read_it(void *arg)
{
	(void)arg;
	spec_check(spec_read(bundle));
}

static void
read_kept(void *arg)
{
	(void)arg;
	spec_check(spec_kept(dir));
}

static void
read_hooks(void *arg)
{
	struct hook_list lists[HOOK_POINTS];

	(void)arg;
	spec_hooks_kept(dir, lists);
}

static void
change(void *arg)
{
	const char *why;
	cJSON *changes = json_parse(arg, strlen(arg), &why);

	if (changes)
		spec_check(spec_kept_with(dir, changes));
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	dir = fuzz_directory(&bundle);
	file = openat(dir, "config.json", O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	if (file < 0 || mkdirat(dir, "rootfs", 0700) < 0)
		diesys("%s", bundle);
	return 0;
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	char *text = fuzz_text(data, len), *changes = strstr(text, "\n---\n");

	if (changes) {
		len = (size_t)(changes - text);
		changes += 5;
	}
	if (ftruncate(file, 0) < 0 || lseek(file, 0, SEEK_SET) < 0 ||
	    io_write(file, text, len) < 0)
		diesys("%s", bundle);
	if (fuzz_survived(read_it, NULL))
		fuzz_must(fuzz_survived(read_kept, NULL), "it is read again");
	fuzz_survived(read_hooks, NULL);
	if (changes)
		fuzz_survived(change, changes);
	free(text);
	return 0;
}
