/*
 * objects list: a line for each object that is known.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>

#include "commands/objects.h"
#include "output/table.h"

static const struct table_column columns[] = {
    {.title = "ID", .right = true},
    {.title = "NAME", .shrinks = true, .least = 28},
    {.title = "VERSIONS"},
    {.title = "INSTANCES", .leaves = 3},
    {.title = "MANDATORY", .leaves = 2},
    {.title = "RESOURCES", .right = true, .leaves = 4},
    {.title = "SOURCE", .shrinks = true, .leaves = 1},
    {.title = NULL},
};

static void add_row(struct table *table, const struct catalogue_entry *entry)
{
    const struct lwm2m_object_definition *object = &entry->object;
    char id[8], versions[256], count[16];
    size_t row = table_add(table, 0);
    snprintf(id, sizeof(id), "%u", object->id);
    snprintf(count, sizeof(count), "%zu", object->resource_count);
    catalogue_entry_print_versions(entry, versions, sizeof(versions));
    table_set(table, row, 0, id, COLOUR_NONE);
    table_set(table, row, 1, object->name, COLOUR_NONE);
    table_set(table, row, 2, versions, COLOUR_NONE);
    table_set(table, row, 3, object->multiple ? "multiple" : "single", COLOUR_NONE);
    table_set(table, row, 4, object->mandatory ? "yes" : "no", COLOUR_NONE);
    table_set(table, row, 5, count, COLOUR_NONE);
    table_set(table, row, 6, objects_source(object),
              object->source != NULL ? COLOUR_NONE : COLOUR_FAINT);
}

static int print_lines(const struct objects_query *query)
{
    for (size_t i = 0; i < query->catalogue.count; i++) {
        cJSON *result = objects_result_new("list");
        objects_add_object(result, &query->catalogue.entries[i],
                           &query->catalogue.entries[i].object);
        if (!objects_result_print(query, result)) {
            return EXIT_CODE_IO;
        }
    }
    return EXIT_CODE_OK;
}

int objects_list(const struct objects_query *query, char *const *words, int count)
{
    (void)words;
    (void)count;
    if (query->invocation->printer->form == OUTPUT_JSON) {
        return print_lines(query);
    }
    struct table *table = table_new(query->invocation->printer, columns, true);
    if (table == NULL) {
        return EXIT_CODE_IO;
    }
    for (size_t i = 0; i < query->catalogue.count; i++) {
        add_row(table, &query->catalogue.entries[i]);
    }
    bool good = table_print(table);
    table_free(table);
    return good ? EXIT_CODE_OK : EXIT_CODE_IO;
}
