/*
 * The device of the OMA enabler test's reading and reporting cases, beside a server: objects 3 and
 * 16 stand beside those of the pair fixture.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SUPPORT_ETS_DEVICE_H
#define SUPPORT_ETS_DEVICE_H

#include "support/pair_fixture.h"

#define ETS_PATHS_MAX 8

/* Paths of a text with blanks between them. */
struct ets_paths {
    struct lwm2m_path list[ETS_PATHS_MAX];
    size_t count;
};

struct lwm2m_path ets_path(const char *text);
struct ets_paths ets_paths(const char *text);

/* A server and one device of that version, registered. */
struct pair_fixture *ets_device_new(uint8_t minor);
/* Sets a value as the device itself. */
void ets_device_set(struct pair_fixture *fixture, const char *path, struct lwm2m_value value);

/* What the server does and is answered, as in pair_fixture_expect. Attributes as queries: "pmin=5 pmax". */
void ets_write_attributes(struct pair_fixture *fixture, const char *path, const char *attributes);
void ets_expect_read_composite(struct pair_fixture *fixture, const char *paths, uint16_t format,
                               const char *expected);
/* depth below 0: none. */
void ets_expect_discover(struct pair_fixture *fixture, const char *path, int depth,
                         const char *expected);

/*
 * Observes, and notes the answer and what follows with the seconds since the first call:
 * "5 205 /3/0/7/0=5". One path, or with composite any; attributes of the request may be NULL.
 */
struct lwm2m_subscription *ets_observe(struct pair_fixture *fixture, const char *paths,
                                       bool composite, const char *attributes);

#endif
