/*
 * The parameters of Register and Update: what is accepted, and what is answered to anything else.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "server/registration_query.h"

#include <string.h>

#include <lwm2m/number.h>
#include <lwm2m/utf8.h>

#define TEXT_MAX 255

/* Versions step by minor numbers; this one brought lifetimes without end (LwM2M Core 1.2 §6.2.1).
 */
static const struct lwm2m_version version_1_2 = {1, 2};

/*
 * One parameter. read returns what is wrong with the value, or NULL; value.data is NULL if the
 * query had no '='.
 */
struct parameter {
    const char *name;
    bool of_register_only;
    const char *(*read)(struct lwm2m_registration_query *query, struct lwm2m_bytes value);
};

/* What may be wrong with a text that people are shown. */
struct text_problems {
    const char *is_empty, *is_too_long, *is_not_utf8, *has_control;
};

/* NULL if nothing is. */
static const char *check_text(struct lwm2m_bytes text, const struct text_problems *problems)
{
    uint32_t code_point;

    if (text.length == 0) {
        return problems->is_empty;
    }
    if (text.length > TEXT_MAX) {
        return problems->is_too_long;
    }
    while (text.length > 0) {
        if (!lwm2m_utf8_next(&text, &code_point)) {
            return problems->is_not_utf8;
        }
        if (lwm2m_utf8_is_control(code_point)) {
            return problems->has_control;
        }
    }
    return NULL;
}

static const char *read_endpoint_name(struct lwm2m_registration_query *query,
                                      struct lwm2m_bytes value)
{
    static const struct text_problems problems = {
        "ep is empty",
        "ep is longer than 255 bytes",
        "ep is not valid UTF-8",
        "ep holds a control character",
    };

    if (query->has_endpoint_name) {
        return "ep is given twice";
    }
    query->has_endpoint_name = true;
    query->endpoint_name = value;
    return check_text(value, &problems);
}

/* Checked when the version is known. */
static const char *read_profile_id(struct lwm2m_registration_query *query, struct lwm2m_bytes value)
{
    if (query->has_profile_id) {
        return "pid is given twice";
    }
    query->has_profile_id = true;
    query->profile_id = value;
    return NULL;
}

static const char *read_lifetime(struct lwm2m_registration_query *query, struct lwm2m_bytes value)
{
    uint64_t seconds;

    if (query->has_lifetime) {
        return "lt is given twice";
    }
    if (lwm2m_number_parse_unsigned(value, &seconds) != LWM2M_OK || seconds > UINT32_MAX) {
        return "lt is no number from 0 to 4294967295";
    }
    query->has_lifetime = true;
    query->lifetime_s = (uint32_t)seconds;
    return NULL;
}

static const char *read_version(struct lwm2m_registration_query *query, struct lwm2m_bytes value)
{
    if (query->has_version) {
        return "lwm2m is given twice";
    }
    if (lwm2m_version_parse(value, &query->version) != LWM2M_OK) {
        return "lwm2m is no version";
    }
    query->has_version = true;
    return NULL;
}

/*
 * The letters of every version are taken in every version, also a Q inside the binding, which
 * only 1.0 knows: devices mix them, and nothing depends on it but queue mode.
 */
static const char *read_binding(struct lwm2m_registration_query *query, struct lwm2m_bytes value)
{
    static const char letters[] = "UTSNMHQ";
    unsigned seen = 0;

    if (query->has_binding) {
        return "b is given twice";
    }
    if (value.length == 0) {
        return "b is empty";
    }
    for (size_t i = 0; i < value.length; i++) {
        size_t letter = 0;
        while (letters[letter] != '\0' && letters[letter] != (char)value.data[i]) {
            letter++;
        }
        if (letters[letter] == '\0') {
            return "b names an unknown binding";
        }
        if (seen & 1u << letter) {
            return "b names a binding twice";
        }
        seen |= 1u << letter;
        if (value.data[i] == 'Q') {
            query->queue_mode = true;
        }
    }
    query->has_binding = true;
    query->binding = value;
    return NULL;
}

static const char *read_sms_number(struct lwm2m_registration_query *query, struct lwm2m_bytes value)
{
    if (query->has_sms_number) {
        return "sms is given twice";
    }
    if (value.length == 0) {
        return "sms is empty";
    }
    query->has_sms_number = true;
    return NULL;
}

static const struct parameter parameters[] = {
    {"ep", true, read_endpoint_name}, {"lt", false, read_lifetime},
    {"lwm2m", true, read_version},    {"b", false, read_binding},
    {"sms", false, read_sms_number},  {"pid", true, read_profile_id},
};

