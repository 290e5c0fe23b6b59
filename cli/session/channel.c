/*
 * Speaks the control protocol on a Unix socket.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "session/channel.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define WHO_MAY_CONNECT                                                                            \
    "its user and root may, and with --socket-group the members of that group: 'ls -l' of it "     \
    "shows"

static const char *text_of(const cJSON *object, const char *name)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
    return text != NULL ? text : "";
}

bool channel_gone(const struct channel *channel, struct control_outcome *outcome)
{
    control_fail(outcome, EXIT_CODE_DAEMON, "is it still running? 'lwm2m list' shows",
                 "the daemon at %s closed the connection", channel->path);
    return false;
}

static bool send_all(struct channel *channel, const char *data, size_t length,
                     struct control_outcome *outcome)
{
    while (length > 0) {
        ssize_t sent = send(channel->socket, data, length, MSG_NOSIGNAL);
        if (sent < 0 && errno != EINTR) {
            return channel_gone(channel, outcome);
        }
        if (sent > 0) {
            data += sent;
            length -= (size_t)sent;
        }
    }
    return true;
}

bool channel_send(struct channel *channel, cJSON *request, int id, struct control_outcome *outcome)
{
    cJSON_DeleteItemFromObjectCaseSensitive(request, "id");
    char *line = NULL;
    bool good = cJSON_AddNumberToObject(request, "id", id) != NULL &&
                (line = cJSON_PrintUnformatted(request)) != NULL;
    if (!good) {
        control_fail(outcome, EXIT_CODE_IO, NULL, "out of memory");
    } else if (strlen(line) >= CONTROL_LINE_BYTES_MAX) {
        control_fail(outcome, EXIT_CODE_USAGE, NULL,
                     "the request is larger than the control protocol takes (1 MiB)");
        good = false;
    } else {
        good =
            send_all(channel, line, strlen(line), outcome) && send_all(channel, "\n", 1, outcome);
    }
    cJSON_free(line);
    return good;
}

bool channel_send_stop(struct channel *channel, int target, struct control_outcome *outcome)
{
    cJSON *stop = cJSON_CreateObject();
    bool good = stop != NULL && cJSON_AddStringToObject(stop, "op", "stop") != NULL &&
                cJSON_AddNumberToObject(stop, "target", target) != NULL;
    if (!good) {
        control_fail(outcome, EXIT_CODE_IO, NULL, "out of memory");
    }
    good = good && channel_send(channel, stop, channel->next_id++, outcome);
    cJSON_Delete(stop);
    return good;
}

bool channel_receive(struct channel *channel, struct control_outcome *outcome)
{
    char bytes[16384];
    ssize_t got = recv(channel->socket, bytes, sizeof(bytes), 0);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) {
        return true;
    }
    if (got <= 0) {
        return channel_gone(channel, outcome);
    }
    if (line_buffer_feed(&channel->lines, bytes, (size_t)got) == LINE_NO_MEMORY) {
        control_fail(outcome, EXIT_CODE_IO, NULL, "out of memory");
        return false;
    }
    return true;
}

bool channel_next(struct channel *channel, cJSON **line, struct control_outcome *outcome)
{
    const char *text = NULL;
    size_t length = 0;
    *line = NULL;
    switch (line_buffer_next(&channel->lines, &text, &length)) {
    case LINE_FOUND:
        break;
    case LINE_INCOMPLETE:
        return true;
    default:
        control_fail(outcome, EXIT_CODE_DECODE, NULL, "the daemon at %s sent a line without end",
                     channel->path);
        return false;
    }
    *line = cJSON_ParseWithLength(text, length);
    if (!cJSON_IsObject(*line)) {
        cJSON_Delete(*line);
        *line = NULL;
        control_fail(outcome, EXIT_CODE_DECODE, NULL,
                     "the daemon at %s sent a line that is no JSON object", channel->path);
        return false;
    }
    return true;
}

bool channel_check_greeting(const struct channel *channel, const cJSON *line, const char *role,
                            struct control_outcome *outcome)
{
    const cJSON *version = cJSON_GetObjectItemCaseSensitive(line, "v");
    if (cJSON_HasObjectItem(line, "error")) {
        control_fail(outcome, EXIT_CODE_DAEMON, WHO_MAY_CONNECT, "the daemon at %s answers: %.200s",
                     channel->path, text_of(line, "error"));
        return false;
    }
    if (!cJSON_IsNumber(version) || version->valueint != 1) {
        control_fail(outcome, EXIT_CODE_DAEMON, NULL,
                     "%s does not speak version 1 of the control protocol", channel->path);
        return false;
    }
    if (strcmp(text_of(line, "role"), role) != 0) {
        control_fail(outcome, EXIT_CODE_DAEMON, NULL, "%s belongs to a %.20s, not to a %s",
                     channel->path, text_of(line, "role"), role);
        return false;
    }
    return true;
}

void channel_read_done(const cJSON *done, struct control_outcome *outcome)
{
    const cJSON *exit = cJSON_GetObjectItemCaseSensitive(done, "exit");
    control_fail(outcome, cJSON_IsNumber(exit) ? (enum exit_code)exit->valueint : EXIT_CODE_DECODE,
                 text_of(done, "hint"), "%s", text_of(done, "msg"));
}

/* A daemon that hangs takes no connection once its queue is full. */
static void bound_connect(int socket, int wait_ms)
{
    const struct timeval wait = {.tv_sec = wait_ms / 1000, .tv_usec = wait_ms % 1000 * 1000};
    (void)setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait));
}

static bool connect_to(struct channel *channel, const char *role, int wait_ms,
                       struct control_outcome *outcome)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, channel->path, sizeof(address.sun_path));
    channel->socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (channel->socket < 0) {
        control_fail(outcome, EXIT_CODE_IO, NULL, "cannot make a socket: %s", strerror(errno));
        return false;
    }
    bound_connect(channel->socket, wait_ms);
    if (connect(channel->socket, (struct sockaddr *)&address, sizeof(address)) == 0) {
        return true;
    }
    if (errno == EACCES) {
        control_fail(outcome, EXIT_CODE_DAEMON, WHO_MAY_CONNECT, "you may not connect to %s",
                     channel->path);
        return false;
    }
    bool server = strcmp(role, "server") == 0;
    control_fail(outcome, EXIT_CODE_DAEMON,
                 server ? "start one with 'lwm2m server', or add --serve to the command"
                        : "start one with 'lwm2m client -u URI -e ENDPOINT'",
                 "no %s answers on %s: %s", server ? "server" : "simulated device", channel->path,
                 strerror(errno));
    return false;
}

bool channel_open_within(struct channel *channel, const char *path, const char *role, int wait_ms,
                         struct control_outcome *outcome)
{
    *channel = (struct channel){
        .socket = -1,
        .next_id = 1,
        .lines = {.limit = CONTROL_LINE_BYTES_MAX},
    };
    if (strlen(path) >= sizeof(channel->path)) {
        control_fail(outcome, EXIT_CODE_USAGE, NULL, "--socket: the path is too long");
        return false;
    }
    memcpy(channel->path, path, strlen(path));
    return connect_to(channel, role, wait_ms, outcome);
}

bool channel_open(struct channel *channel, const char *path, const char *role,
                  struct control_outcome *outcome)
{
    return channel_open_within(channel, path, role, 0, outcome);
}

void channel_close(struct channel *channel)
{
    if (channel->socket >= 0) {
        close(channel->socket);
        channel->socket = -1;
    }
    line_buffer_release(&channel->lines);
}
