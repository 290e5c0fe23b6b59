/*
 * How long a person or a script waits for one command.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <unistd.h>

#include "bench/process.h"
#include "bench/rows.h"

#define RUNS 100

static double run_ms(const char *const *arguments)
{
    uint64_t start_ns = now_ns();
    int exit_code = process_wait(process_start(arguments, ANY_CORE, NULL));

    if (exit_code != 0) {
        give_up("lwm2m %s ended with %d", arguments[1], exit_code);
    }
    return (double)(now_ns() - start_ns) / 1e6;
}

/* In turn, so that all meet the same neighbours; the empty program is what the loader takes. */
static void measure_start(const struct programs *programs, struct report *report)
{
    const char *const empty[] = {programs->empty, "", NULL};
    const char *const version[] = {programs->lwm2m, "version", NULL};
    const char *const help[] = {programs->lwm2m, "-h", NULL};
    double empty_ms[RUNS];
    double version_ms[RUNS];
    double help_ms[RUNS];

    for (size_t i = 0; i < RUNS; i++) {
        empty_ms[i] = run_ms(empty);
        version_ms[i] = run_ms(version);
        help_ms[i] = run_ms(help);
    }
    printf("%-16s %8.2f ms from its fork to its end\n", "empty program", median(empty_ms, RUNS));

    const struct report_row version_row = {"version_ms", median(version_ms, RUNS), "ms", 10};
    const struct report_row help_row = {"help_ms", median(help_ms, RUNS), "ms", 10};
    report_add(report, &version_row);
    report_add(report, &help_row);
}

void measure_command(const struct programs *programs, struct report *report)
{
    struct bench_server server;
    double times_ms[RUNS];
    char uri[64];
    char path[64];

    measure_start(programs, report);
    bench_server_start(&server, programs);
    snprintf(uri, sizeof(uri), "coap://127.0.0.1:%u", (unsigned)server.port);
    snprintf(path, sizeof(path), "/tmp/lwm2m-bench-%d-device.sock", (int)getpid());
    const char *const device[] = {programs->lwm2m, "client",   "-u", uri, "-e",
                                  "bench",         "--socket", path, NULL};
    const char *const wait[] = {programs->lwm2m, "wait",        "-e", "bench",
                                "--socket",      server.socket, NULL};
    const char *const read[] = {programs->lwm2m, "read",     "-e",          "bench",
                                "/3/0/0",        "--socket", server.socket, NULL};
    pid_t client = process_start(device, ANY_CORE, NULL);
    (void)run_ms(wait);
    for (size_t i = 0; i < RUNS; i++) {
        times_ms[i] = run_ms(read);
    }
    process_end(client);
    unlink(path);
    bench_server_end(&server);

    const struct report_row row = {"read_process_ms", median(times_ms, RUNS), "ms", 15};
    report_add(report, &row);
}
