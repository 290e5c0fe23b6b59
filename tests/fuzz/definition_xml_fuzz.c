/*
 * Fuzzes the reading of definitions from XML: what is read can be looked up and has all its texts;
 * what is refused has a reason, and leaves the set as it was.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include <lwm2m/definition_files.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void check_object(const struct lwm2m_definitions *definitions,
                         const struct lwm2m_object_definition *object)
{
    struct lwm2m_object_definition found;
    struct lwm2m_resource_definition resource;

    check(object->name != NULL && object->urn != NULL && object->id < LWM2M_NO_ID);
    check(lwm2m_definitions_find_object(definitions, object->id, object->version, &found));
    check(lwm2m_version_compare(found.version, object->version) == 0);
    for (size_t i = 0; i < object->resource_count; i++) {
        check(lwm2m_object_definition_find(object, object->resources[i].id, &resource));
        check(resource.name != NULL && resource.range != NULL && resource.units != NULL);
    }
}

static void count_errors(void *context, const struct lwm2m_definition_finding *finding)
{
    check(finding->text[0] != '\0');
    *(size_t *)context += finding->level == LWM2M_DEFINITION_ERROR;
}

/* What cannot be read has an error to be told, and what can has none. */
static void check_lint(struct lwm2m_bytes xml, enum lwm2m_error read)
{
    size_t errors = 0;
    enum lwm2m_error error = lwm2m_definition_lint(xml, &lwm2m_registry, count_errors, &errors);

    check((read == LWM2M_OK) == (errors == 0) && (error == LWM2M_OK) == (errors == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct lwm2m_definition_set *set;
    struct lwm2m_definition_fault fault;

    check(lwm2m_definition_set_new(NULL, &set) == LWM2M_OK);
    const struct lwm2m_definitions *definitions = lwm2m_definition_set_definitions(set);
    enum lwm2m_error error =
        lwm2m_definition_set_read(set, (struct lwm2m_bytes){data, size}, &fault);
    check_lint((struct lwm2m_bytes){data, size}, error);
    if (error != LWM2M_OK) {
        check(fault.error == error && fault.reason[0] != '\0' && definitions->count == 0);
    }
    for (size_t i = 0; i < definitions->count; i++) {
        check_object(definitions, &definitions->objects[i]);
    }
    lwm2m_definition_set_free(set);
    return 0;
}
