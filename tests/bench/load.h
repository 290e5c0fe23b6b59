/*
 * The load: requests of many devices from one socket, each from an address of its own in 127/8, so
 * many at a time, and every answer taken into account.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_LOAD_H
#define BENCH_LOAD_H

#include <stddef.h>
#include <stdint.h>

/* Requests under way at a time. */
#define LOAD_WINDOW 64
#define LOAD_ENDPOINT_NAME "bench-%014zu"
/* What a device registers. */
#define LOAD_LINKS "</1/0>,</3/0>"

struct load;

enum load_request {
    LOAD_REGISTER, /* answered by 2.01; the id of the registration is remembered */
    LOAD_UPDATE,   /* answered by 2.04 */
    LOAD_ECHO,     /* an Update, answered by itself */
};

/* Devices that talk to a UDP port of 127.0.0.1. */
struct load *load_new(size_t devices, uint16_t server_port);
void load_free(struct load *load);

/*
 * Sends so many requests, of one device after the other, and waits for their answers. Gives up if
 * one is not what it should be, or does not come.
 */
void load_run(struct load *load, enum load_request request, size_t count);

#endif
