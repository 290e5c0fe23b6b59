/*
 * Settings of the shell: some are in the environment, where every command and every child looks,
 * the others in the defaults of its command lines.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "shell/settings.h"

#include <stdlib.h>
#include <string.h>

#include "argv/nearest.h"
#include "argv/options.h"
#include "output/environment.h"

struct shell_setting {
    const char *name;
    const char *variable; /* of the environment; NULL: not there */
    /* False if the value is none; what it has to be is `values`. NULL value: take it back. */
    bool (*change)(struct shell *shell, const char *value);
    const char *(*show)(const struct shell *shell); /* where there is no variable */
    const char *values;                             /* for people */
};

static bool parse_switch(const char *value, bool *on)
{
    *on = value != NULL && strcmp(value, "on") == 0;
    return value == NULL || *on || strcmp(value, "off") == 0;
}

static const char *switch_text(bool on)
{
    return on ? "on" : "off";
}

static bool is_one_of(const char *value, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (value == NULL || strcmp(*words, value) == 0) {
            return true;
        }
    }
    return false;
}

static bool check_duration(struct shell *shell, const char *value)
{
    int64_t milliseconds;
    (void)shell;
    return value == NULL || (duration_parse(value, &milliseconds) && milliseconds > 0);
}

static bool check_colour(struct shell *shell, const char *value)
{
    static const char *const words[] = {"auto", "always", "never", NULL};
    (void)shell;
    return is_one_of(value, words);
}

static bool change_as(struct shell *shell, const char *value)
{
    /* What the defaults point to has to stay. */
    static const char *const words[] = {"table", "plain", "json", "csv", NULL};
    if (!is_one_of(value, words)) {
        return false;
    }
    shell->setting.defaults.as = NULL;
    for (size_t i = 0; value != NULL && words[i] != NULL; i++) {
        if (strcmp(words[i], value) == 0) {
            shell->setting.defaults.as = words[i];
        }
    }
    return true;
}

static const char *show_as(const struct shell *shell)
{
    const struct global_options *defaults = &shell->setting.defaults;
    return defaults->as != NULL ? defaults->as : "table";
}

static bool change_json(struct shell *shell, const char *value)
{
    bool on;
    return parse_switch(value, &on) && change_as(shell, on ? "json" : NULL);
}

static const char *show_json(const struct shell *shell)
{
    return switch_text(strcmp(show_as(shell), "json") == 0);
}

static bool change_quiet(struct shell *shell, const char *value)
{
    return parse_switch(value, &shell->setting.defaults.quiet);
}

static const char *show_quiet(const struct shell *shell)
{
    return switch_text(shell->setting.defaults.quiet);
}

static bool change_verbose(struct shell *shell, const char *value)
{
    if (value != NULL && (value[0] < '0' || value[0] > '3' || value[1] != '\0')) {
        return false;
    }
    shell->setting.defaults.verbosity = value != NULL ? (unsigned)(value[0] - '0') : 0;
    return true;
}

static const char *show_verbose(const struct shell *shell)
{
    static const char *const levels[] = {"0", "1", "2", "3"};
    unsigned level = shell->setting.defaults.verbosity;
    return levels[level < 3 ? level : 3];
}

static bool change_history(struct shell *shell, const char *value)
{
    bool on;
    bool good = parse_switch(value != NULL ? value : "on", &on);
    if (good) {
        shell->history.off = !on;
    }
    return good;
}

static const char *show_history(const struct shell *shell)
{
    return switch_text(!shell->history.off);
}

static const struct shell_setting settings[] = {
    {"as", NULL, change_as, show_as, "table, plain, json or csv"},
    {"color", "LWM2M_COLOR", check_colour, NULL, "auto, always or never"},
    {"history", NULL, change_history, show_history, "on or off"},
    {"json", NULL, change_json, show_json, "on or off"},
    {"quiet", NULL, change_quiet, show_quiet, "on or off"},
    {"timeout", "LWM2M_TIMEOUT", check_duration, NULL, "a duration such as 5s or 500ms"},
    {"verbose", NULL, change_verbose, show_verbose, "0, 1, 2 or 3"},
};

#define SETTING_COUNT (sizeof(settings) / sizeof(settings[0]))

static const struct shell_setting *find(const struct shell *shell, const char *name)
{
    struct nearest nearest;
    char message[160];
    nearest_init(&nearest, name);
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        if (strcmp(settings[i].name, name) == 0) {
            return &settings[i];
        }
        nearest_offer(&nearest, settings[i].name);
    }
    snprintf(message, sizeof(message), "set: there is no '%.60s'%s%s%s", name,
             nearest.best != NULL ? "; did you mean '" : "",
             nearest.best != NULL ? nearest.best : "", nearest.best != NULL ? "'?" : "");
    print_error(&shell->printer, message, "'set' alone lists what can be set");
    return NULL;
}

const char *setting_name(size_t index)
{
    return index < SETTING_COUNT ? settings[index].name : NULL;
}

int setting_change(struct shell *shell, const char *name, const char *value)
{
    const struct shell_setting *setting = find(shell, name);
    const char *wanted = strcmp(value, "-") == 0 ? NULL : value;
    if (setting == NULL) {
        return EXIT_CODE_USAGE;
    }
    if (!setting->change(shell, wanted)) {
        print_errorf(&shell->printer, "set %s: '%.60s' is not %s", name, value, setting->values);
        return EXIT_CODE_USAGE;
    }
    if (setting->variable != NULL && (wanted != NULL ? setenv(setting->variable, wanted, 1)
                                                     : unsetenv(setting->variable)) != 0) {
        print_errorf(&shell->printer, "out of memory");
        return EXIT_CODE_IO;
    }
    shell_apply_settings(shell);
    return EXIT_CODE_OK;
}

static void show(const struct shell *shell, const struct shell_setting *setting)
{
    const char *value =
        setting->variable != NULL ? environment(setting->variable) : setting->show(shell);
    fprintf(shell->printer.results, "%-8s %s\n", setting->name, value != NULL ? value : "-");
}

int setting_show(const struct shell *shell, const char *name)
{
    const struct shell_setting *setting = name != NULL ? find(shell, name) : NULL;
    if (name != NULL && setting == NULL) {
        return EXIT_CODE_USAGE;
    }
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        if (setting == NULL || setting == &settings[i]) {
            show(shell, &settings[i]);
        }
    }
    return EXIT_CODE_OK;
}
