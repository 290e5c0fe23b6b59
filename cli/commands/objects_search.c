/*
 * objects search: objects and resources by a word of their names, or by their ids.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <lwm2m/number.h>

#include "commands/objects.h"
#include "output/table.h"

static const struct table_column columns[] = {
    {.title = "PATH"},
    {.title = "NAME", .shrinks = true, .least = 24},
    {.title = "OPERATIONS", .leaves = 2},
    {.title = "TYPE", .leaves = 1},
    {.title = "IN", .shrinks = true, .least = 12},
    {.title = NULL},
};

struct search {
    const struct objects_query *query;
    const char *word;
    uint64_t id; /* UINT64_MAX: the word is no number */
    struct table *table;
    size_t count;
    bool failed;
};

/* No registered name has letters beyond ASCII that would need more than this. */
static bool holds_word(const char *text, const char *word)
{
    size_t length = strlen(word);
    for (; *text != '\0'; text++) {
        if (strncasecmp(text, word, length) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_meant(const struct search *search, uint16_t id, const char *name)
{
    return id == search->id || holds_word(name, search->word);
}

static void take_object(struct search *search, const struct catalogue_entry *entry)
{
    search->count++;
    if (search->table == NULL) {
        cJSON *result = objects_result_new("search");
        objects_add_object(result, entry, &entry->object);
        search->failed |= !objects_result_print(search->query, result);
        return;
    }
    char path[16];
    size_t row = table_add(search->table, 0);
    snprintf(path, sizeof(path), "/%u", entry->object.id);
    table_set(search->table, row, 0, path, COLOUR_NONE);
    table_set(search->table, row, 1, entry->object.name, COLOUR_NONE);
}

/* entry is NULL for a reusable resource. */
static void take_resource(struct search *search, const struct catalogue_entry *entry,
                          const struct lwm2m_resource_definition *resource)
{
    search->count++;
    if (search->table == NULL) {
        cJSON *result = objects_result_new("search");
        if (entry != NULL) {
            cJSON_AddNumberToObject(result, "object", entry->object.id);
            cJSON_AddStringToObject(result, "object_name", entry->object.name);
        }
        objects_add_resource(result, resource);
        search->failed |= !objects_result_print(search->query, result);
        return;
    }
    char path[24], operations[4];
    size_t row = table_add(search->table, 0);
    if (entry != NULL) {
        snprintf(path, sizeof(path), "/%u/x/%u", entry->object.id, resource->id);
    } else {
        snprintf(path, sizeof(path), "%u", resource->id);
    }
    operations_print(resource->operations, operations);
    table_set(search->table, row, 0, path, COLOUR_NONE);
    table_set(search->table, row, 1, resource->name, COLOUR_NONE);
    table_set(search->table, row, 2, operations, COLOUR_FAINT);
    table_set(search->table, row, 3, lwm2m_type_name(resource->type), COLOUR_FAINT);
    table_set(search->table, row, 4, entry != NULL ? entry->object.name : "any object",
              entry != NULL ? COLOUR_NONE : COLOUR_FAINT);
}

static void search_objects(struct search *search)
{
    const struct definition_catalogue *catalogue = &search->query->catalogue;
    struct lwm2m_resource_definition resource;
    for (size_t i = 0; i < catalogue->count; i++) {
        const struct catalogue_entry *entry = &catalogue->entries[i];
        if (is_meant(search, entry->object.id, entry->object.name)) {
            take_object(search, entry);
        }
        for (size_t j = 0; j < entry->object.resource_count; j++) {
            lwm2m_object_definition_get(&entry->object, j, &resource);
            if (is_meant(search, resource.id, resource.name)) {
                take_resource(search, entry, &resource);
            }
        }
    }
}

/* No object has the id LWM2M_NO_ID: what is found in it is in any. */
static void search_reusable(struct search *search)
{
    struct lwm2m_resource_definition resource;
    for (uint16_t id = 0; id < LWM2M_NO_ID; id++) {
        if (lwm2m_definitions_find_resource(search->query->definitions, LWM2M_NO_ID,
                                            LWM2M_NO_VERSION, id, &resource) &&
            is_meant(search, id, resource.name)) {
            take_resource(search, NULL, &resource);
        }
    }
}

int objects_search(const struct objects_query *query, char *const *words, int count)
{
    const char *word = words[0];
    (void)count;
    struct search search = {.query = query, .word = word, .id = UINT64_MAX};
    const struct printer *printer = query->invocation->printer;
    if (word[0] == '\0') {
        print_errorf(printer, "objects search: the word is empty");
        return EXIT_CODE_USAGE;
    }
    if (lwm2m_number_parse_unsigned(lwm2m_bytes_from_text(word), &search.id) != LWM2M_OK) {
        search.id = UINT64_MAX;
    }
    if (printer->form != OUTPUT_JSON) {
        search.table = table_new(printer, columns, true);
    }
    search_objects(&search);
    search_reusable(&search);
    if (search.table != NULL && search.count > 0 && !table_print(search.table)) {
        search.failed = true;
    }
    table_free(search.table);
    if (search.count == 0) {
        print_errorf(printer, "nothing known has '%s' in its name, or as its id", word);
        return EXIT_CODE_FALSE;
    }
    return search.failed ? EXIT_CODE_IO : EXIT_CODE_OK;
}
