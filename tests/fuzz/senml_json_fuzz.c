/*
 * Fuzzes SenML JSON: what is decoded comes back unchanged.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "support/codec_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    codec_fuzz(&lwm2m_codec_senml_json, data, size);
    return 0;
}
