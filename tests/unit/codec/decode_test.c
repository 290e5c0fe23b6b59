/*
 * What decoders have in common, shown by every format against every other: what one has written and
 * another writes anew, from record to record as a gateway would, still says the same. What a format
 * cannot carry it refuses.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "support/random_tree.h"

enum { TREES = 500, PAYLOAD_MAX = 32768, SCRATCH_MAX = 8192 };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The shapes of trees, and what a format must carry for them. */
enum need {
    NEED_SINGLE = 1, /* one value of any type */
    NEED_OPAQUE = 2, /* one opaque value */
    NEED_TREE = 4,   /* what is below one object */
    NEED_COMPOSITE = 8,
    NEED_TIMES = 16,
    NEED_NAMES = 32, /* paths alone */
};

static const struct {
    unsigned shape;
    unsigned needs;
} shapes[] = {
    {RANDOM_TREE_SINGLE, NEED_SINGLE},
    {RANDOM_TREE_SINGLE | RANDOM_TREE_OPAQUE, NEED_OPAQUE},
    {RANDOM_TREE_EMPTY, NEED_TREE},
    {RANDOM_TREE_EMPTY | RANDOM_TREE_TIMES, NEED_TREE | NEED_TIMES},
    {RANDOM_TREE_EMPTY | RANDOM_TREE_COMPOSITE, NEED_COMPOSITE},
    {RANDOM_TREE_NAMES_ONLY | RANDOM_TREE_COMPOSITE, NEED_COMPOSITE | NEED_NAMES},
    {RANDOM_TREE_EMPTY | RANDOM_TREE_COMPOSITE | RANDOM_TREE_TIMES, NEED_COMPOSITE | NEED_TIMES},
};

enum {
    CARRIES_VALUE = NEED_SINGLE | NEED_OPAQUE,
    CARRIES_OBJECT = CARRIES_VALUE | NEED_TREE,
    CARRIES_ALL = CARRIES_OBJECT | NEED_COMPOSITE | NEED_NAMES,
};

static const struct format {
    const struct lwm2m_codec *codec;
    unsigned carries;
} formats[] = {
    {&lwm2m_codec_text, CARRIES_VALUE},
    {&lwm2m_codec_opaque, NEED_OPAQUE},
    {&lwm2m_codec_tlv, CARRIES_OBJECT},
    {&lwm2m_codec_cbor, CARRIES_VALUE},
    {&lwm2m_codec_lwm2m_cbor, CARRIES_ALL},
    {&lwm2m_codec_senml_cbor, CARRIES_ALL | NEED_TIMES},
    {&lwm2m_codec_senml_etch_cbor, CARRIES_ALL | NEED_TIMES},
    {&lwm2m_codec_senml_json, CARRIES_ALL | NEED_TIMES},
    {&lwm2m_codec_senml_etch_json, CARRIES_ALL | NEED_TIMES},
    {&lwm2m_codec_json, CARRIES_OBJECT | NEED_COMPOSITE | NEED_TIMES},
};

/* Decodes the payload of one format straight into the encoder of another. */
static enum lwm2m_error hand_over(const struct random_tree *tree, const struct lwm2m_codec *from,
                                  struct lwm2m_bytes payload, const struct lwm2m_codec *to,
                                  struct lwm2m_buffer *out)
{
    static uint8_t scratch_memory[SCRATCH_MAX];
    struct lwm2m_buffer scratch;
    struct lwm2m_decoding decoding = {
        .payload = payload, .base = tree->base, .types = random_tree_types(), .scratch = &scratch};
    struct lwm2m_encoder encoder;
    enum lwm2m_error error = lwm2m_encoder_begin(&encoder, to, tree->base, out);

    lwm2m_buffer_init(&scratch, scratch_memory, sizeof scratch_memory);
    if (error == LWM2M_OK) {
        error = from->decode(&decoding, lwm2m_encoder_sink(&encoder), NULL);
    }
    return error != LWM2M_OK ? error : lwm2m_encoder_end(&encoder);
}

