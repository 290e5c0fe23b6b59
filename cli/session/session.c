/*
 * The part of a session that both kinds share.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "session/session.h"

#include <string.h>
#include <time.h>

#include "output/time_text.h"

bool session_is_stream(const cJSON *request)
{
    const char *op = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(request, "op"));
    return op != NULL &&
           (strcmp(op, "observe") == 0 || strcmp(op, "events") == 0 || strcmp(op, "monitor") == 0);
}

void session_request(struct session *session, cJSON *request, int64_t wait_ms,
                     session_result *on_result, void *context, struct control_outcome *outcome)
{
    int64_t deadline_ms = wait_ms < 0 ? -1 : time_boot_ms() + wait_ms;
    *outcome = (struct control_outcome){.exit = EXIT_CODE_OK};
    session->operations->request(session, request, deadline_ms, on_result, context, outcome);
}

void session_close(struct session *session)
{
    if (session != NULL) {
        session->operations->close(session);
    }
}
