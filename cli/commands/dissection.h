/*
 * Takes bytes apart for people and programs: a CoAP message, or a payload of some format; each part
 * with its offset.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef COMMANDS_DISSECTION_H
#define COMMANDS_DISSECTION_H

#include <cjson/cJSON.h>

#include <lwm2m/codec.h>

#include "output/exit_code.h"
#include "output/printer.h"
#include "output/table.h"

/* Not a Content-Format: a whole message. */
#define DISSECTION_COAP 65536u

/* Every format that has a codec. */
extern const struct lwm2m_codecs dissection_codecs;

/* Zeroed but for what the caller fills in. */
struct dissection {
    const struct printer *printer;
    const struct lwm2m_definitions *definitions;
    struct lwm2m_bytes input; /* offsets count from here */
    struct lwm2m_path base;   /* of the payload; root if it is not known */
    bool has_base;            /* it was named, and counts more than what a request says */
    /* Where the parts go; NULL: one JSON object a line. */
    struct table *table;
    bool failed; /* the output takes no more */
};

/* One part as people see it; texts may be NULL. */
struct dissected_part {
    const char *kind; /* of the JSON object */
    size_t offset;
    const char *item; /* the path, the number of an option, the type of a message */
    const char *name;
    const char *type;
    const char *value;
};

/*
 * Prints a part, in JSON with the members of details beside its kind and offset. Takes details
 * (NULL: no memory).
 */
void dissection_put(struct dissection *dissection, const struct dissected_part *part,
                    cJSON *details);

/* Both print all up to the break and return false with *fault for bytes that do not decode. */
bool dissect_message(struct dissection *dissection, struct lwm2m_fault *fault);
bool dissect_payload(struct dissection *dissection, struct lwm2m_bytes payload, uint32_t format,
                     struct lwm2m_fault *fault);

/* Decodes with memory of its own for strings that the payload holds in another form. */
enum lwm2m_error dissection_decode(const struct lwm2m_codec *codec, struct lwm2m_bytes payload,
                                   struct lwm2m_path base,
                                   const struct lwm2m_definitions *definitions,
                                   struct lwm2m_sink sink, struct lwm2m_fault *fault);

/*
 * What the bytes most likely are, DISSECTION_COAP or a format, by their beginning and by what
 * decodes without a fault; *why says so.
 */
uint32_t dissection_recognise(struct lwm2m_bytes bytes, struct lwm2m_path base,
                              const struct lwm2m_definitions *definitions, const char **why);

#endif
