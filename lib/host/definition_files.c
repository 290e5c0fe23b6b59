/*
 * Reads files and directories of definitions.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "host/definition_set.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* One more than the longest that is read, so that what is too long is seen to be. */
#define FILE_MAX (((size_t)4 << 20) + 1)

static enum lwm2m_error fail(struct lwm2m_definition_fault *fault, enum lwm2m_error error,
                             const char *reason)
{
    *fault = (struct lwm2m_definition_fault){.error = error};
    snprintf(fault->reason, sizeof(fault->reason), "%s", reason);
    return error;
}

/* Up to FILE_MAX bytes of an open file. */
static enum lwm2m_error read_all(int file, uint8_t **memory, size_t *length)
{
    size_t capacity = 65536;
    uint8_t *bytes = malloc(capacity);
    *length = 0;
    while (bytes != NULL && *length < FILE_MAX) {
        if (*length == capacity) {
            uint8_t *larger = realloc(bytes, capacity *= 2);
            if (larger == NULL) {
                break;
            }
            bytes = larger;
        }
        ssize_t count = read(file, bytes + *length, capacity - *length);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            *memory = bytes;
            return count == 0 ? LWM2M_OK : LWM2M_IO;
        }
        *length += (size_t)count;
    }
    *memory = bytes;
    return *length >= FILE_MAX ? LWM2M_OK : LWM2M_NO_MEMORY;
}

/* All of a file, or why not in *fault. The caller frees the memory, also after an error. */
static enum lwm2m_error read_path(const char *path, uint8_t **memory, size_t *length,
                                  struct lwm2m_definition_fault *fault)
{
    *memory = NULL;
    /* A pipe that nobody writes to must not stop the program. */
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) {
        return fail(fault, LWM2M_IO, strerror(errno));
    }
    enum lwm2m_error error = read_all(file, memory, length);
    if (error != LWM2M_OK) {
        fail(fault, error, error == LWM2M_IO ? strerror(errno) : lwm2m_error_text(error));
    }
    close(file);
    return error;
}

enum lwm2m_error lwm2m_definition_set_read_file(struct lwm2m_definition_set *set, const char *path,
                                                struct lwm2m_definition_fault *fault)
{
    uint8_t *memory;
    size_t length;
    enum lwm2m_error error = read_path(path, &memory, &length, fault);
    if (error == LWM2M_OK) {
        error = lwm2m_definition_set_read_source(set, (struct lwm2m_bytes){memory, length}, path,
                                                 fault);
    }
    free(memory);
    return error;
}

enum lwm2m_error lwm2m_definition_lint_file(
    const char *path, const struct lwm2m_definitions *registry,
    void (*on_finding)(void *context, const struct lwm2m_definition_finding *finding),
    void *context)
{
    struct lwm2m_definition_finding finding = {.level = LWM2M_DEFINITION_ERROR};
    struct lwm2m_definition_fault fault;
    uint8_t *memory;
    size_t length;
    enum lwm2m_error error = read_path(path, &memory, &length, &fault);
    if (error == LWM2M_OK) {
        error = lwm2m_definition_lint((struct lwm2m_bytes){memory, length}, registry, on_finding,
                                      context);
    } else {
        snprintf(finding.text, sizeof(finding.text), "%s", fault.reason);
        on_finding(context, &finding);
    }
    free(memory);
    return error;
}

static int is_definition(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);
    return length > 4 && entry->d_name[0] != '.' && strcmp(entry->d_name + length - 4, ".xml") == 0;
}

enum lwm2m_error lwm2m_definition_set_read_directory(
    struct lwm2m_definition_set *set, const char *path,
    void (*on_refused)(void *context, const char *path, const struct lwm2m_definition_fault *fault),
    void *context, size_t *read_count, struct lwm2m_definition_fault *fault)
{
    struct dirent **entries;
    size_t done = 0;
    char name[PATH_MAX];
    int count = scandir(path, &entries, is_definition, alphasort);
    if (count < 0) {
        return fail(fault, errno == ENOMEM ? LWM2M_NO_MEMORY : LWM2M_IO, strerror(errno));
    }
    for (int i = 0; i < count; i++) {
        struct lwm2m_definition_fault refusal;
        /* A path that is cut off names no file, and is refused for that. */
        (void)!snprintf(name, sizeof(name), "%s/%s", path, entries[i]->d_name);
        if (lwm2m_definition_set_read_file(set, name, &refusal) == LWM2M_OK) {
            done++;
        } else {
            on_refused(context, name, &refusal);
        }
        free(entries[i]);
    }
    free(entries);
    if (read_count != NULL) {
        *read_count = done;
    }
    return LWM2M_OK;
}
