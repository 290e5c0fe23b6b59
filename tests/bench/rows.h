/*
 * The rows of the report, by what is measured for them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_ROWS_H
#define BENCH_ROWS_H

#include <stdint.h>
#include <sys/types.h>

#include "bench/report.h"

struct programs {
    const char *lwm2m;
    const char *empty; /* does nothing, linked with the same libraries */
};

/* A server that runs, and how to reach it. */
struct bench_server {
    pid_t pid;
    int errors; /* where it writes what it tells people */
    uint16_t port;
    char socket[64];
};

/* Starts `lwm2m server` on a port of 127.0.0.1, and waits until it listens. */
void bench_server_start(struct bench_server *server, const struct programs *programs);
void bench_server_end(struct bench_server *server);

/* updates_…, registrations_…, bytes_per_device */
void measure_server(const struct programs *programs, struct report *report);
/* notifications_vs_raw, requests_10k_vs_raw */
void measure_engine(struct report *report);
/* observe_notify_vs_raw */
void measure_observed(struct report *report);
/* version_ms, help_ms, read_process_ms */
void measure_command(const struct programs *programs, struct report *report);
/* …_vs_libcbor, …_vs_cjson */
void measure_codecs(struct report *report);
/* …_handshake_…, dtls_…, bytes_per_dtls_device */
void measure_dtls(struct report *report);
/* device_… */
void measure_device(const struct programs *programs, struct report *report);

#endif
