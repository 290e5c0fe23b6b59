/*
 * objects import: copies definitions to where every command finds them.
 *
 * A file of one object is called after the object and its version, so that importing it again
 * replaces it; one of several keeps its name.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands/objects.h"
#include "output/whole_file.h"

struct import {
    const struct objects_query *query;
    char directory[PATH_MAX];
    int exit; /* the first failure counts */
};

static void fail(struct import *import, int exit, const char *path, const char *reason)
{
    print_errorf(import->query->invocation->printer, "%s: %s", path, reason);
    if (import->exit == EXIT_CODE_OK) {
        import->exit = exit;
    }
}

/* ---- files ---- */

/* Makes a directory and those above it. */
static bool make_directory(const char *path)
{
    char part[PATH_MAX];
    snprintf(part, sizeof(part), "%s", path);
    for (char *slash = strchr(part + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(part, 0777) != 0 && errno != EEXIST) {
            return false;
        }
        *slash = '/';
    }
    return mkdir(part, 0777) == 0 || errno == EEXIST;
}

static bool copy_bytes(FILE *from, FILE *to)
{
    char bytes[16384];
    size_t length;
    while ((length = fread(bytes, 1, sizeof(bytes), from)) > 0) {
        if (fwrite(bytes, 1, length, to) != length) {
            return false;
        }
    }
    return !ferror(from);
}

static bool copy_file(const char *path, const char *target)
{
    struct whole_file file;
    FILE *from = fopen(path, "re");
    if (from == NULL) {
        return false;
    }
    bool good = whole_file_open(&file, target, 0644) &&
                whole_file_close(&file, copy_bytes(from, file.stream));
    int error = errno;
    fclose(from);
    errno = error;
    return good;
}

/* ---- one file of definitions ---- */

static bool target_of(const struct import *import, const char *path,
                      const struct lwm2m_definitions *read, char target[PATH_MAX])
{
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    const char *ending =
        strlen(name) > 4 && strcmp(name + strlen(name) - 4, ".xml") == 0 ? "" : ".xml";
    int length =
        read->count == 1
            ? snprintf(target, PATH_MAX, "%s/%u-%u_%u.xml", import->directory, read->objects[0].id,
                       read->objects[0].version.major, read->objects[0].version.minor)
            : snprintf(target, PATH_MAX, "%s/%s%s", import->directory, name, ending);
    return length >= 0 && length < PATH_MAX;
}

static void print_import(const struct import *import, const char *path, const char *target,
                         const struct lwm2m_definitions *read, bool replaced)
{
    const struct printer *printer = import->query->invocation->printer;
    bool dry_run = import->query->options->dry_run;
    for (size_t i = 0; i < read->count; i++) {
        char version[LWM2M_VERSION_TEXT_MAX];
        lwm2m_version_print(read->objects[i].version, version);
        if (printer->form == OUTPUT_JSON) {
            cJSON *result = objects_result_new("import");
            cJSON_AddStringToObject(result, "file", path);
            cJSON_AddStringToObject(result, "to", target);
            cJSON_AddNumberToObject(result, "object", read->objects[i].id);
            cJSON_AddStringToObject(result, "name", read->objects[i].name);
            cJSON_AddStringToObject(result, "ver", version);
            cJSON_AddBoolToObject(result, "replaced", replaced);
            cJSON_AddBoolToObject(result, "dry_run", dry_run);
            (void)objects_result_print(import->query, result);
            continue;
        }
        char *name = text_escape(read->objects[i].name);
        char *safe = text_escape(path);
        fprintf(printer->results, "%s: /%u %s %s %s%s\n", safe != NULL ? safe : "",
                read->objects[i].id, name != NULL ? name : "", version, dry_run ? "would be " : "",
                replaced ? "replaced" : "imported");
        free(safe);
        free(name);
    }
}

static void import_read(struct import *import, const char *path,
                        const struct lwm2m_definitions *read)
{
    char target[PATH_MAX];
    if (!target_of(import, path, read, target)) {
        fail(import, EXIT_CODE_IO, path, "its name is too long");
        return;
    }
    bool replaced = access(target, F_OK) == 0;
    if (!import->query->options->dry_run &&
        (!make_directory(import->directory) || !copy_file(path, target))) {
        fail(import, EXIT_CODE_IO, target, strerror(errno));
        return;
    }
    print_import(import, path, target, read, replaced);
}

static void import_file(struct import *import, const char *path)
{
    struct lwm2m_definition_set *set = NULL;
    struct control_outcome failure = {0};
    if (lwm2m_definition_set_new(NULL, &set) != LWM2M_OK) {
        fail(import, EXIT_CODE_IO, path, "out of memory");
    } else if (!definition_file_read(set, path, &failure)) {
        print_error(import->query->invocation->printer, failure.message,
                    "'lwm2m objects lint' tells everything that is wrong");
        import->exit = import->exit == EXIT_CODE_OK ? (int)failure.exit : import->exit;
    } else {
        import_read(import, path, lwm2m_definition_set_definitions(set));
    }
    lwm2m_definition_set_free(set);
}

/* ---- directories ---- */

static int is_definition(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);
    return length > 4 && entry->d_name[0] != '.' && strcmp(entry->d_name + length - 4, ".xml") == 0;
}

static void import_directory(struct import *import, const char *path)
{
    struct dirent **entries;
    int count = scandir(path, &entries, is_definition, alphasort);
    if (count < 0) {
        fail(import, EXIT_CODE_IO, path, strerror(errno));
        return;
    }
    if (count == 0) {
        fail(import, EXIT_CODE_USAGE, path, "no file in it ends in .xml");
    }
    for (int i = 0; i < count; i++) {
        char name[PATH_MAX];
        (void)!snprintf(name, sizeof(name), "%s/%s", path, entries[i]->d_name);
        import_file(import, name);
        free(entries[i]);
    }
    free(entries);
}

int objects_import(const struct objects_query *query, char *const *words, int count)
{
    struct import import = {.query = query, .exit = EXIT_CODE_OK};
    if (!user_definitions_directory(import.directory, sizeof(import.directory))) {
        print_error(query->invocation->printer, "there is no place for definitions",
                    "set XDG_DATA_HOME or HOME");
        return EXIT_CODE_IO;
    }
    for (int i = 0; i < count; i++) {
        struct stat status;
        if (stat(words[i], &status) == 0 && S_ISDIR(status.st_mode)) {
            import_directory(&import, words[i]);
        } else {
            import_file(&import, words[i]);
        }
    }
    return import.exit;
}
