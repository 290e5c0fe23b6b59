/*
 * The shell's own words.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "shell/builtins.h"

#include <stdlib.h>
#include <string.h>

#include "command/command_line.h"
#include "output/environment.h"
#include "shell/settings.h"

static int run_use(struct shell *shell, int argc, char **argv)
{
    if (argc == 1) {
        const char *endpoint = environment("LWM2M_ENDPOINT");
        char *safe = endpoint != NULL ? text_escape(endpoint) : NULL;
        fprintf(shell->printer.results, "%s\n", safe != NULL ? safe : "no device is in use");
        free(safe);
        return EXIT_CODE_OK;
    }
    bool none = strcmp(argv[1], "-") == 0 || argv[1][0] == '\0';
    if ((none ? unsetenv("LWM2M_ENDPOINT") : setenv("LWM2M_ENDPOINT", argv[1], 1)) != 0) {
        print_errorf(&shell->printer, "out of memory");
        return EXIT_CODE_IO;
    }
    return EXIT_CODE_OK;
}

static int run_set(struct shell *shell, int argc, char **argv)
{
    return argc == 3 ? setting_change(shell, argv[1], argv[2]) : setting_show(shell, argv[1]);
}

static bool has_live(const struct shell *shell, const char *name)
{
    if (shell->live == NULL) {
        print_errorf(&shell->printer, "%s: only a shell on a terminal shows what comes meanwhile",
                     name);
    }
    return shell->live != NULL;
}

static void list_watches(const struct shell *shell)
{
    const char *endpoint;
    const char *path;
    size_t count = 0;
    while (live_watch_at(shell->live, count, &endpoint, &path)) {
        char *safe = text_escape(endpoint != NULL ? endpoint : "-");
        char *safe_path = text_escape(path);
        fprintf(shell->printer.results, "%s  %s\n", safe != NULL ? safe : "",
                safe_path != NULL ? safe_path : "");
        free(safe);
        free(safe_path);
        count++;
    }
    if (count == 0) {
        fprintf(shell->printer.results, "nothing is watched\n");
    }
}

static int run_watch(struct shell *shell, int argc, char **argv)
{
    if (!has_live(shell, argv[0])) {
        return EXIT_CODE_UNSUPPORTED;
    }
    if (argc == 1) {
        list_watches(shell);
    }
    for (int i = 1; i < argc; i++) {
        if (!live_watch(shell->live, argv[i])) {
            return EXIT_CODE_IO;
        }
    }
    return EXIT_CODE_OK;
}

static int run_unwatch(struct shell *shell, int argc, char **argv)
{
    int exit = EXIT_CODE_OK;
    if (!has_live(shell, argv[0])) {
        return EXIT_CODE_UNSUPPORTED;
    }
    if (argc == 1) {
        live_unwatch(shell->live, NULL);
    }
    for (int i = 1; i < argc; i++) {
        if (live_unwatch(shell->live, argv[i]) == 0) {
            print_error(&shell->printer, "unwatch: this path is not watched",
                        "'watch' alone lists them");
            exit = EXIT_CODE_USAGE;
        }
    }
    return exit;
}

static int run_events(struct shell *shell, int argc, char **argv)
{
    (void)argc;
    if (!has_live(shell, argv[0])) {
        return EXIT_CODE_UNSUPPORTED;
    }
    live_show_events(shell->live, strcmp(argv[1], "on") == 0);
    return EXIT_CODE_OK;
}

static int run_help(struct shell *shell, int argc, char **argv)
{
    FILE *out = shell->printer.results;
    (void)argc;
    (void)argv;
    fprintf(out, "In the shell:\n");
    for (const struct builtin *at = builtins; at->name != NULL; at++) {
        fprintf(out, "  %-8s %-14s %s\n", at->name, at->arguments, at->summary);
    }
    fprintf(out, "\nAnd every command of lwm2m; 'help COMMAND' shows its manual:\n\n");
    command_print_overview(&shell->printer, shell->setting.commands);
    return EXIT_CODE_OK;
}

static int run_quit(struct shell *shell, int argc, char **argv)
{
    (void)argc;
    (void)argv;
    shell->over = true;
    return shell->exit;
}

const struct builtin builtins[] = {
    {"use", "[NAME|-]", "Choose the device for all commands; -: none", 0, 1, run_use},
    {"set", "[NAME [VALUE]]", "Show or change a setting; -: as it was", 0, 2, run_set},
    {"watch", "[PATH...]", "Show values as they come, above the prompt", 0, -1, run_watch},
    {"unwatch", "[PATH...]", "End that for these paths, or for all", 0, -1, run_unwatch},
    {"events", "on|off", "Show devices that come and go, or do not", 1, 1, run_events},
    {"help", "", "Show this list", 0, 0, run_help},
    {"quit", "", "End the shell, as exit and Ctrl-D do", 0, 0, run_quit},
    {"exit", "", "The same", 0, 0, run_quit},
    {NULL, NULL, NULL, 0, 0, NULL},
};

const struct builtin *builtin_find(int argc, char *const *argv)
{
    for (const struct builtin *at = builtins; at->name != NULL; at++) {
        if (strcmp(at->name, argv[0]) != 0) {
            continue;
        }
        bool is_command =
            (at->run == run_help && argc > 1) ||
            (at->run == run_events &&
             (argc != 2 || (strcmp(argv[1], "on") != 0 && strcmp(argv[1], "off") != 0)));
        return is_command ? NULL : at;
    }
    return NULL;
}

int builtin_run(struct shell *shell, const struct builtin *builtin, int argc, char **argv)
{
    if (argc - 1 < builtin->least || (builtin->most >= 0 && argc - 1 > builtin->most)) {
        print_errorf(&shell->printer, "%s: usage: %s %s", argv[0], argv[0], builtin->arguments);
        return EXIT_CODE_USAGE;
    }
    int exit = builtin->run(shell, argc, argv);
    return printer_finish(&shell->printer) || exit != EXIT_CODE_OK ? exit : EXIT_CODE_IO;
}
