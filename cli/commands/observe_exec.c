/*
 * Runs a command for each value of an observation, one at a time.
 *
 * A process of its own does that, and waits for each command, so that a slow one holds up nobody.
 * The values wait for it in a socket, which bounds how many.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command/words.h"
#include "commands/observe_output.h"
#include "commands/request.h"

/* The variables of one value, as NAME=value with a NUL behind each. */
#define MESSAGE_BYTES_MAX 65536
#define VARIABLES_MAX 16

static const char prefix[] = "LWM2M_EVENT_";

static const struct {
    const char *name, *member;
} variables[] = {
    {"ENDPOINT", "ep"}, {"PATH", "path"}, {"NAME", "name"},         {"UNIT", "unit"},
    {"TYPE", "type"},   {"TIME", "ts"},   {"DEVICE_TIME", "t_dev"},
};

/* ---- the process that runs commands ---- */

struct runner {
    const struct printer *printer;
    char **arguments;
    char **environment; /* what every command has, then room for the variables of a value */
    size_t environment_count;
};

static bool make_environment(struct runner *runner)
{
    size_t count = 0;
    while (environ[count] != NULL) {
        count++;
    }
    runner->environment = calloc(count + VARIABLES_MAX + 1, sizeof(runner->environment[0]));
    for (size_t i = 0; i < count && runner->environment != NULL; i++) {
        /* What another command of this kind was run for is not for this one. */
        if (strncmp(environ[i], prefix, sizeof(prefix) - 1) != 0) {
            runner->environment[runner->environment_count++] = environ[i];
        }
    }
    return runner->environment != NULL;
}

static int spawn(const struct runner *runner, pid_t *process)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none, usual;
    sigemptyset(&none);
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    int error = posix_spawnp(process, runner->arguments[0], &files, &attributes, runner->arguments,
                             runner->environment);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    return error;
}

static void run_command(const struct runner *runner)
{
    const char *name = runner->arguments[0];
    pid_t process;
    int status = 0;
    int error = spawn(runner, &process);
    if (error != 0) {
        print_errorf(runner->printer, "--exec: %s: %s", name, strerror(error));
        return;
    }
    while (waitpid(process, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFSIGNALED(status)) {
        print_errorf(runner->printer, "--exec: %s: ended by signal %d", name, WTERMSIG(status));
    } else if (WEXITSTATUS(status) != 0) {
        print_errorf(runner->printer, "--exec: %s: ended with %d", name, WEXITSTATUS(status));
    }
}

/* Adds the variables of a message to the environment. */
static void set_variables(struct runner *runner, char *message, size_t size)
{
    size_t count = 0;
    for (char *at = message; at < message + size && count < VARIABLES_MAX; at += strlen(at) + 1) {
        runner->environment[runner->environment_count + count++] = at;
    }
    runner->environment[runner->environment_count + count] = NULL;
}

static void run_commands(struct runner *runner, int values)
{
    char message[MESSAGE_BYTES_MAX];
    sigset_t none;
    sigemptyset(&none);
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (!make_environment(runner)) {
        print_errorf(runner->printer, "out of memory");
        return;
    }
    for (;;) {
        ssize_t size = recv(values, message, sizeof(message), 0);
        if (size > 0) {
            set_variables(runner, message, (size_t)size);
            run_command(runner);
        } else if (size == 0 || errno != EINTR) {
            return;
        }
    }
}

/* ---- the output ---- */

struct executor {
    pid_t runner;
    int values; /* what the runner reads from */
    char message[MESSAGE_BYTES_MAX];
    size_t length; /* beyond what there is room for: the value does not fit */
};

static int start_runner(const struct printer *printer, struct executor *executor, char **arguments)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
        return -1;
    }
    fflush(printer->results);
    fflush(printer->diagnostics);
    executor->runner = fork();
    if (executor->runner == 0) {
        struct runner runner = {.printer = printer, .arguments = arguments};
        close(ends[0]);
        run_commands(&runner, ends[1]);
        fflush(printer->diagnostics);
        _exit(0);
    }
    executor->values = ends[0];
    close(ends[1]);
    if (executor->runner < 0) {
        close(ends[0]);
        return -1;
    }
    return 0;
}

static int begin(const struct printer *printer, const char *line, void **state)
{
    struct words words = {0};
    struct usage_error error = {.message = "no command"};
    if (!words_split(line, NULL, &words, &error) || words.count == 0) {
        char message[300];
        snprintf(message, sizeof(message), "--exec: %s", error.message);
        print_error(printer, message, error.hint);
        words_release(&words);
        return EXIT_CODE_USAGE;
    }
    struct executor *executor = calloc(1, sizeof(*executor));
    if (executor == NULL || start_runner(printer, executor, words.texts) != 0) {
        print_errorf(printer, "--exec: %s", strerror(errno));
        free(executor);
        executor = NULL;
    }
    words_release(&words); /* the runner has its own copy */
    *state = executor;
    return executor != NULL ? EXIT_CODE_OK : EXIT_CODE_IO;
}

static void add_variable(struct executor *executor, const char *name, const char *value)
{
    size_t size = sizeof(prefix) - 1 + strlen(name) + 1 + strlen(value) + 1;
    if (executor->length > MESSAGE_BYTES_MAX || size > MESSAGE_BYTES_MAX - executor->length) {
        executor->length = MESSAGE_BYTES_MAX + 1;
        return;
    }
    snprintf(executor->message + executor->length, size, "%s%s=%s", prefix, name, value);
    executor->length += size;
}

static int make_message(struct executor *executor, const cJSON *result, const char *printed)
{
    char sequence[32];
    char *json = result_json(result);
    if (json == NULL) {
        return EXIT_CODE_IO;
    }
    snprintf(sequence, sizeof(sequence), "%.0f", result_number(result, "seq", 0));
    executor->length = 0;
    for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
        add_variable(executor, variables[i].name, result_text(result, variables[i].member));
    }
    add_variable(executor, "VALUE", printed != NULL ? printed : "");
    add_variable(executor, "SEQUENCE", sequence);
    add_variable(executor, "JSON", json);
    free(json);
    return EXIT_CODE_OK;
}

/* A value that cannot be handed on is told of, and the observation goes on. */
static int take(void *state, const struct printer *printer, const cJSON *result,
                const char *printed)
{
    struct executor *executor = state;
    if (make_message(executor, result, printed) != EXIT_CODE_OK) {
        print_errorf(printer, "out of memory");
        return EXIT_CODE_IO;
    }
    const char *path = result_text(result, "path");
    if (executor->length > MESSAGE_BYTES_MAX) {
        print_warning(printer, "--exec: not run for a value of %s, which is too long", path);
    } else if (send(executor->values, executor->message, executor->length,
                    MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
        print_warning(printer, "--exec: not run for a value of %s: %s", path,
                      errno == EAGAIN ? "too many wait for it" : strerror(errno));
    }
    return EXIT_CODE_OK;
}

/* What waits is still run, unless somebody wanted all of it to end. */
static int end(void *state, const struct printer *printer, int exit)
{
    struct executor *executor = state;
    (void)printer;
    if (exit == EXIT_CODE_INTERRUPTED || exit == EXIT_CODE_TERMINATED) {
        kill(executor->runner, SIGTERM);
    }
    close(executor->values);
    while (waitpid(executor->runner, NULL, 0) < 0 && errno == EINTR) {
    }
    free(executor);
    return EXIT_CODE_OK;
}

const struct observe_output observe_exec = {.begin = begin, .take = take, .end = end};
