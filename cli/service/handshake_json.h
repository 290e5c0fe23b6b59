/*
 * What became of a DTLS handshake, as JSON tells it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SERVICE_HANDSHAKE_JSON_H
#define SERVICE_HANDSHAKE_JSON_H

#include <cjson/cJSON.h>

#include <lwm2m/dtls_link.h>

/* Adds addr, identity, and of one that failed failure, msg and detail, of one that did not the cipher. */
void handshake_json_add(cJSON *json, const struct lwm2m_dtls_event *event);

#endif
