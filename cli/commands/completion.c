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
    if (given->line && invocation->argument_count != 1) {
        print_error(invocation->printer, "completion candidates: --line takes one word, the line",
                    "lwm2m completion candidates --line -- 'lwm2m read /3/0/ba'");
        return EXIT_CODE_USAGE;
    }
    if (given->line) {
        complete_line(invocation, invocation->arguments[0]);
    } else {
        complete(invocation, invocation->arguments, invocation->argument_count);
    }
    return EXIT_CODE_OK;
}

static int print_file(const struct invocation *invocation)
{
    size_t i = 0;
    while (strcmp(completion_texts[i].shell, invocation->action->name) != 0) {
        i++;
    }
    fputs(completion_texts[i].text, invocation->printer->results);
    return EXIT_CODE_OK;
}

static const struct command_action actions[] = {
    {"bash", "", "Print the completion file of bash", 0, 0, NULL, print_file},
    {"zsh", "", "Print the completion file of zsh", 0, 0, NULL, print_file},
    {"fish", "", "Print the completion file of fish", 0, 0, NULL, print_file},
    {"candidates", "[--line] -- WORD…", "Print what the last word may become, for those files", 1,
     -1, NULL, run_candidates},
    {.name = NULL},
};

const struct command command_completion = {
    .name = "completion",
    .summary = "Print what teaches a shell to complete lwm2m",
    .synopsis = "completion bash|zsh|fish|candidates [--line] -- WORD…",
    .examples = {"lwm2m completion bash", "lwm2m completion candidates -- read /3/0/ba"},
    .options = options,
    .options_size = sizeof(struct completion_options),
    .flags = COMMAND_UNCONFIGURED,
    .actions = actions,
};
