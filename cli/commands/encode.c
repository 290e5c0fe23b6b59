/*
 * encode: writes values as a payload of any format, or a payload in another format, without any
 * server.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "commands/byte_input.h"
#include "commands/dissection.h"
#include "commands/format.h"
#include "commands/request.h"
#include "control/definition_sources.h"
#include "control/message_text.h"
#include "control/value_json.h"
#include "output/whole_file.h"
#include "simulation/device_values.h"

struct encode_options {
    const char *format;
    const char *type;
    const char *from;
    const char *path;
    const char *output;
    bool raw;
    bool base64;
    struct definition_sources definitions;
};

#define OFFSET(member) offsetof(struct encode_options, member)

static const struct option_definition options[] = {
    FORMAT_OPTION(struct encode_options, format, "the format to write: tlv, senml-cbor, …"),
    {.name = "type",
     .letter = 'T',
     .kind = OPTION_CHOICE,
     .offset = OFFSET(type),
     .argument = "TYPE",
     .choices = "string|int|uint|float|bool|time|opaque|objlnk|corelnk",
     .help = "type of the values, instead of the object model's"},
    {.name = "from",
     .kind = OPTION_CHOICE,
     .offset = OFFSET(from),
     .argument = "FORMAT",
     .choices = FORMAT_CHOICES,
     .help = "the arguments are a payload of this format"},
    {.name = "path",
     .kind = OPTION_TEXT,
     .offset = OFFSET(path),
     .argument = "PATH",
     .help = "what the payload is about"},
    {.name = "output",
     .letter = 'o',
     .kind = OPTION_TEXT,
     .offset = OFFSET(output),
     .argument = "FILE",
     .help = "write the bytes to a file"},
    {.name = "raw", .kind = OPTION_FLAG, .offset = OFFSET(raw), .help = "print the bytes"},
    {.name = "base64", .kind = OPTION_FLAG, .offset = OFFSET(base64), .help = "print base64"},
    DEFINITION_OPTIONS(struct encode_options, definitions),
    {.name = NULL},
};

/* What is to be written, and where it counts from. */
struct encoding {
    const struct invocation *invocation;
    const struct encode_options *given;
    const struct lwm2m_definitions *definitions;
    struct lwm2m_path base;
    struct value_list values;
    size_t capacity; /* of the list, while it grows */
};

static int fail(const struct encoding *encoding, enum exit_code exit, const char *message)
{
    print_errorf(encoding->invocation->printer, "%s", message);
    return exit;
}

static enum lwm2m_error keep_record(void *context, const struct lwm2m_record *record)
{
    struct encoding *encoding = context;
    struct value_list *values = &encoding->values;
    if (values->count == encoding->capacity) {
        size_t capacity = 2 * encoding->capacity + 16;
        void *records = realloc(values->records, capacity * sizeof(*values->records));
        values->records = records != NULL ? records : values->records;
        void *owned = realloc(values->owned, capacity * sizeof(*values->owned));
        values->owned = owned != NULL ? owned : values->owned;
        if (records == NULL || owned == NULL) {
            return LWM2M_NO_MEMORY;
        }
        encoding->capacity = capacity;
    }
    struct owned_value *owned = &values->owned[values->count];
    if (!owned_value_copy(owned, &record->value)) {
        return LWM2M_NO_MEMORY;
    }
    values->records[values->count] = *record;
    values->records[values->count++].value = owned->value;
    return LWM2M_OK;
}

static int read_payload(struct encoding *encoding)
{
    const struct lwm2m_codec *codec =
        lwm2m_codecs_find_name(dissection_codecs, lwm2m_bytes_from_text(encoding->given->from));
    struct lwm2m_fault fault = {0};
    uint8_t *data;
    size_t length;
    int exit = byte_input_read(encoding->invocation, false, &data, &length);
    if (exit != EXIT_CODE_OK) {
        return exit;
    }
    enum lwm2m_error error = dissection_decode(codec, (struct lwm2m_bytes){data, length},
                                               encoding->base, encoding->definitions,
                                               (struct lwm2m_sink){encoding, keep_record}, &fault);
    free(data);
    if (error == LWM2M_NO_MEMORY) {
        return fail(encoding, EXIT_CODE_IO, lwm2m_error_text(error));
    }
    if (error != LWM2M_OK) {
        print_errorf(encoding->invocation->printer, "offset %zu: %s", fault.offset,
                     fault.reason != NULL ? fault.reason : lwm2m_error_text(error));
        return EXIT_CODE_DECODE;
    }
    return EXIT_CODE_OK;
}

