/*
 * Arrays sorted by a 16-bit id.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "base/id_array.h"

#include <string.h>

static uint16_t id_at(const struct lwm2m_id_array *array, size_t item_size, size_t position)
{
    uint16_t id;

    memcpy(&id, array->items + position * item_size, sizeof(id));
    return id;
}

size_t lwm2m_id_array_position(const struct lwm2m_id_array *array, size_t item_size, uint16_t id)
{
    size_t low = 0;
    size_t high = array->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (id_at(array, item_size, middle) < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

void *lwm2m_id_array_at(const struct lwm2m_id_array *array, size_t item_size, size_t position)
{
    return array->items + position * item_size;
}

void *lwm2m_id_array_find(const struct lwm2m_id_array *array, size_t item_size, uint16_t id)
{
    size_t position = lwm2m_id_array_position(array, item_size, id);

    if (position == array->count || id_at(array, item_size, position) != id) {
        return NULL;
    }
    return lwm2m_id_array_at(array, item_size, position);
}

static uint8_t *grow(struct lwm2m_id_array *array, const struct lwm2m_port *port, size_t item_size)
{
    /* Ids are 16 bits, so the product cannot overflow a 32-bit size_t for any item under 64 KiB. */
    size_t capacity = array->capacity == 0 ? 4 : array->capacity * 2;
    uint8_t *items = port->allocate(port->context, capacity * item_size);

    if (items == NULL) {
        return NULL;
    }
    if (array->count > 0) {
        memcpy(items, array->items, array->count * item_size);
    }
    port->release(port->context, array->items);
    array->items = items;
    array->capacity = capacity;
    return items;
}

void *lwm2m_id_array_insert(struct lwm2m_id_array *array, const struct lwm2m_port *port,
                            size_t item_size, uint16_t id)
{
    size_t position = lwm2m_id_array_position(array, item_size, id);
    uint8_t *item;

    if (position < array->count && id_at(array, item_size, position) == id) {
        return lwm2m_id_array_at(array, item_size, position);
    }
    if (array->count == array->capacity && grow(array, port, item_size) == NULL) {
        return NULL;
    }
    item = array->items + position * item_size;
    memmove(item + item_size, item, (array->count - position) * item_size);
    memset(item, 0, item_size);
    memcpy(item, &id, sizeof(id));
    array->count++;
    return item;
}

void lwm2m_id_array_remove(struct lwm2m_id_array *array, size_t item_size, size_t position)
{
    uint8_t *item = array->items + position * item_size;

    memmove(item, item + item_size, (array->count - position - 1) * item_size);
    array->count--;
}

void lwm2m_id_array_release(struct lwm2m_id_array *array, const struct lwm2m_port *port)
{
    if (array->items != NULL) {
        port->release(port->context, array->items);
    }
    memset(array, 0, sizeof(*array));
}
