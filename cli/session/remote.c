/*
 * A session with a daemon, through its control socket (lwm2m-control(7)).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "control/socket_path.h"
#include "output/time_text.h"
#include "session/interrupt.h"
#include "session/session.h"

/* A line of the protocol is bounded, so that a daemon that went mad does not eat our memory. */
#define LINE_BYTES_MAX (1024 * 1024)

/* How long a daemon may take for its greeting, and for its last word after a stop. */
#define ANSWER_WAIT_MS 5000

struct remote {
    struct session session;
    int socket;
    int next_id;
    char *buffer; /* what has arrived and is not yet a line */
    size_t length, capacity;
    char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
};

static bool daemon_gone(const struct remote *remote, struct control_outcome *outcome)
{
    control_fail(outcome, EXIT_CODE_DAEMON, "is it still running? 'lwm2m list' shows",
                 "the daemon at %s closed the connection", remote->path);
    return false;
}

static bool send_all(struct remote *remote, const char *data, size_t length,
                     struct control_outcome *outcome)
{
    while (length > 0) {
        ssize_t sent = send(remote->socket, data, length, MSG_NOSIGNAL);
        if (sent < 0 && errno != EINTR) {
            return daemon_gone(remote, outcome);
        }
        if (sent > 0) {
            data += sent;
            length -= (size_t)sent;
        }
    }
    return true;
}

static bool send_request(struct remote *remote, cJSON *request, int id,
                         struct control_outcome *outcome)
{
    cJSON_DeleteItemFromObjectCaseSensitive(request, "id");
    char *line = NULL;
    bool good = cJSON_AddNumberToObject(request, "id", id) != NULL &&
                (line = cJSON_PrintUnformatted(request)) != NULL;
    if (!good) {
        control_fail(outcome, EXIT_CODE_IO, NULL, "out of memory");
    } else if (strlen(line) >= LINE_BYTES_MAX) {
        control_fail(outcome, EXIT_CODE_USAGE, NULL,
                     "the request is larger than the control protocol takes (1 MiB)");
        good = false;
    } else {
        good = send_all(remote, line, strlen(line), outcome) && send_all(remote, "\n", 1, outcome);
    }
    cJSON_free(line);
    return good;
}

static bool send_stop(struct remote *remote, int target, struct control_outcome *outcome)
{
    cJSON *stop = cJSON_CreateObject();
    bool good = stop != NULL && cJSON_AddStringToObject(stop, "op", "stop") != NULL &&
                cJSON_AddNumberToObject(stop, "target", target) != NULL;
    good = good && send_request(remote, stop, remote->next_id++, outcome);
    cJSON_Delete(stop);
    return good;
}

static bool grow(struct remote *remote, struct control_outcome *outcome)
{
    if (remote->length + 1 < remote->capacity) {
        return true;
    }
    size_t capacity = remote->capacity == 0 ? 4096 : remote->capacity * 2;
    char *grown = capacity > 2 * LINE_BYTES_MAX ? NULL : realloc(remote->buffer, capacity);
    if (grown == NULL) {
        control_fail(outcome, EXIT_CODE_DECODE, NULL, "the daemon at %s sent a line without end",
                     remote->path);
        return false;
    }
    remote->buffer = grown;
    remote->capacity = capacity;
    return true;
}

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
            {.fd = remote->socket, .events = POLLIN},
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

/* Takes the next whole line off the buffer, as JSON; NULL if there is none yet. */
static cJSON *take_line(struct remote *remote, bool *malformed)
{
    char *end = remote->length > 0 ? memchr(remote->buffer, '\n', remote->length) : NULL;
    if (end == NULL) {
        return NULL;
    }
    size_t taken = (size_t)(end - remote->buffer) + 1;
    cJSON *line = cJSON_ParseWithLength(remote->buffer, taken - 1);
    *malformed = !cJSON_IsObject(line);
    memmove(remote->buffer, remote->buffer + taken, remote->length - taken);
    remote->length -= taken;
    return line;
}

static bool read_more(struct remote *remote, struct control_outcome *outcome)
{
    if (!grow(remote, outcome)) {
        return false;
    }
    ssize_t got = recv(remote->socket, remote->buffer + remote->length,
                       remote->capacity - remote->length - 1, 0);
    if (got < 0 && errno == EINTR) {
        return true;
    }
    if (got <= 0) {
        return daemon_gone(remote, outcome);
    }
    remote->length += (size_t)got;
    return true;
}