static int read_words(struct encoding *encoding)
{
    const struct invocation *invocation = encoding->invocation;
    struct control_outcome failure = {0};
    int exit = EXIT_CODE_IO;
    cJSON *request = cJSON_CreateObject();
    if (request_add_values(request, invocation->printer, invocation->arguments,
                           invocation->argument_count, encoding->given->type, &exit)) {
        exit = EXIT_CODE_OK;
        if (!device_values_read(encoding->definitions,
                                cJSON_GetObjectItemCaseSensitive(request, "values"),
                                &encoding->values, &failure)) {
            print_error(invocation->printer, failure.message, failure.hint);
            exit = failure.exit;
        }
    }
    cJSON_Delete(request);
    return exit;
}

static int compare_records(const void *a, const void *b)
{
    return lwm2m_path_compare(((const struct lwm2m_record *)a)->path,
                              ((const struct lwm2m_record *)b)->path);
}

/* What the values have in common: the resource for a format of one value, else an instance at most.
 */
static struct lwm2m_path common_base(const struct value_list *values, bool single)
{
    struct lwm2m_path base = values->records[0].path;
    if (!single) {
        base = lwm2m_path_ancestor(base, LWM2M_LEVEL_INSTANCE);
    }
    for (size_t i = 1; i < values->count; i++) {
        while (!lwm2m_path_contains(base, values->records[i].path)) {
            base = lwm2m_path_ancestor(base, (enum lwm2m_path_level)(base.level - 1));
        }
    }
    return base;
}

static enum lwm2m_error write_all(const struct encoding *encoding, const struct lwm2m_codec *codec,
                                  struct lwm2m_buffer *out)
{
    struct lwm2m_encoder encoder;
    enum lwm2m_error error = lwm2m_encoder_begin(&encoder, codec, encoding->base, out);
    for (size_t i = 0; i < encoding->values.count && error == LWM2M_OK; i++) {
        error = lwm2m_encoder_put(&encoder, &encoding->values.records[i]);
    }
    return error == LWM2M_OK ? lwm2m_encoder_end(&encoder) : error;
}

static bool write_output(const struct encoding *encoding, struct lwm2m_bytes bytes)
{
    const struct encode_options *given = encoding->given;
    FILE *results = encoding->invocation->printer->results;
    if (given->raw) {
        return fwrite(bytes.data, 1, bytes.length, results) == bytes.length;
    }
    size_t size = 2 * bytes.length + 1;
    char *text = given->base64 ? base64_text_new(bytes) : malloc(size);
    if (text != NULL && !given->base64) {
        hex_print(bytes, text, size);
    }
    bool good = text != NULL && fprintf(results, "%s\n", text) >= 0;
    free(text);
    return good;
}

/* The payload as one object; of what went to a file, only how long it is. */
static bool write_json(const struct encoding *encoding, const struct lwm2m_codec *codec,
                       struct lwm2m_bytes bytes)
{
    char path[LWM2M_PATH_TEXT_MAX];
    size_t size = 2 * bytes.length + 1;
    char *hex = malloc(size);
    cJSON *result = cJSON_CreateObject();
    lwm2m_path_print(encoding->base, path);
    cJSON_AddNumberToObject(result, "v", 1);
    cJSON_AddStringToObject(result, "op", "encode");
    cJSON_AddStringToObject(result, "format", codec->name);
    cJSON_AddStringToObject(result, "path", path);
    cJSON_AddNumberToObject(result, "length", (double)bytes.length);
    bool good = hex != NULL;
    if (good && encoding->given->output == NULL) {
        hex_print(bytes, hex, size);
        good = cJSON_AddStringToObject(result, "hex", hex) != NULL;
    }
    good = good && print_json_line(encoding->invocation->printer, result);
    cJSON_Delete(result);
    free(hex);
    return good;
}

static int deliver(const struct encoding *encoding, struct lwm2m_bytes bytes)
{
    const char *name = encoding->given->output;
    if (name == NULL) {
        bool told = encoding->invocation->printer->form == OUTPUT_JSON;
        return told || write_output(encoding, bytes) ? EXIT_CODE_OK : EXIT_CODE_IO;
    }
    struct whole_file file;
    if (!whole_file_open(&file, name, 0) ||
        !whole_file_close(&file,
                          fwrite(bytes.data, 1, bytes.length, file.stream) == bytes.length)) {
        return whole_file_refuse(encoding->invocation->printer, name, errno);
    }
    return EXIT_CODE_OK;
}

