/*
 * Holds the table of commands against the manual: every command has its page and its tests, and
 * both say the same of its synopsis and its options.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* Both cmocka and the printer have a function of this name. */
#define print_error cmocka_print_error
#include <cmocka.h>
#undef print_error
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command/command.h"
#include "command/command_line.h"

#define HELP_LINES_MAX 24
#define HELP_COLUMNS_MAX 100
#define TEXT_MAX 65536

/* As cmocka's fail_msg, which is a macro that would call our print_error. */
static void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void complain(const char *format, ...)
{
    char message[256];
    va_list list;
    va_start(list, format);
    vsnprintf(message, sizeof(message), format, list);
    va_end(list);
    print_message("%s\n", message);
    fail();
}

/* The whole of a file, terminated; "" if there is none. */
static const char *read_file(const char *name, char text[TEXT_MAX])
{
    FILE *file = fopen(name, "r");
    size_t length = file != NULL ? fread(text, 1, TEXT_MAX - 1, file) : 0;
    if (file != NULL) {
        fclose(file);
    }
    text[length] = '\0';
    return text;
}

static const char *read_page(const struct command *command, char text[TEXT_MAX])
{
    char name[80];
    snprintf(name, sizeof(name), "man/lwm2m-%s.1.scd", command->name);
    if (read_file(name, text)[0] == '\0') {
        complain("write %s", name);
    }
    return text;
}

/* Copies a section, from behind its heading to the next one; "" if the page has none of that name.
 */
static const char *copy_section(const char *page, const char *title, char text[TEXT_MAX])
{
    char heading[80];
    snprintf(heading, sizeof(heading), "\n# %s\n", title);
    const char *at = strstr(page, heading);
    text[0] = '\0';
    if (at != NULL) {
        at += strlen(heading);
        const char *end = strstr(at, "\n# ");
        size_t length = end != NULL ? (size_t)(end - at) : strlen(at);
        memcpy(text, at, length);
        text[length] = '\0';
    }
    return text;
}

/* "*-f*, *--format* FORMAT", as the manual heads the paragraph of an option. */
static void print_heading(const struct option_definition *option, char text[128])
{
    char letter[16] = "";
    if (option->letter != 0) {
        snprintf(letter, sizeof(letter), "*-%c*, ", option->letter);
    }
    const char *argument = option->argument != NULL ? option->argument : "";
    const char *format = option->optional_value ? "%s*--%s*[=%s]"
                         : argument[0] != '\0'  ? "%s*--%s* %s"
                                                : "%s*--%s*%s";
    snprintf(text, 128, format, letter, option->name, argument);
}

static bool has_line(const char *text, const char *line)
{
    size_t length = strlen(line);
    for (const char *at = text; (at = strstr(at, line)) != NULL; at += length) {
        if ((at == text || at[-1] == '\n') && (at[length] == '\n' || at[length] == '\0')) {
            return true;
        }
    }
    return false;
}

static size_t count_option_headings(const char *section)
{
    size_t count = 0;
    for (const char *line = section; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        count += strncmp(line, "*-", 2) == 0;
    }
    return count;
}

/* What the section heads is what the table holds, no more and no less. */
static void compare_options(const char *owner, const char *section,
                            const struct option_definition *table)
{
    size_t count = 0;
    for (; table != NULL && table->name != NULL; table++) {
        char heading[128];
        print_heading(table, heading);
        if (!has_line(section, heading)) {
            complain("the manual of %s has no line \"%s\"", owner, heading);
        }
        count++;
    }
    if (count_option_headings(section) != count) {
        complain("the manual of %s explains %zu options, and there are %zu", owner,
                 count_option_headings(section), count);
    }
}

static void every_command_has_a_page_and_tests(void **state)
{
    (void)state;
    for (const struct command *const *at = commands; *at != NULL; at++) {
        char text[TEXT_MAX];
        char name[80];
        read_page(*at, text);
        snprintf(name, sizeof(name), "tests/cli/%s.bats", (*at)->name);
        if (access(name, R_OK) != 0) {
            complain("write %s", name);
        }
    }
}

static void pages_have_the_synopses_of_the_commands(void **state)
{
    (void)state;
    for (const struct command *const *at = commands; *at != NULL; at++) {
        char page[TEXT_MAX];
        char section[TEXT_MAX];
        char wanted[512];
        copy_section(read_page(*at, page), "SYNOPSIS", section);
        snprintf(wanted, sizeof(wanted), "\n*lwm2m* %s\n", (*at)->synopsis);
        assert_string_equal(section, wanted);
    }
}

/* Lines that begin with a star head what an action is. */
static size_t count_headings(const char *section)
{
    size_t count = 0;
    for (const char *line = section; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        count += *line == '*';
    }
    return count;
}

static void pages_and_synopses_name_the_actions_of_the_commands(void **state)
{
    (void)state;
    for (const struct command *const *at = commands; *at != NULL; at++) {
        char page[TEXT_MAX];
        char section[TEXT_MAX];
        size_t count = 0;
        copy_section(read_page(*at, page), "ACTIONS", section);
        const struct command_action *action = (*at)->actions;
        for (; action != NULL && action->name != NULL; action++, count++) {
            char heading[128];
            snprintf(heading, sizeof(heading), "*%s*%s%s", action->name,
                     action->synopsis[0] != '\0' ? " " : "", action->synopsis);
            if (!has_line(section, heading)) {
                complain("the manual of %s has no line \"%s\"", (*at)->name, heading);
            }
            assert_non_null(strstr((*at)->synopsis, action->name));
        }
        if (count_headings(section) != count) {
            complain("the manual of %s explains actions that there are not", (*at)->name);
        }
    }
}

