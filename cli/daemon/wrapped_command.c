/*
 * Starts a command and learns how it ended.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "daemon/wrapped_command.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <lwm2m/list.h>

#define EXIT_NOT_FOUND 127 /* as shells and dbus-run-session have it */
#define EXIT_CANNOT_RUN 126

struct wrapped_command {
    struct lwm2m_loop *loop;
    struct lwm2m_signal_watch ended;
    pid_t pid; /* 0: it has ended */
    void (*on_exit)(void *context, int exit);
    void *context;
};

static void child_ended(struct lwm2m_signal_watch *watch, int number)
{
    struct wrapped_command *command = LWM2M_CONTAINER_OF(watch, struct wrapped_command, ended);
    int status;
    (void)number;
    if (command->pid != 0 && waitpid(command->pid, &status, WNOHANG) == command->pid &&
        (WIFEXITED(status) || WIFSIGNALED(status))) {
        command->pid = 0;
        command->on_exit(command->context,
                         WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    }
}

static int spawn(pid_t *pid, char *const *argv)
{
    posix_spawnattr_t attributes;
    sigset_t none;
    sigset_t all;
    int error = posix_spawnattr_init(&attributes);
    if (error != 0) {
        return error;
    }
    sigemptyset(&none);
    sigfillset(&all);
    /* The loop has blocked the signals that it waits for; the command must not inherit that. */
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    error = posix_spawnp(pid, argv[0], NULL, &attributes, argv, environ);
    posix_spawnattr_destroy(&attributes);
    return error;
}

struct wrapped_command *wrapped_command_start(struct lwm2m_loop *loop, char *const *argv,
                                              void (*on_exit)(void *context, int exit),
                                              void *context, struct control_outcome *failure)
{
    struct wrapped_command *command = calloc(1, sizeof(*command));
    if (command == NULL) {
        control_fail(failure, EXIT_CODE_IO, NULL, "out of memory");
        return NULL;
    }
    *command = (struct wrapped_command){
        .loop = loop,
        .ended = {.received = child_ended, .number = SIGCHLD},
        .on_exit = on_exit,
        .context = context,
    };
    /* Watched first, so that a command that ends at once is not missed. */
    if (lwm2m_loop_add_signal(loop, &command->ended) != LWM2M_OK) {
        control_fail(failure, EXIT_CODE_IO, NULL, "cannot wait for signals");
        free(command);
        return NULL;
    }
    int error = spawn(&command->pid, argv);
    if (error != 0) {
        command->pid = 0;
        wrapped_command_free(command);
        control_fail(failure, (enum exit_code)(error == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_RUN),
                     NULL, "cannot run %.200s: %s", argv[0], strerror(error));
        return NULL;
    }
    return command;
}

/* True if we are the terminal's foreground job: then it has sent Ctrl-C to the command as well. */
static bool is_foreground(void)
{
    int terminal = open("/dev/tty", O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (terminal < 0) {
        return false;
    }
    bool foreground = tcgetpgrp(terminal) == getpgrp();
    close(terminal);
    return foreground;
}

void wrapped_command_forward(struct wrapped_command *command, int number)
{
    if (command->pid != 0 && !(number == SIGINT && is_foreground())) {
        kill(command->pid, number);
    }
}

void wrapped_command_free(struct wrapped_command *command)
{
    if (command != NULL) {
        lwm2m_loop_remove_signal(command->loop, &command->ended);
        free(command);
    }
}
