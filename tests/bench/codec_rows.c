/*
 * What a resource costs in each format, read and written, beside parsers of others.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>

#include <lwm2m/codec.h>

#include "bench/parser.h"
#include "bench/process.h"
#include "bench/rows.h"

#define SENSOR_RECORDS 96
#define RECORDS_MAX 1000
#define PAYLOAD_MAX 65536
#define ROUNDS 7
#define ROUND_NS 20000000
/* Calls between two looks at the clock. */
#define CALLS 32

struct content {
    struct lwm2m_path base;
    struct lwm2m_record records[RECORDS_MAX];
    size_t count;
};

static const struct {
    const struct lwm2m_codec *codec;
    const struct parser *rival;
    const char *row;
    double goal;
    size_t records; /* 0: SENSOR_RECORDS, or one for a format of one value */
} formats[] = {
    {&lwm2m_codec_text, NULL, NULL, 0, 0},
    {&lwm2m_codec_opaque, NULL, NULL, 0, 0},
    {&lwm2m_codec_cbor, NULL, NULL, 0, 0},
    {&lwm2m_codec_tlv, NULL, NULL, 0, 0},
    {&lwm2m_codec_senml_cbor, &libcbor_parser, "senml_cbor_vs_libcbor", 1, 0},
    {&lwm2m_codec_lwm2m_cbor, &libcbor_parser, "lwm2m_cbor_vs_libcbor", 1, 0},
    {&lwm2m_codec_senml_json, &cjson_parser, "senml_json_vs_cjson", 1.5, 0},
    {&lwm2m_codec_json, &cjson_parser, "json_vs_cjson", 1.5, 0},
    {&lwm2m_codec_senml_cbor, &cbor_walk, "decode_vs_raw", 20, RECORDS_MAX},
};

/* One thing to measure: a codec that writes or reads, or a parser. */
struct task {
    const struct content *content;
    const struct lwm2m_codec *codec;
    const struct parser *parser;
    struct lwm2m_bytes payload; /* to read; to write if it is empty */
    double least_ns;            /* of one call */
};

static uint8_t payload_memory[PAYLOAD_MAX];
static uint8_t out_memory[PAYLOAD_MAX];

/* Sensors: a value, its unit, least and most, the time of the measurement and whether it is on. */
static enum lwm2m_type type_of(void *context, struct lwm2m_path path)
{
    (void)context;
    switch (path.resource) {
    case 5701:
        return LWM2M_TYPE_STRING;
    case 5518:
        return LWM2M_TYPE_TIME;
    case 5850:
        return LWM2M_TYPE_BOOLEAN;
    case 5821:
        return LWM2M_TYPE_OPAQUE;
    default:
        return LWM2M_TYPE_FLOAT;
    }
}

static void add(struct content *content, struct lwm2m_path path, struct lwm2m_value value)
{
    if (content->count < RECORDS_MAX) {
        content->records[content->count++] =
            (struct lwm2m_record){.path = path, .value = value, .time_ms = LWM2M_NO_TIME};
    }
}

static void add_sensors(struct content *content, size_t count)
{
    content->base = lwm2m_path_object(3303);
    for (uint16_t i = 0; content->count < count; i++) {
        add(content, lwm2m_path_resource(3303, i, 5518), lwm2m_value_time(1700000000 + i));
        add(content, lwm2m_path_resource(3303, i, 5601), lwm2m_value_float(-4.25));
        add(content, lwm2m_path_resource(3303, i, 5602), lwm2m_value_float(31.7 + i));
        add(content, lwm2m_path_resource(3303, i, 5700), lwm2m_value_float(21.5 + i));
        add(content, lwm2m_path_resource(3303, i, 5701), lwm2m_value_text("Cel"));
        add(content, lwm2m_path_resource(3303, i, 5850), lwm2m_value_boolean(i % 2 == 0));
    }
}

static void fill(struct content *content, const struct lwm2m_codec *codec, size_t count)
{
    content->count = 0;
    if (!codec->single_value) {
        add_sensors(content, count > 0 ? count : SENSOR_RECORDS);
    } else if (codec->content_format == LWM2M_FORMAT_OPAQUE) {
        content->base = lwm2m_path_resource(3303, 0, 5821);
        add(content, content->base, lwm2m_value_opaque(lwm2m_bytes_from_text("sixteen bytes...")));
    } else {
        content->base = lwm2m_path_resource(3303, 0, 5700);
        add(content, content->base, lwm2m_value_float(21.5));
    }
}

