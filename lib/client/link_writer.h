/*
 * Links one after the other into a buffer that remembers its overflow: one lwm2m_buffer_check at
 * the end suffices.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLIENT_LINK_WRITER_H
#define CLIENT_LINK_WRITER_H

#include <stdbool.h>

#include <lwm2m/definition.h>

/* `</>;rt="oma.lwm2m"` */
void lwm2m_link_writer_root(struct lwm2m_buffer *out);
void lwm2m_link_writer_path(struct lwm2m_buffer *out, struct lwm2m_path path);
/* `;name=number` */
void lwm2m_link_writer_number(struct lwm2m_buffer *out, const char *name, uint32_t number);
/* `;ver=1.1`; nothing for the version that a server takes for granted when the device speaks
 * `enabler`. */
void lwm2m_link_writer_version(struct lwm2m_buffer *out,
                               const struct lwm2m_object_definition *object,
                               struct lwm2m_version enabler);
/* Whether lwm2m_link_writer_version writes anything. */
bool lwm2m_link_version_is_shown(const struct lwm2m_object_definition *object,
                                 struct lwm2m_version enabler);

#endif
