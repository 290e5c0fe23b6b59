/*
 * A bad network by choice: loss, duplication, reordering, delay and corruption of datagrams, drawn
 * from a seed, so that what went wrong once goes wrong again. For tests, and for devices that have
 * to prove themselves.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LWM2M_CHAOS_H
#define LWM2M_CHAOS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lwm2m/bytes.h>
#include <lwm2m/endpoint.h>
#include <lwm2m/error.h>
#include <lwm2m/timers.h>

/* What is done to datagrams. Zeroed, it does nothing. */
struct lwm2m_chaos {
    /* Chances from 0 to 1, for each datagram and each direction. */
    double loss;
    double duplication; /* it arrives twice */
    double reordering;  /* it arrives behind the next one, or after 200 ms if none follows */
    double corruption;  /* one bit of it is flipped */
    /* Each datagram is late by a time from this range, both ends included; those that are late by
     * different times overtake each other. */
    uint32_t delay_least_ms;
    uint32_t delay_most_ms;
    uint64_t seed; /* the same seed and the same datagrams meet the same fate */
};

struct lwm2m_chaos_statistics {
    uint64_t carried; /* were handed in */
    uint64_t lost;    /* by chance, and where too many waited or memory was short */
    uint64_t duplicated, reordered, corrupted;
};

/* True unless it does nothing. */
bool lwm2m_chaos_is_any(const struct lwm2m_chaos *chaos);

/* ---- one direction ---- */

struct lwm2m_chaos_line;

struct lwm2m_chaos_line_config {
    struct lwm2m_timers *timers;
    struct lwm2m_chaos chaos;
    size_t max_waiting; /* datagrams that are late at one time; beyond, they are lost */
    void *context;
    /* Called for what gets through: from within lwm2m_chaos_line_carry, or from a timer. The bytes
     * are valid during the call, which may carry more, but not free the line. */
    void (*deliver)(void *context, const struct lwm2m_address *address, struct lwm2m_bytes bytes);
};

/* LWM2M_NO_MEMORY, LWM2M_ARGUMENT (a chance that is none, a range that ends before it begins). */
enum lwm2m_error lwm2m_chaos_line_new(const struct lwm2m_chaos_line_config *config,
                                      struct lwm2m_chaos_line **line) LWM2M_MUST_CHECK;
/* What is late is lost. NULL is allowed. */
void lwm2m_chaos_line_free(struct lwm2m_chaos_line *line);

/* Carries one datagram of at most 65535 bytes; address is handed on as it is. */
void lwm2m_chaos_line_carry(struct lwm2m_chaos_line *line, const struct lwm2m_address *address,
                            struct lwm2m_bytes datagram);

void lwm2m_chaos_line_statistics(const struct lwm2m_chaos_line *line,
                                 struct lwm2m_chaos_statistics *statistics);

/* ---- both directions, between an endpoint and its link ---- */

struct lwm2m_chaos_link;

/* chaos is copied; link is borrowed and must outlive this one. The errors of lwm2m_chaos_line_new.
 */
enum lwm2m_error lwm2m_chaos_link_new(struct lwm2m_timers *timers, const struct lwm2m_chaos *chaos,
                                      const struct lwm2m_datagram_link *link,
                                      struct lwm2m_chaos_link **result) LWM2M_MUST_CHECK;
/* NULL is allowed. */
void lwm2m_chaos_link_free(struct lwm2m_chaos_link *link);

/* The link to make the endpoint with; lives as long as the chaos link. */
const struct lwm2m_datagram_link *lwm2m_chaos_link_datagrams(struct lwm2m_chaos_link *link);
/* Names who gets what gets through; copied. Without one, all is lost. */
void lwm2m_chaos_link_set_receiver(struct lwm2m_chaos_link *link,
                                   const struct lwm2m_datagram_receiver *receiver);
/* Who takes what arrives on the link below. */
struct lwm2m_datagram_receiver lwm2m_chaos_link_receiver(struct lwm2m_chaos_link *link);

#endif
