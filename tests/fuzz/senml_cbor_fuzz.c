/*
 * Fuzzes SenML CBOR and SenML-ETCH CBOR: what is decoded comes back unchanged.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "support/codec_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    codec_fuzz(&lwm2m_codec_senml_cbor, data, size);
    codec_fuzz(&lwm2m_codec_senml_etch_cbor, data, size);
    return 0;
}
