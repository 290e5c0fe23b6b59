/*
 * Gives values to the simulated device.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "simulation/device_values.h"

#include <stdlib.h>
#include <string.h>

static bool find_resource(void *context, struct lwm2m_path path,
                          struct lwm2m_resource_definition *resource)
{
    return lwm2m_definitions_find_resource(context, path.object, LWM2M_NO_VERSION, path.resource,
                                           resource);
}

struct value_types device_value_types(const struct lwm2m_definitions *definitions)
{
    return (struct value_types){
        .definitions = definitions,
        .base = lwm2m_path_root(),
        .context = (void *)(uintptr_t)definitions, /* handed back as it was */
        .find = find_resource,
    };
}

bool device_values_read(const struct lwm2m_definitions *definitions, const cJSON *values,
                        struct value_list *list, struct control_outcome *failure)
{
    const struct value_types types = device_value_types(definitions);
    return value_list_read(values, &types, list, failure);
}

bool device_values_set(struct demo_device *device, const struct lwm2m_definitions *definitions,
                       const cJSON *values, const char *source, struct control_outcome *failure)
{
    struct value_list list = {0};
    bool good = device_values_read(definitions, values, &list, failure);
    if (!good) {
        struct control_outcome cause = *failure;
        control_fail(failure, cause.exit, cause.hint, "%.160s: %.300s", source, cause.message);
    }
    for (size_t i = 0; good && i < list.count; i++) {
        char path[LWM2M_PATH_TEXT_MAX];
        enum lwm2m_error error = demo_device_set(device, &list.records[i]);
        if (error != LWM2M_OK) {
            lwm2m_path_print(list.records[i].path, path);
            control_fail(failure, EXIT_CODE_USAGE, NULL, "%.160s %s: %s", source, path,
                         lwm2m_error_text(error));
            good = false;
        }
    }
    value_list_release(&list);
    return good;
}

/* As the control protocol has them. */
static cJSON *words_to_json(const char *const *words, size_t count)
{
    cJSON *values = cJSON_CreateArray();
    for (size_t i = 0; i < count; i++) {
        const char *equals = strchr(words[i], '=');
        char *path =
            strndup(words[i], equals != NULL ? (size_t)(equals - words[i]) : strlen(words[i]));
        cJSON *value = cJSON_CreateObject();
        cJSON_AddStringToObject(value, "path", path != NULL ? path : "");
        cJSON_AddStringToObject(value, "value", equals != NULL ? equals + 1 : "");
        cJSON_AddItemToArray(values, value);
        free(path);
    }
    return values;
}

bool device_words_set(struct demo_device *device, const struct lwm2m_definitions *definitions,
                      const char *const *words, size_t count, struct control_outcome *failure)
{
    if (count == 0) {
        return true;
    }
    cJSON *values = words_to_json(words, count);
    bool good = device_values_set(device, definitions, values, "--set", failure);
    cJSON_Delete(values);
    return good;
}
