/*
 * Block-wise transfer (RFC 7959): a transport that carries whole bodies over one that carries
 * messages.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LWM2M_BLOCKWISE_H
#define LWM2M_BLOCKWISE_H

#include <stddef.h>
#include <stdint.h>

#include <lwm2m/error.h>
#include <lwm2m/timers.h>
#include <lwm2m/transport.h>

struct lwm2m_blockwise_config {
    size_t size; /* of this struct; set by the init function */
    struct lwm2m_timers *timers;
    struct lwm2m_transport *below; /* the transport it stands on; its receiver becomes ours */
    size_t block_bytes;            /* 1024: preferred block, a power of two from 16 to 1024 */
    size_t max_body_bytes;         /* 64 KiB: of one body that arrives; more is 4.13 with Size1 */
    size_t max_bodies_per_peer;    /* 4 that it sends us, and 4 answers that are kept for it */
    size_t max_total_bytes;        /* 64 MiB: of all bodies that arrive or are kept, together */
    uint32_t idle_timeout_ms;      /* 30000: a body whose next block does not come is dropped */
    size_t max_observations;       /* 1000: of which we know what a large notification belongs to */
};

/* Fills in everything but timers and below. */
void lwm2m_blockwise_config_init(struct lwm2m_blockwise_config *config);

struct lwm2m_blockwise;

/*
 * Stands on config->below, whose peers are reached through it from now on. Requests of ours larger
 * than a block go out by Block1, and follow the peer's smaller size and its 4.13; answers that come
 * by Block2 are put together, restarted once if their ETag changes; answers of ours larger than a
 * block are kept for the peer to fetch; requests that come by Block1 reach the receiver when they
 * are whole (2.31 for each block before, 4.08 on a gap, 4.13 over the cap). No memory is set aside
 * on a peer's word: bodies grow by what arrived.
 *
 * The upper floor sees no Block1 and Block2, but the peer's Size1 and Size2 as they came. Two
 * bodies of ours for the same resource of a peer go out one after the other. A notification whose
 * further blocks cannot be fetched ends its observation with the error. LWM2M_NO_MEMORY,
 * LWM2M_ARGUMENT.
 */
enum lwm2m_error lwm2m_blockwise_new(const struct lwm2m_blockwise_config *config,
                                     struct lwm2m_blockwise **blockwise) LWM2M_MUST_CHECK;
/*
 * Frees it with every request and body under way; calls no handler. The transport below must be
 * freed after it, and its peers are of no use any more but to be released there.
 */
void lwm2m_blockwise_free(struct lwm2m_blockwise *blockwise);

/* The transport to hand to an engine. */
struct lwm2m_transport *lwm2m_blockwise_transport(struct lwm2m_blockwise *blockwise);

/* Bytes of bodies that are under way, for tests and statistics. */
size_t lwm2m_blockwise_bytes(const struct lwm2m_blockwise *blockwise);

#endif
