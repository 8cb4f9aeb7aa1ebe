/* SPDX-License-Identifier: ISC */
/*
 * What the fuzz targets share.  A target defines LLVMFuzzerTestOneInput and,
 * if it has something to prepare, LLVMFuzzerInitialize; libFuzzer calls them,
 * or t/fuzz/main.c with the seeds.
 */
#ifndef T_FUZZ_FUZZ_H
#define T_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);
int LLVMFuzzerInitialize(int *argc, char ***argv);

/*
 * Call what may die: false when it did.  What it said is held against what
 * lib/die.c promises, and shown when FUZZ_SHOW is set.  Under ASan all that it
 * allocated and left is freed, for a program would have ended by now, and what
 * it opened is closed: nothing of that may be kept in a static variable.
 */
bool fuzz_survived(void (*what)(void *arg), void *arg);

/*
 * A directory of the target's own, below $TMPDIR, which goes at its end: a
 * descriptor, and its name in *path unless that is NULL.
 */
int fuzz_directory(const char **path);

/* Remove what is in it. */
void fuzz_directory_empty(void);

/* The text that the last one died of, without its newline; "" for none. */
const char *fuzz_last_words(void);

/* Whether FUZZ_SHOW is set: more may be said of what goes on. */
bool fuzz_shows(void);

/* Whatever is said must hold; else the input is shown to libFuzzer as bad. */
void fuzz_must(bool holds, const char *what);

/* The input as a string of its own, to be freed: a NUL in it ends it. */
char *fuzz_text(const unsigned char *data, size_t len);

/* Take a line off a text, which changes: the line, or NULL at its end. */
char *fuzz_line(char **text);

#endif
