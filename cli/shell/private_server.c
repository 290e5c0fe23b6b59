/*
 * Runs a server as a child. It is `lwm2m server -- COMMAND`, whose command tells us the socket and
 * then reads from a pipe: however the shell ends, the command sees the end of the pipe and the
 * server ends, too, with all it has made.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "shell/private_server.h"

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

/* The child; does not return. Its exit code is a shell's where the program cannot be run. */
static void run_server(const char *listen, const char *stack, int input, int output)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    /* A process group of its own: Ctrl-C is for the shell. */
    setpgid(0, 0);
    if (dup2(input, STDIN_FILENO) >= 0 && dup2(output, STDOUT_FILENO) >= 0) {
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

bool private_server_start(struct private_server *server, const char *uri, const char *stack,
                          struct control_outcome *outcome)
{
    int input[2];
    int output[2];
    if (pipe2(input, O_CLOEXEC) != 0) {
        control_fail(outcome, EXIT_CODE_IO, NULL, "cannot make a pipe: %s", strerror(errno));
        return false;
    }
    if (pipe2(output, O_CLOEXEC) != 0) {
        control_fail(outcome, EXIT_CODE_IO, NULL, "cannot make a pipe: %s", strerror(errno));
        close(input[0]);
        close(input[1]);
        return false;
    }
    server->pid = fork();
    if (server->pid == 0) {
        run_server(uri[0] != '\0' ? uri : DEFAULT_LISTEN, stack != NULL ? stack : "endpoint",
                   input[0], output[1]);
    }
    close(input[0]);
    close(output[1]);
    server->input = input[1];
    if (server->pid < 0) {
        server->pid = 0;
        close(input[1]);
        close(output[0]);
        control_fail(outcome, EXIT_CODE_IO, NULL, "cannot start a server: %s", strerror(errno));
        return false;
    }
    if (!learn_address(output[0], outcome)) {
        int status = 0;
        close(server->input);
        waitpid(server->pid, &status, 0);
        server->pid = 0;
        control_fail(outcome,
                     WIFEXITED(status) ? (enum exit_code)WEXITSTATUS(status) : EXIT_CODE_DAEMON,
                     NULL, "the server of the shell did not start");
        return false;
    }
    return true;
}

void private_server_end(struct private_server *server)
{
    if (server->pid != 0) {
        close(server->input);
        while (waitpid(server->pid, NULL, 0) < 0 && errno == EINTR) {
        }
        server->pid = 0;
    }
}
