/*
 * Fuzzes the reading of a device's profile: it is taken whole or refused with a message.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include <lwm2m/definition.h>

#include "simulation/device_values.h"
#include "simulation/profile_generators.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void ignore(void *context, struct lwm2m_path path, const struct lwm2m_value *value)
{
    (void)context;
    (void)path;
    (void)value;
}

static uint64_t stand_still(void *context)
{
    (void)context;
    return 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct lwm2m_port port = {.now_ms = stand_still};
    const struct generator_target target = {NULL, ignore};
    const struct value_types types = device_value_types(&lwm2m_registry);
    struct control_outcome failure = {0};
    struct lwm2m_timers timers;
    struct value_list values = {0};

    /* Files that it names would be opened. */
    struct profile *profile =
        profile_parse("/nonexistent/profile.json", (struct lwm2m_bytes){data, size}, &failure);
    if (profile == NULL) {
        check(failure.exit != EXIT_CODE_OK && failure.message[0] != '\0');
        return 0;
    }
    lwm2m_timers_init(&timers, &port);
    if (device_values_read(&lwm2m_registry, profile->values, &values, &failure)) {
        value_list_release(&values);
    }
    struct profile_generators *generators =
        profile_generators_new(profile, &types, &timers, &target, &failure);
    if (generators != NULL) {
        profile_generators_start(generators);
    } else {
        check(failure.exit != EXIT_CODE_OK && failure.message[0] != '\0');
    }
    profile_generators_free(generators);
    profile_free(profile);
    return 0;
}
