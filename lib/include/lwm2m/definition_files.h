/*
 * Definitions from files: the OMA's XML form of object definitions (LwM2M Core 1.2, schema
 * LWM2M.xsd), read into a set that stands on top of others.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LWM2M_DEFINITION_FILES_H
#define LWM2M_DEFINITION_FILES_H

#include <stddef.h>

#include <lwm2m/bytes.h>
#include <lwm2m/definition.h>
#include <lwm2m/error.h>

struct lwm2m_definition_set;

/* Why a file was refused. */
struct lwm2m_definition_fault {
    enum lwm2m_error error;
    unsigned long line; /* from 1; 0: the file as a whole */
    char reason[160];   /* continues "FILE:LINE: " */
};

/* parent is borrowed and must outlive the set; it may be NULL. LWM2M_NO_MEMORY. */
enum lwm2m_error lwm2m_definition_set_new(const struct lwm2m_definitions *parent,
                                          struct lwm2m_definition_set **set) LWM2M_MUST_CHECK;
/* Definitions that were found in it must not be used afterwards. NULL is allowed. */
void lwm2m_definition_set_free(struct lwm2m_definition_set *set);

/*
 * What the set holds now and what stands below; lives as long as the set, and shows what is read
 * into it later.
 */
const struct lwm2m_definitions *
lwm2m_definition_set_definitions(const struct lwm2m_definition_set *set);

/*
 * Reads the objects of an XML text of at most 4 MiB: all, or with an error none. A version of an
 * object that the set has already is replaced. *fault says why not. LWM2M_MALFORMED (not well
 * formed, or an element that is missing, comes twice or holds what it cannot), LWM2M_TOO_LARGE,
 * LWM2M_NO_MEMORY.
 */
enum lwm2m_error lwm2m_definition_set_read(struct lwm2m_definition_set *set, struct lwm2m_bytes xml,
                                           struct lwm2m_definition_fault *fault) LWM2M_MUST_CHECK;

/* The same from a file. LWM2M_IO besides: it cannot be read, and *fault says why. */
enum lwm2m_error
lwm2m_definition_set_read_file(struct lwm2m_definition_set *set, const char *path,
                               struct lwm2m_definition_fault *fault) LWM2M_MUST_CHECK;

/*
 * The same from every file of a directory whose name ends in ".xml", by name. A file that is
 * refused is told to on_refused, and the others are read all the same. *read_count (may be NULL):
 * how many files were read. LWM2M_IO (the directory cannot be read; *fault says why),
 * LWM2M_NO_MEMORY.
 */
enum lwm2m_error lwm2m_definition_set_read_directory(
    struct lwm2m_definition_set *set, const char *path,
    void (*on_refused)(void *context, const char *path, const struct lwm2m_definition_fault *fault),
    void *context, size_t *read_count, struct lwm2m_definition_fault *fault) LWM2M_MUST_CHECK;

/* Errors: the text would be refused. Warnings: it can be read, but is not as the OMA's schema and
 * registry want it. */
enum lwm2m_definition_level {
    LWM2M_DEFINITION_ERROR,
    LWM2M_DEFINITION_WARNING,
};

struct lwm2m_definition_finding {
    enum lwm2m_definition_level level;
    unsigned long line;   /* from 1; 0: the text as a whole */
    unsigned long column; /* from 1, in bytes; 0 as for line */
    char text[200];       /* for people */
};

/*
 * Tells all that is wrong in an XML text, where lwm2m_definition_set_read stops at the first
 * error. registry (may be NULL): where the reusable resources are. LWM2M_MALFORMED or
 * LWM2M_TOO_LARGE where an error was told, LWM2M_NO_MEMORY; warnings alone are LWM2M_OK.
 */
enum lwm2m_error lwm2m_definition_lint(
    struct lwm2m_bytes xml, const struct lwm2m_definitions *registry,
    void (*on_finding)(void *context, const struct lwm2m_definition_finding *finding),
    void *context) LWM2M_MUST_CHECK;

/* The same from a file. LWM2M_IO besides: it cannot be read, and that is the finding. */
enum lwm2m_error lwm2m_definition_lint_file(
    const char *path, const struct lwm2m_definitions *registry,
    void (*on_finding)(void *context, const struct lwm2m_definition_finding *finding),
    void *context) LWM2M_MUST_CHECK;

#endif
