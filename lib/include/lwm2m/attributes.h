/*
 * Notification attributes (LwM2M Core 1.2 §7.3): what Write-Attributes sets and Discover shows.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LWM2M_ATTRIBUTES_H
#define LWM2M_ATTRIBUTES_H

#include <stdbool.h>
#include <stdint.h>

#include <lwm2m/bytes.h>
#include <lwm2m/definition.h>
#include <lwm2m/error.h>

enum lwm2m_attribute {
    LWM2M_ATTRIBUTE_PMIN = 1 << 0,
    LWM2M_ATTRIBUTE_PMAX = 1 << 1,
    LWM2M_ATTRIBUTE_GT = 1 << 2,
    LWM2M_ATTRIBUTE_LT = 1 << 3,
    LWM2M_ATTRIBUTE_ST = 1 << 4,
    LWM2M_ATTRIBUTE_EPMIN = 1 << 5, /* from here on: LwM2M 1.1 */
    LWM2M_ATTRIBUTE_EPMAX = 1 << 6,
    LWM2M_ATTRIBUTE_EDGE = 1 << 7, /* from here on: LwM2M 1.2 */
    LWM2M_ATTRIBUTE_CON = 1 << 8,
    LWM2M_ATTRIBUTE_HQMAX = 1 << 9,
};

struct lwm2m_attributes {
    uint32_t set;     /* enum lwm2m_attribute, or-ed: which of the members below hold a value */
    uint32_t cleared; /* the same: which were given without a value, and so are to be unset */
    uint32_t pmin_s;
    uint32_t pmax_s; /* 0, or less than pmin_s: as if it were not set */
    uint32_t epmin_s;
    uint32_t epmax_s;
    /* Notifications that are kept while none can be delivered. Our devices keep them if the observation asked for
     * SenML (it carries times), /3/0/13 is there to tell the time, and /1/x/6 is not false. */
    uint32_t hqmax;
    double gt;
    double lt;
    double st;    /* not negative */
    uint8_t edge; /* 0 falling, 1 rising */
    uint8_t con;  /* 1: confirmable */
};

/* What the attribute of a bit is called; NULL for a bit that none has. */
const char *lwm2m_attribute_name(uint32_t bit);

/* The attributes that a version of LwM2M knows: enum lwm2m_attribute, or-ed. */
uint32_t lwm2m_attributes_known(struct lwm2m_version version);

/*
 * Reads one query such as "pmin=10" or "pmin" into *attributes. LWM2M_NOT_FOUND for a name that is
 * no attribute, LWM2M_MALFORMED for a value that is none (empty after '=', a period that is
 * negative or a fraction, a negative step, a flag other than 0 and 1), LWM2M_EXISTS for an attribute given twice.
 */
enum lwm2m_error lwm2m_attributes_parse_query(struct lwm2m_bytes query,
                                              struct lwm2m_attributes *attributes) LWM2M_MUST_CHECK;

/* Lays `change` over *attributes: what it sets is set, what it clears is unset. */
void lwm2m_attributes_apply(struct lwm2m_attributes *attributes,
                            const struct lwm2m_attributes *change);

/* The attributes of a lower level over those of a higher one: what `own` sets wins. */
struct lwm2m_attributes lwm2m_attributes_inherit(const struct lwm2m_attributes *higher,
                                                 const struct lwm2m_attributes *own);

/*
 * LWM2M_RANGE for values that contradict each other, which a device refuses (LwM2M Core 1.2 §7.3.2): steps that
 * do not fit twice between lt and gt (lt + 2 * st < gt, where all are set), epmin not below epmax.
 */
enum lwm2m_error
lwm2m_attributes_check(const struct lwm2m_attributes *attributes) LWM2M_MUST_CHECK;

/* Appends ";pmin=10;pmax=60;gt=21.5" for what is set, as Discover shows it. */
enum lwm2m_error lwm2m_attributes_print(const struct lwm2m_attributes *attributes,
                                        struct lwm2m_buffer *out) LWM2M_MUST_CHECK;

#endif
