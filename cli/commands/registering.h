/*
 * What client and register share: the options of a device that registers.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef COMMANDS_REGISTERING_H
#define COMMANDS_REGISTERING_H

#include "commands/chaos.h"
#include "command/command.h"
#include "command/stack.h"
#include "commands/transmission.h"
#include "simulation/simulated_device.h"

struct registering_options {
    struct text_list uris;
    const char *endpoint;
    struct credential_sources credentials;
    struct optional_number lifetime;
    const char *version;
    bool queue_mode;
    const char *profile_id;
    struct text_list values;
    struct definition_sources definitions;
    const char *profile;
    struct transmission_options transmission;
    const char *chaos;
    struct capture_options capture;
    const char *stack;
};

#define REGISTERING_OPTIONS(owner, member)                                                         \
    {.name = "uri",                                                                                \
     .letter = 'u',                                                                                \
     .kind = OPTION_LIST,                                                                          \
     .offset = offsetof(owner, member.uris),                                                       \
     .argument = "URI",                                                                            \
     .help = "the server, coap://host or coaps://host; or $LWM2M_COAP_URI"},                        \
        {.name = "endpoint",                                                                       \
         .letter = 'e',                                                                            \
         .kind = OPTION_TEXT,                                                                      \
         .offset = offsetof(owner, member.endpoint),                                               \
         .argument = "EP",                                                                         \
         .help = "endpoint name; $LWM2M_ENDPOINT, or lwm2m-<host>"},                               \
        CREDENTIAL_CALLER_OPTIONS(owner, member.credentials),                                      \
        {.name = "lifetime",                                                                       \
         .letter = 'L',                                                                            \
         .kind = OPTION_DURATION,                                                                  \
         .offset = offsetof(owner, member.lifetime),                                               \
         .argument = "TIME",                                                                       \
         .least = 1000,                                                                            \
         .most = 4294967295000,                                                                    \
         .help = "lifetime of the registration, 24h by default"},                                  \
        {.name = "lwm2m",                                                                          \
         .kind = OPTION_CHOICE,                                                                    \
         .offset = offsetof(owner, member.version),                                                \
         .argument = "VERSION",                                                                    \
         .choices = "1.0|1.1|1.2",                                                                 \
         .help = "version of LwM2M to begin with: 1.0, 1.1 (default) or 1.2"},                     \
        {.name = "queue-mode",                                                                     \
         .letter = 'Q',                                                                            \
         .kind = OPTION_FLAG,                                                                      \
         .offset = offsetof(owner, member.queue_mode),                                             \
         .help = "announce queue mode, and sleep"},                                                \
        {.name = "pid",                                                                            \
         .kind = OPTION_TEXT,                                                                      \
         .offset = offsetof(owner, member.profile_id),                                             \
         .argument = "ID",                                                                         \
         .help = "1.2: announce this profile instead of objects"},                                 \
        {.name = "set",                                                                            \
         .kind = OPTION_LIST,                                                                      \
         .offset = offsetof(owner, member.values),                                                 \
         .argument = "PATH=VALUE",                                                                 \
         .help = "value of a resource, /3/0/0=ACME; may be given again"},                          \
        DEFINITION_OPTIONS(owner, member.definitions),                                             \
        {.name = "profile",                                                                        \
         .kind = OPTION_TEXT,                                                                      \
         .offset = offsetof(owner, member.profile),                                                \
         .argument = "FILE",                                                                       \
         .help = "what the device is, in JSON, instead of the demo device"},                       \
        TRANSMISSION_OPTIONS(owner, member.transmission), CHAOS_OPTION(owner, member.chaos), \
        CAPTURE_OPTIONS(owner, member.capture),                                                    \
        STACK_OPTION(owner, member.stack)

/*
 * Fills the config of a device from the options. default_endpoint is memory for a name that nobody
 * gave. False after a message (exit 2).
 */
bool registering_options_apply(const struct registering_options *options,
                               const struct printer *printer,
                               struct simulated_device_config *config,
                               char default_endpoint[DEFAULT_ENDPOINT_MAX]);

#endif
