/*
 * Walks through the statements of a script.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "script/script_run.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "command/command_line.h"
#include "output/environment.h"
#include "output/time_text.h"
#include "script/notifications.h"
#include "script/shell_command.h"
#include "script/verdict.h"

/* Between two attempts of what `within` repeats. */
#define ATTEMPT_PAUSE_MS 500
/* With less time left, there is no other one. */
#define ATTEMPT_LEAST_MS 20
/* How often a command whose time is over is told so. */
#define TIMER_REPEATS_S 1

struct frame {
    enum statement_kind kind; /* WITHIN or REPEAT */
    size_t begin;             /* its statement */
    unsigned left;            /* REPEAT: rounds after this one */
    int64_t deadline_ms;      /* WITHIN */
    size_t mark;              /* WITHIN: what the report held before it */
};

struct runner {
    const struct script *script;
    const struct script_setting *setting;
    struct word_variables variables;
    struct frame frames[SCRIPT_BLOCKS_MAX];
    size_t depth;
    size_t base;   /* the first frame of the handler that runs; 0: none does */
    size_t next;   /* statement */
    bool handling; /* a handler runs: no other one begins */
    struct notifications *notifications;
    bool stopped;
    int exit; /* of the first failure */
    timer_t timer;
    bool has_timer;
};

/* ---- signals ---- */

/* A signal handler reaches nothing but globals; this is written by it alone. */
static volatile sig_atomic_t caught;

/* What the timer sends is for the command that runs when it comes, if any. */
static void note(int number, siginfo_t *info, void *context)
{
    (void)context;
    if (info->si_code != SI_TIMER) {
        caught = number;
    }
}

static void catch_signals(struct sigaction previous[2])
{
    struct sigaction action = {.sa_sigaction = note, .sa_flags = SA_SIGINFO};
    sigemptyset(&action.sa_mask);
    caught = 0;
    sigaction(SIGINT, &action, &previous[0]);
    sigaction(SIGTERM, &action, &previous[1]);
}

static void set_timer(const struct runner *runner, int64_t deadline_ms)
{
    struct itimerspec time = {.it_interval = {.tv_sec = TIMER_REPEATS_S}};
    int64_t left_ms = deadline_ms - time_boot_ms();
    if (deadline_ms < 0) {
        time = (struct itimerspec){0};
    } else {
        left_ms = left_ms < 1 ? 1 : left_ms;
        time.it_value =
            (struct timespec){.tv_sec = left_ms / 1000, .tv_nsec = left_ms % 1000 * 1000000};
    }
    if (runner->has_timer) {
        timer_settime(runner->timer, 0, &time, NULL);
    }
}

/* ---- blocks ---- */

/* The innermost `within` below a depth; SIZE_MAX if there is none. Those around a handler are none
 * of its business. */
static size_t find_within(const struct runner *runner, size_t depth)
{
    while (depth > runner->base) {
        if (runner->frames[--depth].kind == STATEMENT_WITHIN) {
            return depth;
        }
    }
    return SIZE_MAX;
}

/* The first deadline that is to come; negative if there is none. */
static int64_t first_deadline(const struct runner *runner)
{
    int64_t first_ms = -1;
    for (size_t i = runner->base; i < runner->depth; i++) {
        const struct frame *frame = &runner->frames[i];
        if (frame->kind == STATEMENT_WITHIN && (first_ms < 0 || frame->deadline_ms < first_ms)) {
            first_ms = frame->deadline_ms;
        }
    }
    return first_ms;
}

static void run_handlers(struct runner *runner);

/* Sleeps, and runs the handlers whose time comes meanwhile. False if a signal came, or a handler
 * has ended the script. */
static bool rest_until(struct runner *runner, int64_t end_ms)
{
    int exit = EXIT_CODE_OK;
    for (;;) {
        switch (script_sleep_until(end_ms, notifications_socket(runner->notifications), &exit)) {
        case SLEEP_IS_OVER:
            return true;
        case SLEEP_INTERRUPTED:
            caught = exit == EXIT_CODE_TERMINATED ? SIGTERM : SIGINT;
            return false;
        case SLEEP_READABLE:
            run_handlers(runner);
        }
        if (runner->stopped || caught != 0) {
            return false;
        }
    }
}

