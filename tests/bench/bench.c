/*
 * Measures lwm2m against its goals; README.md says how, and what it does not tell.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>

#include "bench/process.h"
#include "bench/rows.h"

int main(int argc, char **argv)
{
    struct report report = {.count = 0};

    if (argc != 4) {
        fprintf(stderr, "usage: %s LWM2M EMPTY BENCH.JSON\n", argv[0]);
        return 2;
    }
    struct programs programs = {.lwm2m = argv[1], .empty = argv[2]};
    setvbuf(stdout, NULL, _IOLBF, 0);
    /* First, while no other process shares the pages of the program. */
    measure_device(&programs, &report);
    measure_command(&programs, &report);
    pin_to_core(LOAD_CORE);
    measure_codecs(&report);
    measure_dtls(&report);
    measure_server(&programs, &report);
    measure_engine(&report);
    measure_observed(&report);
    report_print(&report);
    report_write_json(&report, argv[3]);
    return 0;
}