static const char *text_of(const cJSON *object, const char *name)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
    return text != NULL ? text : "";
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
    const cJSON *exit = cJSON_GetObjectItemCaseSensitive(done, "exit");
    if (talk->interrupted) {
        set_interrupted(talk->outcome);
    } else if (talk->stopped) {
        *talk->outcome =
            (struct control_outcome){.exit = talk->unread ? EXIT_CODE_IO : EXIT_CODE_OK};
    } else {
        control_fail(talk->outcome, cJSON_IsNumber(exit) ? (enum exit_code)exit->valueint : 8,
                     text_of(done, "hint"), "%s", text_of(done, "msg"));
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
        control_fail(talk->outcome, EXIT_CODE_USAGE, NULL, "the daemon at %s: %s", remote->path,
                     error->valuestring);
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
            return !send_stop(remote, talk->id, talk->outcome);
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
    return !send_stop(remote, talk->id, talk->outcome);
}

static void converse(struct remote *remote, struct conversation *talk)
{
    for (;;) {
        bool malformed = false;
        cJSON *line = take_line(remote, &malformed);
        if (line != NULL || malformed) {
            bool over = malformed || handle_line(remote, talk, line);
            cJSON_Delete(line);
            if (malformed) {
                control_fail(talk->outcome, EXIT_CODE_DECODE, NULL,
                             "the daemon at %s sent a line that is no JSON object", remote->path);
            }
            if (over) {
                return;
            }
            continue;
        }
        enum wait_result waited =
            wait_readable(remote, talk->deadline_ms, talk->is_stream && !talk->stopped);
        if (waited == WAIT_FAILED) {
            daemon_gone(remote, talk->outcome);
            return;
        }
        bool over =
            waited == WAIT_READY ? !read_more(remote, talk->outcome) : stop(remote, talk, waited);
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
        .id = remote->next_id++,
        .deadline_ms = deadline_ms,
        .is_stream = session_is_stream(request),
        .on_result = on_result,
        .context = context,
        .outcome = outcome,
    };
    if (send_request(remote, request, talk.id, outcome)) {
        converse(remote, &talk);
    }
}

static void remote_close(struct session *session)
{
    struct remote *remote = (struct remote *)session;
    interrupt_end();
    if (remote->socket >= 0) {
        close(remote->socket);
    }
    free(remote->buffer);
    free(remote);
}

static const struct session_operations remote_operations = {
    .request = remote_request,
    .close = remote_close,
};

static bool connect_to(struct remote *remote, const char *role, struct control_outcome *outcome)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, remote->path, sizeof(address.sun_path));
    remote->socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (remote->socket < 0) {
        control_fail(outcome, EXIT_CODE_IO, NULL, "cannot make a socket: %s", strerror(errno));
        return false;
    }
    if (connect(remote->socket, (struct sockaddr *)&address, sizeof(address)) == 0) {
        return true;
    }
    bool server = strcmp(role, "server") == 0;
    control_fail(outcome, EXIT_CODE_DAEMON,
                 server ? "start one with 'lwm2m server', or add --serve to the command"
                        : "start one with 'lwm2m client -u URI -e ENDPOINT'",
                 "no %s answers on %s: %s", server ? "server" : "simulated device", remote->path,
                 strerror(errno));
    return false;
}

static bool greet(struct remote *remote, const char *role, struct control_outcome *outcome)
{
    cJSON *line = NULL;
    bool malformed = false;
    int64_t deadline_ms = time_boot_ms() + ANSWER_WAIT_MS;
    while (line == NULL && !malformed) {
        enum wait_result waited = wait_readable(remote, deadline_ms, false);
        if (waited == WAIT_INTERRUPTED) {
            set_interrupted(outcome);
            return false;
        }
        if (waited != WAIT_READY) {
            control_fail(outcome, EXIT_CODE_DAEMON, NULL, "the daemon at %s does not answer",
                         remote->path);
            return false;
        }
        if (!read_more(remote, outcome)) {
            return false;
        }
        line = take_line(remote, &malformed);
    }
    const cJSON *version = cJSON_GetObjectItemCaseSensitive(line, "v");
    bool known = cJSON_IsNumber(version) && version->valueint == 1;
    bool same_role = strcmp(text_of(line, "role"), role) == 0;
    if (!known) {
        control_fail(outcome, EXIT_CODE_DAEMON, NULL,
                     "%s does not speak version 1 of the control protocol", remote->path);
    } else if (!same_role) {
        control_fail(outcome, EXIT_CODE_DAEMON, NULL, "%s belongs to a %.20s, not to a %s",
                     remote->path, text_of(line, "role"), role);
    }
    cJSON_Delete(line);
    return known && same_role;
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
    remote->socket = -1;
    remote->next_id = 1;
    /* A signal while the daemon is greeted counts, too, also where whoever started us ignores
     * SIGINT. */
    interrupt_begin();
    if (strlen(socket_path) >= sizeof(remote->path)) {
        control_fail(outcome, EXIT_CODE_USAGE, NULL, "--socket: the path is too long");
        remote_close(&remote->session);
        return NULL;
    }
    memcpy(remote->path, socket_path, strlen(socket_path));
    if (!connect_to(remote, role, outcome) || !greet(remote, role, outcome)) {
        remote_close(&remote->session);
        return NULL;
    }
    return &remote->session;
}
