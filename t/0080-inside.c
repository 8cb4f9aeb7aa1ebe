/* SPDX-License-Identifier: ISC */
/* lib/inside: the same answers with openat2(2), and without it. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <seccomp.h>

#include "lib/die.h"
#include "lib/inside.h"
#include "t/tap.h"

struct answer {
	int error;
	dev_t dev;
	ino_t ino;
};

static const struct open_case {
	bool root; /* inside_root_open, else inside_open */
	const char *path;
	int flags;
	int error; /* 0: it opens */
} cases[] = {
    {false, "", O_RDONLY | O_DIRECTORY, 0},
    {false, "d/e", O_PATH | O_DIRECTORY, 0},
    {false, "d/e/file", O_RDONLY, 0},
    {false, "d/none", O_PATH, ENOENT},
    {false, "none/file", O_PATH, ENOENT},
    {false, "d/e/file/x", O_PATH, ENOTDIR},
    {false, "d/e/file", O_PATH | O_DIRECTORY, ENOTDIR},
    {false, "link", O_PATH, ELOOP},
    {false, "link", O_PATH | O_DIRECTORY, ELOOP},
    {false, "link", O_RDONLY, ELOOP},
    {false, "link", O_PATH | O_NOFOLLOW, 0},
    {false, "link/file", O_PATH, ELOOP},
    {false, "../outside", O_PATH, EXDEV},
    {true, "/d/e/file", O_RDONLY, 0},
    {true, "d//./e/", O_PATH, 0},
    {true, "d/e/file/", O_PATH, ENOTDIR},
    {true, "/", O_PATH, 0},
    {true, "/../../d", O_PATH, 0},
    {true, "../outside", O_PATH, ENOENT},
    {true, "link/file", O_PATH, 0},
    {true, "link", O_PATH, 0},
    {true, "link", O_PATH | O_NOFOLLOW, 0},
    {true, "link/", O_PATH | O_NOFOLLOW, 0},
    {true, "absolute/file", O_PATH, 0},
    {true, "up/e/file", O_PATH, 0},
    {true, "d/up/file", O_PATH, 0},
    {true, "to-file", O_RDONLY, 0},
    {true, "to-file/", O_PATH, ENOTDIR},
    {true, "to-link", O_PATH, 0},
    {true, "escape", O_PATH, ENOENT},
    {true, "dangling", O_PATH, ENOENT},
    {true, "loop/x", O_PATH, ELOOP},
    {true, "none/../d", O_PATH, ENOENT},
    {true, "d/e/file/../file", O_PATH, ENOTDIR},
    {true, "d/../d/e/../e/file", O_RDONLY, 0},
};
#define N (sizeof cases / sizeof *cases)

static void
make_tree(void)
{
	static const char *const links[][2] = {{"link", "d/e"},
	    {"absolute", "/d/e"}, {"up", "../../../d"}, {"d/up", "../d/./e"},
	    {"to-file", "d/e/file"}, {"to-link", "link/file"},
	    {"escape", "/../../outside"}, {"dangling", "none"},
	    {"loop", "loop"}};
	int fd;

	if (mkdir("outside", 0755) < 0 || mkdir("root", 0755) < 0 ||
	    chdir("root") < 0 || mkdir("d", 0755) < 0 || mkdir("d/e", 0755) < 0)
		diesys("tree");
	fd = open("d/e/file", O_CREAT | O_WRONLY, 0644);
	if (fd < 0)
		diesys("file");
	close(fd);
	for (size_t i = 0; i < sizeof links / sizeof *links; i++)
		if (symlink(links[i][1], links[i][0]) < 0)
			diesys("%s", links[i][0]);
}

static struct answer
ask(int root, const struct open_case *c)
{
	struct answer a = {0};
	struct stat st;
	int fd = c->root ? inside_root_open(root, c->path, c->flags, true)
			 : inside_open(root, c->path, c->flags);

	if (fd < 0) {
		a.error = errno;
		return a;
	}
	if (fstat(fd, &st) < 0)
		diesys("fstat");
	a.dev = st.st_dev;
	a.ino = st.st_ino;
	close(fd);
	return a;
}

static void
mounts(int root, const char *how)
{
	int slash = open("/", O_PATH | O_DIRECTORY), fd;

	printf("# %s\n", how);
	fd = inside_open(slash, "proc", O_PATH);
	ok(fd < 0 && errno == EXDEV, "another mount isn't entered");
	fd = inside_root_open(slash, "proc/self", O_PATH, true);
	ok(fd >= 0, "as a root, it is");
	close(fd);
	fd = inside_root_open(slash, "proc/self", O_PATH, false);
	ok(fd < 0 && errno == EXDEV, "unless that isn't wanted");
	close(slash);
	fd = inside_root_open(root, "", O_PATH, true);
	ok(fd < 0 && errno == ENOENT, "no path is none");
}

/* From now on openat2 gives error; false under QEMU, which has no filters. */
static bool
refuse(int error)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int r;

	if (!filter ||
	    seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ALLOW) <
		0 ||
	    seccomp_rule_add(filter, SCMP_ACT_ERRNO((unsigned)error),
		SCMP_SYS(openat2), 0) < 0)
		die("no filter");
	r = seccomp_load(filter);
	seccomp_release(filter);
	return r == 0;
}

static void
compare(int root, const struct answer with[N])
{
	for (size_t i = 0; i < N; i++) {
		struct answer without = ask(root, &cases[i]);

		printf("# %s: %s\n", cases[i].path, strerror(without.error));
		ok(without.error == with[i].error &&
			without.dev == with[i].dev &&
			without.ino == with[i].ino,
		    "the same without openat2");
	}
	mounts(root, "without");
}

int
main(void)
{
	char dir[] = "/tmp/oci-inside.XXXXXX", clean[64];
	struct answer with[N];
	int root;

	if (!mkdtemp(dir) || chdir(dir) < 0)
		diesys("%s", dir);
	snprintf(clean, sizeof clean, "rm -rf %s", dir);
	make_tree();
	root = open(".", O_PATH | O_DIRECTORY);
	for (size_t i = 0; i < N; i++) {
		with[i] = ask(root, &cases[i]);
		printf("# %s: %s\n", cases[i].path, strerror(with[i].error));
		ok(with[i].error == cases[i].error, "openat2's answer");
	}
	mounts(root, "with openat2");
	if (refuse(ENOSYS))
		compare(root, with);
	else
		ok(true, "without openat2 # SKIP no seccomp filters here");
	if (system(clean) != 0)
		diesys("%s", dir);
	return tap_end();
}
