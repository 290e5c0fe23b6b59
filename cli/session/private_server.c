/*
 * Runs a server as a child. It is `lwm2m server -- COMMAND`, whose command tells us the socket and
 * then reads from a pipe: however its owner ends, the command sees the end of the pipe and the
 * server ends, too, with all it has made.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "session/private_server.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define DEFAULT_LISTEN "127.0.0.1:5683"

#define SAY_AND_WAIT                                                                               \
    "printf '%s\\n%s\\n' \"$LWM2M_SOCKET\" \"$LWM2M_COAP_URI\"; exec cat >/dev/null"

/* Between its owner and the server; -1: not open. Of each pair the first is to be read. */
struct pipes {
    int input[2], output[2], messages[2];
};

static void close_one(int *descriptor)
{
    if (*descriptor >= 0) {
        close(*descriptor);
        *descriptor = -1;
    }
}

static void close_pipes(struct pipes *pipes)
{
    for (int end = 0; end < 2; end++) {
        close_one(&pipes->input[end]);
        close_one(&pipes->output[end]);
        close_one(&pipes->messages[end]);
    }
}

static bool open_pipes(struct pipes *pipes, bool keeps_messages)
{
    *pipes = (struct pipes){{-1, -1}, {-1, -1}, {-1, -1}};
    if (pipe2(pipes->input, O_CLOEXEC) != 0 || pipe2(pipes->output, O_CLOEXEC) != 0 ||
        (keeps_messages && pipe2(pipes->messages, O_CLOEXEC | O_NONBLOCK) != 0)) {
        close_pipes(pipes);
        return false;
    }
    return true;
}

/* The child; does not return. Its exit code is a shell's where the program cannot be run. */
static void run_server(const char *listen, const char *stack, const struct pipes *pipes)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    /* A process group of its own: Ctrl-C is for its owner. */
    setpgid(0, 0);
    if (dup2(pipes->input[0], STDIN_FILENO) >= 0 && dup2(pipes->output[1], STDOUT_FILENO) >= 0 &&
        (pipes->messages[1] < 0 || dup2(pipes->messages[1], STDERR_FILENO) >= 0)) {
        execl("/proc/self/exe", "lwm2m", "server", "--listen", listen, "--stack", stack, "--", "sh",
              "-c", SAY_AND_WAIT, (char *)NULL);
    }
    _exit(EXIT_CODE_IO);
}

/* A line of the server's command, without its end; false if it says no more. */
static bool read_line(FILE *from, char *line, size_t size)
{
    if (fgets(line, (int)size, from) == NULL) {
        return false;
    }
    line[strcspn(line, "\n")] = '\0';
    return true;
}

/* Waits until the server's command tells where the server is. */
static bool learn_address(int output, struct control_outcome *outcome)
{
    char socket[256];
    char uri[256];
    FILE *from = fdopen(output, "r");
    if (from == NULL) {
        close(output);
        control_fail(outcome, EXIT_CODE_IO, NULL, "out of memory");
        return false;
    }
    bool told = read_line(from, socket, sizeof(socket)) && read_line(from, uri, sizeof(uri));
    fclose(from);
    if (told && (setenv("LWM2M_SOCKET", socket, 1) != 0 || setenv("LWM2M_COAP_URI", uri, 1) != 0)) {
        control_fail(outcome, EXIT_CODE_IO, NULL, "out of memory");
        return false;
    }
    return told;
}

/* What it said before it ended, on our standard error. */
static void pass_on(int messages)
{
    char text[1024];
    ssize_t length;
    while (messages >= 0 && (length = read(messages, text, sizeof(text))) > 0) {
        fwrite(text, 1, (size_t)length, stderr);
    }
}

/* It did not come to listen: why is in its exit code. */
static void bury(struct private_server *server, struct pipes *pipes,
                 struct control_outcome *outcome)
{
    int status = 0;
    close_one(&pipes->input[1]);
    waitpid(server->pid, &status, 0);
    server->pid = 0;
    pass_on(pipes->messages[0]);
    control_fail(outcome,
                 WIFEXITED(status) ? (enum exit_code)WEXITSTATUS(status) : EXIT_CODE_DAEMON, NULL,
                 "the server did not start");
}

bool private_server_start(struct private_server *server, const char *uri, const char *stack,
                          bool keeps_messages, struct control_outcome *outcome)
{
    struct pipes pipes;
    if (!open_pipes(&pipes, keeps_messages)) {
        control_fail(outcome, EXIT_CODE_IO, NULL, "cannot make a pipe: %s", strerror(errno));
        return false;
    }
    server->pid = fork();
    if (server->pid == 0) {
        run_server(uri[0] != '\0' ? uri : DEFAULT_LISTEN, stack != NULL ? stack : "endpoint",
                   &pipes);
    }
    if (server->pid < 0) {
        server->pid = 0;
        control_fail(outcome, EXIT_CODE_IO, NULL, "cannot start a server: %s", strerror(errno));
        close_pipes(&pipes);
        return false;
    }
    close_one(&pipes.input[0]);
    close_one(&pipes.output[1]);
    close_one(&pipes.messages[1]);
    bool told = learn_address(pipes.output[0], outcome);
    pipes.output[0] = -1; /* learn_address has closed it */
    if (!told) {
        bury(server, &pipes, outcome);
        close_pipes(&pipes);
        return false;
    }
    server->input = pipes.input[1];
    server->messages = pipes.messages[0];
    return true;
}

void private_server_end(struct private_server *server)
{
    if (server->pid != 0) {
        close(server->input);
        while (waitpid(server->pid, NULL, 0) < 0 && errno == EINTR) {
        }
        close_one(&server->messages);
        server->pid = 0;
    }
}
