/*
 * One direction of a bad network: draws the fate of each datagram, and keeps what is late.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/chaos.h>

#include <string.h>

#include <lwm2m/list.h>

/* How long a datagram is held back when none follows that could overtake it. */
#define HELD_MS 200
#define DATAGRAM_MAX 65535
#define FRACTION_BITS 53

struct late_datagram {
    struct lwm2m_list node;
    struct lwm2m_timer timer;
    struct lwm2m_chaos_line *line;
    struct lwm2m_address address;
    size_t length;
    uint8_t bytes[];
};

struct lwm2m_chaos_line {
    struct lwm2m_chaos_line_config config;
    const struct lwm2m_port *port;
    struct lwm2m_chaos_statistics statistics;
    uint64_t random_state;
    struct lwm2m_list late;
    size_t waiting;             /* of all, the held one included */
    struct late_datagram *held; /* one of late: goes behind the next that gets through */
};

bool lwm2m_chaos_is_any(const struct lwm2m_chaos *chaos)
{
    return chaos->loss > 0 || chaos->duplication > 0 || chaos->reordering > 0 ||
           chaos->corruption > 0 || chaos->delay_most_ms > 0;
}

/* ---- chance ---- */

/* SplitMix64: every seed gives a sequence of full length. */
static uint64_t draw(struct lwm2m_chaos_line *line)
{
    uint64_t mixed = line->random_state += 0x9E3779B97F4A7C15u;

    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9u;
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EBu;
    return mixed ^ mixed >> 31;
}

/* Draws whatever the chance is, so that a sequence does not shift when one chance becomes 0. */
static bool happens(struct lwm2m_chaos_line *line, double chance)
{
    double fraction =
        (double)(draw(line) >> (64 - FRACTION_BITS)) / (double)(1ull << FRACTION_BITS);

    return fraction < chance;
}

static uint32_t draw_delay_ms(struct lwm2m_chaos_line *line)
{
    const struct lwm2m_chaos *chaos = &line->config.chaos;
    uint64_t range = (uint64_t)chaos->delay_most_ms - chaos->delay_least_ms + 1;

    return chaos->delay_least_ms + (uint32_t)(draw(line) % range);
}

/* ---- what is late ---- */

static void forget(struct late_datagram *datagram)
{
    struct lwm2m_chaos_line *line = datagram->line;

    lwm2m_timer_disarm(line->config.timers, &datagram->timer);
    lwm2m_list_remove(&datagram->node);
    line->waiting--;
    line->port->release(line->port->context, datagram);
}

static void hand_over(struct late_datagram *datagram)
{
    struct lwm2m_chaos_line *line = datagram->line;

    if (line->held == datagram) {
        line->held = NULL; /* who delivers may carry the next one at once */
    }
    line->config.deliver(line->config.context, &datagram->address,
                         (struct lwm2m_bytes){datagram->bytes, datagram->length});
    forget(datagram);
}

/* Whoever gets through lets the one that was held back follow. */
static void release_held(struct lwm2m_chaos_line *line)
{
    if (line->held != NULL) {
        hand_over(line->held);
    }
}

static void fire(struct lwm2m_timer *timer)
{
    struct late_datagram *datagram = LWM2M_CONTAINER_OF(timer, struct late_datagram, timer);
    struct lwm2m_chaos_line *line = datagram->line;
    bool was_held = line->held == datagram;

    hand_over(datagram);
    if (!was_held) {
        release_held(line);
    }
}

/* A copy that waits for its time; NULL, and it is lost, if there is no room. */
static struct late_datagram *keep(struct lwm2m_chaos_line *line,
                                  const struct lwm2m_address *address, struct lwm2m_bytes bytes,
                                  uint32_t delay_ms)
{
    struct late_datagram *datagram = NULL;

    if (line->waiting < line->config.max_waiting && bytes.length <= DATAGRAM_MAX) {
        datagram = line->port->allocate(line->port->context, sizeof(*datagram) + bytes.length);
    }
    if (datagram == NULL) {
        line->statistics.lost++;
        return NULL;
    }
    memset(datagram, 0, sizeof(*datagram));
    datagram->line = line;
    datagram->address = *address;
    datagram->length = bytes.length;
    if (bytes.length > 0) {
        memcpy(datagram->bytes, bytes.data, bytes.length);
    }
    datagram->timer.fire = fire;
    lwm2m_list_append(&line->late, &datagram->node);
    line->waiting++;
    lwm2m_timer_arm_in(line->config.timers, &datagram->timer, delay_ms);
    return datagram;
}

