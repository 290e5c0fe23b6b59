/*
 * Names the exit codes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "output/exit_code.h"

#include <stddef.h>
#include <string.h>

static const struct {
    enum exit_code code;
    const char *class_name;
} classes[] = {
    {EXIT_CODE_OK, "ok"},
    {EXIT_CODE_FALSE, "expectation"},
    {EXIT_CODE_USAGE, "usage"},
    {EXIT_CODE_DEVICE, "device"},
    {EXIT_CODE_REGISTRATION, "registration"},
    {EXIT_CODE_TIMEOUT, "timeout"},
    {EXIT_CODE_TRANSPORT, "transport"},
    {EXIT_CODE_SECURITY, "security"},
    {EXIT_CODE_DECODE, "decode"},
    {EXIT_CODE_DAEMON, "daemon"},
    {EXIT_CODE_IO, "io"},
    {EXIT_CODE_GROUP, "group"},
    {EXIT_CODE_UNSUPPORTED, "unsupported"},
    {EXIT_CODE_INTERRUPTED, "interrupted"},
    {EXIT_CODE_TERMINATED, "terminated"},
};

const char *exit_code_class(enum exit_code code)
{
    for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
        if (classes[i].code == code) {
            return classes[i].class_name;
        }
    }
    return "io";
}

enum exit_code exit_code_from_class(const char *class_name)
{
    for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
        if (strcmp(classes[i].class_name, class_name) == 0) {
            return classes[i].code;
        }
    }
    return EXIT_CODE_IO;
}
