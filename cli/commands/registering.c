/*
 * Reads the options of a device that registers.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "commands/registering.h"

#include <stdlib.h>
#include <string.h>

#include "output/environment.h"

static bool check_values(const struct text_list *values, const struct printer *printer)
{
    for (size_t i = 0; i < values->count; i++) {
        const char *equals = strchr(values->texts[i], '=');
        if (equals == NULL || equals == values->texts[i]) {
            print_errorf(printer, "--set: '%.100s' is not PATH=VALUE", values->texts[i]);
            return false;
        }
    }
    return true;
}

static bool choose_names(const struct registering_options *options, const struct printer *printer,
                         struct simulated_device_config *config,
                         char default_endpoint[DEFAULT_ENDPOINT_MAX])
{
    config->uri = options->uri != NULL ? options->uri : environment("LWM2M_COAP_URI");
    config->endpoint =
        options->endpoint != NULL ? options->endpoint : environment("LWM2M_ENDPOINT");
    if (config->endpoint == NULL) {
        simulated_device_default_endpoint(default_endpoint);
        config->endpoint = default_endpoint;
    }
    if (config->uri == NULL) {
        print_error(printer, "which server? --uri is missing",
                    "a server on this machine is at -u coap://127.0.0.1");
        return false;
    }
    return true;
}

bool registering_options_apply(const struct registering_options *options,
                               const struct printer *printer,
                               struct simulated_device_config *config,
                               char default_endpoint[DEFAULT_ENDPOINT_MAX])
{
    struct usage_error error = {0};
    if (!choose_names(options, printer, config, default_endpoint) ||
        !check_values(&options->values, printer)) {
        return false;
    }
    if (options->lifetime.given) {
        config->lifetime_s = (uint32_t)(options->lifetime.value / 1000);
    }
    if (options->version != NULL && lwm2m_version_parse(lwm2m_bytes_from_text(options->version),
                                                        &config->version) != LWM2M_OK) {
        print_errorf(printer, "--lwm2m: '%s' is no version", options->version);
        return false;
    }
    config->queue_mode = options->queue_mode;
    config->definitions = options->definitions;
    config->profile = options->profile;
    config->printer = printer;
    config->values = (const char *const *)options->values.texts;
    config->value_count = options->values.count;
    if (!transmission_apply(&options->transmission, &config->transmission, &error) ||
        !chaos_apply(options->chaos, printer, &config->chaos, &error)) {
        print_error(printer, error.message, error.hint);
        return false;
    }
    return true;
}
