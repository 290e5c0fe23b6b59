/*
 * Reads the definitions that a command line and the environment name.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "control/definition_sources.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "output/environment.h"

static bool refuse(const char *path, const struct lwm2m_definition_fault *fault,
                   struct control_outcome *failure)
{
    enum exit_code exit = fault->error == LWM2M_IO || fault->error == LWM2M_NO_MEMORY
                              ? EXIT_CODE_IO
                              : EXIT_CODE_USAGE;
    if (fault->line > 0) {
        control_fail(failure, exit, NULL, "%.200s:%lu: %s", path, fault->line, fault->reason);
    } else {
        control_fail(failure, exit, NULL, "%.200s: %s", path, fault->reason);
    }
    return false;
}

static void warn(void *context, const char *path, const struct lwm2m_definition_fault *fault)
{
    struct control_outcome refusal = {0};
    (void)refuse(path, fault, &refusal);
    print_note(context, 0, "left out: %s", refusal.message);
}

static bool read_directory(struct lwm2m_definition_set *set, const char *path,
                           const struct printer *printer, struct control_outcome *failure)
{
    struct lwm2m_definition_fault fault;
    size_t count;
    /* The printer is handed back as it was. */
    if (lwm2m_definition_set_read_directory(set, path, warn, (void *)(uintptr_t)printer, &count,
                                            &fault) != LWM2M_OK) {
        return refuse(path, &fault, failure);
    }
    print_note(printer, 1, "definitions: %zu files from %s", count, path);
    return true;
}

/* Every directory of "a:b:c". */
static bool read_path_list(struct lwm2m_definition_set *set, const char *list,
                           const struct printer *printer, struct control_outcome *failure)
{
    while (list != NULL && *list != '\0') {
        char path[PATH_MAX];
        size_t length = strcspn(list, ":");
        (void)!snprintf(path, sizeof(path), "%.*s", (int)length, list);
        if (length > 0 && !read_directory(set, path, printer, failure)) {
            snprintf(failure->hint, sizeof(failure->hint), "LWM2M_OBJECTS_PATH names it");
            return false;
        }
        list += length + (list[length] == ':');
    }
    return true;
}

bool definition_file_read(struct lwm2m_definition_set *set, const char *path,
                          struct control_outcome *failure)
{
    struct lwm2m_definition_fault fault;
    return lwm2m_definition_set_read_file(set, path, &fault) == LWM2M_OK ||
           refuse(path, &fault, failure);
}

bool user_definitions_directory(char *path, size_t size)
{
    const char *data = environment("XDG_DATA_HOME");
    const char *home = environment("HOME");
    int length = data != NULL   ? snprintf(path, size, "%s/lwm2m/objects", data)
                 : home != NULL ? snprintf(path, size, "%s/.local/share/lwm2m/objects", home)
                                : -1;
    return length >= 0 && (size_t)length < size;
}

/* What the user has imported; most have not. */
static bool read_users(struct lwm2m_definition_set *set, const struct printer *printer,
                       struct control_outcome *failure)
{
    char path[PATH_MAX];
    return !user_definitions_directory(path, sizeof(path)) || access(path, R_OK | X_OK) != 0 ||
           read_directory(set, path, printer, failure);
}

static bool read_sources(struct definition_library *library,
                         const struct definition_sources *sources, const struct printer *printer,
                         struct control_outcome *failure)
{
    if (!read_users(library->directories, printer, failure) ||
        !read_path_list(library->directories, environment("LWM2M_OBJECTS_PATH"), printer,
                        failure)) {
        return false;
    }
    for (size_t i = 0; i < sources->directories.count; i++) {
        if (!read_directory(library->directories, sources->directories.texts[i], printer,
                            failure)) {
            return false;
        }
    }
    for (size_t i = 0; i < sources->files.count; i++) {
        if (!definition_file_read(library->files, sources->files.texts[i], failure)) {
            return false;
        }
    }
    return true;
}

bool definition_library_read(struct definition_library *library,
                             const struct definition_sources *sources,
                             const struct lwm2m_definitions *parent, const struct printer *printer,
                             struct control_outcome *failure)
{
    *library = (struct definition_library){0};
    if (lwm2m_definition_set_new(parent, &library->directories) != LWM2M_OK ||
        lwm2m_definition_set_new(lwm2m_definition_set_definitions(library->directories),
                                 &library->files) != LWM2M_OK) {
        control_fail(failure, EXIT_CODE_IO, NULL, "out of memory");
        return false;
    }
    return read_sources(library, sources, printer, failure);
}

const struct lwm2m_definitions *
definition_library_definitions(const struct definition_library *library)
{
    return lwm2m_definition_set_definitions(library->files);
}

void definition_library_release(struct definition_library *library)
{
    lwm2m_definition_set_free(library->files);
    lwm2m_definition_set_free(library->directories);
    *library = (struct definition_library){0};
}
