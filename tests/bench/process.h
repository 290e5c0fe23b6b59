/*
 * Other processes: started, pinned to a core, measured from /proc, and ended.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_PROCESS_H
#define BENCH_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The server that is measured has one core for itself, the load another. */
#define SERVER_CORE 0
#define LOAD_CORE 1
#define ANY_CORE (-1)

/* Ends the run with a sentence; processes that were started go with it. */
_Noreturn void give_up(const char *format, ...) __attribute__((format(printf, 1, 2)));

uint64_t now_ns(void);
/* Does nothing where there is only one core. */
void pin_to_core(int core);

/*
 * Starts a program (arguments end with NULL) whose standard output goes nowhere. *errors is the
 * reading end of its standard error; NULL: that goes nowhere, too.
 */
pid_t process_start(const char *const *arguments, int core, int *errors);
/* Runs a function in a process of its own. */
pid_t process_fork(void (*run)(int argument), int argument, int core);
/* Waits until it ends by itself; its exit code. */
int process_wait(pid_t pid);
/* Kills it, so that it has no time to say goodbye to anybody. */
void process_end(pid_t pid);
void process_end_all(void);

/* What it has used of a core so far; exact once it sleeps. */
uint64_t process_cpu_ns(pid_t pid);
uint64_t process_resident_bytes(pid_t pid);
/* What is in memory for this process alone. */
uint64_t process_private_bytes(pid_t pid);

#endif
