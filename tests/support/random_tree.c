/*
 * Random content of a device, in the order of a walk through its tree.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "support/random_tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { TYPES = LWM2M_TYPE_CORELNK - LWM2M_TYPE_STRING + 1 };

/* xorshift64*, small and good enough to reach every branch. */
static uint64_t next_random(struct random_tree *tree)
{
    tree->state ^= tree->state >> 12;
    tree->state ^= tree->state << 25;
    tree->state ^= tree->state >> 27;
    return tree->state * UINT64_C(0x2545F4914F6CDD1D);
}

uint32_t random_tree_below(struct random_tree *tree, uint32_t bound)
{
    return (uint32_t)((next_random(tree) >> 32) % bound);
}

void random_tree_init(struct random_tree *tree, uint64_t seed)
{
    memset(tree, 0, sizeof *tree);
    tree->state = (seed + 1) * UINT64_C(0x9E3779B97F4A7C15);
}

static enum lwm2m_type type_of(void *context, struct lwm2m_path path)
{
    (void)context;
    return (enum lwm2m_type)(LWM2M_TYPE_STRING + path.resource % TYPES);
}

struct lwm2m_type_source random_tree_types(void)
{
    return (struct lwm2m_type_source){.find = type_of};
}

/* Mostly small, as they are, now and then of two bytes or the last there is; ascending from *last.
 */
static uint16_t random_id(struct random_tree *tree, uint32_t *last)
{
    static const uint16_t steps[] = {1, 1, 1, 2, 5, 40, 254, 1000};
    uint32_t id = *last + steps[random_tree_below(tree, sizeof steps / sizeof steps[0])];

    *last = id;
    return (uint16_t)(id < LWM2M_NO_ID ? id : LWM2M_NO_ID - 1);
}

static struct lwm2m_bytes random_bytes(struct random_tree *tree, bool text)
{
    static const uint16_t lengths[] = {0, 1, 7, 8, 12, 23, 24, 60, 255, 256, 300};
    size_t length = lengths[random_tree_below(tree, sizeof lengths / sizeof lengths[0])];
    uint8_t *start = tree->bytes + tree->byte_count;

    if (length > RANDOM_TREE_BYTES_MAX - tree->byte_count) {
        length = RANDOM_TREE_BYTES_MAX - tree->byte_count;
    }
    for (size_t i = 0; i < length; i++) {
        start[i] = (uint8_t)(text ? ' ' + random_tree_below(tree, 95) : next_random(tree) >> 56);
    }
    if (text && length > 2 && random_tree_below(tree, 2) == 0) {
        memcpy(start, "\xC3\xA9", 2);
    }
    tree->byte_count += length;
    return (struct lwm2m_bytes){.data = start, .length = length};
}

static int64_t random_integer(struct random_tree *tree)
{
    static const int64_t edges[] = {
        0,         1,          -1,        23,        24,           INT8_MAX,
        INT8_MIN,  UINT8_MAX,  INT16_MAX, INT16_MIN, UINT16_MAX,   INT32_MAX,
        INT32_MIN, UINT32_MAX, INT64_MAX, INT64_MIN, INT8_MAX + 1, INT8_MIN - 1};
    int64_t edge = edges[random_tree_below(tree, sizeof edges / sizeof edges[0])];

    switch (random_tree_below(tree, 3)) {
    case 0:
        return edge;
    case 1:
        return (int64_t)next_random(tree) >> random_tree_below(tree, 64);
    default:
        return edge / 2 + (int64_t)random_tree_below(tree, 5) - 2;
    }
}

static double random_float(struct random_tree *tree, unsigned shape)
{
    static const double edges[] = {0.0,
                                   -0.0,
                                   1.0,
                                   1.5,
                                   -4.1,
                                   21.5,
                                   65504.0,
                                   65505.0,
                                   0x1p-24,
                                   0x1p-25,
                                   0x1p-14,
                                   0x1.8p-15,
                                   0x1.fffffep127,
                                   0x1.fffffep128,
                                   0x1p-149,
                                   0x1p-150,
                                   0x1.fffffffffffffp1023,
                                   0x1p-1074,
                                   1e300,
                                   0.1};
    uint64_t bits;
    double number;

    if (random_tree_below(tree, 2) == 0) {
        return edges[random_tree_below(tree, sizeof edges / sizeof edges[0])];
    }
    do {
        bits = next_random(tree);
        memcpy(&number, &bits, sizeof number);
    } while (number - number != 0 && (shape & RANDOM_TREE_NOT_A_NUMBER) == 0);
    return number;
}

