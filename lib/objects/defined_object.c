/*
 * Makes table objects from their definitions and first values.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/objects.h>

enum lwm2m_error lwm2m_defined_object_fill(struct lwm2m_object *object,
                                           const struct lwm2m_initial_value *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (values[i].value.type == LWM2M_TYPE_STRING && values[i].value.as.bytes.data == NULL) {
            continue;
        }
        enum lwm2m_error error = lwm2m_table_object_set(object, values[i].path, values[i].value);
        if (error != LWM2M_OK) {
            return error;
        }
    }
    return LWM2M_OK;
}

static enum lwm2m_error drop_context(const struct lwm2m_table_object_config *table,
                                     enum lwm2m_error error)
{
    if (table->hooks != NULL && table->hooks->free != NULL) {
        table->hooks->free(table->context);
    }
    return error;
}

enum lwm2m_error lwm2m_defined_object_new(const struct lwm2m_defined_object *defined,
                                          const struct lwm2m_definitions *definitions,
                                          struct lwm2m_object **object)
{
    const struct lwm2m_version version =
        defined->version.major == 0 ? (struct lwm2m_version){1, 0} : defined->version;
    struct lwm2m_table_object_config table = defined->table;
    struct lwm2m_object *made;

    if (!lwm2m_definitions_find_object(definitions, defined->id, version, &table.definition)) {
        return drop_context(&table, LWM2M_NOT_FOUND);
    }
    enum lwm2m_error error = lwm2m_table_object_new(&table, &made);
    if (error != LWM2M_OK) {
        return drop_context(&table, error);
    }
    error = lwm2m_defined_object_fill(made, defined->values, defined->value_count);
    if (error != LWM2M_OK) {
        lwm2m_object_free(made);
        return error;
    }
    *object = made;
    return LWM2M_OK;
}
