/*
 * objects: what is known of objects and resources, and where from.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "commands/objects.h"

#include <string.h>

#include "commands/request.h"

static const struct option_definition options[] = {
    {.name = "version",
     .kind = OPTION_TEXT,
     .offset = offsetof(struct objects_options, version),
     .argument = "VERSION",
     .help = "show: this version of the object rather than the newest"},
    {.name = "strict",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct objects_options, strict),
     .help = "lint: warnings count as errors"},
    {.name = "dry-run",
     .letter = 'n',
     .kind = OPTION_FLAG,
     .offset = offsetof(struct objects_options, dry_run),
     .help = "import: only say what would be done"},
    DEFINITION_OPTIONS(struct objects_options, sources),
    {.name = NULL},
};

cJSON *objects_result_new(const char *action)
{
    cJSON *result = cJSON_CreateObject();
    cJSON_AddNumberToObject(result, "v", 1);
    cJSON_AddStringToObject(result, "op", "objects");
    cJSON_AddStringToObject(result, "action", action);
    return result;
}

bool objects_result_print(const struct objects_query *query, cJSON *result)
{
    bool good = print_json_line(query->invocation->printer, result);
    cJSON_Delete(result);
    return good;
}

const char *objects_source(const struct lwm2m_object_definition *object)
{
    return object->source != NULL ? object->source : "built in";
}

static void add_version(cJSON *result, const char *name, struct lwm2m_version version)
{
    char text[LWM2M_VERSION_TEXT_MAX];
    lwm2m_version_print(version, text);
    cJSON_AddStringToObject(result, name, text);
}

void objects_add_object(cJSON *result, const struct catalogue_entry *entry,
                        const struct lwm2m_object_definition *object)
{
    cJSON_AddNumberToObject(result, "object", object->id);
    cJSON_AddStringToObject(result, "name", object->name);
    add_version(result, "ver", object->version);
    cJSON *versions = cJSON_AddArrayToObject(result, "versions");
    for (size_t i = 0; i < entry->version_count; i++) {
        char text[LWM2M_VERSION_TEXT_MAX];
        lwm2m_version_print(entry->versions[i], text);
        cJSON_AddItemToArray(versions, cJSON_CreateString(text));
    }
    add_version(result, "lwm2m", object->lwm2m_version);
    cJSON_AddBoolToObject(result, "multiple", object->multiple);
    cJSON_AddBoolToObject(result, "mandatory", object->mandatory);
    cJSON_AddStringToObject(result, "urn", object->urn);
    cJSON_AddNumberToObject(result, "resource_count", (double)object->resource_count);
    if (object->source != NULL) {
        cJSON_AddStringToObject(result, "file", object->source);
    }
}

void objects_add_resource(cJSON *result, const struct lwm2m_resource_definition *resource)
{
    char operations[4];
    operations_print(resource->operations, operations);
    cJSON_AddNumberToObject(result, "resource", resource->id);
    cJSON_AddStringToObject(result, "name", resource->name);
    cJSON_AddStringToObject(result, "operations", operations);
    cJSON_AddStringToObject(result, "type", lwm2m_type_name(resource->type));
    cJSON_AddBoolToObject(result, "multiple", resource->multiple);
    cJSON_AddBoolToObject(result, "mandatory", resource->mandatory);
    if (resource->range[0] != '\0') {
        cJSON_AddStringToObject(result, "range", resource->range);
    }
    if (resource->units[0] != '\0') {
        cJSON_AddStringToObject(result, "unit", resource->units);
    }
}

/* Each is of one action. */
static bool check_options(const struct invocation *invocation)
{
    const struct objects_options *given = invocation->options;
    const struct {
        const char *name, *action;
        bool given;
    } options_of_actions[] = {
        {"version", "show", given->version != NULL},
        {"strict", "lint", given->strict},
        {"dry-run", "import", given->dry_run},
    };
    const char *action = invocation->action->name;
    for (size_t i = 0; i < sizeof(options_of_actions) / sizeof(options_of_actions[0]); i++) {
        if (options_of_actions[i].given && strcmp(options_of_actions[i].action, action) != 0) {
            print_errorf(invocation->printer, "objects %s: --%s is for %s", action,
                         options_of_actions[i].name, options_of_actions[i].action);
            return false;
        }
    }
    return true;
}

typedef int objects_action(const struct objects_query *query, char *const *words, int count);

/* With everything read. */
static int run(const struct invocation *invocation, objects_action *action)
{
    struct objects_query query = {.invocation = invocation, .options = invocation->options};
    struct definition_library library;
    struct control_outcome failure = {0};
    int exit = EXIT_CODE_USAGE;
    if (!check_options(invocation)) {
        return exit;
    }
    if (!definition_library_read(&library, &query.options->sources, &lwm2m_registry,
                                 invocation->printer, &failure)) {
        print_error(invocation->printer, failure.message, failure.hint);
        exit = failure.exit;
        goto out;
    }
    query.definitions = definition_library_definitions(&library);
    if (!definition_catalogue_init(&query.catalogue, query.definitions)) {
        print_errorf(invocation->printer, "out of memory");
        exit = EXIT_CODE_IO;
        goto out;
    }
    exit = action(&query, invocation->arguments, invocation->argument_count);
out:
    definition_catalogue_release(&query.catalogue);
    definition_library_release(&library);
    return exit;
}

static int run_list(const struct invocation *invocation)
{
    return run(invocation, objects_list);
}

static int run_show(const struct invocation *invocation)
{
    return run(invocation, objects_show);
}

static int run_search(const struct invocation *invocation)
{
    return run(invocation, objects_search);
}

static int run_lint(const struct invocation *invocation)
{
    return run(invocation, objects_lint);
}

static int run_import(const struct invocation *invocation)
{
    return run(invocation, objects_import);
}

static const struct argument_definition object[] = {
    {.kind = ARGUMENT_OBJECT},
    {.kind = ARGUMENT_END},
};

static const struct argument_definition files[] = {
    {.kind = ARGUMENT_FILE, .repeated = true},
    {.kind = ARGUMENT_END},
};

static const struct command_action actions[] = {
    {"list", "", "Print a line for each object", 0, 0, NULL, run_list},
    {"show", "OBJECT", "Print the definition of an object", 1, 1, object, run_show},
    {"search", "WORD", "Find objects and resources by name or id", 1, 1, NULL, run_search},
    {"lint", "FILE…", "Tell what is wrong in XML files of definitions", 1, -1, files, run_lint},
    {"import", "FILE…", "Copy XML files to where every command finds them", 1, -1, files,
     run_import},
    {.name = NULL},
};

const struct command command_objects = {
    .name = "objects",
    .summary = "Look up, check and import definitions of objects",
    .synopsis = "objects list|show OBJECT|search WORD|lint FILE…|import FILE…",
    .examples = {"lwm2m objects show 3303", "lwm2m objects lint my-object.xml"},
    .options = options,
    .options_size = sizeof(struct objects_options),
    .actions = actions,
};
