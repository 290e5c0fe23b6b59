/*
 * Runs the shell's lines, wherever they come from.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "shell/shell.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command/command_line.h"
#include "command/words.h"
#include "shell/builtins.h"

void shell_apply_settings(struct shell *shell)
{
    FILE *results = shell->setting.results != NULL ? shell->setting.results : stdout;
    FILE *diagnostics = shell->setting.diagnostics != NULL ? shell->setting.diagnostics : stderr;
    printer_init(&shell->printer, results, diagnostics, NULL);
    shell->printer.quiet = shell->setting.defaults.quiet;
    shell->printer.verbosity = shell->setting.defaults.verbosity;
}

/* ---- one line ---- */

static void run_words(struct shell *shell, int argc, char **argv)
{
    /* People type the program's name, too: examples have it. */
    if (argc > 1 && strcmp(argv[0], "lwm2m") == 0) {
        argc--;
        argv++;
    }
    const struct builtin *builtin = builtin_find(argc, argv);
    if (builtin != NULL) {
        shell->exit = builtin_run(shell, builtin, argc, argv);
        return;
    }
    char program[] = "lwm2m";
    char **line = calloc((size_t)argc + 2, sizeof(*line));
    if (line == NULL) {
        print_errorf(&shell->printer, "out of memory");
        shell->exit = EXIT_CODE_IO;
        return;
    }
    line[0] = program;
    memcpy(line + 1, argv, (size_t)argc * sizeof(*argv));
    shell->exit = command_line_run(&shell->setting, argc + 1, line);
    free(line);
    fflush(stdout);
}

static void run_single(struct shell *shell, const char *line)
{
    struct words words;
    struct usage_error error = {0};
    if (strlen(line) > SHELL_LINE_BYTES_MAX) {
        print_errorf(&shell->printer, "a line of more than %d bytes is not taken",
                     SHELL_LINE_BYTES_MAX);
        shell->exit = EXIT_CODE_USAGE;
        return;
    }
    if (!words_split(line, NULL, &words, &error)) {
        print_error(&shell->printer, error.message, error.hint);
        shell->exit = EXIT_CODE_USAGE;
        return;
    }
    if (words.count > 0) {
        run_words(shell, words.count, words.texts);
    }
    words_release(&words);
}

/* SIGINT and SIGTERM end what was to come, too. */
static bool was_interrupted(const struct shell *shell)
{
    return shell->exit == EXIT_CODE_INTERRUPTED || shell->exit == EXIT_CODE_TERMINATED;
}

void shell_run_line(struct shell *shell, const char *text)
{
    char *copy = strdup(text);
    char *rest = copy;
    if (copy == NULL) {
        print_errorf(&shell->printer, "out of memory");
        shell->exit = EXIT_CODE_IO;
    }
    while (rest != NULL) {
        char *line = strsep(&rest, "\r\n");
        shell_history_add(&shell->history, line);
        run_single(shell, line);
        if (shell->over || (line[0] != '\0' && was_interrupted(shell))) {
            break;
        }
    }
    free(copy);
}

/* ---- where lines come from ---- */

/* One line from standard input, byte by byte: what comes after it may be for the command. False at
 * the end; a line that is too long is read to its end and given as one byte too much. */
static bool read_line(char *line)
{
    size_t length = 0;
    for (;;) {
        char byte;
        ssize_t got = read(STDIN_FILENO, &byte, 1);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0 || byte == '\n') {
            line[length] = '\0';
            return got > 0 || length > 0;
        }
        if (length <= SHELL_LINE_BYTES_MAX) {
            line[length++] = byte != '\0' ? byte : ' ';
        }
    }
}

static void run_input(struct shell *shell)
{
    char *line = malloc(SHELL_LINE_BYTES_MAX + 2);
    if (line == NULL) {
        print_errorf(&shell->printer, "out of memory");
        shell->exit = EXIT_CODE_IO;
        return;
    }
    while (!shell->over && read_line(line)) {
        shell_run_line(shell, line);
        shell->over = shell->over || was_interrupted(shell) || ferror(shell->printer.results);
    }
    free(line);
}

static void run_commands(struct shell *shell, const struct text_list *lines)
{
    for (size_t i = 0; i < lines->count && !shell->over; i++) {
        shell_run_line(shell, lines->texts[i]);
        shell->over = shell->over || was_interrupted(shell);
    }
}

/* ---- start and end ---- */

/* What the shell was started with is where all its commands look for it. */
static bool set_environment(const struct invocation *invocation, const struct shell_config *config)
{
    const struct global_options *global = &invocation->global;
    char timeout[32];
    snprintf(timeout, sizeof(timeout), "%lldms", (long long)global->timeout.value);
    return (config->endpoint == NULL || setenv("LWM2M_ENDPOINT", config->endpoint, 1) == 0) &&
           (global->socket == NULL || setenv("LWM2M_SOCKET", global->socket, 1) == 0) &&
           (global->color == NULL || setenv("LWM2M_COLOR", global->color, 1) == 0) &&
           (!global->timeout.given || setenv("LWM2M_TIMEOUT", timeout, 1) == 0);
}

static void init(struct shell *shell, const struct invocation *invocation)
{
    *shell = (struct shell){
        .setting = *invocation->setting,
        .history = {.off = true},
        .server = {.messages = -1},
    };
    shell->setting.origin = COMMAND_FROM_SHELL;
    shell->setting.defaults = invocation->global;
    shell->setting.defaults.socket = NULL;
    shell->setting.defaults.color = NULL;
    shell->setting.defaults.timeout.given = false;
    shell_apply_settings(shell);
}

int shell_run(const struct invocation *invocation, const struct shell_config *config)
{
    struct shell shell;
    struct control_outcome outcome;
    if (!set_environment(invocation, config)) {
        print_errorf(invocation->printer, "out of memory");
        return EXIT_CODE_IO;
    }
    init(&shell, invocation);
    bool on_terminal =
        config->commands->count == 0 && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
    if (config->serve != NULL &&
        !private_server_start(&shell.server, config->serve, config->stack, on_terminal, &outcome)) {
        print_error(&shell.printer, outcome.message, outcome.hint);
        return (int)outcome.exit;
    }
    if (config->commands->count > 0) {
        run_commands(&shell, config->commands);
    } else if (on_terminal) {
        shell_run_terminal(&shell);
    } else {
        run_input(&shell);
    }
    private_server_end(&shell.server);
    return shell.exit;
}
