/*
 * Runs lines by the system's shell, and sleeps: both end by a signal, too.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "script/shell_command.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "output/exit_code.h"
#include "output/time_text.h"
#include "session/interrupt.h"

/* Between SIGTERM and SIGKILL, for a command whose time is over. */
#define GRACE_MS 2000

static struct timespec time_left(int64_t end_ms)
{
    int64_t left_ms = end_ms - time_boot_ms();
    if (left_ms < 0) {
        left_ms = 0;
    }
    return (struct timespec){.tv_sec = left_ms / 1000, .tv_nsec = left_ms % 1000 * 1000000};
}

static int exit_of_interrupt(void)
{
    return interrupt_was_terminate() ? EXIT_CODE_TERMINATED : EXIT_CODE_INTERRUPTED;
}

enum sleep_end script_sleep_until(int64_t end_ms, int descriptor, int *exit)
{
    enum sleep_end ended = SLEEP_IS_OVER;
    struct pollfd wait = {.fd = descriptor, .events = POLLIN};
    interrupt_begin();
    while (ended == SLEEP_IS_OVER && time_boot_ms() < end_ms) {
        struct timespec left = time_left(end_ms);
        int ready = interrupt_poll(&wait, 1, &left);
        if (interrupt_taken() && time_boot_ms() < end_ms) {
            *exit = exit_of_interrupt();
            ended = SLEEP_INTERRUPTED;
        } else if (ready > 0) {
            ended = SLEEP_READABLE;
        }
    }
    interrupt_end();
    return ended;
}

static void become_shell(const char *line, const struct variables *variables, int output)
{
    sigset_t none;
    sigemptyset(&none);
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    signal(SIGPIPE, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
    variables_export(variables);
    if (dup2(output, STDOUT_FILENO) >= 0) {
        execl("/bin/sh", "sh", "-c", line, (char *)NULL);
    }
    _exit(127);
}

/* Waits for the child; *cut is the code that takes the place of its own, if it was ended by us. */
static void await(pid_t child, int descriptor, int64_t deadline_ms, int *cut)
{
    struct pollfd wait = {.fd = descriptor, .events = POLLIN};
    int number = SIGTERM;
    *cut = EXIT_CODE_OK;
    for (;;) {
        struct timespec left = time_left(deadline_ms);
        int ready = interrupt_poll(&wait, 1, deadline_ms < 0 ? NULL : &left);
        if (ready > 0) {
            return;
        }
        bool over = deadline_ms >= 0 && time_boot_ms() >= deadline_ms;
        if (interrupt_taken() && !over && *cut == EXIT_CODE_OK) {
            *cut = exit_of_interrupt();
        } else if (over && *cut == EXIT_CODE_OK) {
            *cut = EXIT_CODE_TIMEOUT;
        } else if (!over) {
            continue;
        }
        kill(child, number);
        number = SIGKILL;
        deadline_ms = time_boot_ms() + GRACE_MS;
    }
}

static void take_output(FILE *file, struct capture *output)
{
    char bytes[4096];
    size_t length;
    rewind(file);
    while ((length = fread(bytes, 1, sizeof(bytes), file)) > 0) {
        capture_add(output, bytes, length);
    }
}

/* Into a file, not a pipe: whatever the command leaves running may hold it open, and go on. */
static int run_into(FILE *file, const char *line, const struct variables *variables,
                    int64_t deadline_ms)
{
    int cut = EXIT_CODE_IO;
    int status = 0;
    interrupt_begin();
    pid_t child = fork();
    if (child == 0) {
        become_shell(line, variables, fileno(file));
    }
    int descriptor = child > 0 ? pidfd_open(child, 0) : -1;
    if (descriptor >= 0) {
        await(child, descriptor, deadline_ms, &cut);
        close(descriptor);
    }
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    interrupt_end();
    if (cut != EXIT_CODE_OK) {
        return cut;
    }
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int shell_command_run(const char *line, const struct variables *variables, int64_t deadline_ms,
                      struct capture *output)
{
    FILE *file = tmpfile();
    if (file == NULL) {
        return EXIT_CODE_IO;
    }
    fflush(NULL);
    int exit = run_into(file, line, variables, deadline_ms);
    take_output(file, output);
    fclose(file);
    return exit;
}