static enum lwm2m_error check_pair(const struct random_tree *tree, const struct lwm2m_codec *from,
                                   const struct lwm2m_codec *to)
{
    static uint8_t first_memory[PAYLOAD_MAX];
    static uint8_t second_memory[PAYLOAD_MAX];
    struct lwm2m_buffer first;
    struct lwm2m_buffer second;
    enum lwm2m_error error;

    lwm2m_buffer_init(&first, first_memory, sizeof first_memory);
    lwm2m_buffer_init(&second, second_memory, sizeof second_memory);
    error = random_tree_encode(tree, from, &first);
    if (error == LWM2M_OK) {
        error = hand_over(tree, from, lwm2m_buffer_bytes(&first), to, &second);
    }
    if (error == LWM2M_OK) {
        error = random_tree_compare(tree, to, lwm2m_buffer_bytes(&second));
    }
    return error;
}

static bool carries(const struct format *format, unsigned needs)
{
    return (format->carries & needs) == needs;
}

static void assert_pair_agrees(const struct format *from, const struct format *to, unsigned shape)
{
    static struct random_tree tree;

    for (unsigned seed = 0; seed < TREES; seed++) {
        enum lwm2m_error error;

        random_tree_init(&tree, seed);
        random_tree_grow(&tree, shape);
        error = check_pair(&tree, from->codec, to->codec);
        if (error != LWM2M_OK) {
            fail_msg("%s to %s, shape %u, seed %u: %s", from->codec->name, to->codec->name, shape,
                     seed, lwm2m_error_name(error));
        }
    }
}

static void every_format_says_the_same_as_every_other(void **state)
{
    (void)state;
    for (size_t from = 0; from < COUNT(formats); from++) {
        for (size_t to = 0; to < COUNT(formats); to++) {
            for (size_t i = 0; i < COUNT(shapes); i++) {
                if (carries(&formats[from], shapes[i].needs) &&
                    carries(&formats[to], shapes[i].needs)) {
                    assert_pair_agrees(&formats[from], &formats[to], shapes[i].shape);
                }
            }
        }
    }
}

/* A tree that is more than the format carries; some are less than their shape allows. */
static bool is_too_much(const struct format *format, const struct random_tree *tree, unsigned needs)
{
    if ((needs & NEED_COMPOSITE) != 0) {
        return (format->carries & NEED_COMPOSITE) == 0;
    }
    if ((needs & NEED_TREE) != 0) {
        return (format->carries & NEED_TREE) == 0 &&
               (tree->count != 1 || !lwm2m_path_equal(tree->records[0].path, tree->base) ||
                tree->records[0].value.type == LWM2M_TYPE_NONE);
    }
    return (format->carries & needs) == 0 && tree->records[0].value.type != LWM2M_TYPE_OPAQUE;
}

static void a_format_refuses_what_it_cannot_carry(void **state)
{
    static uint8_t memory[PAYLOAD_MAX];
    static struct random_tree tree;
    size_t refused = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(formats) * COUNT(shapes) * TREES; i++) {
        const struct format *format = &formats[i % COUNT(formats)];
        size_t shape = i / COUNT(formats) % COUNT(shapes);
        struct lwm2m_buffer out;

        random_tree_init(&tree, i);
        random_tree_grow(&tree, shapes[shape].shape);
        if (!is_too_much(format, &tree, shapes[shape].needs)) {
            continue;
        }
        lwm2m_buffer_init(&out, memory, sizeof memory);
        if (random_tree_encode(&tree, format->codec, &out) != LWM2M_UNSUPPORTED) {
            fail_msg("%s takes shape %u, seed %zu", format->codec->name, shapes[shape].shape, i);
        }
        refused++;
    }
    assert_true(refused > TREES);
}

static void composites_are_what_the_codecs_say_they_are(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(formats); i++) {
        const struct lwm2m_codec *codec = formats[i].codec;

        assert_int_equal(codec->composite, (formats[i].carries & NEED_NAMES) != 0);
        assert_int_equal(codec->single_value, (formats[i].carries & NEED_TREE) == 0);
        assert_string_equal(lwm2m_content_format_name(codec->content_format), codec->name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_format_says_the_same_as_every_other),
        cmocka_unit_test(a_format_refuses_what_it_cannot_carry),
        cmocka_unit_test(composites_are_what_the_codecs_say_they_are),
    };

    return cmocka_run_group_tests_name("codec/decode", tests, NULL, NULL);
}
