/*
 * Remembers requests and message ids in a table of fixed size, in sets of four.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "control/round_trips.h"

#include <stdlib.h>
#include <string.h>

#include "control/message_text.h"

#define SETS 512
#define WAYS 4

/* How long a message id is not used anew (RFC 7252 §4.8.2). */
#define EXCHANGE_LIFETIME_US 247000000u

/* What an entry is found by. */
enum memory_kind {
    UNUSED,
    BY_TOKEN, /* a request, for its answers */
    BY_ID,    /* a CON or NON, for its acknowledgement and its copies */
};

struct memory {
    enum memory_kind kind;
    bool outgoing;
    bool answered;
    uint8_t code;
    uint16_t message_id;
    unsigned again;
    const void *peer;
    struct lwm2m_token token;
    uint64_t since_us;
    char path[ROUND_TRIP_PATH_MAX];
};

struct round_trips {
    struct memory sets[SETS][WAYS];
};

struct round_trips *round_trips_new(void)
{
    return calloc(1, sizeof(struct round_trips));
}

void round_trips_free(struct round_trips *trips)
{
    free(trips);
}

static struct memory *set_of(struct round_trips *trips, const struct memory *wanted)
{
    uint64_t hash = (uint64_t)(uintptr_t)wanted->peer + wanted->kind;
    uint64_t key = wanted->message_id;
    if (wanted->kind == BY_TOKEN) {
        memcpy(&key, wanted->token.bytes, sizeof(key));
    }
    hash = (hash ^ key) * 0x9e3779b97f4a7c15u;
    hash = (hash ^ hash >> 29) * 0xbf58476d1ce4e5b9u;
    return trips->sets[hash >> 32 & (SETS - 1)];
}

static bool is_same(const struct memory *a, const struct memory *b)
{
    return a->kind == b->kind && a->peer == b->peer && a->outgoing == b->outgoing &&
           (a->kind == BY_ID ? a->message_id == b->message_id
                             : lwm2m_token_equal(&a->token, &b->token));
}

static struct memory *find(struct round_trips *trips, const struct memory *wanted)
{
    struct memory *set = set_of(trips, wanted);
    for (size_t i = 0; i < WAYS; i++) {
        if (is_same(&set[i], wanted)) {
            return &set[i];
        }
    }
    return NULL;
}

/* Takes the place of one that is the same, else of the oldest. */
static void remember(struct round_trips *trips, const struct memory *made)
{
    struct memory *set = set_of(trips, made);
    struct memory *place = find(trips, made);
    for (size_t i = 0; place == NULL && i < WAYS; i++) {
        place = set[i].kind == UNUSED ? &set[i] : NULL;
    }
    if (place == NULL) {
        place = set;
        for (size_t i = 1; i < WAYS; i++) {
            place = set[i].since_us < place->since_us ? &set[i] : place;
        }
    }
    *place = *made;
}

static void answer(struct memory *asked, const struct sighting *sighting, struct round_trip *trip)
{
    memcpy(trip->path, asked->path, sizeof(trip->path));
    if (!asked->answered) {
        asked->answered = true;
        trip->us = (int64_t)(sighting->now_us - asked->since_us);
    } else if (sighting->message->type == LWM2M_MESSAGE_ACK &&
               sighting->message->message_id == asked->message_id) {
        trip->again = ++asked->again;
    }
}

/* True for a copy of a CON or NON that was seen before. */
static bool is_copy(struct round_trips *trips, const struct memory *made, struct round_trip *trip)
{
    struct memory *before = find(trips, made);
    if (before == NULL || made->since_us - before->since_us >= EXCHANGE_LIFETIME_US ||
        before->code != made->code || !lwm2m_token_equal(&before->token, &made->token)) {
        return false;
    }
    trip->again = ++before->again;
    memcpy(trip->path, before->path, sizeof(trip->path));
    return true;
}

static void take_answer(struct round_trips *trips, const struct sighting *sighting,
                        struct memory *wanted, struct round_trip *trip)
{
    wanted->outgoing = !sighting->outgoing;
    wanted->kind = sighting->message->code == 0 ? BY_ID : BY_TOKEN;
    struct memory *asked = find(trips, wanted);
    if (asked != NULL) {
        answer(asked, sighting, trip);
    }
    wanted->outgoing = sighting->outgoing;
}

void round_trips_take(struct round_trips *trips, const struct sighting *sighting,
                      struct round_trip *trip)
{
    const struct lwm2m_message *message = sighting->message;
    bool acknowledges = message->type == LWM2M_MESSAGE_ACK || message->type == LWM2M_MESSAGE_RST;
    bool asks = message->code > 0 && message->code < 32;
    struct memory made = {
        .kind = BY_ID,
        .outgoing = sighting->outgoing,
        .code = message->code,
        .message_id = message->message_id,
        .peer = sighting->peer,
        .token = message->token,
        .since_us = sighting->now_us,
    };
    *trip = (struct round_trip){.us = -1};
    if (!acknowledges && is_copy(trips, &made, trip)) {
        return;
    }
    if (asks) {
        message_print_path(message, trip->path, sizeof(trip->path));
    } else if (message->code != 0 || acknowledges) {
        take_answer(trips, sighting, &made, trip);
    }
    memcpy(made.path, trip->path, sizeof(made.path));
    if (!acknowledges) {
        made.kind = BY_ID;
        remember(trips, &made);
    }
    if (asks) {
        made.kind = BY_TOKEN;
        remember(trips, &made);
    }
}