/* ---- what passes ---- */

static void flip_a_bit(struct lwm2m_chaos_line *line, struct late_datagram *datagram)
{
    uint64_t bit = draw(line) % ((uint64_t)datagram->length * 8);

    datagram->bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
    line->statistics.corrupted++;
}

/* The copy that is corrupted leaves at its time, even when that is now. */
static void carry_corrupted(struct lwm2m_chaos_line *line, const struct lwm2m_address *address,
                            struct lwm2m_bytes bytes)
{
    uint32_t delay_ms = draw_delay_ms(line);
    struct late_datagram *datagram = keep(line, address, bytes, delay_ms);

    if (datagram == NULL) {
        return;
    }
    flip_a_bit(line, datagram);
    if (delay_ms == 0) {
        hand_over(datagram);
        release_held(line);
    }
}

static void carry_copy(struct lwm2m_chaos_line *line, const struct lwm2m_address *address,
                       struct lwm2m_bytes bytes)
{
    uint32_t delay_ms = draw_delay_ms(line);

    if (delay_ms > 0) {
        (void)keep(line, address, bytes, delay_ms);
        return;
    }
    line->config.deliver(line->config.context, address, bytes);
    release_held(line);
}

static void hold_back(struct lwm2m_chaos_line *line, const struct lwm2m_address *address,
                      struct lwm2m_bytes bytes)
{
    line->held = keep(line, address, bytes, HELD_MS);
    line->statistics.reordered += line->held != NULL;
}

void lwm2m_chaos_line_carry(struct lwm2m_chaos_line *line, const struct lwm2m_address *address,
                            struct lwm2m_bytes datagram)
{
    const struct lwm2m_chaos *chaos = &line->config.chaos;
    bool lost = happens(line, chaos->loss);
    bool duplicated = happens(line, chaos->duplication);
    bool reordered = happens(line, chaos->reordering);
    bool corrupted = happens(line, chaos->corruption);

    line->statistics.carried++;
    if (lost) {
        line->statistics.lost++;
        return;
    }
    if (duplicated) {
        line->statistics.duplicated++;
        carry_copy(line, address, datagram);
    }
    if (corrupted && datagram.length > 0) {
        carry_corrupted(line, address, datagram);
    } else if (reordered && line->held == NULL) {
        hold_back(line, address, datagram);
    } else {
        carry_copy(line, address, datagram);
    }
}

void lwm2m_chaos_line_statistics(const struct lwm2m_chaos_line *line,
                                 struct lwm2m_chaos_statistics *statistics)
{
    *statistics = line->statistics;
}

/* ---- life ---- */

static bool is_chance(double number)
{
    return number >= 0 && number <= 1;
}

static bool is_valid(const struct lwm2m_chaos *chaos)
{
    return is_chance(chaos->loss) && is_chance(chaos->duplication) &&
           is_chance(chaos->reordering) && is_chance(chaos->corruption) &&
           chaos->delay_least_ms <= chaos->delay_most_ms;
}

enum lwm2m_error lwm2m_chaos_line_new(const struct lwm2m_chaos_line_config *config,
                                      struct lwm2m_chaos_line **result)
{
    if (config->timers == NULL || config->deliver == NULL || !is_valid(&config->chaos)) {
        return LWM2M_ARGUMENT;
    }
    const struct lwm2m_port *port = config->timers->port;
    struct lwm2m_chaos_line *line = port->allocate(port->context, sizeof(*line));
    if (line == NULL) {
        return LWM2M_NO_MEMORY;
    }
    memset(line, 0, sizeof(*line));
    line->config = *config;
    line->port = port;
    line->random_state = config->chaos.seed;
    lwm2m_list_init(&line->late);
    *result = line;
    return LWM2M_OK;
}

void lwm2m_chaos_line_free(struct lwm2m_chaos_line *line)
{
    struct lwm2m_list *node, *next;

    if (line == NULL) {
        return;
    }
    LWM2M_LIST_EACH (node, next, &line->late) {
        forget(LWM2M_CONTAINER_OF(node, struct late_datagram, node));
    }
    line->port->release(line->port->context, line);
}