static void pause_before(struct runner *runner, int64_t deadline_ms)
{
    int64_t left_ms = deadline_ms - time_boot_ms();
    int64_t pause_ms = left_ms / 2 < ATTEMPT_PAUSE_MS ? left_ms / 2 : ATTEMPT_PAUSE_MS;
    (void)rest_until(runner, time_boot_ms() + pause_ms);
}

/* A wrong line stays wrong, and an interrupt ends everything. */
static bool may_pass_later(int exit)
{
    return exit != EXIT_CODE_USAGE && exit != EXIT_CODE_INTERRUPTED && exit != EXIT_CODE_TERMINATED;
}

/* Goes back to the beginning of a `within` that still has time; false if there is none. */
static bool try_again(struct runner *runner, int exit)
{
    size_t index = runner->depth;
    while (may_pass_later(exit) && (index = find_within(runner, index)) != SIZE_MAX) {
        const struct frame *frame = &runner->frames[index];
        if (time_boot_ms() + ATTEMPT_LEAST_MS < frame->deadline_ms) {
            report_rewind(runner->setting->report, frame->mark);
            runner->depth = index + 1;
            runner->next = frame->begin + 1;
            pause_before(runner, frame->deadline_ms);
            return true;
        }
    }
    return false;
}

/* Behind the outermost `within`, if there is one, for its time is over. */
static void go_on(struct runner *runner)
{
    for (size_t i = runner->base; i < runner->depth; i++) {
        if (runner->frames[i].kind == STATEMENT_WITHIN) {
            runner->next = runner->script->statements[runner->frames[i].begin].partner + 1;
            runner->depth = i;
            return;
        }
    }
}

/* ---- failures ---- */

static bool is_signal(int exit)
{
    return exit == EXIT_CODE_INTERRUPTED || exit == EXIT_CODE_TERMINATED;
}

static void cut_short(struct runner *runner, int exit)
{
    struct report_sum *sum = &runner->setting->report->sum;
    runner->stopped = true;
    runner->exit = exit;
    sum->cut = exit == EXIT_CODE_INTERRUPTED ? "interrupted" : "terminated";
}

/* A failure for good, or another attempt. */
static void fail(struct runner *runner, const struct test_point *point)
{
    struct test_point final = *point;
    char message[VERDICT_MESSAGE_MAX + 64];
    size_t within = find_within(runner, runner->depth);
    if (try_again(runner, point->exit)) {
        return;
    }
    if (within != SIZE_MAX && may_pass_later(point->exit)) {
        const struct statement *begin = &runner->script->statements[runner->frames[within].begin];
        snprintf(message, sizeof(message), "%s (not within %.16s, line %u)", point->failure,
                 begin->words, begin->line);
        final.failure = message;
        final.told = false;
    }
    report_settle(runner->setting->report);
    report_add(runner->setting->report, &final, false);
    if (is_signal(point->exit)) {
        cut_short(runner, point->exit);
        return;
    }
    if (runner->exit == EXIT_CODE_OK) {
        runner->exit = point->exit;
    }
    runner->stopped = !runner->setting->keep_going;
    go_on(runner);
}

/* A statement that is no command could not be carried out. */
static void fail_statement(struct runner *runner, const struct statement *statement, int exit,
                           const char *message)
{
    const struct test_point point = {
        .name = statement->text,
        .file = runner->setting->file,
        .line = statement->line,
        .exit = exit,
        .failure = message,
        .results = "",
        .diagnostics = "",
    };
    fail(runner, &point);
}

/* ---- commands ---- */

static void run_words(struct runner *runner, const struct words *words,
                      struct command_outcome *outcome)
{
    static char program[] = "lwm2m";
    const struct result_listener listener = {outcome, command_outcome_take};
    struct command_setting setting = *runner->setting->command;
    char **argv = calloc((size_t)words->count + 2, sizeof(*argv));
    if (argv == NULL) {
        outcome->exit = EXIT_CODE_IO;
        return;
    }
    argv[0] = program;
    memcpy(argv + 1, words->texts, sizeof(*argv) * (size_t)words->count);
    setting.origin = COMMAND_FROM_SCRIPT;
    setting.results = outcome->results.stream;
    setting.diagnostics = outcome->diagnostics.stream;
    setting.listener = &listener;
    outcome->exit = command_line_run(&setting, words->count + 1, argv);
    free(argv);
}

