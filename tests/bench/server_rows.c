/*
 * What a registered device costs the server: a core's time per message, and memory.
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
#include "bench/load.h"
#include "bench/process.h"
#include "bench/rows.h"

#define MANY 100000
#define FEW 100
#define ROUNDS 3
#define MESSAGES 200000

/* Someone else's work on the machine only ever adds to a figure: the least of all rounds counts. */
struct cost {
    double least_us;
    double messages_per_s; /* of the same round */
};

static uint16_t open_echo(int *fd)
{
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof(name);
    int bytes = 4 << 20;

    *fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (*fd < 0 || bind(*fd, (struct sockaddr *)&name, sizeof(name)) != 0 ||
        getsockname(*fd, (struct sockaddr *)&name, &length) != 0) {
        give_up("no socket for the echo server: %s", strerror(errno));
    }
    setsockopt(*fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
    return ntohs(name.sin_port);
}

static void run(struct load *load, enum load_request request, size_t count, pid_t server,
                struct cost *cost)
{
    uint64_t cpu_ns = process_cpu_ns(server);
    uint64_t start_ns = now_ns();
    uint64_t end_ns;
    double us;

    load_run(load, request, count);
    end_ns = now_ns();
    usleep(2000); /* so that the server has gone to sleep, and its account is complete */
    us = (double)(process_cpu_ns(server) - cpu_ns) / 1000.0 / (double)count;
    if (cost->least_us == 0 || us < cost->least_us) {
        *cost = (struct cost){us, (double)count * 1e9 / (double)(end_ns - start_ns)};
    }
}

static void print_cost(const char *what, const struct cost *cost)
{
    printf("%-40s %6.2f us of a core each, %7.0f a second\n", what, cost->least_us,
           cost->messages_per_s);
}

/* Registers many devices anew, each time with another server; *last goes on. */
static struct load *measure_registrations(const struct programs *programs, struct cost *cost,
                                          double *bytes_each, struct bench_server *last)
{
    struct load *load;

    for (size_t round = 1;; round++) {
        uint64_t before;

        bench_server_start(last, programs);
        before = process_resident_bytes(last->pid);
        load = load_new(MANY, last->port);
        run(load, LOAD_REGISTER, MANY, last->pid, cost);
        *bytes_each = (double)(process_resident_bytes(last->pid) - before) / MANY;
        if (round == ROUNDS) {
            return load;
        }
        load_free(load);
        bench_server_end(last);
    }
}

/* In turn, so that all meet the same neighbours. */
static void measure_updates(const struct programs *programs, struct load *of_many, pid_t many,
                            struct cost costs[3])
{
    struct bench_server few;
    struct load *of_few;
    struct load *of_echo;
    struct cost once = {0};
    int fd;
    uint16_t echo_port = open_echo(&fd);
    pid_t echo = process_fork(echo_run, fd, SERVER_CORE);

    close(fd);
    of_echo = load_new(MANY, echo_port);
    bench_server_start(&few, programs);
    of_few = load_new(FEW, few.port);
    run(of_few, LOAD_REGISTER, FEW, few.pid, &once);
    for (size_t round = 0; round < ROUNDS; round++) {
        run(of_echo, LOAD_ECHO, MESSAGES, echo, &costs[0]);
        run(of_few, LOAD_UPDATE, MESSAGES, few.pid, &costs[1]);
        run(of_many, LOAD_UPDATE, MESSAGES, many, &costs[2]);
    }
    load_free(of_echo);
    load_free(of_few);
    bench_server_end(&few);
    process_end(echo);
}

void measure_server(const struct programs *programs, struct report *report)
{
    struct cost registrations = {0};
    struct cost costs[3] = {{0}};
    struct bench_server server;
    double bytes_each;
    struct load *load = measure_registrations(programs, &registrations, &bytes_each, &server);

    measure_updates(programs, load, server.pid, costs);
    load_free(load);
    bench_server_end(&server);

    print_cost("echo, 100,000 addresses", &costs[0]);
    print_cost("Update, 100 devices", &costs[1]);
    print_cost("Update, 100,000 devices", &costs[2]);
    print_cost("Register, 100,000 devices", &registrations);
    const struct report_row rows[] = {
        {"updates_100k_vs_raw", costs[2].least_us / costs[0].least_us, "ratio", 1.3},
        {"updates_100k_vs_100", costs[2].least_us / costs[1].least_us, "ratio", 1.2},
        {"registrations_100k_vs_raw", registrations.least_us / costs[0].least_us, "ratio", 2},
        {"bytes_per_device", bytes_each, "bytes", 600},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        report_add(report, &rows[i]);
    }
}
