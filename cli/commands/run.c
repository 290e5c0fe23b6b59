/*
 * run: runs the commands of a script.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "command/command.h"
#include "command/stack.h"
#include "output/whole_file.h"
#include "script/script_run.h"
#include "session/private_server.h"

struct run_options {
    const char *endpoint;
    struct text_list variables;
    bool keep_going;
    const char *junit;
    bool tap;
    const char *serve;
    const char *stack;
};

#define OFFSET(member) offsetof(struct run_options, member)

static const struct option_definition options[] = {
    {.name = "endpoint",
     .letter = 'e',
     .kind = OPTION_TEXT,
     .offset = OFFSET(endpoint),
     .argument = "EP",
     .help = "the device, as if the script began with 'set ep EP'"},
    {.name = "var",
     .kind = OPTION_LIST,
     .offset = OFFSET(variables),
     .argument = "NAME=VALUE",
     .help = "set a variable; may be given again"},
    {.name = "keep-going",
     .letter = 'k',
     .kind = OPTION_FLAG,
     .offset = OFFSET(keep_going),
     .help = "go on after a command that failed"},
    {.name = "junit",
     .kind = OPTION_TEXT,
     .offset = OFFSET(junit),
     .argument = "FILE",
     .help = "write what became of each command to a file, as JUnit's XML"},
    {.name = "tap",
     .kind = OPTION_FLAG,
     .offset = OFFSET(tap),
     .help = "print what became of each command, as TAP"},
    {.name = "serve",
     .kind = OPTION_TEXT,
     .optional_value = true,
     .offset = OFFSET(serve),
     .argument = "URI",
     .help = "run a server for the time of the script (127.0.0.1:5683)"},
    STACK_OPTION(struct run_options, stack),
    {.name = NULL},
};

/* Everything between start and end. */
struct running {
    const struct invocation *invocation;
    const struct run_options *options;
    const char *file; /* for messages */
    struct script script;
    struct variables variables;
    struct report report;
};

static char *read_stream(FILE *stream, size_t *length)
{
    char *text = malloc(SCRIPT_BYTES_MAX + 1);
    if (text != NULL) {
        *length = fread(text, 1, SCRIPT_BYTES_MAX + 1, stream);
        if (ferror(stream)) {
            int error = errno;
            free(text);
            text = NULL;
            errno = error;
        }
    }
    return text;
}

/* Up to one byte more than a script may have. NULL with errno set. */
static char *read_script(const char *name, size_t *length)
{
    if (strcmp(name, "-") == 0) {
        return read_stream(stdin, length);
    }
    FILE *file = fopen(name, "r");
    if (file == NULL) {
        return NULL;
    }
    char *text = read_stream(file, length);
    int error = errno;
    fclose(file);
    errno = error;
    return text;
}

static int load(struct running *running)
{
    const struct printer *printer = running->invocation->printer;
    struct script_error error;
    size_t length = 0;
    char *text = read_script(running->invocation->arguments[0], &length);
    if (text == NULL) {
        print_errorf(printer, "cannot read %s: %s", running->file, strerror(errno));
        return EXIT_CODE_IO;
    }
    bool good = script_parse(text, length, running->invocation->setting->commands, &running->script,
                             &error);
    free(text);
    if (good) {
        return EXIT_CODE_OK;
    }
    char message[sizeof(error.usage.message) + 128];
    if (error.line > 0) {
        snprintf(message, sizeof(message), "%.100s:%u: %s", running->file, error.line,
                 error.usage.message);
    } else {
        snprintf(message, sizeof(message), "%.100s: %s", running->file, error.usage.message);
    }
    print_error(printer, message, error.usage.hint);
    return EXIT_CODE_USAGE;
}

static int set_variables(struct running *running)
{
    const struct printer *printer = running->invocation->printer;
    const struct text_list *given = &running->options->variables;
    for (size_t i = 0; i < given->count; i++) {
        const char *equals = strchr(given->texts[i], '=');
        if (equals == NULL ||
            !script_is_name(given->texts[i], (size_t)(equals - given->texts[i]))) {
            print_errorf(printer, "--var: '%s' is not NAME=VALUE", given->texts[i]);
            return EXIT_CODE_USAGE;
        }
        char *name = strndup(given->texts[i], (size_t)(equals - given->texts[i]));
        bool good = name != NULL && variables_set(&running->variables, name, equals + 1);
        free(name);
        if (!good) {
            print_errorf(printer, "--var: no room for one more variable");
            return EXIT_CODE_IO;
        }
    }
    if (running->options->endpoint != NULL &&
        setenv("LWM2M_ENDPOINT", running->options->endpoint, 1) != 0) {
        print_errorf(printer, "out of memory");
        return EXIT_CODE_IO;
    }
    return EXIT_CODE_OK;
}

