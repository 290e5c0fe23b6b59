/*
 * Random content of a device, in the order of a walk through its tree, for the properties that
 * every codec keeps: what it encodes, it decodes to the same records.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SUPPORT_RANDOM_TREE_H
#define SUPPORT_RANDOM_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lwm2m/codec.h>

enum { RANDOM_TREE_RECORDS_MAX = 96, RANDOM_TREE_BYTES_MAX = 4096 };

/* What a tree may hold beside what all formats carry; or-ed. */
enum random_tree_shape {
    RANDOM_TREE_COMPOSITE = 1,  /* base is the root, records of several objects */
    RANDOM_TREE_TIMES = 2,      /* times, changing from record to record */
    RANDOM_TREE_NAMES_ONLY = 4, /* no record has a value; with COMPOSITE */
    RANDOM_TREE_SINGLE = 8,     /* one value, base is its path */
    RANDOM_TREE_OPAQUE = 16,    /* with SINGLE: the value is opaque */
    RANDOM_TREE_EMPTY = 32,     /* empty instances, multiple resources without instances */
    RANDOM_TREE_NOT_A_NUMBER = 64,
};

struct random_tree {
    uint64_t state;
    struct lwm2m_path base;
    struct lwm2m_record records[RANDOM_TREE_RECORDS_MAX];
    size_t count;
    uint8_t bytes[RANDOM_TREE_BYTES_MAX]; /* of the strings */
    size_t byte_count;
};

void random_tree_init(struct random_tree *tree, uint64_t seed);

/* Replaces the content by the next tree of the sequence. */
void random_tree_grow(struct random_tree *tree, unsigned shape);

/* From 0 to bound - 1, of the same sequence. */
uint32_t random_tree_below(struct random_tree *tree, uint32_t bound);

/* The types that the trees keep to: every ninth resource has the same. */
struct lwm2m_type_source random_tree_types(void);

/*
 * Decodes the payload and compares it with the tree, record by record: LWM2M_STATE where one
 * differs, LWM2M_INCOMPLETE where some are missing, or what the decoder says.
 */
enum lwm2m_error random_tree_compare(const struct random_tree *tree,
                                     const struct lwm2m_codec *codec, struct lwm2m_bytes payload);

/* Encodes the whole tree; the error of the first call that failed. */
enum lwm2m_error random_tree_encode(const struct random_tree *tree, const struct lwm2m_codec *codec,
                                    struct lwm2m_buffer *out);

/*
 * Grows `count` trees and fails the cmocka test at the first that does not come back record by
 * record, or that fits a buffer one byte smaller than its payload.
 */
void random_tree_assert_round_trips(const struct lwm2m_codec *codec, unsigned shape,
                                    unsigned count);

#endif