static int encode(struct encoding *encoding)
{
    const struct lwm2m_codec *codec =
        lwm2m_codecs_find_name(dissection_codecs, lwm2m_bytes_from_text(encoding->given->format));
    enum lwm2m_error error = LWM2M_NO_SPACE;
    int exit = EXIT_CODE_OK;
    uint8_t *memory = NULL;
    struct lwm2m_buffer out = {0};
    if (encoding->given->path == NULL && encoding->values.count > 0) {
        encoding->base = common_base(&encoding->values, codec->single_value);
    }
    for (size_t size = 4096; error == LWM2M_NO_SPACE && size <= 4u * BYTE_INPUT_MAX; size *= 4) {
        free(memory);
        memory = malloc(size);
        lwm2m_buffer_init(&out, memory, memory != NULL ? size : 0);
        error = write_all(encoding, codec, &out);
    }
    if (error != LWM2M_OK) {
        char path[LWM2M_PATH_TEXT_MAX];
        lwm2m_path_print(encoding->base, path);
        print_errorf(encoding->invocation->printer, "%s cannot carry this below %s: %s",
                     codec->name, path, lwm2m_error_text(error));
        exit = error == LWM2M_NO_SPACE ? EXIT_CODE_IO : EXIT_CODE_USAGE;
    } else {
        exit = deliver(encoding, lwm2m_buffer_bytes(&out));
        if (exit == EXIT_CODE_OK && encoding->invocation->printer->form == OUTPUT_JSON &&
            !write_json(encoding, codec, lwm2m_buffer_bytes(&out))) {
            exit = EXIT_CODE_IO;
        }
    }
    free(memory);
    return exit;
}

static int check_options(const struct encoding *encoding)
{
    const struct encode_options *given = encoding->given;
    if (given->format == NULL) {
        return fail(encoding, EXIT_CODE_USAGE, "-f FORMAT says what to write");
    }
    if (given->raw + given->base64 + (given->output != NULL) > 1) {
        return fail(encoding, EXIT_CODE_USAGE, "--raw, --base64 and --output exclude each other");
    }
    if (encoding->invocation->printer->form == OUTPUT_JSON && (given->raw || given->base64)) {
        return fail(encoding, EXIT_CODE_USAGE,
                    "--json has the payload in hexadecimal digits: leave --raw and --base64 out");
    }
    if (given->from == NULL && encoding->invocation->argument_count == 0) {
        return fail(encoding, EXIT_CODE_USAGE, "PATH=VALUE is missing, or --from FORMAT");
    }
    if (given->from != NULL && given->type != NULL) {
        return fail(encoding, EXIT_CODE_USAGE, "--type goes with PATH=VALUE");
    }
    return EXIT_CODE_OK;
}

static int read_and_encode(struct encoding *encoding)
{
    const char *path = encoding->given->path;
    if (path != NULL &&
        lwm2m_definitions_parse_path(encoding->definitions, lwm2m_bytes_from_text(path),
                                     &encoding->base, NULL) != LWM2M_OK) {
        print_errorf(encoding->invocation->printer, "'%s' is no path", path);
        return EXIT_CODE_USAGE;
    }
    int exit = encoding->given->from != NULL ? read_payload(encoding) : read_words(encoding);
    if (exit != EXIT_CODE_OK) {
        return exit;
    }
    if (encoding->values.count > 1) {
        qsort(encoding->values.records, encoding->values.count, sizeof(struct lwm2m_record),
              compare_records);
    }
    return encode(encoding);
}

static int run(const struct invocation *invocation)
{
    const struct encode_options *given = invocation->options;
    struct encoding encoding = {
        .invocation = invocation, .given = given, .base = lwm2m_path_root()};
    struct definition_library library = {0};
    struct control_outcome failure = {0};
    int exit = check_options(&encoding);
    if (exit != EXIT_CODE_OK) {
        return exit;
    }
    if (definition_library_read(&library, &given->definitions, &lwm2m_registry, invocation->printer,
                                &failure)) {
        encoding.definitions = definition_library_definitions(&library);
        exit = read_and_encode(&encoding);
    } else {
        print_error(invocation->printer, failure.message, failure.hint);
        exit = failure.exit;
    }
    value_list_release(&encoding.values);
    definition_library_release(&library);
    return exit;
}

static const struct argument_definition arguments[] = {
    {.kind = ARGUMENT_ASSIGNMENT, .repeated = true},
    {.kind = ARGUMENT_END},
};

const struct command command_encode = {
    .name = "encode",
    .summary = "Write values as a payload",
    .synopsis = "encode -f FORMAT PATH=VALUE… | --from FORMAT [HEX… | b64:… | @FILE | -]",
    .examples = {"lwm2m encode -f tlv /3/0/14=+02:00",
                 "lwm2m encode -f tlv --from senml-json --path /3/0 @payload.json"},
    .options = options,
    .options_size = sizeof(struct encode_options),
    .least_arguments = 0,
    .most_arguments = -1,
    .arguments = arguments,
    .run = run,
};