static void run_command(struct runner *runner, const struct statement *statement,
                        struct command_outcome *outcome)
{
    struct words words;
    struct usage_error error;
    if (statement->kind == STATEMENT_SHELL) {
        outcome->exit = shell_command_run(statement->words, runner->setting->variables,
                                          first_deadline(runner), &outcome->results);
        return;
    }
    if (!words_split(statement->words, &runner->variables, &words, &error)) {
        fprintf(outcome->diagnostics.stream, "lwm2m: %s\n", error.message);
        outcome->exit = EXIT_CODE_USAGE;
        return;
    }
    set_timer(runner, first_deadline(runner));
    run_words(runner, &words, outcome);
    set_timer(runner, -1);
    words_release(&words);
}

/* Keeps the value for `let`. */
static void assign(struct runner *runner, const struct statement *statement,
                   const struct command_outcome *outcome, struct verdict *verdict)
{
    char *value = command_outcome_value_new(outcome);
    if (value == NULL || !variables_set(runner->setting->variables, statement->variable, value)) {
        verdict->exit = EXIT_CODE_IO;
        verdict->told = false;
        snprintf(verdict->message, sizeof(verdict->message), "no room for the variable '%s'",
                 statement->variable);
    }
    free(value);
}

static void conclude(struct runner *runner, const struct statement *statement,
                     const struct command_outcome *outcome, const struct verdict *verdict,
                     uint64_t duration_us)
{
    bool held = find_within(runner, runner->depth) != SIZE_MAX;
    bool failed = verdict->exit != EXIT_CODE_OK;
    const struct test_point point = {
        .name = statement->text,
        .file = runner->setting->file,
        .line = verdict->line,
        .duration_us = duration_us,
        .exit = verdict->exit,
        .failure = failed ? verdict->message : NULL,
        .told = verdict->told && !held,
        .results = outcome->results.text,
        .diagnostics = outcome->cut ? "" : outcome->diagnostics.text,
        .shown = !held && runner->setting->results != NULL,
    };
    if (failed) {
        fail(runner, &point);
    } else if (!report_add(runner->setting->report, &point, held)) {
        fail_statement(runner, statement, EXIT_CODE_USAGE, "'within' holds too many commands");
        runner->stopped = true;
    }
}

/* A command and the `expect` lines that follow it. */
static void run_point(struct runner *runner, const struct statement *statement)
{
    const struct script *script = runner->script;
    const struct script_setting *setting = runner->setting;
    bool held = find_within(runner, runner->depth) != SIZE_MAX;
    struct command_outcome outcome = {.exit = EXIT_CODE_IO};
    struct verdict verdict;
    size_t expectations = 0;
    while (runner->next + expectations < script->count &&
           script->statements[runner->next + expectations].kind == STATEMENT_EXPECT) {
        expectations++;
    }
    runner->next += expectations;
    if (!capture_open(&outcome.results, held ? NULL : setting->results) ||
        !capture_open(&outcome.diagnostics, held ? NULL : setting->diagnostics)) {
        fail_statement(runner, statement, EXIT_CODE_IO, "out of memory");
        command_outcome_release(&outcome);
        return;
    }
    uint64_t begin_us = time_monotonic_us();
    int64_t deadline_ms = first_deadline(runner);
    run_command(runner, statement, &outcome);
    uint64_t duration_us = time_monotonic_us() - begin_us;
    capture_close(&outcome.results);
    capture_close(&outcome.diagnostics);
    outcome.cut = deadline_ms >= 0 && time_boot_ms() >= deadline_ms && caught == 0 &&
                  outcome.exit == (statement->kind == STATEMENT_SHELL ? EXIT_CODE_TIMEOUT
                                                                      : EXIT_CODE_INTERRUPTED);
    verdict_reach(&outcome, statement, statement + 1, expectations, &runner->variables, &verdict);
    if (verdict.exit == EXIT_CODE_OK && statement->variable != NULL) {
        assign(runner, statement, &outcome, &verdict);
    }
    conclude(runner, statement, &outcome, &verdict, duration_us);
    command_outcome_release(&outcome);
}

