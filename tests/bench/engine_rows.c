/*
 * What a server engine costs that asks: a core's time for a notification, and for a request.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/echo.h"
#include "bench/engine.h"
#include "bench/fleet.h"
#include "bench/load.h"
#include "bench/process.h"
#include "bench/rows.h"

#define OBSERVED 1000
#define ASKED 10000
#define ROUNDS 5
#define MESSAGES 64000 /* a multiple of 64 */

/* A raw server in a process of its own; its port. */
static uint16_t start_raw(void (*run)(int fd), pid_t *pid)
{
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof(name);
    int bytes = 4 << 20;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0 || bind(fd, (struct sockaddr *)&name, sizeof(name)) != 0 ||
        getsockname(fd, (struct sockaddr *)&name, &length) != 0) {
        give_up("no socket for the raw server: %s", strerror(errno));
    }
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
    *pid = process_fork(run, fd, SERVER_CORE);
    close(fd);
    return ntohs(name.sin_port);
}

/* A process between two looks at its account. */
struct span {
    pid_t pid;
    uint64_t cpu_ns, start_ns;
};

static struct span begin_span(pid_t pid)
{
    return (struct span){pid, process_cpu_ns(pid), now_ns()};
}

static double end_span(const struct span *span, double *per_s)
{
    uint64_t end_ns = now_ns();

    usleep(2000); /* so that the server has gone to sleep, and its account is complete */
    *per_s = (double)MESSAGES * 1e9 / (double)(end_ns - span->start_ns);
    return (double)(process_cpu_ns(span->pid) - span->cpu_ns) / 1000.0 / MESSAGES;
}

static double notify(struct fleet *fleet, pid_t pid, double *per_s)
{
    struct span span = begin_span(pid);

    fleet_notify(fleet, MESSAGES);
    return end_span(&span, per_s);
}

/* The figures of the last round, and the ratios of all. */
static void print_rounds(const char *what, double *ratios, double us, double raw_us, double per_s)
{
    double middle = median(ratios, ROUNDS);

    printf("%-40s %6.2f us of a core each, %7.0f a second\n", what, us, per_s);
    printf("%-40s %6.2f us of a core each; ratio %.2f (%.2f to %.2f)\n", "  raw", raw_us, middle,
           ratios[0], ratios[ROUNDS - 1]);
}

static void measure_notifications(struct report *report)
{
    double ratios[ROUNDS];
    double us = 0, raw_us = 0, per_s = 0, ignored;
    uint16_t port;
    pid_t sink, engine = engine_start(ENGINE_OBSERVES, OBSERVED, &port);
    struct fleet *observed = fleet_new(OBSERVED, port);
    struct fleet *raw = fleet_new(OBSERVED, start_raw(sink_run, &sink));

    fleet_register(observed);
    fleet_wait_observed(observed);
    for (size_t i = 0; i < ROUNDS; i++) {
        raw_us = notify(raw, sink, &ignored);
        us = notify(observed, engine, &per_s);
        ratios[i] = us / raw_us;
    }
    print_rounds("notification, 1,000 devices", ratios, us, raw_us, per_s);
    report_add(report,
               &(struct report_row){"notifications_vs_raw", median(ratios, ROUNDS), "ratio", 1.5});
    fleet_free(observed);
    fleet_free(raw);
    process_end(engine);
    process_end(sink);
}

static void measure_requests(struct report *report)
{
    double ratios[ROUNDS];
    double us = 0, raw_us = 0, per_s = 0, ignored;
    uint16_t port;
    pid_t echo, engine;
    struct load *raw = load_new(ASKED, start_raw(echo_run, &echo));

    for (size_t i = 0; i < ROUNDS; i++) {
        struct span span = begin_span(echo);
        load_run(raw, LOAD_ECHO, MESSAGES);
        raw_us = end_span(&span, &ignored);
        /* It asks without a pause: so it is another one each time. */
        engine = engine_start(ENGINE_READS, ASKED, &port);
        struct fleet *asked = fleet_new(ASKED, port);
        fleet_register(asked);
        fleet_answer(asked, ASKED);
        span = begin_span(engine);
        fleet_answer(asked, MESSAGES);
        us = end_span(&span, &per_s);
        ratios[i] = us / raw_us;
        fleet_free(asked);
        process_end(engine);
    }
    print_rounds("Read, 10,000 devices", ratios, us, raw_us, per_s);
    report_add(report,
               &(struct report_row){"requests_10k_vs_raw", median(ratios, ROUNDS), "ratio", 2});
    load_free(raw);
    process_end(echo);
}

void measure_engine(struct report *report)
{
    measure_notifications(report);
    measure_requests(report);
}
