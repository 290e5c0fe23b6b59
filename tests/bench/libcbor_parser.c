/*
 * libcbor as a parser to compare with.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <cbor.h>

#include "bench/parser.h"

static bool parse(struct lwm2m_bytes input)
{
    struct cbor_load_result result;
    cbor_item_t *item = cbor_load(input.data, input.length, &result);

    if (item == NULL) {
        return false;
    }
    cbor_decref(&item);
    return true;
}

const struct parser libcbor_parser = {"libcbor", parse};
