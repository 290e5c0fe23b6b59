/*
 * What a Read answers and a notification carries: values of the tree, encoded in the right format.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLIENT_CONTENT_H
#define CLIENT_CONTENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lwm2m/bytes.h>
#include <lwm2m/definition.h>
#include <lwm2m/error.h>
#include <lwm2m/path.h>

struct lwm2m_client;
struct lwm2m_history;

/* What is to be read, and in which format. */
struct lwm2m_selection {
    const struct lwm2m_path *paths;
    size_t path_count; /* 1, or any number if composite */
    bool composite;    /* what is missing or cannot be read is left out */
    uint16_t accept;   /* LWM2M_NO_FORMAT: the one that suits; not if composite */
    struct lwm2m_version version; /* spoken with the server */
};

struct lwm2m_content {
    uint16_t format;
    struct lwm2m_bytes bytes; /* in client->body */
};

/*
 * Reads and encodes. LWM2M_FORMAT: not in that format. LWM2M_NOT_FOUND, LWM2M_NOT_ALLOWED: not if
 * composite. LWM2M_TOO_LARGE, LWM2M_NO_MEMORY, or what an object said.
 */
enum lwm2m_error lwm2m_content_read(struct lwm2m_client *client,
                                    const struct lwm2m_selection *selection,
                                    struct lwm2m_content *content) LWM2M_MUST_CHECK;

/* Whether values in this format can say when they were true. */
bool lwm2m_content_has_times(uint16_t format);

/* The same content behind that of a history, everything with its time; now_ms is since 1970. */
enum lwm2m_error lwm2m_content_read_batch(struct lwm2m_client *client,
                                          const struct lwm2m_selection *selection,
                                          const struct lwm2m_history *history, int64_t now_ms,
                                          struct lwm2m_content *content) LWM2M_MUST_CHECK;

#endif