static struct lwm2m_value random_value(struct random_tree *tree, enum lwm2m_type type,
                                       unsigned shape)
{
    struct lwm2m_value value = {.type = type};

    switch (type) {
    case LWM2M_TYPE_STRING:
    case LWM2M_TYPE_CORELNK:
        value.as.bytes = random_bytes(tree, true);
        break;
    case LWM2M_TYPE_OPAQUE:
        value.as.bytes = random_bytes(tree, false);
        break;
    case LWM2M_TYPE_INTEGER:
    case LWM2M_TYPE_TIME:
        value.as.integer = random_integer(tree);
        break;
    case LWM2M_TYPE_UNSIGNED:
        value.as.unsigned_integer = (uint64_t)random_integer(tree);
        break;
    case LWM2M_TYPE_FLOAT:
        value.as.number = random_float(tree, shape);
        break;
    case LWM2M_TYPE_BOOLEAN:
        value.as.boolean = random_tree_below(tree, 2) == 1;
        break;
    default:
        value.as.objlnk.object = (uint16_t)next_random(tree);
        value.as.objlnk.instance = (uint16_t)next_random(tree);
        break;
    }
    return value;
}

static int64_t random_time(struct random_tree *tree, unsigned shape)
{
    static const int64_t times[] = {268435456000, 1700000000000, 1700000000001, 1700000000123,
                                    4102444800999};

    if ((shape & RANDOM_TREE_TIMES) == 0 || random_tree_below(tree, 3) == 0) {
        return LWM2M_NO_TIME;
    }
    return times[random_tree_below(tree, sizeof times / sizeof times[0])];
}

static void add(struct random_tree *tree, struct lwm2m_path path, unsigned shape, bool has_value)
{
    struct lwm2m_record *record = &tree->records[tree->count];

    if (tree->count == RANDOM_TREE_RECORDS_MAX) {
        return;
    }
    *record = (struct lwm2m_record){.path = path, .time_ms = LWM2M_NO_TIME};
    if (has_value && (shape & RANDOM_TREE_NAMES_ONLY) == 0) {
        record->value = random_value(tree, type_of(NULL, path), shape);
        record->time_ms = random_time(tree, shape);
    }
    tree->count++;
}

static void grow_multiple(struct random_tree *tree, struct lwm2m_path resource, unsigned shape)
{
    uint32_t count = random_tree_below(tree, 4) + ((shape & RANDOM_TREE_EMPTY) != 0 ? 0 : 1);
    uint32_t last = random_tree_below(tree, 2) - 1;

    if (count == 0) {
        add(tree, resource, shape, false);
    }
    for (uint32_t i = 0; i < count && last + 1 < LWM2M_NO_ID - 1000; i++) {
        add(tree,
            lwm2m_path_resource_instance(resource.object, resource.instance, resource.resource,
                                         random_id(tree, &last)),
            shape, true);
    }
}

static void grow_resource(struct random_tree *tree, struct lwm2m_path resource, unsigned shape)
{
    if (random_tree_below(tree, 4) == 0) {
        grow_multiple(tree, resource, shape);
    } else {
        add(tree, resource, shape, true);
    }
}

static void grow_instance(struct random_tree *tree, struct lwm2m_path instance, unsigned shape)
{
    uint32_t count = random_tree_below(tree, 7) + ((shape & RANDOM_TREE_EMPTY) != 0 ? 0 : 1);
    uint32_t last = random_tree_below(tree, 2) - 1;

    if (count == 0) {
        add(tree, instance, shape, false);
    }
    for (uint32_t i = 0; i < count; i++) {
        grow_resource(
            tree, lwm2m_path_resource(instance.object, instance.instance, random_id(tree, &last)),
            shape);
    }
}

static void grow_object(struct random_tree *tree, uint16_t object, unsigned shape)
{
    uint32_t count = random_tree_below(tree, 4);
    uint32_t last = random_tree_below(tree, 2) - 1;

    for (uint32_t i = 0; i < count; i++) {
        grow_instance(tree, lwm2m_path_instance(object, random_id(tree, &last)), shape);
    }
}

static void grow_single(struct random_tree *tree, struct lwm2m_path instance, unsigned shape)
{
    uint16_t resource = (uint16_t)random_tree_below(tree, 60000);

    if ((shape & RANDOM_TREE_OPAQUE) != 0) {
        resource = (uint16_t)(resource / TYPES * TYPES + LWM2M_TYPE_OPAQUE - LWM2M_TYPE_STRING);
    }
    tree->base = lwm2m_path_resource(instance.object, instance.instance, resource);
    if (random_tree_below(tree, 4) == 0) {
        tree->base = lwm2m_path_resource_instance(instance.object, instance.instance, resource,
                                                  (uint16_t)random_tree_below(tree, 300));
    }
    add(tree, tree->base, shape, true);
}

