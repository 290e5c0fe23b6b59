/*
 * What a device said, decoded with types that were looked up before.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SERVER_OUTCOME_H
#define SERVER_OUTCOME_H

#include "server/object_types.h"

/* As lwm2m_outcome_decode. */
enum lwm2m_error lwm2m_outcome_decode_typed(const struct lwm2m_outcome *outcome,
                                            struct lwm2m_object_types *types,
                                            struct lwm2m_sink sink,
                                            struct lwm2m_fault *fault) LWM2M_MUST_CHECK;

#endif
