/*
 * What is to be told about a registration at one moment, kept in one piece of memory: for lists,
 * and for events that are read long after.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SERVICE_REGISTRATION_SNAPSHOT_H
#define SERVICE_REGISTRATION_SNAPSHOT_H

#include <stdbool.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include <lwm2m/server.h>

struct registration_snapshot {
    bool awake;
    enum lwm2m_security security;
    struct lwm2m_version version;
    uint32_t lifetime_s, left_s; /* left_s UINT32_MAX: without end */
    uint32_t last_seen_s, registered_s;
    char rid[LWM2M_REGISTRATION_ID_MAX];
    /* These lie behind the struct: */
    const char *endpoint, *address, *binding;
    struct lwm2m_bytes identity, links;
};

/* NULL if there is no memory; freed by free. */
struct registration_snapshot *
registration_snapshot_new(const struct lwm2m_server *server,
                          const struct lwm2m_registration *registration, uint64_t now_ms);

/* Adds "ep", "state", "lwm2m", "b", "sec", "addr", "lt", …, "rid", "objects". NULL adds nothing. */
void registration_snapshot_add(cJSON *result, const struct registration_snapshot *snapshot);

#endif
