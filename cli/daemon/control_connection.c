/*
 * Reads requests of one client, and writes to it as fast as it reads.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "daemon/control_connection.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define READ_BYTES 65536

static bool reserve(struct control_connection *connection, size_t length)
{
    if (connection->output_start > 0 &&
        connection->output_capacity - connection->output_length < length) {
        connection->output_length -= connection->output_start;
        memmove(connection->output, connection->output + connection->output_start,
                connection->output_length);
        connection->output_start = 0;
    }
    if (connection->output_capacity - connection->output_length >= length) {
        return true;
    }
    size_t capacity = connection->output_capacity == 0 ? 4096 : connection->output_capacity;
    while (capacity - connection->output_length < length) {
        capacity *= 2;
    }
    char *grown = realloc(connection->output, capacity);
    if (grown != NULL) {
        connection->output = grown;
        connection->output_capacity = capacity;
    }
    return grown != NULL;
}

/* Called by the responder from anywhere, so it only gathers: the loop's hook writes, and closes
 * what is over. */
static void take_line(void *context, const cJSON *line)
{
    struct control_connection *connection = context;
    if (connection->broken) {
        return;
    }
    char *text = cJSON_PrintUnformatted(line);
    size_t length = text != NULL ? strlen(text) : 0;
    if (text == NULL || !reserve(connection, length + 1) ||
        connection->output_length - connection->output_start + length > BACKLOG_BYTES_MAX) {
        connection->broken = true;
    } else {
        text[length] = '\n'; /* in place of the NUL */
        memcpy(connection->output + connection->output_length, text, length + 1);
        connection->output_length += length + 1;
    }
    cJSON_free(text);
}

/* Well below the point where it is dropped. */
static bool is_congested(void *context)
{
    const struct control_connection *connection = context;
    return connection->output_length - connection->output_start > BACKLOG_BYTES_MAX / 8;
}

/* What cannot be answered under an id: the last word to this client. */
static void reject(struct control_connection *connection, const char *message)
{
    cJSON *line = cJSON_CreateObject();
    cJSON_AddStringToObject(line, "error", message);
    take_line(connection, line);
    cJSON_Delete(line);
    connection->ending = true;
}

static void take_request(struct control_connection *connection, const char *line, size_t length)
{
    const char *message = "";
    cJSON *request = control_line_parse(line, length, &message);
    if (request == NULL) {
        reject(connection, message);
        return;
    }
    if (control_request_id(request) == 0) {
        reject(connection, "a request needs an \"id\" from 1 to 2147483647");
    } else {
        connection->responder->request(connection->served, request);
    }
    cJSON_Delete(request);
}

static void take_lines(struct control_connection *connection)
{
    const char *line;
    size_t length;
    while (!connection->ending && !connection->broken) {
        switch (line_buffer_next(&connection->input, &line, &length)) {
        case LINE_FOUND:
            if (length > 0) {
                take_request(connection, line, length);
            }
            break;
        case LINE_TOO_LONG:
            reject(connection, "a line is longer than 1 MiB");
            return;
        default:
            return;
        }
    }
}

static void read_some(struct control_connection *connection)
{
    char bytes[READ_BYTES];
    ssize_t got = recv(connection->watch.fd, bytes, sizeof(bytes), 0);
    if (got > 0 && line_buffer_feed(&connection->input, bytes, (size_t)got) == LINE_FOUND) {
        take_lines(connection);
    } else if (got >= 0 || (errno != EAGAIN && errno != EINTR)) {
        connection->broken = true; /* gone, or no memory */
    }
}

static void ready(struct lwm2m_watch *watch, unsigned events)
{
    struct control_connection *connection =
        LWM2M_CONTAINER_OF(watch, struct control_connection, watch);
    if (connection->ending) {
        /* Nothing more is read, so a hang-up would be reported for ever. */
        connection->broken =
            connection->broken || (events & (LWM2M_WATCH_ERROR | LWM2M_WATCH_HANGUP)) != 0;
        return;
    }
    if ((events & (LWM2M_WATCH_READ | LWM2M_WATCH_ERROR | LWM2M_WATCH_HANGUP)) != 0) {
        read_some(connection);
    }
}

bool control_connection_flush(struct control_connection *connection)
{
    while (!connection->broken && connection->output_start < connection->output_length) {
        ssize_t sent =
            send(connection->watch.fd, connection->output + connection->output_start,
                 connection->output_length - connection->output_start, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent > 0) {
            connection->output_start += (size_t)sent;
        } else if (errno == EAGAIN) {
            break;
        } else if (errno != EINTR) {
            connection->broken = true;
        }
    }
    bool empty = connection->output_start == connection->output_length;
    if (empty) {
        connection->output_start = 0;
        connection->output_length = 0;
    }
    if (connection->broken || (connection->ending && empty)) {
        return false;
    }
    unsigned events = (connection->ending ? 0 : LWM2M_WATCH_READ) | (empty ? 0 : LWM2M_WATCH_WRITE);
    return lwm2m_loop_modify(connection->loop, &connection->watch, events) == LWM2M_OK;
}

struct control_connection *control_connection_open(struct lwm2m_loop *loop, int fd,
                                                   const struct responder *responder)
{
    struct control_connection *connection = calloc(1, sizeof(*connection));
    cJSON *greeting = control_greeting_new(responder->role);
    if (connection == NULL || greeting == NULL) {
        cJSON_Delete(greeting);
        free(connection);
        close(fd);
        return NULL;
    }
    struct responder_output output = {
        .context = connection, .line = take_line, .is_congested = is_congested};
    lwm2m_list_init(&connection->node);
    connection->loop = loop;
    connection->responder = responder;
    connection->input.limit = CONTROL_LINE_BYTES_MAX;
    connection->watch.fd = fd;
    connection->watch.ready = ready;
    connection->served = responder->open(responder->context, &output);
    take_line(connection, greeting);
    cJSON_Delete(greeting);
    if (connection->served == NULL ||
        lwm2m_loop_add(loop, &connection->watch, LWM2M_WATCH_READ) != LWM2M_OK) {
        control_connection_close(connection);
        return NULL;
    }
    return connection;
}

void control_connection_close(struct control_connection *connection)
{
    lwm2m_loop_remove(connection->loop, &connection->watch);
    close(connection->watch.fd);
    if (connection->served != NULL) {
        connection->responder->close(connection->served);
    }
    lwm2m_list_remove(&connection->node);
    line_buffer_release(&connection->input);
    free(connection->output);
    free(connection);
}