/* ---- statements ---- */

static void run_set(struct runner *runner, const struct statement *statement,
                    const struct words *words)
{
    struct usage_error error = {0};
    if (words->count != 2 || !script_setting_check(words->texts[0], words->texts[1], &error)) {
        fail_statement(runner, statement, EXIT_CODE_USAGE, error.message);
    } else if (setenv(script_setting_variable(words->texts[0]), words->texts[1], 1) != 0) {
        fail_statement(runner, statement, EXIT_CODE_IO, "out of memory");
    }
}

static void run_sleep(struct runner *runner, const struct statement *statement,
                      const struct words *words)
{
    struct usage_error error = {0};
    int64_t duration_ms;
    if (!script_duration_check(words->texts[0], &duration_ms, &error)) {
        fail_statement(runner, statement, EXIT_CODE_USAGE, error.message);
        return;
    }
    int64_t end_ms = time_boot_ms() + duration_ms;
    int64_t deadline_ms = first_deadline(runner);
    bool cut = deadline_ms >= 0 && deadline_ms < end_ms;
    if (rest_until(runner, cut ? deadline_ms : end_ms) && cut) {
        fail_statement(runner, statement, EXIT_CODE_TIMEOUT, "was not done in time");
    }
}

static void run_block(struct runner *runner, const struct statement *statement,
                      const struct words *words)
{
    struct usage_error error = {0};
    struct frame frame = {.kind = statement->kind, .begin = runner->next - 1};
    int64_t duration_ms = 0;
    unsigned count = 1;
    bool good = statement->kind == STATEMENT_WITHIN
                    ? script_duration_check(words->texts[0], &duration_ms, &error)
                    : script_count_check(words->texts[0], &count, &error);
    if (!good || count == 0) {
        runner->next = statement->partner + 1;
    }
    if (!good) {
        fail_statement(runner, statement, EXIT_CODE_USAGE, error.message);
    } else if (count > 0) {
        frame.left = count - 1;
        frame.deadline_ms = time_boot_ms() + duration_ms;
        frame.mark = runner->setting->report->held_count;
        runner->frames[runner->depth++] = frame;
    }
}

/* ---- handlers ---- */

#define OBSERVE_TIMEOUT_MS 30000

static void run_on(struct runner *runner, const struct statement *statement,
                   const struct words *words)
{
    struct control_outcome outcome = {.exit = EXIT_CODE_OK};
    struct usage_error error;
    const char *given = environment("LWM2M_TIMEOUT");
    int64_t timeout_ms = OBSERVE_TIMEOUT_MS;
    size_t handler = runner->next - 1;
    runner->next = statement->partner + 1;
    if (given != NULL && !script_duration_check(given, &timeout_ms, &error)) {
        fail_statement(runner, statement, EXIT_CODE_USAGE, error.message);
    } else if (!notifications_observe(runner->notifications, handler, words->texts[0],
                                      time_boot_ms() + timeout_ms, &outcome)) {
        fail_statement(runner, statement, (int)outcome.exit, outcome.message);
    }
}

static void run_statement(struct runner *runner);

/* To the end of the block, as if it stood where the script is now. */
static void run_handler_block(struct runner *runner, const struct statement *begin)
{
    while (!runner->stopped && runner->next != begin->partner &&
           runner->setting->report->broken == NULL) {
        run_statement(runner);
        if (caught != 0 && !runner->stopped) {
            cut_short(runner, caught == SIGTERM ? EXIT_CODE_TERMINATED : EXIT_CODE_INTERRUPTED);
        }
    }
}

static void handle(struct runner *runner, const struct notification *notification)
{
    const struct statement *begin = &runner->script->statements[notification->handler];
    struct variables *variables = runner->setting->variables;
    size_t next = runner->next, depth = runner->depth, base = runner->base;
    runner->handling = true;
    runner->base = runner->depth;
    runner->next = notification->handler + 1;
    if (notification->value == NULL) {
        fail_statement(runner, begin, (int)notification->outcome.exit,
                       notification->outcome.message[0] != '\0' ? notification->outcome.message
                                                                : "the observation has ended");
    } else if (!variables_set(variables, "value", notification->value) ||
               !variables_set(variables, "path", notification->path) ||
               !variables_set(variables, "ep", notification->endpoint)) {
        fail_statement(runner, begin, EXIT_CODE_IO, "no room for the variables of a handler");
    } else {
        run_handler_block(runner, begin);
    }
    runner->next = next;
    runner->depth = depth;
    runner->base = base;
    runner->handling = false;
}

