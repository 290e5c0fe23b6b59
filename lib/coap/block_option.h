/*
 * The Block1 and Block2 options (RFC 7959 §2.2), and the options of a message with some of them
 * changed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef COAP_BLOCK_OPTION_H
#define COAP_BLOCK_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lwm2m/bytes.h>
#include <lwm2m/error.h>
#include <lwm2m/message.h>
#include <lwm2m/port.h>

#define LWM2M_BLOCK_NUMBER_MAX 0xfffffu
#define LWM2M_BLOCK_EXPONENT_MAX 6
#define LWM2M_BLOCK_BYTES_MIN 16u
#define LWM2M_BLOCK_BYTES_MAX 1024u

struct lwm2m_block {
    uint32_t number; /* counted in blocks of this size */
    bool more;
    uint8_t exponent; /* the block has 16 << exponent bytes */
};

/*
 * Reads Block1 or Block2. LWM2M_NOT_FOUND, LWM2M_MALFORMED (longer than three bytes), LWM2M_RANGE
 * (the reserved exponent 7).
 */
enum lwm2m_error lwm2m_block_find(const struct lwm2m_message *message, uint16_t option_number,
                                  struct lwm2m_block *block) LWM2M_MUST_CHECK;

/* The option's value. */
uint32_t lwm2m_block_value(const struct lwm2m_block *block);

size_t lwm2m_block_bytes(uint8_t exponent);
/* Where the block starts in the body. */
size_t lwm2m_block_offset(const struct lwm2m_block *block);

/* The largest exponent whose block has at most that many bytes; 0 if there is none. */
uint8_t lwm2m_block_exponent(size_t bytes);

/*
 * The block of a body that starts at offset, which is a multiple of the block's size and within the
 * body. LWM2M_TOO_LARGE if its number does not fit the option.
 */
enum lwm2m_error lwm2m_block_of_body(size_t offset, size_t body_length, uint8_t exponent,
                                     struct lwm2m_block *block) LWM2M_MUST_CHECK;
/* The bytes of the body in that block. */
struct lwm2m_bytes lwm2m_block_slice(const struct lwm2m_block *block, struct lwm2m_bytes body);

/* Options to leave out of a message or to put into it; zeroed memory changes nothing. */
struct lwm2m_option_edits {
    size_t count;
    struct lwm2m_option_edit {
        uint16_t number;
        bool present;
        uint8_t length;
        uint8_t value[8];
    } items[10]; /* by ascending number */
};

/* Each number at most once; at most 10 in all. */
void lwm2m_option_edits_remove(struct lwm2m_option_edits *edits, uint16_t number);
void lwm2m_option_edits_set(struct lwm2m_option_edits *edits, uint16_t number, uint32_t value);
/* At most 8 bytes. */
void lwm2m_option_edits_set_bytes(struct lwm2m_option_edits *edits, uint16_t number,
                                  struct lwm2m_bytes value);

/* The result has at most the length of the source and this for each option that is put in. */
#define LWM2M_OPTION_EDIT_BYTES_MAX 11u

/* Writes the changed options to memory of that capacity. LWM2M_NO_SPACE. */
enum lwm2m_error lwm2m_option_edits_write(const struct lwm2m_option_edits *edits,
                                          struct lwm2m_bytes source, void *memory, size_t capacity,
                                          struct lwm2m_bytes *result) LWM2M_MUST_CHECK;

/* The same in new memory, which *memory owns: give it back to the port. LWM2M_NO_MEMORY. */
enum lwm2m_error lwm2m_option_edits_apply(const struct lwm2m_option_edits *edits,
                                          const struct lwm2m_port *port, struct lwm2m_bytes source,
                                          uint8_t **memory,
                                          struct lwm2m_bytes *result) LWM2M_MUST_CHECK;

/*
 * Writes what distinguishes the bodies of a peer: the method and the options that name the resource
 * and the representation, without those that change from block to block. Needs 1 + the options'
 * length.
 */
enum lwm2m_error lwm2m_request_key_write(const struct lwm2m_message *request, void *memory,
                                         size_t capacity, struct lwm2m_bytes *key) LWM2M_MUST_CHECK;

#endif
