/*
 * Turns errors of the library into exit codes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "control/failure.h"

enum exit_code exit_code_of_error(enum lwm2m_error error)
{
    switch (error) {
    case LWM2M_OK:
        return EXIT_CODE_OK;
    case LWM2M_TIMEOUT:
        return EXIT_CODE_TIMEOUT;
    case LWM2M_RESET:
    case LWM2M_UNREACHABLE:
    case LWM2M_INCOMPLETE:
        return EXIT_CODE_TRANSPORT;
    case LWM2M_SECURITY:
        return EXIT_CODE_SECURITY;
    case LWM2M_GONE:
        return EXIT_CODE_REGISTRATION;
    case LWM2M_BUSY:
        return EXIT_CODE_DEVICE;
    case LWM2M_MALFORMED:
    case LWM2M_TYPE:
    case LWM2M_RANGE:
        return EXIT_CODE_DECODE;
    case LWM2M_UNSUPPORTED:
    case LWM2M_FORMAT:
        return EXIT_CODE_UNSUPPORTED;
    case LWM2M_ARGUMENT:
    case LWM2M_NOT_FOUND:
        return EXIT_CODE_USAGE;
    case LWM2M_CANCELLED:
        return EXIT_CODE_INTERRUPTED;
    default:
        return EXIT_CODE_IO;
    }
}
