/*
 * Opens captures, and says when one ends early.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "control/packet_capture.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

static void warn(void *context, const char *path, int error)
{
    print_warning(context, "%.300s: %s: it ends here", path, strerror(error));
}

bool packet_capture_open(const struct capture_options *options, enum lwm2m_stack stack,
                         const struct printer *printer, struct lwm2m_capture **capture,
                         struct control_outcome *failure)
{
    const struct lwm2m_capture_config config = {
        .packets = options->packets,
        .secrets = options->secrets,
        .context = (void *)(uintptr_t)printer,
        .on_failure = warn,
    };
    *capture = NULL;
    if (options->packets == NULL && options->secrets == NULL) {
        return true;
    }
    if (stack == LWM2M_STACK_LIBCOAP) {
        control_fail(failure, EXIT_CODE_UNSUPPORTED, "--stack endpoint does",
                     "libcoap does not show its packets for --capture and --keylog");
        return false;
    }
    errno = 0;
    enum lwm2m_error error = lwm2m_capture_open(&config, capture);
    if (error == LWM2M_OK) {
        return true;
    }
    const char *given[2] = {options->packets != NULL ? options->packets : "",
                            options->secrets != NULL ? options->secrets : ""};
    bool both = given[0][0] != '\0' && given[1][0] != '\0';
    control_fail(failure, EXIT_CODE_IO, NULL, "cannot write %.160s%s%.160s: %s", given[0],
                 both ? " and " : "", given[1],
                 error == LWM2M_IO ? strerror(errno) : lwm2m_error_text(error));
    return false;
}
