/*
 * Memory for the many small structs of a fleet: blocks of one size side by side, without a header
 * each, in huge pages where the kernel has them. What is large comes from malloc.
 *
 * A hundred thousand devices are spread over so many pages that, with small ones, looking up where
 * they lie takes the processor longer than what is to be done with them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef HOST_BLOCKS_H
#define HOST_BLOCKS_H

#include <stddef.h>
#include <stdint.h>

#include <lwm2m/list.h>

/* Larger blocks are malloc's. */
#define LWM2M_BLOCK_BYTES_MAX 512
#define LWM2M_BLOCK_GRAIN_BYTES 8

struct lwm2m_blocks {
    void *reserved; /* of the kernel, with its alignment; NULL: everything is malloc's */
    size_t reserved_bytes;
    uint8_t *start, *top, *usable, *end; /* slabs below top; memory below usable; addresses */
    struct lwm2m_list empty;             /* slabs */
    /* Slabs with a block to give away, for each size. */
    struct lwm2m_list partial[LWM2M_BLOCK_BYTES_MAX / LWM2M_BLOCK_GRAIN_BYTES];
};

/* Reserves addresses, and no memory yet. Without any, all blocks are malloc's. */
void lwm2m_blocks_init(struct lwm2m_blocks *blocks);
/* Gives back the memory of all blocks up to LWM2M_BLOCK_BYTES_MAX. */
void lwm2m_blocks_release(struct lwm2m_blocks *blocks);

/* Aligned to 16 bytes if the size is a multiple of 16, else to 8; NULL: there is no memory. */
void *lwm2m_block_new(struct lwm2m_blocks *blocks, size_t bytes);
/* memory may be NULL. */
void lwm2m_block_free(struct lwm2m_blocks *blocks, void *memory);

#endif
