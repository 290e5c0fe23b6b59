/*
 * SenML (RFC 8428) as LwM2M uses it (Core 1.2 §7.4.6): what its JSON and CBOR forms share: the
 * labels, and how base name and base time complete a record.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CODEC_SENML_H
#define CODEC_SENML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lwm2m/codec.h>

enum lwm2m_senml_label {
    LWM2M_SENML_BASE_VERSION,
    LWM2M_SENML_BASE_NAME,
    LWM2M_SENML_BASE_TIME,
    LWM2M_SENML_BASE_UNIT,
    LWM2M_SENML_BASE_VALUE,
    LWM2M_SENML_BASE_SUM,
    LWM2M_SENML_NAME,
    LWM2M_SENML_UNIT,
    LWM2M_SENML_VALUE,
    LWM2M_SENML_STRING,
    LWM2M_SENML_BOOLEAN,
    LWM2M_SENML_SUM,
    LWM2M_SENML_TIME,
    LWM2M_SENML_UPDATE_TIME,
    LWM2M_SENML_DATA,
    LWM2M_SENML_OBJLNK,
    LWM2M_SENML_UNKNOWN,
    LWM2M_SENML_MUST_UNDERSTAND, /* an unknown label that ends in '_' (RFC 8428 §4.4) */
};

/* The label of that text ("bn"), as JSON writes it. */
enum lwm2m_senml_label lwm2m_senml_label_find(struct lwm2m_bytes text);
/* The label of that number (-2), as CBOR writes it. */
enum lwm2m_senml_label lwm2m_senml_label_find_number(int64_t number);
/* The number of a label; the Objlnk has none, in CBOR too its label is the text "vlo". */
int lwm2m_senml_label_number(enum lwm2m_senml_label label);

/* Room for a name, "/65534/65534/65534/65534", and for a '/' too many. */
#define LWM2M_SENML_NAME_MAX 26

/* One record as it was read. Zero before each record. */
struct lwm2m_senml_record {
    uint32_t present; /* 1 << label for each label so far */
    struct lwm2m_bytes base_name;
    struct lwm2m_bytes name;
    int64_t base_time_ms;
    int64_t time_ms;
    struct lwm2m_value value; /* NONE if there was none */
    size_t offset;            /* of the record, for faults */
    size_t value_offset;
};

/* What is carried from record to record. */
struct lwm2m_senml_resolver {
    const struct lwm2m_decoding *decoding;
    struct lwm2m_sink sink;
    struct lwm2m_fault *fault;
    int64_t base_time_ms;
    uint8_t base_name[LWM2M_SENML_NAME_MAX];
    size_t base_name_length;
    size_t count; /* of the records that were put */
    bool has_base64_strings; /* an opaque value comes as a string, as in LwM2M JSON */
};

void lwm2m_senml_resolver_init(struct lwm2m_senml_resolver *resolver,
                               const struct lwm2m_decoding *decoding, struct lwm2m_sink sink,
                               struct lwm2m_fault *fault);

/*
 * Notes that the record has this label: LWM2M_MALFORMED for a label it has already, for a second
 * value, and for labels that must be understood and are not: sums, base values, those in '_'.
 */
enum lwm2m_error lwm2m_senml_note_label(struct lwm2m_senml_record *record,
                                        enum lwm2m_senml_label label, size_t offset,
                                        struct lwm2m_fault *fault) LWM2M_MUST_CHECK;

/* True for the units, the update time and what is unknown: their values are skipped. */
bool lwm2m_senml_is_ignored(enum lwm2m_senml_label label);

/* True for the label of a value: v, vs, vb, vd, vlo. */
bool lwm2m_senml_is_value(enum lwm2m_senml_label label);

/*
 * Takes the value of a label that was noted: a name, a time, a version or a value. label is none
 * of those that are ignored. LWM2M_MALFORMED, LWM2M_TYPE, LWM2M_RANGE.
 */
enum lwm2m_error lwm2m_senml_take_field(struct lwm2m_senml_record *record,
                                        enum lwm2m_senml_label label,
                                        const struct lwm2m_value *value, size_t offset,
                                        struct lwm2m_fault *fault) LWM2M_MUST_CHECK;

/*
 * Completes the record and puts it. A time below 2^28 seconds is one relative to the arrival of the
 * payload, which a codec does not know: such a record has LWM2M_NO_TIME, as one without a time.
 */
enum lwm2m_error lwm2m_senml_resolve(struct lwm2m_senml_resolver *resolver,
                                     const struct lwm2m_senml_record *record) LWM2M_MUST_CHECK;

/* At the end of the payload: none at all is an empty instance, or a multiple resource without any.
 */
enum lwm2m_error lwm2m_senml_finish(struct lwm2m_senml_resolver *resolver) LWM2M_MUST_CHECK;

/* What an encoder writes of the path and the time of a record. */
struct lwm2m_senml_prefix {
    bool has_base_name;
    bool has_base_time;
    bool has_name;
    struct lwm2m_bytes base_name;
    struct lwm2m_bytes name;
    int64_t base_time_ms;
    char text[LWM2M_SENML_NAME_MAX];
};

/*
 * Decides it for the next record of encoder, whose state it keeps in marks[1], marks[2]
 * and flags. Base name is the path of the request with a '/' behind it, base time the time of the
 * record wherever it changes. LWM2M_RANGE for a time before 2^28 seconds, which would be read as a
 * relative one, and past 2^50 milliseconds, which would not be read exactly.
 */
enum lwm2m_error lwm2m_senml_prefix_init(struct lwm2m_senml_prefix *prefix,
                                         struct lwm2m_encoder *encoder,
                                         const struct lwm2m_record *record) LWM2M_MUST_CHECK;

/*
 * The time of a record to be written, 0 if it has none. LWM2M_RANGE where lwm2m_senml_prefix_init
 * says so.
 */
enum lwm2m_error lwm2m_senml_record_time(const struct lwm2m_record *record,
                                         int64_t *time_ms) LWM2M_MUST_CHECK;

/* The base time in effect, 0 if there is none; kept in marks[1] and marks[2] of encoder. */
int64_t lwm2m_senml_base_time(const struct lwm2m_encoder *encoder);
void lwm2m_senml_set_base_time(struct lwm2m_encoder *encoder, int64_t time_ms);

/*
 * Whether SenML-ETCH says null of a record without a value: of a resource instance, which is what a
 * Write-Composite can remove (RFC 8790 §3.2). Of anything else the name alone is what is meant.
 */
bool lwm2m_senml_is_removal(const struct lwm2m_record *record);

/* True for the one record that says no more than that base is there and empty: `[]` says it all. */
bool lwm2m_senml_is_empty_base(const struct lwm2m_encoder *encoder,
                               const struct lwm2m_record *record);

#endif