/* Q stands alone, so it is told apart from the parameters before they are looked up. */
static const char *read_queue_mode(struct lwm2m_registration_query *query, bool *seen,
                                   bool has_value)
{
    if (has_value) {
        return "Q has a value";
    }
    if (*seen) {
        return "Q is given twice";
    }
    *seen = true;
    query->queue_mode = true;
    return NULL;
}

static const char *read_query(struct lwm2m_registration_query *query, struct lwm2m_bytes text,
                              bool is_register, bool *seen_q)
{
    struct lwm2m_bytes name = text;
    struct lwm2m_bytes value = {NULL, 0};
    const uint8_t *equals = text.length > 0 ? memchr(text.data, '=', text.length) : NULL;

    if (equals) {
        name.length = (size_t)(equals - text.data);
        value = (struct lwm2m_bytes){equals + 1, text.length - name.length - 1};
    }
    if (lwm2m_bytes_equal_text(name, "Q")) {
        return read_queue_mode(query, seen_q, equals != NULL);
    }
    for (size_t i = 0; i < sizeof parameters / sizeof parameters[0]; i++) {
        const struct parameter *parameter = &parameters[i];
        if (!lwm2m_bytes_equal_text(name, parameter->name)) {
            continue;
        }
        if (parameter->of_register_only && !is_register) {
            return NULL;
        }
        return parameter->read(query, value);
    }
    return NULL;
}

static const char *read_all(const struct lwm2m_message *message, size_t max_queries,
                            bool is_register, struct lwm2m_registration_query *query)
{
    struct lwm2m_option_reader reader;
    struct lwm2m_option option;
    size_t count = 0;
    bool seen_q = false;

    lwm2m_option_reader_init(&reader, message);
    while (lwm2m_option_reader_next(&reader, &option)) {
        if (option.number != LWM2M_OPTION_URI_QUERY) {
            continue;
        }
        if (++count > max_queries) {
            return "too many parameters";
        }
        const char *problem = read_query(query, option.value, is_register, &seen_q);
        if (problem) {
            return problem;
        }
    }
    return NULL;
}

static const char *check_lifetime(const struct lwm2m_registration_query *query,
                                  struct lwm2m_version version)
{
    if (query->has_lifetime && query->lifetime_s == 0 &&
        lwm2m_version_compare(version, version_1_2) < 0) {
        return "lt is 0, which LwM2M before 1.2 does not know";
    }
    return NULL;
}

/* Before 1.2 it is a parameter like any other that is not known. */
static const char *check_profile_id(struct lwm2m_registration_query *query)
{
    static const struct text_problems problems = {
        "pid is empty",
        "pid is longer than 255 bytes",
        "pid is not valid UTF-8",
        "pid holds a control character",
    };

    if (lwm2m_version_compare(query->version, version_1_2) < 0) {
        query->has_profile_id = false;
    }
    return query->has_profile_id ? check_text(query->profile_id, &problems) : NULL;
}

enum lwm2m_status lwm2m_registration_query_parse_register(
    const struct lwm2m_message *message, size_t max_queries, struct lwm2m_version min_version,
    struct lwm2m_version max_version, struct lwm2m_registration_query *query, const char **detail)
{
    *query = (struct lwm2m_registration_query){
        .lifetime_s = LWM2M_DEFAULT_LIFETIME_S,
        .binding = lwm2m_bytes_from_text("U"),
        .version = {1, 0},
    };
    *detail = read_all(message, max_queries, true, query);
    if (*detail) {
        return LWM2M_STATUS_BAD_REQUEST;
    }
    if (lwm2m_version_compare(query->version, min_version) < 0 ||
        lwm2m_version_compare(query->version, max_version) > 0) {
        *detail = "the LwM2M version is not supported";
        return LWM2M_STATUS_PRECONDITION_FAILED;
    }
    *detail = check_lifetime(query, query->version);
    if (!*detail) {
        *detail = check_profile_id(query);
    }
    return *detail ? LWM2M_STATUS_BAD_REQUEST : LWM2M_STATUS_NONE;
}

enum lwm2m_status lwm2m_registration_query_parse_update(const struct lwm2m_message *message,
                                                        size_t max_queries,
                                                        struct lwm2m_version version,
                                                        struct lwm2m_registration_query *query,
                                                        const char **detail)
{
    *query = (struct lwm2m_registration_query){.version = version};
    *detail = read_all(message, max_queries, false, query);
    if (!*detail) {
        *detail = check_lifetime(query, version);
    }
    return *detail ? LWM2M_STATUS_BAD_REQUEST : LWM2M_STATUS_NONE;
}
