/*
 * Other processes: started, pinned to a core, measured from /proc, and ended.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/process.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PROCESSES_MAX 16

static pid_t running[PROCESSES_MAX];

void give_up(const char *format, ...)
{
    va_list list;

    va_start(list, format);
    fputs("bench: ", stderr);
    vfprintf(stderr, format, list);
    fputc('\n', stderr);
    va_end(list);
    process_end_all();
    exit(1);
}

uint64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

void pin_to_core(int core)
{
    cpu_set_t cores;

    if (core == ANY_CORE || sysconf(_SC_NPROCESSORS_ONLN) < 2) {
        return;
    }
    CPU_ZERO(&cores);
    CPU_SET((size_t)core, &cores);
    if (sched_setaffinity(0, sizeof(cores), &cores) != 0) {
        fprintf(stderr, "bench: core %d is not to be had: %s\n", core, strerror(errno));
    }
}

/* ---- their life ---- */

static void remember(pid_t pid)
{
    for (size_t i = 0; i < PROCESSES_MAX; i++) {
        if (running[i] == 0) {
            running[i] = pid;
            return;
        }
    }
    kill(pid, SIGKILL);
    give_up("more than %d processes at a time", PROCESSES_MAX);
}

static void forget(pid_t pid)
{
    for (size_t i = 0; i < PROCESSES_MAX; i++) {
        if (running[i] == pid) {
            running[i] = 0;
        }
    }
}

static pid_t start_child(int core)
{
    pid_t pid = fork();

    if (pid < 0) {
        give_up("fork: %s", strerror(errno));
    }
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        pin_to_core(core);
        return 0;
    }
    remember(pid);
    return pid;
}

pid_t process_start(const char *const *arguments, int core, int *errors)
{
    int ends[2] = {-1, -1};
    pid_t pid;

    if (errors != NULL && pipe2(ends, O_CLOEXEC) != 0) {
        give_up("pipe: %s", strerror(errno));
    }
    pid = start_child(core);
    if (pid == 0) {
        int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
        dup2(nowhere, STDIN_FILENO);
        dup2(nowhere, STDOUT_FILENO);
        dup2(errors != NULL ? ends[1] : nowhere, STDERR_FILENO);
        execv(arguments[0], (char *const *)(uintptr_t)arguments);
        _exit(127);
    }
    if (errors != NULL) {
        close(ends[1]);
        *errors = ends[0];
    }
    return pid;
}

pid_t process_fork(void (*run)(int argument), int argument, int core)
{
    pid_t pid = start_child(core);

    if (pid == 0) {
        run(argument);
        _exit(0);
    }
    return pid;
}

int process_wait(pid_t pid)
{
    int status;

    while (waitpid(pid, &status, 0) < 0) {
        if (errno != EINTR) {
            give_up("waitpid: %s", strerror(errno));
        }
    }
    forget(pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void process_end(pid_t pid)
{
    kill(pid, SIGKILL);
    (void)process_wait(pid);
}

void process_end_all(void)
{
    for (size_t i = 0; i < PROCESSES_MAX; i++) {
        if (running[i] > 0) {
            kill(running[i], SIGKILL);
        }
    }
}

/* ---- what they use ---- */

static FILE *open_proc(pid_t pid, const char *name)
{
    char path[64];
    FILE *file;

    snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
    file = fopen(path, "re");
    if (file == NULL) {
        give_up("%s: %s", path, strerror(errno));
    }
    return file;
}

uint64_t process_cpu_ns(pid_t pid)
{
    FILE *file = open_proc(pid, "schedstat");
    uint64_t ns = 0;

    if (fscanf(file, "%" SCNu64, &ns) != 1) {
        give_up("schedstat cannot be read");
    }
    fclose(file);
    return ns;
}

/* The sum in bytes of the lines that begin with the word. */
static uint64_t sum_lines(pid_t pid, const char *name, const char *word)
{
    FILE *file = open_proc(pid, name);
    size_t length = strlen(word);
    uint64_t sum_kib = 0;
    char line[256];

    while (fgets(line, sizeof(line), file) != NULL) {
        const char *colon = strchr(line, ':');
        if (strncmp(line, word, length) == 0 && colon != NULL) {
            sum_kib += strtoull(colon + 1, NULL, 10);
        }
    }
    fclose(file);
    return sum_kib * 1024;
}

uint64_t process_resident_bytes(pid_t pid)
{
    return sum_lines(pid, "smaps_rollup", "Rss:");
}

uint64_t process_private_bytes(pid_t pid)
{
    return sum_lines(pid, "smaps_rollup", "Private_");
}
