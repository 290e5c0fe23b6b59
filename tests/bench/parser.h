/*
 * Parsers of others, on the same input as our codecs: each builds its tree and throws it away.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_PARSER_H
#define BENCH_PARSER_H

#include <stdbool.h>

#include <lwm2m/bytes.h>

struct parser {
    const char *name;
    bool (*parse)(struct lwm2m_bytes input); /* NULL where the library is not installed */
};

/* libcbor's cbor_load. The build takes libcbor_parser.c or, without libcbor, libcbor_missing.c. */
extern const struct parser libcbor_parser;

/* cJSON_ParseWithLength. */
extern const struct parser cjson_parser;

/* Reads every head of CBOR and skips what it announces; builds nothing. */
extern const struct parser cbor_walk;

#endif
