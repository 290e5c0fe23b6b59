/*
 * A session with a daemon, through its control socket (lwm2m-control(7)).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "output/time_text.h"
#include "session/channel.h"
#include "session/interrupt.h"
#include "session/session.h"

/* How long a daemon may take for its greeting, and for its last word after a stop. */
#define ANSWER_WAIT_MS 5000

struct remote {
    struct session session;
    struct channel channel;
};

enum wait_result { WAIT_READY, WAIT_OVER, WAIT_INTERRUPTED, WAIT_UNREAD, WAIT_FAILED };

/* Waits until the socket can be read, deadline_ms is reached (negative: never), SIGINT came, or, if
 * that is to be looked at, nobody reads our output any more. */
static enum wait_result wait_readable(struct remote *remote, int64_t deadline_ms,
                                      bool watches_output)
{
    for (;;) {
        int64_t left = deadline_ms < 0 ? -1 : deadline_ms - time_boot_ms();
        if (deadline_ms >= 0 && left < 0) {
            left = 0;
        }
        struct pollfd waits[] = {
            {.fd = remote->channel.socket, .events = POLLIN},
            {.fd = watches_output ? STDOUT_FILENO : -1}, /* errors only */
        };
        struct timespec timeout = {.tv_sec = left / 1000, .tv_nsec = left % 1000 * 1000000};
        int ready = interrupt_poll(waits, 2, left < 0 ? NULL : &timeout);
        if (ready > 0) {
            return waits[0].revents != 0 ? WAIT_READY : WAIT_UNREAD;
        }
        if (ready == 0) {
            return WAIT_OVER;
        }
        if (errno != EINTR) {
            return WAIT_FAILED;
        }
        if (interrupt_taken()) {
            return WAIT_INTERRUPTED;
        }
    }
}

/* A request under way. */
struct conversation {
    int id;
    int64_t deadline_ms;
    bool stopped;     /* a stop was sent: results are no longer handed on */
    bool interrupted; /* because of SIGINT */
    bool is_stream;
    bool unread; /* stopped because nobody reads our output */
    session_result *on_result;
    void *context;
    struct control_outcome *outcome;
};

static void set_interrupted(struct control_outcome *outcome)
{
    bool terminated = interrupt_was_terminate();
    control_fail(outcome, terminated ? EXIT_CODE_TERMINATED : EXIT_CODE_INTERRUPTED, NULL, "%s",
                 terminated ? "terminated" : "interrupted");
}

static void finish(struct conversation *talk, const cJSON *done)
{
    if (talk->interrupted) {
        set_interrupted(talk->outcome);
    } else if (talk->stopped) {
        *talk->outcome =
            (struct control_outcome){.exit = talk->unread ? EXIT_CODE_IO : EXIT_CODE_OK};
    } else {
        channel_read_done(done, talk->outcome);
    }
}

/* Handles one line of the daemon. Returns true when the conversation is over. */
static bool handle_line(struct remote *remote, struct conversation *talk, const cJSON *line)
{
    const cJSON *id = cJSON_GetObjectItemCaseSensitive(line, "id");
    const cJSON *result = cJSON_GetObjectItemCaseSensitive(line, "result");
    const cJSON *done = cJSON_GetObjectItemCaseSensitive(line, "done");
    const cJSON *error = cJSON_GetObjectItemCaseSensitive(line, "error");
    if (id == NULL && cJSON_IsString(error)) {
        control_fail(talk->outcome, EXIT_CODE_USAGE, NULL, "the daemon at %s: %s",
                     remote->channel.path, error->valuestring);
        return true;
    }
    if (!cJSON_IsNumber(id) || id->valueint != talk->id) {
        return false;
    }
    if (cJSON_IsObject(done)) {
        finish(talk, done);
        return true;
    }
    if (cJSON_IsObject(result) && !talk->stopped && talk->on_result != NULL) {
        const char *printed =
            cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(line, "printed"));
        if (!talk->on_result(talk->context, result, printed)) {
            talk->stopped = true;
            talk->deadline_ms = time_boot_ms() + ANSWER_WAIT_MS;
            return !channel_send_stop(&remote->channel, talk->id, talk->outcome);
        }
    }
    return false;
}

