/*
 * objects show: all that the definition of an object, or of a resource, says.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/objects.h"
#include "output/table.h"

static const struct table_column columns[] = {
    {.title = "ID", .right = true},
    {.title = "NAME", .shrinks = true, .least = 24},
    {.title = "OPERATIONS"},
    {.title = "TYPE"},
    {.title = "INSTANCES", .leaves = 1},
    {.title = "MANDATORY"},
    {.title = "RANGE", .leaves = 2},
    {.title = "UNITS"},
    {.title = NULL},
};

static void add_row(struct table *table, const struct lwm2m_resource_definition *resource)
{
    char id[8], operations[4];
    size_t row = table_add(table, 0);
    snprintf(id, sizeof(id), "%u", resource->id);
    operations_print(resource->operations, operations);
    table_set(table, row, 0, id, COLOUR_NONE);
    table_set(table, row, 1, resource->name, COLOUR_NONE);
    table_set(table, row, 2, operations, COLOUR_NONE);
    table_set(table, row, 3,
              resource->type != LWM2M_TYPE_NONE ? lwm2m_type_name(resource->type) : "",
              COLOUR_NONE);
    table_set(table, row, 4, resource->multiple ? "multiple" : "single", COLOUR_NONE);
    table_set(table, row, 5, resource->mandatory ? "yes" : "no", COLOUR_NONE);
    table_set(table, row, 6, resource->range, COLOUR_NONE);
    table_set(table, row, 7, resource->units, COLOUR_NONE);
}

static void print_field(const struct printer *printer, const char *label, const char *text)
{
    char *safe = text_escape(text);
    fprintf(printer->results, "%s%-10s%s %s\n", colour_begin(printer, COLOUR_FAINT), label,
            colour_end(printer), safe != NULL ? safe : "");
    free(safe);
}

/* For people only: the other forms have nothing but the table. */
static void print_head(const struct printer *printer, const struct catalogue_entry *entry,
                       const struct lwm2m_object_definition *object)
{
    char text[256], version[LWM2M_VERSION_TEXT_MAX];
    snprintf(text, sizeof(text), "/%u %.200s", object->id, object->name);
    print_field(printer, "Object", text);
    lwm2m_version_print(object->version, version);
    catalogue_entry_print_versions(entry, text, sizeof(text));
    print_field(printer, "Version", version);
    if (entry->version_count > 1) {
        print_field(printer, "Known", text);
    }
    print_field(printer, "URN", object->urn);
    lwm2m_version_print(object->lwm2m_version, version);
    print_field(printer, "LwM2M", version);
    print_field(printer, "Instances", object->multiple ? "multiple" : "single");
    print_field(printer, "Mandatory", object->mandatory ? "yes" : "no");
    print_field(printer, "Source", objects_source(object));
}

/* The definition of the version that was asked for; false after a message. */
static bool choose_version(const struct objects_query *query, const struct catalogue_entry *entry,
                           struct lwm2m_object_definition *object)
{
    const struct printer *printer = query->invocation->printer;
    const char *text = query->options->version;
    struct lwm2m_version wanted;
    *object = entry->object;
    if (text == NULL) {
        return true;
    }
    if (lwm2m_version_parse(lwm2m_bytes_from_text(text), &wanted) != LWM2M_OK) {
        print_errorf(printer, "--version: '%s' is no version such as 1.0", text);
        return false;
    }
    if (!lwm2m_definitions_find_object(query->definitions, entry->object.id, wanted, object) ||
        lwm2m_version_compare(object->version, wanted) != 0) {
        char message[128], versions[256], hint[300];
        snprintf(message, sizeof(message), "object %u has no version %.16s", entry->object.id,
                 text);
        catalogue_entry_print_versions(entry, versions, sizeof(versions));
        snprintf(hint, sizeof(hint), "known: %s", versions);
        print_error(printer, message, hint);
        return false;
    }
    return true;
}

static int print_json(const struct objects_query *query, const struct catalogue_entry *entry,
                      const struct lwm2m_object_definition *object)
{
    struct lwm2m_resource_definition resource;
    cJSON *result = objects_result_new("show");
    objects_add_object(result, entry, object);
    cJSON *resources = cJSON_AddArrayToObject(result, "resources");
    for (size_t i = 0; i < object->resource_count; i++) {
        cJSON *item = cJSON_CreateObject();
        lwm2m_object_definition_get(object, i, &resource);
        objects_add_resource(item, &resource);
        cJSON_AddItemToArray(resources, item);
    }
    return objects_result_print(query, result) ? EXIT_CODE_OK : EXIT_CODE_IO;
}