static void a_command_runs_or_has_actions_that_do(void **state)
{
    (void)state;
    for (const struct command *const *at = commands; *at != NULL; at++) {
        assert_true(((*at)->run != NULL) == ((*at)->actions == NULL));
        const struct command_action *action = (*at)->actions;
        for (; action != NULL && action->name != NULL; action++) {
            assert_non_null(action->run);
            assert_ptr_equal(command_find_action(*at, action->name), action);
            assert_true(action->arguments == NULL || action->most_arguments != 0);
        }
    }
}

static void pages_explain_the_options_of_the_commands(void **state)
{
    (void)state;
    for (const struct command *const *at = commands; *at != NULL; at++) {
        /* Its own words for -e, which is an option of all commands for devices. */
        if (*at == &command_device) {
            continue;
        }
        char page[TEXT_MAX];
        char section[TEXT_MAX];
        copy_section(read_page(*at, page), "OPTIONS", section);
        compare_options((*at)->name, section, (*at)->options);
    }
}

static void lwm2m_1_explains_the_options_that_commands_share(void **state)
{
    char page[TEXT_MAX];
    char section[TEXT_MAX];
    (void)state;
    read_file("man/lwm2m.1.scd", page);
    compare_options("all commands", copy_section(page, "OPTIONS", section), global_option_table);
    compare_options("devices", copy_section(page, "OPTIONS FOR DEVICES", section),
                    device_option_table);
}

static void lwm2m_1_names_every_command(void **state)
{
    char page[TEXT_MAX];
    (void)state;
    read_file("man/lwm2m.1.scd", page);
    for (const struct command *const *at = commands; *at != NULL; at++) {
        char name[80];
        snprintf(name, sizeof(name), "*lwm2m-%s*(1)", (*at)->name);
        if (strstr(page, name) == NULL) {
            complain("lwm2m(1) does not name %s", name);
        }
    }
}

static void pages_have_two_examples_and_say_with_which_status_commands_end(void **state)
{
    (void)state;
    for (const struct command *const *at = commands; *at != NULL; at++) {
        char page[TEXT_MAX];
        char section[TEXT_MAX];
        read_page(*at, page);
        assert_non_null(strstr(copy_section(page, "EXIT STATUS", section), "\n*0*\n"));
        size_t fences = 0;
        const char *fence = copy_section(page, "EXAMPLES", section);
        while ((fence = strstr(fence, "```")) != NULL) {
            fences++;
            fence += 3;
        }
        if (fences < 4) {
            complain("the manual of %s has less than two examples", (*at)->name);
        }
    }
}

/* The characters of a line of UTF-8. */
static size_t columns_of(const char *line, size_t length)
{
    size_t columns = 0;
    for (size_t i = 0; i < length; i++) {
        columns += ((unsigned char)line[i] & 0xc0) != 0x80;
    }
    return columns;
}

static void the_short_help_fits_a_terminal(void **state)
{
    (void)state;
    for (const struct command *const *at = commands; *at != NULL; at++) {
        char *help = NULL;
        size_t size = 0;
        struct printer printer;
        printer_init(&printer, stdout, stderr, "never");
        printer.results = open_memstream(&help, &size);
        assert_non_null(printer.results);
        command_print_help(&printer, *at);
        fclose(printer.results);
        size_t lines = 0;
        for (char *line = help; *line != '\0'; lines++) {
            size_t length = strcspn(line, "\n");
            if (columns_of(line, length) > HELP_COLUMNS_MAX) {
                complain("lwm2m %s -h: too long: %.*s", (*at)->name, (int)length, line);
            }
            line += length + 1;
        }
        if (lines > HELP_LINES_MAX) {
            complain("lwm2m %s -h has %zu lines", (*at)->name, lines);
        }
        for (size_t i = 0; i < 2 && (*at)->examples[i] != NULL; i++) {
            assert_non_null(strstr(help, (*at)->examples[i]));
        }
        const struct command_action *action = (*at)->actions;
        for (; action != NULL && action->name != NULL; action++) {
            assert_non_null(strstr(help, action->summary));
        }
        free(help);
    }
}

static void every_example_is_of_its_command(void **state)
{
    (void)state;
    for (const struct command *const *at = commands; *at != NULL; at++) {
        char start[40];
        snprintf(start, sizeof(start), "lwm2m %s", (*at)->name);
        assert_non_null((*at)->examples[0]);
        for (size_t i = 0; i < 2 && (*at)->examples[i] != NULL; i++) {
            assert_int_equal(strncmp((*at)->examples[i], start, strlen(start)), 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_command_has_a_page_and_tests),
        cmocka_unit_test(pages_have_the_synopses_of_the_commands),
        cmocka_unit_test(pages_and_synopses_name_the_actions_of_the_commands),
        cmocka_unit_test(a_command_runs_or_has_actions_that_do),
        cmocka_unit_test(pages_explain_the_options_of_the_commands),
        cmocka_unit_test(lwm2m_1_explains_the_options_that_commands_share),
        cmocka_unit_test(lwm2m_1_names_every_command),
        cmocka_unit_test(pages_have_two_examples_and_say_with_which_status_commands_end),
        cmocka_unit_test(the_short_help_fits_a_terminal),
        cmocka_unit_test(every_example_is_of_its_command),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