static void grow_composite(struct random_tree *tree, unsigned shape)
{
    uint32_t last = random_tree_below(tree, 2) - 1;

    tree->base = lwm2m_path_root();
    for (uint32_t objects = random_tree_below(tree, 4); objects > 0; objects--) {
        grow_object(tree, random_id(tree, &last), shape);
    }
}

void random_tree_grow(struct random_tree *tree, unsigned shape)
{
    uint32_t last = random_tree_below(tree, 2) - 1;
    uint16_t object = random_id(tree, &last);
    struct lwm2m_path instance = lwm2m_path_instance(object, random_id(tree, &last));

    tree->count = 0;
    tree->byte_count = 0;
    if ((shape & RANDOM_TREE_COMPOSITE) != 0) {
        grow_composite(tree, shape);
        return;
    }
    if ((shape & RANDOM_TREE_SINGLE) != 0) {
        grow_single(tree, instance, shape);
        return;
    }
    switch (random_tree_below(tree, 4)) {
    case 0:
        tree->base = lwm2m_path_object(object);
        grow_object(tree, object, shape);
        break;
    case 1:
        tree->base = instance;
        grow_instance(tree, instance, shape);
        break;
    case 2:
        tree->base = lwm2m_path_resource(object, instance.instance, random_id(tree, &last));
        grow_resource(tree, tree->base, shape);
        break;
    default:
        grow_single(tree, instance, shape);
        break;
    }
}

enum lwm2m_error random_tree_encode(const struct random_tree *tree, const struct lwm2m_codec *codec,
                                    struct lwm2m_buffer *out)
{
    struct lwm2m_encoder encoder;
    enum lwm2m_error error = lwm2m_encoder_begin(&encoder, codec, tree->base, out);

    for (size_t i = 0; i < tree->count && error == LWM2M_OK; i++) {
        error = lwm2m_encoder_put(&encoder, &tree->records[i]);
    }
    return error != LWM2M_OK ? error : lwm2m_encoder_end(&encoder);
}

struct expectation {
    const struct random_tree *tree;
    size_t next;
};

static enum lwm2m_error expect_record(void *context, const struct lwm2m_record *record)
{
    struct expectation *expectation = context;
    const struct lwm2m_record *expected = &expectation->tree->records[expectation->next];

    if (expectation->next == expectation->tree->count ||
        !lwm2m_path_equal(record->path, expected->path) ||
        !lwm2m_value_equal(&record->value, &expected->value) ||
        record->time_ms != expected->time_ms) {
        return LWM2M_STATE;
    }
    expectation->next++;
    return LWM2M_OK;
}

enum lwm2m_error random_tree_compare(const struct random_tree *tree,
                                     const struct lwm2m_codec *codec, struct lwm2m_bytes payload)
{
    static uint8_t scratch_memory[8192];
    struct expectation expectation = {.tree = tree};
    struct lwm2m_buffer scratch;
    struct lwm2m_decoding decoding = {
        .payload = payload, .base = tree->base, .types = random_tree_types(), .scratch = &scratch};
    struct lwm2m_sink sink = {.context = &expectation, .put = expect_record};
    enum lwm2m_error error;

    lwm2m_buffer_init(&scratch, scratch_memory, sizeof scratch_memory);
    error = codec->decode(&decoding, sink, NULL);
    if (error == LWM2M_OK && expectation.next != tree->count) {
        error = LWM2M_INCOMPLETE;
    }
    return error;
}

static enum lwm2m_error check_round_trip(const struct random_tree *tree,
                                         const struct lwm2m_codec *codec)
{
    static uint8_t memory[32768];
    struct lwm2m_buffer out;
    size_t length;
    enum lwm2m_error error;

    lwm2m_buffer_init(&out, memory, sizeof memory);
    error = random_tree_encode(tree, codec, &out);
    if (error != LWM2M_OK) {
        return error;
    }
    length = out.length;
    error = random_tree_compare(tree, codec, lwm2m_buffer_bytes(&out));
    if (error != LWM2M_OK || length == 0) {
        return error;
    }
    lwm2m_buffer_init(&out, memory, length - 1);
    return random_tree_encode(tree, codec, &out) == LWM2M_NO_SPACE ? LWM2M_OK : LWM2M_TOO_LARGE;
}

void random_tree_assert_round_trips(const struct lwm2m_codec *codec, unsigned shape, unsigned count)
{
    static struct random_tree tree;

    for (unsigned seed = 0; seed < count; seed++) {
        enum lwm2m_error error;

        random_tree_init(&tree, seed);
        random_tree_grow(&tree, shape);
        error = check_round_trip(&tree, codec);
        if (error != LWM2M_OK) {
            fail_msg("%s, shape %u, seed %u: %s", codec->name, shape, seed,
                     lwm2m_error_name(error));
        }
    }
}