static int add_reporter(struct running *running, struct reporter *reporter)
{
    if (reporter == NULL) {
        print_errorf(running->invocation->printer, "cannot begin a report: %s", strerror(errno));
        return EXIT_CODE_IO;
    }
    running->report.reporters[running->report.reporter_count++] = reporter;
    return EXIT_CODE_OK;
}

static int add_reporters(struct running *running)
{
    const struct printer *printer = running->invocation->printer;
    int exit = add_reporter(
        running, running->options->tap ? tap_reporter_new(printer->results)
                                       : text_reporter_new(printer->results, printer->diagnostics));
    if (exit == EXIT_CODE_OK && running->options->junit != NULL) {
        exit = add_reporter(running, junit_reporter_new(running->options->junit));
    }
    return exit;
}

/* Where a report could not be written, that is the code, whatever the script came to. */
static int check_report(const struct running *running, int exit)
{
    const struct report *report = &running->report;
    if (report->broken == NULL) {
        return exit;
    }
    if (report->error != EPIPE) {
        (void)whole_file_refuse(running->invocation->printer, report->broken, report->error);
    }
    return EXIT_CODE_IO;
}

static int run_script(struct running *running)
{
    const struct printer *printer = running->invocation->printer;
    struct command_setting command = *running->invocation->setting;
    command.defaults = running->invocation->global;
    command.defaults.help = false;
    const struct script_setting setting = {
        .file = running->file,
        .command = &command,
        .results = running->options->tap ? NULL : printer->results,
        .diagnostics = running->options->tap ? NULL : printer->diagnostics,
        .variables = &running->variables,
        .report = &running->report,
        .keep_going = running->options->keep_going,
    };
    return check_report(running, script_run(&running->script, &setting));
}

/* The same, with a server for the time that it takes, if that was asked for. */
static int run_served(struct running *running)
{
    const struct run_options *given = running->options;
    const struct printer *printer = running->invocation->printer;
    struct private_server server = {.pid = 0, .messages = -1};
    struct control_outcome outcome;
    if (given->stack != NULL && given->serve == NULL) {
        print_error(printer, "--stack is for the server of --serve",
                    "a running server was given its own when it was started");
        return EXIT_CODE_USAGE;
    }
    if (given->serve != NULL &&
        !private_server_start(&server, given->serve, given->stack, false, &outcome)) {
        print_error(printer, outcome.message, outcome.hint);
        return (int)outcome.exit;
    }
    int exit = run_script(running);
    private_server_end(&server);
    return exit;
}

static int run(const struct invocation *invocation)
{
    struct running running = {
        .invocation = invocation,
        .options = invocation->options,
        .file = strcmp(invocation->arguments[0], "-") == 0 ? "standard input"
                                                           : invocation->arguments[0],
    };
    int exit = load(&running);
    if (exit == EXIT_CODE_OK) {
        exit = set_variables(&running);
    }
    if (exit == EXIT_CODE_OK) {
        exit = add_reporters(&running);
    }
    if (exit == EXIT_CODE_OK) {
        exit = run_served(&running);
    }
    report_release(&running.report);
    variables_release(&running.variables);
    script_release(&running.script);
    return exit;
}

static const struct argument_definition arguments[] = {
    {.kind = ARGUMENT_FILE},
    {.kind = ARGUMENT_END},
};

const struct command command_run = {
    .name = "run",
    .summary = "Run the commands of a script",
    .synopsis = "run FILE [-e EP] [--var NAME=VALUE]… [--keep-going] [--tap] [--junit FILE] "
                "[--serve[=URI]]",
    .examples = {"lwm2m run test.lwm2m --junit report.xml",
                 "lwm2m run test.lwm2m -e pump-7 --var version=2.1 --tap"},
    .options = options,
    .options_size = sizeof(struct run_options),
    .least_arguments = 1,
    .most_arguments = 1,
    .arguments = arguments,
    .run = run,
};
