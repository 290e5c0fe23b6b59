/*
 * Memory for small structs: slabs of blocks of one size, in a stretch of addresses that was
 * reserved in advance, so that an address tells whose it is.
 *
 * A slab has not been used up (then it is in `partial` of its size), or is full (then it is in no
 * list until a block comes back), or is empty (then it may become one for another size).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "host/blocks.h"

#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>

#define SLAB_BYTES ((size_t)16 << 10)
/* A huge page of all common processors, and how much memory is asked for at a time. */
#define STEP_BYTES ((size_t)2 << 20)
#if SIZE_MAX > UINT32_MAX
#define RESERVED_BYTES ((size_t)16 << 30)
#else
#define RESERVED_BYTES ((size_t)128 << 20)
#endif

struct slab {
    struct lwm2m_list list;
    struct free_block *free;
    uint32_t block_bytes;
    uint32_t untouched; /* offset of the first block that was never given away */
    uint32_t used;      /* blocks */
};

/* What lies in a block that was given back. */
struct free_block {
    struct free_block *next;
};

/* The first block, aligned to 16. */
#define FIRST_BLOCK ((sizeof(struct slab) + 15) & ~(size_t)15)

void lwm2m_blocks_init(struct lwm2m_blocks *blocks)
{
    size_t bytes = RESERVED_BYTES + STEP_BYTES;
    void *reserved =
        mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    *blocks = (struct lwm2m_blocks){.reserved = NULL};
    lwm2m_list_init(&blocks->empty);
    for (size_t i = 0; i < sizeof(blocks->partial) / sizeof(blocks->partial[0]); i++) {
        lwm2m_list_init(&blocks->partial[i]);
    }
    if (reserved == MAP_FAILED) {
        return;
    }
    blocks->reserved = reserved;
    blocks->reserved_bytes = bytes;
    blocks->start = reserved;
    blocks->start += (STEP_BYTES - (uintptr_t)reserved % STEP_BYTES) % STEP_BYTES;
    blocks->top = blocks->start;
    blocks->usable = blocks->start;
    blocks->end = blocks->start + RESERVED_BYTES;
    /* Not the first step: a small program would pay for a huge page. Declined, it is only slower.
     */
    (void)madvise(blocks->start + STEP_BYTES, RESERVED_BYTES - STEP_BYTES, MADV_HUGEPAGE);
}

void lwm2m_blocks_release(struct lwm2m_blocks *blocks)
{
    if (blocks->reserved != NULL) {
        munmap(blocks->reserved, blocks->reserved_bytes);
    }
    *blocks = (struct lwm2m_blocks){.reserved = NULL};
}

/* Addresses for one more slab, with memory behind them; NULL if there are none. */
static struct slab *new_slab(struct lwm2m_blocks *blocks)
{
    struct slab *slab = (struct slab *)(void *)blocks->top;

    if (blocks->top == blocks->end) {
        return NULL;
    }
    if (blocks->top == blocks->usable) {
        if (mprotect(blocks->usable, STEP_BYTES, PROT_READ | PROT_WRITE) != 0) {
            return NULL;
        }
        blocks->usable += STEP_BYTES;
    }
    blocks->top += SLAB_BYTES;
    return slab;
}

static struct slab *slab_for(struct lwm2m_blocks *blocks, size_t block_bytes)
{
    struct lwm2m_list *partial = &blocks->partial[block_bytes / LWM2M_BLOCK_GRAIN_BYTES - 1];
    struct lwm2m_list *found = lwm2m_list_first(partial);
    struct slab *slab;

    if (found != NULL) {
        return LWM2M_CONTAINER_OF(found, struct slab, list);
    }
    found = lwm2m_list_first(&blocks->empty);
    if (found != NULL) {
        lwm2m_list_remove(found);
    }
    slab = found != NULL ? LWM2M_CONTAINER_OF(found, struct slab, list) : new_slab(blocks);
    if (slab == NULL) {
        return NULL;
    }
    *slab = (struct slab){.block_bytes = (uint32_t)block_bytes, .untouched = FIRST_BLOCK};
    lwm2m_list_append(partial, &slab->list);
    return slab;
}

static bool is_full(const struct slab *slab)
{
    return slab->free == NULL && slab->untouched + slab->block_bytes > SLAB_BYTES;
}

static void *take_block(struct slab *slab)
{
    struct free_block *block = slab->free;

    if (block != NULL) {
        slab->free = block->next;
    } else {
        block = (struct free_block *)(void *)((uint8_t *)slab + slab->untouched);
        slab->untouched += slab->block_bytes;
    }
    slab->used++;
    if (is_full(slab)) {
        lwm2m_list_remove(&slab->list);
    }
    return block;
}

void *lwm2m_block_new(struct lwm2m_blocks *blocks, size_t bytes)
{
    size_t grains = (bytes + LWM2M_BLOCK_GRAIN_BYTES - 1) / LWM2M_BLOCK_GRAIN_BYTES;
    struct slab *slab = NULL;

    if (bytes > 0 && bytes <= LWM2M_BLOCK_BYTES_MAX && blocks->reserved != NULL) {
        slab = slab_for(blocks, grains * LWM2M_BLOCK_GRAIN_BYTES);
    }
    return slab != NULL ? take_block(slab) : malloc(bytes);
}

void lwm2m_block_free(struct lwm2m_blocks *blocks, void *memory)
{
    struct free_block *block = memory;
    struct slab *slab;

    if ((uint8_t *)memory < blocks->start || (uint8_t *)memory >= blocks->top) {
        free(memory);
        return;
    }
    slab = (struct slab *)((uintptr_t)memory & ~(uintptr_t)(SLAB_BYTES - 1));
    if (is_full(slab)) {
        lwm2m_list_append(&blocks->partial[slab->block_bytes / LWM2M_BLOCK_GRAIN_BYTES - 1],
                          &slab->list);
    }
    block->next = slab->free;
    slab->free = block;
    if (--slab->used > 0) {
        return;
    }
    lwm2m_list_remove(&slab->list);
    lwm2m_list_append(&blocks->empty, &slab->list);
}
