/*
 * completion: the files that teach shells to complete lwm2m, and what those files ask.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "command/completion.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/completion_files.h"
#include "session/live_names.h"

struct completion_options {
    bool line;
};

static const struct option_definition options[] = {
    {.name = "line",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct completion_options, line),
     .line_only = true,
     .help = "candidates: the word is a line up to the cursor"},
    {.name = NULL},
};

/* KIND, TEXT and DESCRIPTION, between tabs; none of them holds a control character. */
static void print_row(FILE *stream, const char *kind, const char *text, const char *description)
{
    fprintf(stream, "%s\t%s\t%s\n", kind, text, description);
}

static void print_candidate(void *context, const struct completion_candidate *candidate)
{
    print_row(context, candidate->blank ? "word" : "part", candidate->text, candidate->description);
}

static void complete(const struct invocation *invocation, char *const *words, int count)
{
    FILE *stream = invocation->printer->results;
    const struct completion_sink sink = {stream, print_candidate};
    const struct completion_files files = live_names_complete(
        invocation->setting->commands, invocation->printer, words, count, &sink);
    if (files.kind != COMPLETION_NO_FILES) {
        fprintf(stream, "%s\t%.*s\t\n", files.kind == COMPLETION_FILES ? "files" : "directories",
                (int)files.offset, words[count - 1]);
    }
}

/* The line begins with the program's name; its last word is told first, without its quotes. */
static void complete_line(const struct invocation *invocation, const char *line)
{
    struct words words;
    if (!completion_split(line, &words)) {
        return;
    }
    if (words.count > 1) {
        const char *current = words.texts[words.count - 1];
        char *safe = text_escape(current);
        if (safe != NULL && strcmp(safe, current) == 0) {
            print_row(invocation->printer->results, "current", current, "");
            complete(invocation, words.texts + 1, words.count - 1);
        }
        free(safe);
    }
    words_release(&words);
}

static int run_candidates(const struct invocation *invocation)
{
    const struct completion_options *given = invocation->options;
    int count = invocation->argument_count - 1;
    if (count < 1 || (given->line && count != 1)) {
        print_error(invocation->printer,
                    given->line ? "completion candidates: --line takes one word, the line"
                                : "completion candidates: the word to complete is missing",
                    "lwm2m completion candidates -- read /3/0/ba");
        return EXIT_CODE_USAGE;
    }
    if (given->line) {
        complete_line(invocation, invocation->arguments[1]);
    } else {
        complete(invocation, invocation->arguments + 1, count);
    }
    return EXIT_CODE_OK;
}

static int print_file(const struct invocation *invocation)
{
    const char *shell = invocation->arguments[0];
    if (invocation->argument_count > 1) {
        print_errorf(invocation->printer, "completion: '%s' is one argument too many",
                     invocation->arguments[1]);
        return EXIT_CODE_USAGE;
    }
    for (size_t i = 0; i < sizeof(completion_texts) / sizeof(completion_texts[0]); i++) {
        if (strcmp(completion_texts[i].shell, shell) == 0) {
            fputs(completion_texts[i].text, invocation->printer->results);
            return EXIT_CODE_OK;
        }
    }
    print_errorf(invocation->printer, "completion: '%s' is no shell that can be completed", shell);
    return EXIT_CODE_USAGE;
}

static int run(const struct invocation *invocation)
{
    return strcmp(invocation->arguments[0], "candidates") == 0 ? run_candidates(invocation)
                                                               : print_file(invocation);
}

static const struct argument_definition arguments[] = {
    {.kind = ARGUMENT_WORD, .words = "bash|zsh|fish"},
    {.kind = ARGUMENT_END},
};

const struct command command_completion = {
    .name = "completion",
    .summary = "Print what teaches a shell to complete lwm2m",
    .synopsis = "completion bash|zsh|fish",
    .examples = {"lwm2m completion bash", "lwm2m completion candidates -- read /3/0/ba"},
    .options = options,
    .options_size = sizeof(struct completion_options),
    .flags = COMMAND_UNCONFIGURED,
    .least_arguments = 1,
    .most_arguments = -1,
    .arguments = arguments,
    .run = run,
};
