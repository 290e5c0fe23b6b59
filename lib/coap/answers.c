/*
 * Remembered messages and their answers, packed into one block of memory for each peer.
 *
 * Times are the low 32 bits of the port's milliseconds: nothing is remembered for half of their
 * range.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "coap/answers.h"

#include <string.h>

/* What a first block holds: the answer to a Register, after which many a device is silent. */
#define FIRST_BYTES 48u
/* Blocks grow by a half and are a multiple of this, so that few answers move what was there. */
#define GROWTH_BYTES 32u
/* An acknowledgement or a reset; not worth giving up when answers are too many. */
#define EMPTY_MESSAGE_BYTES 4
#define REMEMBERED_PER_ANSWER 3

/* Followed by the answer, padded so that the next entry is aligned. */
struct entry {
    uint32_t expires_ms;
    uint16_t message_id;
    uint16_t length;
};

struct lwm2m_answers {
    struct lwm2m_list queued;
    struct lwm2m_answers **owner; /* the pointer to this block */
    uint32_t look_through_ms;
    uint32_t capacity; /* bytes of entries that fit */
    uint32_t used;
    uint16_t entry_count;
    uint16_t answer_count; /* entries with more than an empty message */
    uint32_t entries[];    /* of struct entry and bytes, by age */
};

static bool is_past(uint32_t now_ms, uint32_t time_ms)
{
    return now_ms - time_ms < UINT32_C(0x80000000);
}

static size_t entry_bytes(size_t answer_bytes)
{
    return sizeof(struct entry) + ((answer_bytes + 3) & ~(size_t)3);
}

static struct entry *entry_at(struct lwm2m_answers *answers, size_t offset)
{
    return (struct entry *)(void *)((uint8_t *)answers->entries + offset);
}

static uint8_t *entry_answer(struct entry *entry)
{
    return (uint8_t *)(entry + 1);
}

static size_t block_bytes(const struct lwm2m_answers *answers)
{
    return sizeof(*answers) + answers->capacity;
}

void lwm2m_answer_store_init(struct lwm2m_answer_store *store, const struct lwm2m_port *port,
                             size_t per_peer, size_t max_bytes, uint32_t interval_ms)
{
    memset(store, 0, sizeof(*store));
    store->port = port;
    store->per_peer = per_peer;
    store->max_bytes = max_bytes;
    store->interval_ms = interval_ms;
    lwm2m_list_init(&store->blocks);
}

/* The offset of the entry that remembers the message id, or answers->used. */
static size_t find_entry(struct lwm2m_answers *answers, uint16_t message_id, uint32_t now_ms)
{
    size_t offset = 0;

    while (offset < answers->used) {
        const struct entry *entry = entry_at(answers, offset);

        if (entry->message_id == message_id && !is_past(now_ms, entry->expires_ms)) {
            break;
        }
        offset += entry_bytes(entry->length);
    }
    return offset;
}

bool lwm2m_answers_find(struct lwm2m_answers *answers, uint16_t message_id, uint64_t now_ms,
                        struct lwm2m_bytes *answer)
{
    struct entry *entry;
    size_t offset;

    if (answers == NULL) {
        return false;
    }
    offset = find_entry(answers, message_id, (uint32_t)now_ms);
    if (offset == answers->used) {
        return false;
    }
    entry = entry_at(answers, offset);
    *answer = (struct lwm2m_bytes){entry_answer(entry), entry->length};
    return true;
}

/* Drops the answer of the entry and keeps only that the message was there. */
static void drop_answer(struct lwm2m_answer_store *store, struct lwm2m_answers *answers,
                        size_t offset)
{
    struct entry *entry = entry_at(answers, offset);
    size_t end = offset + entry_bytes(entry->length);
    size_t kept = offset + entry_bytes(0);

    if (entry->length > EMPTY_MESSAGE_BYTES) {
        answers->answer_count--;
        store->count--;
    }
    entry->length = 0;
    memmove(entry_at(answers, kept), entry_at(answers, end), answers->used - end);
    answers->used -= (uint32_t)(end - kept);
}

