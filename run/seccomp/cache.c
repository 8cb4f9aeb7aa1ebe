/* SPDX-License-Identifier: ISC */
/*
 * Compiled seccomp filters, kept in the state directory.
 *
 * A file holds a header, the key and the program.  The key is everything that
 * the program was made from, and it is compared byte for byte: the hash in
 * the file's name only finds the file.  Who could write a file could choose a
 * filter, so one is trusted only as far as the state beside it is, which
 * decides what is killed: it must be ours, and nobody else's to write.
 */
#include <dirent.h>
#include <fcntl.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/die.h"
#include "lib/io.h"
#include "lib/mem.h"
#include "run/seccomp/cache.h"
#include "run/seccomp/filter.h"
#include "run/seccomp/library.h"
#include "run/spec/spec.h"

#define MAGIC "seccomp2" /* to be counted up with the format of file or key */
#define KEPT 32          /* files at most */
#define MODE 0600

/* The colon can be in no ID: the name is never that of a container to be. */
#define PREFIX ".seccomp:"

struct header {
	char magic[8];
	uint64_t key_len;  /* bytes */
	uint64_t checksum; /* of the program: a torn write is none */
	uint32_t len;      /* instructions */
	uint32_t flags;    /* SECCOMP_FILTER_FLAG_... */
};

/* FNV-1a, of 64 bits. */
static uint64_t
hash(const void *p, size_t n)
{
	const unsigned char *at = p;
	uint64_t h = 0xcbf29ce484222325;

	while (n--)
		h = (h ^ *at++) * 0x100000001b3;
	return h;
}

static void
key_number(struct buf *key, uint64_t n)
{
	buf_add(key, &n, sizeof n);
}

/* Lengths come first, so that no two specifications have the same key. */
static void
key_text(struct buf *key, const char *text)
{
	size_t len = strlen(text);

	key_number(key, len);
	buf_add(key, text, len);
}

static void
key_texts(struct buf *key, char **texts)
{
	size_t n = 0;

	while (texts && texts[n])
		n++;
	key_number(key, n);
	for (size_t i = 0; i < n; i++)
		key_text(key, texts[i]);
}

static void
key_rule(struct buf *key, const struct seccomp_rule *r)
{
	key_texts(key, r->names);
	key_text(key, r->action);
	key_number(key, r->errno_ret);
	key_number(key, r->nargs);
	for (size_t i = 0; i < r->nargs; i++) {
		key_number(key, r->args[i].index);
		key_number(key, r->args[i].value);
		key_number(key, r->args[i].value_two);
		key_text(key, r->args[i].op);
	}
}

/* Who compiles for which kernel: another may come to another program. */
static void
key_surroundings(struct buf *key)
{
	const struct scmp_version *library = seccomp_version();
	struct utsname kernel;

	if (uname(&kernel) < 0)
		diesys("uname");
	key_text(key, VERSION);
	key_text(key, kernel.release);
	key_text(key, kernel.machine);
	key_number(key, library->major);
	key_number(key, library->minor);
	key_number(key, library->micro);
}

static struct buf
key_make(const struct seccomp_spec *spec)
{
	struct buf key = {0};

	key_surroundings(&key);
	key_text(&key, spec->default_action);
	key_number(&key, spec->default_errno);
	key_texts(&key, spec->architectures);
	key_texts(&key, spec->flags);
	key_number(&key, spec->nrules);
	for (size_t i = 0; i < spec->nrules; i++)
		key_rule(&key, &spec->rules[i]);
	return key;
}

static bool
file_trusted(int fd, size_t key_len, size_t *size)
{
	struct stat st;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
	    st.st_uid != geteuid() || (st.st_mode & 07777) != MODE)
		return false;
	*size = st.st_size;
	return st.st_size > (off_t)(sizeof(struct header) + key_len) &&
	       *size - sizeof(struct header) - key_len <=
		   BPF_MAXINSNS * sizeof(struct sock_filter);
}

