/*
 * The types that decoders ask for, from definitions. Apart from the codecs, so that an image whose
 * objects name their types themselves does without definitions.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/codec.h>

#include <string.h>

static enum lwm2m_type find_type(void *context, struct lwm2m_path path)
{
    return lwm2m_definitions_type((const struct lwm2m_definitions *)context, path);
}

struct lwm2m_type_source
lwm2m_type_source_from_definitions(const struct lwm2m_definitions *definitions)
{
    struct lwm2m_type_source source = {.find = find_type};

    /* Copied, not cast: it is only ever read through, and the qualifier returns in find_type. */
    memcpy(&source.context, &definitions, sizeof source.context);
    return source;
}