static int show_object(const struct objects_query *query, const struct catalogue_entry *entry)
{
    const struct printer *printer = query->invocation->printer;
    struct lwm2m_object_definition object;
    struct lwm2m_resource_definition resource;
    if (!choose_version(query, entry, &object)) {
        return EXIT_CODE_USAGE;
    }
    if (printer->form == OUTPUT_JSON) {
        return print_json(query, entry, &object);
    }
    if (printer->form == OUTPUT_TABLE) {
        print_head(printer, entry, &object);
        fputs(object.resource_count > 0 ? "\n" : "", printer->results);
    }
    struct table *table = table_new(printer, columns, true);
    for (size_t i = 0; table != NULL && i < object.resource_count; i++) {
        lwm2m_object_definition_get(&object, i, &resource);
        add_row(table, &resource);
    }
    bool good = table != NULL && (object.resource_count == 0 || table_print(table));
    table_free(table);
    return good ? EXIT_CODE_OK : EXIT_CODE_IO;
}

/* entry is NULL for a reusable resource. */
static int show_resource(const struct objects_query *query, const struct catalogue_entry *entry,
                         const struct lwm2m_resource_definition *resource)
{
    const struct printer *printer = query->invocation->printer;
    if (printer->form == OUTPUT_JSON) {
        cJSON *result = objects_result_new("show");
        if (entry != NULL) {
            cJSON_AddNumberToObject(result, "object", entry->object.id);
            cJSON_AddStringToObject(result, "object_name", entry->object.name);
        }
        objects_add_resource(result, resource);
        return objects_result_print(query, result) ? EXIT_CODE_OK : EXIT_CODE_IO;
    }
    if (printer->form == OUTPUT_TABLE) {
        char text[256];
        if (entry != NULL) {
            snprintf(text, sizeof(text), "/%u %.200s", entry->object.id, entry->object.name);
        }
        print_field(printer, "Object", entry != NULL ? text : "any (a reusable resource)");
        fputs("\n", printer->results);
    }
    struct table *table = table_new(printer, columns, true);
    if (table != NULL) {
        add_row(table, resource);
    }
    bool good = table != NULL && table_print(table);
    table_free(table);
    return good ? EXIT_CODE_OK : EXIT_CODE_IO;
}

/* In the version that was asked for. */
static int show_resource_of(const struct objects_query *query, const struct catalogue_entry *entry,
                            uint16_t id)
{
    struct lwm2m_object_definition object;
    struct lwm2m_resource_definition resource;
    if (!choose_version(query, entry, &object)) {
        return EXIT_CODE_USAGE;
    }
    if (lwm2m_object_definition_find(&object, id, &resource)) {
        return show_resource(query, entry, &resource);
    }
    /* No object has the id LWM2M_NO_ID: what is found in it is in any. */
    if (lwm2m_definitions_find_resource(query->definitions, LWM2M_NO_ID, LWM2M_NO_VERSION, id,
                                        &resource)) {
        return show_resource(query, NULL, &resource);
    }
    print_errorf(query->invocation->printer, "object %u (%s) has no resource %u", object.id,
                 object.name, id);
    return EXIT_CODE_USAGE;
}

static int refuse(const struct printer *printer, const char *what)
{
    char message[300];
    snprintf(message, sizeof(message), "no object or reusable resource '%.200s' is known", what);
    print_error(printer, message,
                "try 'lwm2m objects search WORD'; --object FILE adds to what is known");
    return EXIT_CODE_USAGE;
}

int objects_show(const struct objects_query *query, char *const *words, int count)
{
    const char *what = words[0];
    const struct printer *printer = query->invocation->printer;
    struct lwm2m_resource_definition resource;
    struct lwm2m_path path;
    (void)count;
    enum lwm2m_error error =
        lwm2m_definitions_parse_path(query->definitions, lwm2m_bytes_from_text(what), &path, NULL);
    if (error == LWM2M_ARGUMENT) {
        print_errorf(printer, "several are called '%s'; name it by its number", what);
        return EXIT_CODE_USAGE;
    }
    if (error != LWM2M_OK || path.level == LWM2M_LEVEL_ROOT) {
        return refuse(printer, what);
    }
    const struct catalogue_entry *entry = definition_catalogue_find(&query->catalogue, path.object);
    if (entry != NULL) {
        return path.level >= LWM2M_LEVEL_RESOURCE ? show_resource_of(query, entry, path.resource)
                                                  : show_object(query, entry);
    }
    uint16_t id = path.level >= LWM2M_LEVEL_RESOURCE ? path.resource : path.object;
    if (path.level != LWM2M_LEVEL_INSTANCE &&
        lwm2m_definitions_find_resource(query->definitions, LWM2M_NO_ID, LWM2M_NO_VERSION, id,
                                        &resource)) {
        return show_resource(query, NULL, &resource);
    }
    return refuse(printer, what);
}
