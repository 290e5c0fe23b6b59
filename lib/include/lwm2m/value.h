/*
 * Values of resources, of every type of LwM2M Core 1.2 Annex C.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LWM2M_VALUE_H
#define LWM2M_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lwm2m/bytes.h>
#include <lwm2m/error.h>

enum lwm2m_type {
    LWM2M_TYPE_NONE, /* no value: an executable resource, an empty instance */
    LWM2M_TYPE_STRING,
    LWM2M_TYPE_INTEGER,
    LWM2M_TYPE_UNSIGNED,
    LWM2M_TYPE_FLOAT,
    LWM2M_TYPE_BOOLEAN,
    LWM2M_TYPE_OPAQUE,
    LWM2M_TYPE_TIME, /* seconds since 1970-01-01T00:00:00Z, signed */
    LWM2M_TYPE_OBJLNK,
    LWM2M_TYPE_CORELNK,
    LWM2M_TYPE_UNTYPED, /* raw TLV bytes of a resource that no definition names */
    LWM2M_TYPE_COUNT
};

/* "string", "int", "uint", "float", "bool", "opaque", "time", "objlnk", "corelnk"; "none", "untyped". */
const char *lwm2m_type_name(enum lwm2m_type type);
/* The reverse; LWM2M_NOT_FOUND for any other word. */
enum lwm2m_error lwm2m_type_find(struct lwm2m_bytes name, enum lwm2m_type *type) LWM2M_MUST_CHECK;

struct lwm2m_objlnk {
    uint16_t object;   /* LWM2M_NO_ID in both is the null link */
    uint16_t instance;
};

/* Bytes in a value are borrowed from where it was decoded or read. */
struct lwm2m_value {
    enum lwm2m_type type;
    union {
        struct lwm2m_bytes bytes;  /* STRING and CORELNK (UTF-8), OPAQUE, UNTYPED */
        int64_t integer;           /* INTEGER, TIME */
        uint64_t unsigned_integer; /* UNSIGNED */
        double number;             /* FLOAT */
        bool boolean;              /* BOOLEAN */
        struct lwm2m_objlnk objlnk; /* OBJLNK */
    } as;
};

struct lwm2m_value lwm2m_value_none(void);
struct lwm2m_value lwm2m_value_string(struct lwm2m_bytes text);
struct lwm2m_value lwm2m_value_text(const char *text); /* a string, terminated */
struct lwm2m_value lwm2m_value_integer(int64_t number);
struct lwm2m_value lwm2m_value_unsigned(uint64_t number);
struct lwm2m_value lwm2m_value_float(double number);
struct lwm2m_value lwm2m_value_boolean(bool boolean);
struct lwm2m_value lwm2m_value_opaque(struct lwm2m_bytes bytes);
struct lwm2m_value lwm2m_value_time(int64_t seconds);
struct lwm2m_value lwm2m_value_objlnk(uint16_t object, uint16_t instance);

/* Same type and same content. Floats are equal if their bits are, so that NaN equals itself. */
bool lwm2m_value_equal(const struct lwm2m_value *a, const struct lwm2m_value *b);

/*
 * Gives *value the type that a definition names. What a format can carry in another shape is
 * accepted where nothing is lost: integers among INTEGER, UNSIGNED and TIME when in range; INTEGER and
 * UNSIGNED to FLOAT when exact; FLOAT to an integer type when whole and in range; STRING to CORELNK,
 * and to OBJLNK as "object:instance"; UNTYPED bytes by the rules of TLV. type NONE or UNTYPED leaves
 * the value as it is. LWM2M_TYPE if it does not fit, LWM2M_RANGE if the number does not.
 */
enum lwm2m_error lwm2m_value_convert(struct lwm2m_value *value,
                                     enum lwm2m_type type) LWM2M_MUST_CHECK;

/*
 * The text form of LwM2M Core 1.2 Annex C.2 (text/plain): numbers in decimal, booleans "0" and "1",
 * time in seconds, links "66:1", opaque in base64. Appends to out; LWM2M_NO_SPACE.
 */
enum lwm2m_error lwm2m_value_print(const struct lwm2m_value *value,
                                   struct lwm2m_buffer *out) LWM2M_MUST_CHECK;

/*
 * Reads that form. type OPAQUE needs base64 decoded into scratch (LWM2M_NO_SPACE if it is too small,
 * three quarters of the text suffice); strings borrow text. LWM2M_TYPE where the text is not one of
 * the type, LWM2M_RANGE where the number does not fit.
 */
enum lwm2m_error lwm2m_value_parse(struct lwm2m_bytes text, enum lwm2m_type type,
                                   struct lwm2m_buffer *scratch,
                                   struct lwm2m_value *value) LWM2M_MUST_CHECK;

#endif
