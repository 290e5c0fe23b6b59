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

static bool check_profile(const struct registering_options *options, const struct printer *printer,
                          struct lwm2m_version version)
{
    size_t length = options->profile_id != NULL ? strlen(options->profile_id) : 1;
    if (length == 0 || length > 255) {
        print_errorf(printer, "--pid: a profile id has 1 to 255 bytes");
        return false;
    }
    if (options->profile_id != NULL && version.minor < 2) {
        print_error(printer, "--pid: there are profile ids since LwM2M 1.2", "add --lwm2m 1.2");
        return false;
    }
    return true;
}

static bool choose_names(const struct registering_options *options, const struct printer *printer,
                         struct simulated_device_config *config,
                         char default_endpoint[DEFAULT_ENDPOINT_MAX])
{
    if (options->uris.count > 0) {
        config->uris = (const char *const *)options->uris.texts;
        config->uri_count = options->uris.count;
    } else {
        config->default_uri = environment(
            credential_sources_any(&options->credentials) ? "LWM2M_COAPS_URI" : "LWM2M_COAP_URI");
        config->uri_count = config->default_uri != NULL;
    }
    config->endpoint =
        options->endpoint != NULL ? options->endpoint : environment("LWM2M_ENDPOINT");
    if (config->endpoint == NULL) {
        simulated_device_default_endpoint(default_endpoint);
        config->endpoint = default_endpoint;
    }
    if (config->uri_count == 0) {
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
    config->credentials = options->credentials;
    config->capture_options = options->capture;
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
    config->profile_id = options->profile_id;
    config->definitions = options->definitions;
    config->profile = options->profile;
    config->printer = printer;
    if (!check_profile(options, printer, config->version)) {
        return false;
    }
    config->values = (const char *const *)options->values.texts;
    config->value_count = options->values.count;
    config->stack = stack_parse(options->stack, config->stack);
    if (!transmission_apply(&options->transmission, &config->transmission, &error) ||
        !chaos_apply(options->chaos, printer, &config->chaos, &error) ||
        !stack_check(config->stack, &config->transmission, &error)) {
        print_error(printer, error.message, error.hint);
        return false;
    }
    return true;
}