static void remove_entry(struct lwm2m_answer_store *store, struct lwm2m_answers *answers,
                         size_t offset)
{
    size_t end = offset + entry_bytes(0);

    drop_answer(store, answers, offset);
    memmove(entry_at(answers, offset), entry_at(answers, end), answers->used - end);
    answers->used -= (uint32_t)(end - offset);
    answers->entry_count--;
}

static void remove_past(struct lwm2m_answer_store *store, struct lwm2m_answers *answers,
                        uint32_t now_ms)
{
    size_t offset = 0;

    while (offset < answers->used) {
        const struct entry *entry = entry_at(answers, offset);

        if (is_past(now_ms, entry->expires_ms)) {
            remove_entry(store, answers, offset);
        } else {
            offset += entry_bytes(entry->length);
        }
    }
}

/* Drops the oldest answer that is more than an empty message. */
static void drop_oldest_answer(struct lwm2m_answer_store *store, struct lwm2m_answers *answers)
{
    size_t offset = 0;

    while (entry_at(answers, offset)->length <= EMPTY_MESSAGE_BYTES) {
        offset += entry_bytes(entry_at(answers, offset)->length);
    }
    drop_answer(store, answers, offset);
}

/* Keeps the sum of all blocks under the cap by giving up the blocks looked through longest ago. */
static void make_room(struct lwm2m_answer_store *store, const struct lwm2m_answers *except,
                      size_t bytes)
{
    struct lwm2m_list *node;
    struct lwm2m_list *next;

    LWM2M_LIST_EACH (node, next, &store->blocks) {
        struct lwm2m_answers *block = LWM2M_CONTAINER_OF(node, struct lwm2m_answers, queued);

        if (store->bytes <= store->max_bytes && bytes <= store->max_bytes - store->bytes) {
            return;
        }
        if (block != except) {
            lwm2m_answers_forget(store, block->owner);
        }
    }
}

static struct lwm2m_answers *new_block(struct lwm2m_answer_store *store, size_t capacity)
{
    struct lwm2m_answers *block =
        store->port->allocate(store->port->context, sizeof(*block) + capacity);

    if (block == NULL) {
        return NULL;
    }
    memset(block, 0, sizeof(*block));
    block->capacity = (uint32_t)capacity;
    store->bytes += block_bytes(block);
    return block;
}

static void release_block(struct lwm2m_answer_store *store, struct lwm2m_answers *block)
{
    store->bytes -= block_bytes(block);
    store->port->release(store->port->context, block);
}

static size_t grown_bytes(size_t bytes)
{
    return (bytes + bytes / 2 + GROWTH_BYTES - 1) / GROWTH_BYTES * GROWTH_BYTES;
}

/* Moves the entries into a block that has room for `bytes` more. */
static enum lwm2m_error grow(struct lwm2m_answer_store *store, struct lwm2m_answers **answers,
                             size_t bytes)
{
    struct lwm2m_answers *old = *answers;
    struct lwm2m_answers *block;
    uint32_t capacity;

    make_room(store, old, bytes);
    block = new_block(store, grown_bytes(old->used + bytes));
    if (block == NULL) {
        return LWM2M_NO_MEMORY;
    }
    capacity = block->capacity;
    memcpy(block, old, sizeof(*block));
    block->capacity = capacity;
    memcpy(block->entries, old->entries, old->used);
    block->queued.previous->next = &block->queued;
    block->queued.next->previous = &block->queued;
    *answers = block;
    release_block(store, old);
    return LWM2M_OK;
}

static enum lwm2m_error make_block(struct lwm2m_answer_store *store, struct lwm2m_answers **answers,
                                   uint32_t now_ms)
{
    struct lwm2m_answers *block;

    make_room(store, NULL, sizeof(*block) + FIRST_BYTES);
    block = new_block(store, FIRST_BYTES);
    if (block == NULL) {
        return LWM2M_NO_MEMORY;
    }
    block->owner = answers;
    block->look_through_ms = now_ms + store->interval_ms;
    lwm2m_list_append(&store->blocks, &block->queued);
    *answers = block;
    return LWM2M_OK;
}

