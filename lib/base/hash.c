/*
 * SipHash-1-3: one round for each word of the message, three at the end.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "base/hash.h"

struct sip_state {
    uint64_t v[4];
};

static uint64_t rotate_left(uint64_t word, unsigned bits)
{
    return word << bits | word >> (64 - bits);
}

static void sip_round(struct sip_state *state)
{
    uint64_t *v = state->v;

    v[0] += v[1];
    v[2] += v[3];
    v[1] = rotate_left(v[1], 13) ^ v[0];
    v[3] = rotate_left(v[3], 16) ^ v[2];
    v[0] = rotate_left(v[0], 32);

    v[2] += v[1];
    v[0] += v[3];
    v[1] = rotate_left(v[1], 17) ^ v[2];
    v[3] = rotate_left(v[3], 21) ^ v[0];
    v[2] = rotate_left(v[2], 32);
}

static void absorb(struct sip_state *state, uint64_t word)
{
    state->v[3] ^= word;
    sip_round(state);
    state->v[0] ^= word;
}

/* The first `count` bytes (at most 8), least significant first. */
static uint64_t load_little_endian(const uint8_t *bytes, size_t count)
{
    uint64_t word = 0;
    for (size_t i = count; i-- > 0;) {
        word = word << 8 | bytes[i];
    }
    return word;
}

uint32_t lwm2m_hash(const struct lwm2m_hash_key *key, const void *data, size_t length)
{
    /* "somepseudorandomlygeneratedbytes", the constants of the algorithm. */
    struct sip_state state = {{
        key->words[0] ^ UINT64_C(0x736f6d6570736575),
        key->words[1] ^ UINT64_C(0x646f72616e646f6d),
        key->words[0] ^ UINT64_C(0x6c7967656e657261),
        key->words[1] ^ UINT64_C(0x7465646279746573),
    }};
    const uint8_t *bytes = data;
    size_t whole = length & ~(size_t)7;

    for (size_t i = 0; i < whole; i += 8) {
        absorb(&state, load_little_endian(bytes + i, 8));
    }
    uint64_t rest = length > whole ? load_little_endian(bytes + whole, length - whole) : 0;
    absorb(&state, rest | (uint64_t)length << 56);

    state.v[2] ^= 0xff;
    for (int i = 0; i < 3; i++) {
        sip_round(&state);
    }
    return (uint32_t)(state.v[0] ^ state.v[1] ^ state.v[2] ^ state.v[3]);
}
