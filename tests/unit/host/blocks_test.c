/*
 * Tests of lib/host/blocks.c.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host/blocks.h"

#define COUNT 3000
#define ROUNDS 60000

struct held {
    uint8_t *memory;
    size_t bytes;
    uint8_t mark;
};

static uint32_t draw(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* Small blocks mostly, and some on both sides of the largest. */
static size_t draw_size(uint32_t *state)
{
    return 1 + draw(state) % (draw(state) % 4 == 0 ? 2 * LWM2M_BLOCK_BYTES_MAX : 128);
}

static void hold(struct lwm2m_blocks *blocks, struct held *held, uint32_t *state)
{
    held->bytes = draw_size(state);
    held->mark = (uint8_t)draw(state);
    held->memory = lwm2m_block_new(blocks, held->bytes);
    assert_non_null(held->memory);
    assert_int_equal((uintptr_t)held->memory % (held->bytes % 16 == 0 ? 16 : 8), 0);
    memset(held->memory, held->mark, held->bytes);
}

static void let_go(struct lwm2m_blocks *blocks, struct held *held)
{
    for (size_t i = 0; i < held->bytes; i++) {
        assert_int_equal(held->memory[i], held->mark);
    }
    lwm2m_block_free(blocks, held->memory);
    held->memory = NULL;
}

static void blocks_never_overlap(void **state)
{
    static struct held held[COUNT];
    struct lwm2m_blocks blocks;
    uint32_t random = 20261123;
    (void)state;

    lwm2m_blocks_init(&blocks);
    for (size_t i = 0; i < ROUNDS; i++) {
        struct held *chosen = &held[draw(&random) % COUNT];
        if (chosen->memory != NULL) {
            let_go(&blocks, chosen);
        } else {
            hold(&blocks, chosen, &random);
        }
    }
    for (size_t i = 0; i < COUNT; i++) {
        if (held[i].memory != NULL) {
            let_go(&blocks, &held[i]);
        }
    }
    lwm2m_blocks_release(&blocks);
}

static void fill_and_empty(struct lwm2m_blocks *blocks, size_t bytes)
{
    static void *memory[COUNT];

    for (size_t i = 0; i < COUNT; i++) {
        memory[i] = lwm2m_block_new(blocks, bytes);
        assert_non_null(memory[i]);
        memset(memory[i], 0xa5, bytes);
    }
    for (size_t i = 0; i < COUNT; i++) {
        lwm2m_block_free(blocks, memory[i]);
    }
}

static void memory_given_back_serves_blocks_of_any_size(void **state)
{
    struct lwm2m_blocks blocks;
    (void)state;

    lwm2m_blocks_init(&blocks);
    fill_and_empty(&blocks, LWM2M_BLOCK_BYTES_MAX);
    const uint8_t *top = blocks.top;
    for (size_t bytes = LWM2M_BLOCK_BYTES_MAX; bytes >= 24; bytes -= 24) {
        fill_and_empty(&blocks, bytes);
    }
    assert_ptr_equal(blocks.top, top);
    lwm2m_blocks_release(&blocks);
}

static void small_blocks_have_no_header(void **state)
{
    struct lwm2m_blocks blocks;
    (void)state;

    lwm2m_blocks_init(&blocks);
    uint8_t *first = lwm2m_block_new(&blocks, 24);
    uint8_t *second = lwm2m_block_new(&blocks, 24);
    assert_ptr_equal(second, first + 24);
    lwm2m_blocks_release(&blocks); /* with what is in it */
}

static void without_addresses_everything_is_from_malloc(void **state)
{
    struct lwm2m_blocks blocks;
    (void)state;

    lwm2m_blocks_init(&blocks);
    lwm2m_blocks_release(&blocks);
    void *memory = lwm2m_block_new(&blocks, 24);
    assert_non_null(memory);
    lwm2m_block_free(&blocks, memory);
    lwm2m_block_free(&blocks, NULL);
    lwm2m_blocks_release(&blocks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_never_overlap),
        cmocka_unit_test(memory_given_back_serves_blocks_of_any_size),
        cmocka_unit_test(small_blocks_have_no_header),
        cmocka_unit_test(without_addresses_everything_is_from_malloc),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