/* The time is over, SIGINT came, or nobody reads. Returns true when the conversation is over. */
static bool stop(struct remote *remote, struct conversation *talk, enum wait_result why)
{
    bool interrupted = why == WAIT_INTERRUPTED;
    if (talk->stopped || talk->interrupted) {
        if (talk->interrupted || interrupted) {
            set_interrupted(talk->outcome);
        }
        return true;
    }
    talk->stopped = true;
    talk->interrupted = interrupted;
    talk->unread = why == WAIT_UNREAD;
    talk->deadline_ms = time_boot_ms() + ANSWER_WAIT_MS;
    return !channel_send_stop(&remote->channel, talk->id, talk->outcome);
}

static void converse(struct remote *remote, struct conversation *talk)
{
    for (;;) {
        cJSON *line;
        if (!channel_next(&remote->channel, &line, talk->outcome)) {
            return;
        }
        if (line != NULL) {
            bool over = handle_line(remote, talk, line);
            cJSON_Delete(line);
            if (over) {
                return;
            }
            continue;
        }
        enum wait_result waited =
            wait_readable(remote, talk->deadline_ms, talk->is_stream && !talk->stopped);
        if (waited == WAIT_FAILED) {
            (void)channel_gone(&remote->channel, talk->outcome);
            return;
        }
        bool over = waited == WAIT_READY ? !channel_receive(&remote->channel, talk->outcome)
                                         : stop(remote, talk, waited);
        if (over) {
            return;
        }
    }
}

static void remote_request(struct session *session, cJSON *request, int64_t deadline_ms,
                           session_result *on_result, void *context,
                           struct control_outcome *outcome)
{
    struct remote *remote = (struct remote *)session;
    struct conversation talk = {
        .id = remote->channel.next_id++,
        .deadline_ms = deadline_ms,
        .is_stream = session_is_stream(request),
        .on_result = on_result,
        .context = context,
        .outcome = outcome,
    };
    if (channel_send(&remote->channel, request, talk.id, outcome)) {
        converse(remote, &talk);
    }
}

static void remote_close(struct session *session)
{
    struct remote *remote = (struct remote *)session;
    interrupt_end();
    channel_close(&remote->channel);
    free(remote);
}

static const struct session_operations remote_operations = {
    .request = remote_request,
    .close = remote_close,
};

static bool greet(struct remote *remote, const char *role, struct control_outcome *outcome)
{
    cJSON *line = NULL;
    int64_t deadline_ms = time_boot_ms() + ANSWER_WAIT_MS;
    while (line == NULL) {
        enum wait_result waited = wait_readable(remote, deadline_ms, false);
        if (waited == WAIT_INTERRUPTED) {
            set_interrupted(outcome);
            return false;
        }
        if (waited != WAIT_READY) {
            control_fail(outcome, EXIT_CODE_DAEMON, NULL, "the daemon at %s does not answer",
                         remote->channel.path);
            return false;
        }
        if (!channel_receive(&remote->channel, outcome) ||
            !channel_next(&remote->channel, &line, outcome)) {
            return false;
        }
    }
    bool good = channel_check_greeting(&remote->channel, line, role, outcome);
    cJSON_Delete(line);
    return good;
}

struct session *session_open_remote(const char *socket_path, const char *role,
                                    struct control_outcome *outcome)
{
    struct remote *remote = calloc(1, sizeof(*remote));
    if (remote == NULL) {
        control_fail(outcome, EXIT_CODE_IO, NULL, "out of memory");
        return NULL;
    }
    remote->session.operations = &remote_operations;
    /* A signal while the daemon is greeted counts, too, also where whoever started us ignores
     * SIGINT. */
    interrupt_begin();
    if (!channel_open(&remote->channel, socket_path, role, outcome) ||
        !greet(remote, role, outcome)) {
        remote_close(&remote->session);
        return NULL;
    }
    return &remote->session;
}