static struct lwm2m_bytes encode(const struct content *content, const struct lwm2m_codec *codec,
                                 uint8_t *memory)
{
    struct lwm2m_encoder encoder;
    struct lwm2m_buffer out;
    enum lwm2m_error error;

    lwm2m_buffer_init(&out, memory, PAYLOAD_MAX);
    error = lwm2m_encoder_begin(&encoder, codec, content->base, &out);
    for (size_t i = 0; i < content->count && error == LWM2M_OK; i++) {
        error = lwm2m_encoder_put(&encoder, &content->records[i]);
    }
    if (error != LWM2M_OK || lwm2m_encoder_end(&encoder) != LWM2M_OK) {
        give_up("%s cannot be written", codec->name);
    }
    return lwm2m_buffer_bytes(&out);
}

static enum lwm2m_error count_record(void *count, const struct lwm2m_record *record)
{
    *(size_t *)count += record->value.type != LWM2M_TYPE_NONE;
    return LWM2M_OK;
}

static void decode(const struct task *task)
{
    struct lwm2m_buffer scratch;
    struct lwm2m_decoding decoding = {.payload = task->payload,
                                      .base = task->content->base,
                                      .types = {.find = type_of},
                                      .scratch = &scratch};
    size_t count = 0;
    struct lwm2m_sink sink = {.context = &count, .put = count_record};

    lwm2m_buffer_init(&scratch, out_memory, sizeof(out_memory));
    if (task->codec->decode(&decoding, sink, NULL) != LWM2M_OK || count != task->content->count) {
        give_up("%s cannot be read", task->codec->name);
    }
}

static void run_once(const struct task *task)
{
    if (task->parser != NULL) {
        if (!task->parser->parse(task->payload)) {
            give_up("%s refuses the input", task->parser->name);
        }
    } else if (task->payload.length > 0) {
        decode(task);
    } else {
        (void)encode(task->content, task->codec, out_memory);
    }
}

static void run_round(struct task *task)
{
    uint64_t start_ns = now_ns();
    uint64_t elapsed_ns;
    size_t calls = 0;
    double ns;

    do {
        for (size_t i = 0; i < CALLS; i++) {
            run_once(task);
        }
        calls += CALLS;
        elapsed_ns = now_ns() - start_ns;
    } while (elapsed_ns < ROUND_NS);
    ns = (double)elapsed_ns / (double)calls;
    if (task->least_ns == 0 || ns < task->least_ns) {
        task->least_ns = ns;
    }
}

static void print_task(const struct task *task, const char *what, size_t bytes)
{
    const char *name = task->parser != NULL ? task->parser->name : task->codec->name;

    printf("%-16s %-8s %8.1f ns a resource %8.1f MB/s\n", name, what,
           task->least_ns / (double)task->content->count, (double)bytes * 1e3 / task->least_ns);
}

/* In turn, so that all meet the same neighbours. */
static void measure_format(size_t format, struct report *report)
{
    static struct content content;
    const struct lwm2m_codec *codec = formats[format].codec;
    const struct parser *rival = formats[format].rival;
    struct task tasks[3] = {{&content, codec}, {&content, codec}, {&content, codec, rival}};
    bool compares = rival != NULL && rival->parse != NULL;

    fill(&content, codec, formats[format].records);
    tasks[1].payload = tasks[2].payload = encode(&content, codec, payload_memory);
    for (size_t round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < (compares ? 3U : 2U); i++) {
            run_round(&tasks[i]);
        }
    }
    print_task(&tasks[0], "written", tasks[1].payload.length);
    print_task(&tasks[1], "read", tasks[1].payload.length);
    if (compares) {
        print_task(&tasks[2], "parsed", tasks[1].payload.length);
        const struct report_row row = {formats[format].row, tasks[1].least_ns / tasks[2].least_ns,
                                       "ratio", formats[format].goal};
        report_add(report, &row);
    } else if (rival != NULL) {
        printf("%-16s skipped: %s is not installed\n", codec->name, rival->name);
    }
}

void measure_codecs(struct report *report)
{
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        measure_format(i, report);
    }
}
