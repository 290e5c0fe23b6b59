/*
 * The parameters of Register and Update, read from the queries of a request (LwM2M Core 1.2 §6.2).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SERVER_REGISTRATION_QUERY_H
#define SERVER_REGISTRATION_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lwm2m/bytes.h>
#include <lwm2m/definition.h>
#include <lwm2m/message.h>
#include <lwm2m/status.h>

/* What is given when lt is not (LwM2M Core 1.0 §5.3.1). */
#define LWM2M_DEFAULT_LIFETIME_S 86400

/* What a request said. Everything is borrowed from it. */
struct lwm2m_registration_query {
    struct lwm2m_bytes endpoint_name;
    struct lwm2m_bytes binding; /* 1 to 7 of the letters U T S N M H Q, each once */
    uint32_t lifetime_s;        /* 0: without end */
    struct lwm2m_version version;
    bool has_endpoint_name, has_binding, has_lifetime, has_version;
    struct lwm2m_bytes profile_id; /* of a Register of 1.2: UTF-8 without control characters */
    bool has_profile_id;
    bool has_sms_number;
    bool queue_mode; /* a Q of its own, or one in the binding */
};

/*
 * Reads all queries of a Register, in any order; what is unknown is ignored. Defaults are filled in
 * for what is missing: version 1.0, lifetime 86400, binding "U". Returns LWM2M_STATUS_NONE if all
 * is well, or what to answer: 4.00 for what is malformed, given twice or missing, 4.12 for a
 * version outside min_version to max_version; *detail then says why, for people.
 */
enum lwm2m_status lwm2m_registration_query_parse_register(
    const struct lwm2m_message *message, size_t max_queries, struct lwm2m_version min_version,
    struct lwm2m_version max_version, struct lwm2m_registration_query *query, const char **detail);

/* The same for an Update of a registration with that version; ep and lwm2m have no meaning there.
 */
enum lwm2m_status lwm2m_registration_query_parse_update(const struct lwm2m_message *message,
                                                        size_t max_queries,
                                                        struct lwm2m_version version,
                                                        struct lwm2m_registration_query *query,
                                                        const char **detail);

#endif
