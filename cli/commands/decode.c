/*
 * decode: takes a CoAP message or a payload apart, without any server.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "commands/byte_input.h"
#include "commands/dissection.h"
#include "commands/request.h"
#include "control/definition_sources.h"

struct decode_options {
    const char *format;
    const char *path;
    bool raw;
    struct definition_sources definitions;
};

#define OFFSET(member) offsetof(struct decode_options, member)

static const struct option_definition options[] = {
    {.name = "format",
     .letter = 'f',
     .kind = OPTION_CHOICE,
     .offset = OFFSET(format),
     .argument = "FORMAT",
     .choices = "auto|coap|link|text|opaque|tlv|cbor|senml-json|senml-cbor|json|lwm2m-cbor|"
                "senml-etch-json|senml-etch-cbor",
     .help = "what the bytes are: coap, tlv, senml-cbor, …"},
    {.name = "path",
     .kind = OPTION_TEXT,
     .offset = OFFSET(path),
     .argument = "PATH",
     .help = "what was asked for: a response does not say"},
    {.name = "raw",
     .kind = OPTION_FLAG,
     .offset = OFFSET(raw),
     .help = "the file holds the bytes, also where it looks like digits"},
    DEFINITION_OPTIONS(struct decode_options, definitions),
    {.name = NULL},
};

static const struct table_column columns[] = {
    {.title = "OFFSET", .right = true},  {.title = "PART"}, {.title = "NAME"}, {.title = "TYPE"},
    {.title = "VALUE", .shrinks = true}, {.title = NULL},
};

static int refuse_fault(const struct dissection *dissection, const struct lwm2m_fault *fault)
{
    const struct printer *printer = dissection->printer;
    const char *reason = fault->reason != NULL ? fault->reason : lwm2m_error_text(fault->error);
    if (dissection->failed || fault->error == LWM2M_NO_MEMORY) {
        print_errorf(printer, "%s", lwm2m_error_text(fault->error));
        return EXIT_CODE_IO;
    }
    if (printer->form == OUTPUT_JSON) {
        cJSON *line = cJSON_CreateObject();
        cJSON_AddNumberToObject(line, "v", 1);
        cJSON_AddStringToObject(line, "op", "decode");
        cJSON_AddBoolToObject(line, "ok", false);
        cJSON_AddNumberToObject(line, "offset", (double)fault->offset);
        cJSON *error = cJSON_AddObjectToObject(line, "error");
        cJSON_AddStringToObject(error, "class", exit_code_class(EXIT_CODE_DECODE));
        cJSON_AddNumberToObject(error, "exit", EXIT_CODE_DECODE);
        cJSON_AddStringToObject(error, "msg", reason);
        (void)print_json_line(printer, line);
        cJSON_Delete(line);
    }
    print_errorf(printer, "offset %zu: %s", fault->offset, reason);
    return EXIT_CODE_DECODE;
}

static uint32_t choose_format(const struct dissection *dissection,
                              const struct decode_options *given)
{
    const char *why;
    if (given->format != NULL && strcmp(given->format, "coap") == 0) {
        return DISSECTION_COAP;
    }
    if (given->format != NULL && strcmp(given->format, "link") == 0) {
        return LWM2M_FORMAT_LINK;
    }
    if (given->format != NULL && strcmp(given->format, "auto") != 0) {
        return lwm2m_codecs_find_name(dissection_codecs, lwm2m_bytes_from_text(given->format))
            ->content_format;
    }
    uint32_t format =
        dissection_recognise(dissection->input, dissection->base, dissection->definitions, &why);
    if (!dissection->printer->quiet) {
        print_note(dissection->printer, 0, "taken for %s: %s (-f names another format)",
                   format == DISSECTION_COAP ? "coap" : lwm2m_content_format_name((uint16_t)format),
                   why);
    }
    return format;
}

static int dissect(struct dissection *dissection, const struct decode_options *given)
{
    struct lwm2m_fault fault = {0};
    bool tabular = dissection->printer->form != OUTPUT_JSON;
    uint32_t format = choose_format(dissection, given);
    if (tabular && (dissection->table = table_new(dissection->printer, columns, true)) == NULL) {
        print_errorf(dissection->printer, "out of memory");
        return EXIT_CODE_IO;
    }
    bool good = format == DISSECTION_COAP
                    ? dissect_message(dissection, &fault)
                    : dissect_payload(dissection, dissection->input, format, &fault);
    bool printed = !tabular || table_print(dissection->table);
    table_free(dissection->table);
    fflush(dissection->printer->results);
    if (!printed) {
        return EXIT_CODE_IO;
    }
    return good ? EXIT_CODE_OK : refuse_fault(dissection, &fault);
}

static bool take_path(struct dissection *dissection, const char *text)
{
    struct lwm2m_fault fault = {0};
    dissection->has_base = text != NULL;
    if (text == NULL ||
        lwm2m_definitions_parse_path(dissection->definitions, lwm2m_bytes_from_text(text),
                                     &dissection->base, &fault) == LWM2M_OK) {
        return true;
    }
    print_errorf(dissection->printer, "'%s' is no path: %s", text,
                 fault.reason != NULL ? fault.reason : "not found");
    return false;
}

static int run(const struct invocation *invocation)
{
    const struct decode_options *given = invocation->options;
    struct dissection dissection = {.printer = invocation->printer, .base = lwm2m_path_root()};
    struct definition_library library = {0};
    struct control_outcome failure = {0};
    uint8_t *data = NULL;
    int exit = EXIT_CODE_USAGE;

    if (!definition_library_read(&library, &given->definitions, &lwm2m_registry,
                                 invocation->printer, &failure)) {
        print_error(invocation->printer, failure.message, failure.hint);
        exit = failure.exit;
        goto out;
    }
    dissection.definitions = definition_library_definitions(&library);
    if (!take_path(&dissection, given->path)) {
        goto out;
    }
    exit = byte_input_read(invocation, given->raw, &data, &dissection.input.length);
    if (exit == EXIT_CODE_OK) {
        dissection.input.data = data;
        exit = dissect(&dissection, given);
    }
out:
    free(data);
    definition_library_release(&library);
    return exit;
}

static const struct argument_definition arguments[] = {
    {.kind = ARGUMENT_BYTES, .repeated = true},
    {.kind = ARGUMENT_END},
};

const struct command command_decode = {
    .name = "decode",
    .summary = "Take a CoAP message or a payload apart",
    .synopsis = "decode [-f FORMAT] [--path PATH] [HEX… | b64:… | @FILE | -]",
    .examples = {"lwm2m decode 440100010a0b0c0db1330130", "lwm2m decode -f tlv --path /3/0 c10964"},
    .options = options,
    .options_size = sizeof(struct decode_options),
    .least_arguments = 0,
    .most_arguments = -1,
    .arguments = arguments,
    .run = run,
};
