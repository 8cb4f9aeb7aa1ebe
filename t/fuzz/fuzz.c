/* SPDX-License-Identifier: ISC */
/* What the fuzz targets share. */
#include "t/fuzz/fuzz.h"

#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "lib/text.h"

#define SLOTS (1 << 16)
#define DESCRIPTORS 128
#define GONE ((const volatile void *)1)

/*
 * What is allocated by the thread and not freed yet: a hash table, and which
 * of its slots were ever used.
 */
static const volatile void *live[SLOTS];
static unsigned used[SLOTS / 2], nused;
static _Thread_local bool watching;

int __sanitizer_install_malloc_and_free_hooks(
    void (*allocated)(const volatile void *p, size_t size),
    void (*freed)(const volatile void *p)) __attribute__((weak));

static unsigned
slot_of(const volatile void *p)
{
	return (unsigned)(((uintptr_t)p >> 4) * 2654435761u >> 8) % SLOTS;
}

static void
allocated(const volatile void *p, size_t size)
{
	unsigned i = slot_of(p);

	(void)size;
	if (!watching || !p || nused == SLOTS / 2)
		return;
	while (live[i])
		i = (i + 1) % SLOTS;
	live[i] = p;
	used[nused++] = i;
}

static void
freed(const volatile void *p)
{
	unsigned i = slot_of(p);

	if (!watching || !p)
		return;
	while (live[i] && live[i] != p)
		i = (i + 1) % SLOTS;
	if (live[i])
		live[i] = GONE;
}

static void
free_all(void)
{
	const volatile void *p;

	watching = false;
	for (unsigned i = 0; i < nused; i++) {
		p = live[used[i]];
		live[used[i]] = NULL;
		if (p != GONE)
			free((void *)p);
	}
	nused = 0;
}

static jmp_buf out;
static bool open_before[DESCRIPTORS];
static char words[8192];

/* One line, of which a terminal has nothing to fear. */
static void
hear(enum die_level level, const char *line, size_t n)
{
	char safe[sizeof words];

	fuzz_must(n < sizeof words, "a line is short");
	fuzz_must(!n || line[n - 1] == '\n', "a line has its end");
	n -= n != 0;
	memcpy(safe, line, n);
	safe[n] = '\0';
	fuzz_must(strlen(safe) == n, "a line has no NUL");
	text_safe(safe);
	fuzz_must(!memcmp(safe, line, n), "a line is safe");
	if (fuzz_shows())
		fprintf(stderr, "%s\n", safe);
	if (level == DIE_ERROR)
		memcpy(words, safe, n + 1);
}

static void
leap(int status)
{
	(void)status;
	longjmp(out, 1);
}

static void
begin(void)
{
	static bool begun;

	if (begun)
		return;
	begun = true;
	die_in_child(leap);
	die_sink(hear);
	cJSON_InitHooks(&(cJSON_Hooks){xmalloc, free});
	if (__sanitizer_install_malloc_and_free_hooks)
		__sanitizer_install_malloc_and_free_hooks(allocated, freed);
}

bool
fuzz_survived(void (*what)(void *arg), void *arg)
{
	volatile bool survived = false;

	begin();
	for (int fd = 0; fd < DESCRIPTORS; fd++)
		open_before[fd] = fcntl(fd, F_GETFD) >= 0;
	*words = '\0';
	watching = true;
	if (!setjmp(out)) {
		what(arg);
		survived = true;
	}
	free_all();
	for (int fd = 0; fd < DESCRIPTORS; fd++)
		if (!open_before[fd])
			close(fd);
	die_about(NULL);
	fuzz_must(survived || *words, "who dies says why");
	return survived;
}

static const char *directory;

static int
each(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st, (void)type;
	return at->level ? remove(path) : 0;
}

void
fuzz_directory_empty(void)
{
	fuzz_must(!nftw(directory, each, 16, FTW_DEPTH | FTW_PHYS),
	    "its directory can be emptied");
}

static void
directory_remove(void)
{
	nftw(directory, each, 16, FTW_DEPTH | FTW_PHYS);
	rmdir(directory);
}

int
fuzz_directory(const char **path)
{
	const char *tmp = getenv("TMPDIR");
	char *name = xasprintf("%s/fuzz.XXXXXX", tmp && *tmp ? tmp : "/tmp");
	int fd;

	if (!mkdtemp(name))
		diesys("%s", name);
	directory = name;
	atexit(directory_remove);
	fd = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		diesys("%s", name);
	if (path)
		*path = name;
	return fd;
}

const char *
fuzz_last_words(void)
{
	return words;
}

bool
fuzz_shows(void)
{
	return getenv("FUZZ_SHOW");
}

void
fuzz_must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "fuzz: it does not hold that %s\n", what);
	if (*words)
		fprintf(stderr, "fuzz: the last words: %s\n", words);
	abort();
}

char *
fuzz_text(const unsigned char *data, size_t len)
{
	char *text = malloc(len + 1);

	memcpy(text, data, len);
	text[len] = '\0';
	return text;
}

char *
fuzz_line(char **text)
{
	char *line = *text, *end;

	if (!line || !*line)
		return NULL;
	end = strchr(line, '\n');
	if (end)
		*end++ = '\0';
	*text = end;
	return line;
}