/* Runs what has come. While an attempt of a `within` may still be taken back, it waits: a handler
 * runs once. */
static void run_handlers(struct runner *runner)
{
    struct notification notification;
    notifications_read(runner->notifications);
    while (!runner->handling && !runner->stopped && caught == 0 &&
           runner->setting->report->held_count == 0 &&
           notifications_next(runner->notifications, &notification)) {
        handle(runner, &notification);
        notification_release(&notification);
    }
}

static void tell_dropped(const struct runner *runner)
{
    size_t dropped = notifications_dropped(runner->notifications);
    if (dropped > 0 && runner->setting->diagnostics != NULL) {
        fprintf(runner->setting->diagnostics,
                "lwm2m: %s: %zu notifications were dropped, as their handlers were too slow\n",
                runner->setting->file, dropped);
    }
}

static void end_block(struct runner *runner)
{
    struct frame *frame = &runner->frames[runner->depth - 1];
    if (frame->kind == STATEMENT_REPEAT && frame->left > 0) {
        frame->left--;
        runner->next = frame->begin + 1;
        return;
    }
    runner->depth--;
    if (find_within(runner, runner->depth) == SIZE_MAX) {
        report_settle(runner->setting->report);
    }
}

static void run_simple(struct runner *runner, const struct statement *statement)
{
    struct words words;
    struct usage_error error;
    if (!words_split(statement->words, &runner->variables, &words, &error)) {
        if (statement->kind == STATEMENT_WITHIN || statement->kind == STATEMENT_REPEAT ||
            statement->kind == STATEMENT_ON) {
            runner->next = statement->partner + 1;
        }
        fail_statement(runner, statement, EXIT_CODE_USAGE, error.message);
        return;
    }
    if (statement->kind == STATEMENT_SET) {
        run_set(runner, statement, &words);
    } else if (statement->kind == STATEMENT_SLEEP) {
        run_sleep(runner, statement, &words);
    } else if (statement->kind == STATEMENT_ON) {
        run_on(runner, statement, &words);
    } else {
        run_block(runner, statement, &words);
    }
    words_release(&words);
}

static void run_statement(struct runner *runner)
{
    const struct statement *statement = &runner->script->statements[runner->next++];
    switch (statement->kind) {
    case STATEMENT_COMMAND:
    case STATEMENT_SHELL:
        run_point(runner, statement);
        break;
    case STATEMENT_END:
        end_block(runner);
        break;
    default:
        run_simple(runner, statement);
    }
}

int script_run(const struct script *script, const struct script_setting *setting)
{
    struct runner runner = {.script = script, .setting = setting};
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGINT};
    struct sigaction previous[2];
    uint64_t begin_us = time_monotonic_us();
    runner.variables = (struct word_variables){setting->variables, variables_find};
    runner.notifications = notifications_new();
    if (runner.notifications == NULL) {
        return EXIT_CODE_IO;
    }
    runner.has_timer = timer_create(CLOCK_BOOTTIME, &event, &runner.timer) == 0;
    setting->report->sum.file = setting->file;
    catch_signals(previous);
    while (!runner.stopped && runner.next < script->count && setting->report->broken == NULL) {
        run_statement(&runner);
        run_handlers(&runner);
        if (caught != 0 && !runner.stopped) {
            cut_short(&runner, caught == SIGTERM ? EXIT_CODE_TERMINATED : EXIT_CODE_INTERRUPTED);
        }
    }
    tell_dropped(&runner);
    notifications_free(runner.notifications);
    setting->report->sum.duration_us = time_monotonic_us() - begin_us;
    report_end(setting->report);
    if (runner.has_timer) {
        timer_delete(runner.timer);
    }
    sigaction(SIGINT, &previous[0], NULL);
    sigaction(SIGTERM, &previous[1], NULL);
    return runner.exit;
}
