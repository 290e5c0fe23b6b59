/*
 * When to try again.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "client/retry.h"

#include <lwm2m/port.h>

#define MAX_TRANSMIT_WAIT_MS 93000u

uint32_t lwm2m_retry_delay_ms(uint32_t first_ms, uint32_t most_ms, uint32_t failures)
{
    uint64_t delay_ms = first_ms;

    while (failures > 1 && delay_ms < most_ms) {
        delay_ms *= 2;
        failures--;
    }
    return delay_ms < most_ms ? (uint32_t)delay_ms : most_ms;
}

uint64_t lwm2m_retry_sequence_delay_ms(const struct lwm2m_retry_sequences *sequences,
                                       uint32_t failures)
{
    uint32_t attempts = sequences->attempts > 0 ? sequences->attempts : 1;
    uint32_t count = sequences->count > 0 ? sequences->count : 1;
    uint32_t sequence = (failures - 1) / attempts;
    uint32_t attempt = (failures - 1) % attempts;
    uint64_t delay_s = sequences->timer_s;

    if (attempt + 1 == attempts) {
        return sequence + 1 >= count || sequences->delay_s == UINT32_MAX
                   ? LWM2M_NEVER
                   : (uint64_t)sequences->delay_s * 1000;
    }
    for (; attempt > 0 && delay_s < UINT32_MAX; attempt--) {
        delay_s *= 2;
    }
    return (delay_s < UINT32_MAX ? delay_s : UINT32_MAX) * 1000;
}

uint64_t lwm2m_update_delay_ms(uint32_t lifetime_s)
{
    uint64_t lifetime_ms = (uint64_t)lifetime_s * 1000;
    uint64_t margin_ms = lifetime_ms / 10;

    if (lifetime_s == 0) {
        return LWM2M_NEVER;
    }
    if (margin_ms < MAX_TRANSMIT_WAIT_MS) {
        margin_ms = MAX_TRANSMIT_WAIT_MS;
    }
    if (margin_ms > lifetime_ms / 2) {
        margin_ms = lifetime_ms / 2;
    }
    return lifetime_ms - margin_ms;
}