/* The filter in the bytes of a file, or NULL when they aren't key's. */
static struct seccomp_filter *
filter_parse(const char *data, size_t size, const struct buf *key)
{
	const char *program = data + sizeof(struct header) + key->len;
	struct seccomp_filter *f;
	struct header h;
	size_t bytes;

	memcpy(&h, data, sizeof h);
	bytes = h.len * sizeof(struct sock_filter);
	if (memcmp(h.magic, MAGIC, sizeof h.magic) != 0 ||
	    h.key_len != key->len || h.len < 1 || h.len > BPF_MAXINSNS ||
	    size != sizeof h + key->len + bytes ||
	    memcmp(data + sizeof h, key->data, key->len) != 0 ||
	    h.checksum != hash(program, bytes))
		return NULL;
	f = xcalloc(1, sizeof *f);
	f->flags = h.flags;
	f->program.len = h.len;
	f->program.filter = xmalloc(bytes);
	memcpy(f->program.filter, program, bytes);
	return f;
}

static struct seccomp_filter *
filter_read(int root, const char *name, const struct buf *key)
{
	struct seccomp_filter *f = NULL;
	size_t size;
	char *data;
	int fd;

	/* A FIFO of that name must not make anybody wait. */
	fd = openat(root, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	if (file_trusted(fd, key->len, &size)) {
		data = xmalloc(size);
		if (io_read(fd, data, size) == (ssize_t)size)
			f = filter_parse(data, size, key);
		free(data);
	}
	close(fd);
	return f;
}

static void
filter_write(int root, const char *name, const struct buf *key,
    const struct seccomp_filter *f)
{
	size_t bytes = f->program.len * sizeof(struct sock_filter);
	struct header h = {
	    .key_len = key->len,
	    .checksum = hash(f->program.filter, bytes),
	    .len = f->program.len,
	    .flags = f->flags,
	};
	struct buf data = {0};

	memcpy(h.magic, MAGIC, sizeof h.magic);
	buf_add(&data, &h, sizeof h);
	buf_add(&data, key->data, key->len);
	buf_add(&data, f->program.filter, bytes);
	/* Where it can't be kept, the next one compiles its own. */
	io_replace_unsynced(root, name, data.data, data.len, MODE);
	buf_free(&data);
}

/* A file of ours, or the rest of one that was being written. */
static bool
is_ours(const char *name)
{
	return strncmp(name + (strncmp(name, "..", 2) == 0), PREFIX,
		   strlen(PREFIX)) == 0;
}

/* Remove the oldest file when there are more than KEPT: whether one went. */
static bool
oldest_remove(int root)
{
	char oldest[256] = "";
	struct timespec then = {0};
	struct dirent *e;
	struct stat st;
	size_t n = 0;
	DIR *d;
	int fd;

	fd = openat(root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return false;
	d = fdopendir(fd);
	if (!d)
		die("out of memory");
	while ((e = readdir(d))) {
		if (!is_ours(e->d_name) ||
		    fstatat(root, e->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		if (n++ && (st.st_mtim.tv_sec > then.tv_sec ||
			       (st.st_mtim.tv_sec == then.tv_sec &&
				   st.st_mtim.tv_nsec >= then.tv_nsec)))
			continue;
		then = st.st_mtim;
		strcpy(oldest, e->d_name);
	}
	closedir(d);
	return n > KEPT && unlinkat(root, oldest, 0) == 0;
}

struct seccomp_filter *
seccomp_cached(int root, const struct seccomp_spec *spec)
{
	struct buf key = key_make(spec);
	char *name =
	    xasprintf(PREFIX "%016jx", (uintmax_t)hash(key.data, key.len));
	struct seccomp_filter *f = filter_read(root, name, &key);

	if (!f) {
		f = seccomp_compile(spec);
		filter_write(root, name, &key, f);
		while (oldest_remove(root))
			;
	}
	free(name);
	buf_free(&key);
	return f;
}