/* Appends an entry, which there must be room for. */
static void append_entry(struct lwm2m_answer_store *store, struct lwm2m_answers *answers,
                         const struct entry *header, struct lwm2m_bytes answer)
{
    struct entry *entry = entry_at(answers, answers->used);

    *entry = *header;
    entry->length = (uint16_t)answer.length;
    if (answer.length > 0) {
        memcpy(entry_answer(entry), answer.data, answer.length);
    }
    answers->used += (uint32_t)entry_bytes(answer.length);
    answers->entry_count++;
    if (answer.length > EMPTY_MESSAGE_BYTES) {
        answers->answer_count++;
        store->count++;
    }
}

/* True if there is room for `bytes` more, if need be after growing the block. */
static bool has_room(struct lwm2m_answer_store *store, struct lwm2m_answers **answers, size_t bytes,
                     uint32_t now_ms)
{
    if (bytes <= (*answers)->capacity - (*answers)->used) {
        return true;
    }
    remove_past(store, *answers, now_ms);
    if (bytes <= (*answers)->capacity - (*answers)->used) {
        return true;
    }
    return grow(store, answers, bytes) == LWM2M_OK;
}

enum lwm2m_error lwm2m_answers_remember(struct lwm2m_answer_store *store,
                                        struct lwm2m_answers **answers, uint16_t message_id,
                                        uint64_t now_ms, uint32_t lifetime_ms)
{
    struct entry entry = {
        .expires_ms = (uint32_t)now_ms + lifetime_ms,
        .message_id = message_id,
    };

    if (*answers == NULL && make_block(store, answers, (uint32_t)now_ms) != LWM2M_OK) {
        return LWM2M_NO_MEMORY;
    }
    if ((*answers)->entry_count >= store->per_peer * REMEMBERED_PER_ANSWER) {
        remove_entry(store, *answers, 0);
    }
    if (!has_room(store, answers, sizeof(entry), (uint32_t)now_ms)) {
        return LWM2M_NO_MEMORY;
    }
    append_entry(store, *answers, &entry, (struct lwm2m_bytes){NULL, 0});
    return LWM2M_OK;
}

void lwm2m_answers_keep(struct lwm2m_answer_store *store, struct lwm2m_answers **answers,
                        uint16_t message_id, uint64_t now_ms, struct lwm2m_bytes answer)
{
    size_t offset;
    struct entry entry;

    if (*answers == NULL || answer.length > UINT16_MAX) {
        return;
    }
    offset = find_entry(*answers, message_id, (uint32_t)now_ms);
    if (offset == (*answers)->used) {
        return;
    }
    entry = *entry_at(*answers, offset);
    remove_entry(store, *answers, offset);
    if (answer.length > EMPTY_MESSAGE_BYTES && (*answers)->answer_count >= store->per_peer) {
        drop_oldest_answer(store, *answers);
    }
    if (!has_room(store, answers, entry_bytes(answer.length), (uint32_t)now_ms)) {
        answer.length = 0; /* room for an entry without answer was there before */
    }
    append_entry(store, *answers, &entry, answer);
}

void lwm2m_answers_forget(struct lwm2m_answer_store *store, struct lwm2m_answers **answers)
{
    struct lwm2m_answers *block = *answers;

    if (block == NULL) {
        return;
    }
    store->count -= block->answer_count;
    lwm2m_list_remove(&block->queued);
    *answers = NULL;
    release_block(store, block);
}

uint64_t lwm2m_answer_store_step(struct lwm2m_answer_store *store, uint64_t now_ms)
{
    struct lwm2m_list *node;

    while ((node = lwm2m_list_first(&store->blocks)) != NULL) {
        struct lwm2m_answers *block = LWM2M_CONTAINER_OF(node, struct lwm2m_answers, queued);

        if (!is_past((uint32_t)now_ms, block->look_through_ms)) {
            return block->look_through_ms - (uint32_t)now_ms;
        }
        remove_past(store, block, (uint32_t)now_ms);
        if (block->entry_count == 0) {
            lwm2m_answers_forget(store, block->owner);
            continue;
        }
        lwm2m_list_remove(&block->queued);
        block->look_through_ms = (uint32_t)now_ms + store->interval_ms;
        lwm2m_list_append(&store->blocks, &block->queued);
    }
    return LWM2M_NEVER;
}
