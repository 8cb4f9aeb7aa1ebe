/* SPDX-License-Identifier: ISC */
/*
 * Members of config.json by type.  where is the path of obj ("linux.seccomp")
 * for messages; each dies when the member is of another type.  Strings are
 * borrowed from the document, which stays for the life of the process.
 */
#ifndef RUN_SPEC_JSON_H
#define RUN_SPEC_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/json.h"
#include "run/spec/spec.h"

/* What messages call the document, in place of config.json; borrowed. */
void spec_document(const char *name);

/* The message that the document is wrong at where.name. */
_Noreturn void spec_die(const char *where, const char *name, const char *fmt,
    ...) __attribute__((__format__(__printf__, 3, 4)));

/* NULL when absent; need_string dies instead. */
char *get_string(const cJSON *obj, const char *where, const char *name);
char *need_string(const cJSON *obj, const char *where, const char *name);

/* NULL-terminated, with no elements when absent. */
char **get_strings(const cJSON *obj, const char *where, const char *name);

/* An object of strings as name, value, ..., NULL; NULL when absent. */
char **get_pairs(const cJSON *obj, const char *where, const char *name);

bool get_bool(const cJSON *obj, const char *where, const char *name);

/* UNSET when absent; need_int dies instead. */
int64_t get_int(const cJSON *obj, const char *where, const char *name,
    int64_t min, int64_t max);
int64_t need_int(const cJSON *obj, const char *where, const char *name,
    int64_t min, int64_t max);

/* As need_int, of numbers up to UINT64_MAX. */
uint64_t need_uint(const cJSON *obj, const char *where, const char *name);

/* NULL when absent. */
const cJSON *get_object(const cJSON *obj, const char *where, const char *name);

/* The elements of an array of objects, NULL when absent; their number in n. */
const cJSON *get_objects(
    const cJSON *obj, const char *where, const char *name, size_t *n);

/*
 * Die when obj has a member of one of the names (NULL-terminated) that asks
 * for something: not null, false, "", [] or {}.
 */
void refuse(const cJSON *obj, const char *where, const char *const *names);

/* An array of uidMappings or gidMappings; owned. */
struct idmap *get_idmap(
    const cJSON *obj, const char *where, const char *name, size_t *n);

/* The parts of config.json, each read by the file of its name. */
void spec_process(const cJSON *root, struct process_spec *p);
void spec_process_object(const cJSON *json, struct process_spec *p);
void spec_linux(const cJSON *root, struct spec *s);
void spec_resources(const cJSON *linux_, struct resources *r);
void spec_block_io(const cJSON *resources, struct block_io *b);
void spec_memory_policy(const cJSON *linux_, struct memory_policy *m);
struct seccomp_spec *spec_seccomp(const cJSON *linux_);

/*
 * Let linux.resources of root say what the object changes says, but for what
 * is not said in there: null, "" and most zeros.  Dies.
 */
void spec_resources_merge(cJSON *root, const cJSON *changes);
void spec_hooks(const cJSON *root, struct hook_list lists[HOOK_POINTS]);

#endif
