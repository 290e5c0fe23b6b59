/*
 * Arrays sorted by a 16-bit id: found in O(log n), walked in order, grown by doubling.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BASE_ID_ARRAY_H
#define BASE_ID_ARRAY_H

#include <stddef.h>
#include <stdint.h>

#include <lwm2m/port.h>

/* Zeroed memory is an empty array. Every item begins with its uint16_t id. */
struct lwm2m_id_array {
    uint8_t *items;
    size_t count;
    size_t capacity;
};

/* The position of the first item whose id is >= id; count if there is none. */
size_t lwm2m_id_array_position(const struct lwm2m_id_array *array, size_t item_size, uint16_t id);

/* The item with that id; NULL if there is none. Valid until the next insertion or removal. */
void *lwm2m_id_array_find(const struct lwm2m_id_array *array, size_t item_size, uint16_t id);

/* The item at a position below count. */
void *lwm2m_id_array_at(const struct lwm2m_id_array *array, size_t item_size, size_t position);

/* The item with that id, made with its other bytes zero if there is none; NULL: out of memory. */
void *lwm2m_id_array_insert(struct lwm2m_id_array *array, const struct lwm2m_port *port,
                            size_t item_size, uint16_t id);

/* Takes the item at a position below count out of the array. */
void lwm2m_id_array_remove(struct lwm2m_id_array *array, size_t item_size, size_t position);

/* Frees the array itself; accepts zeroed memory. */
void lwm2m_id_array_release(struct lwm2m_id_array *array, const struct lwm2m_port *port);

#endif
