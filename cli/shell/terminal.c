/*
 * The shell on a terminal: a line is typed while notices come in above it; while a command runs the
 * terminal is the command's.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

#include "control/line_buffer.h"
#include "output/environment.h"
#include "shell/line_completion.h"
#include "shell/shell.h"

/* From here on a line is drawn only when no more of it waits to be read. */
#define LONG_LINE_BYTES 2048

/* How long a prompt waits for the server to tell how the device is. */
#define SETTLE_MS 200

/* A terminal that does not end what it pastes. */
#define PASTE_WAIT_MS 2000

#define PASTE_BEGIN "\033[200~"
#define PASTE_END "\033[201~"
#define PASTE_END_LENGTH (sizeof(PASTE_END) - 1)

struct terminal {
    struct shell *shell;
    int signals; /* a signalfd */
    sigset_t heard, previous;
    struct line_buffer messages; /* of the shell's own server */
    bool prompting;              /* a prompt is shown, and what was typed behind it */
    bool cleared;                /* they were taken off the screen, to be drawn again */
    bool drawing_due;            /* the line was not drawn while more of it came */
    bool discarding;             /* what comes belongs to a line that was too long */
    char *line;                  /* that was entered */
    char prompt[PROMPT_TEXT_MAX];
};

/* readline's callbacks are given nothing to know us by. */
static struct terminal *current;

/* A command can be ended by SIGTERM; then the shell ends, too. */
static volatile sig_atomic_t terminated;

static void note_signal(int number)
{
    if (number == SIGTERM) {
        terminated = 1;
    }
}

/* ---- what is drawn ---- */

/* Takes prompt and line off the screen, for as long as lines are printed above them. */
static void clear_line(struct terminal *terminal)
{
    if (terminal->prompting && !terminal->cleared) {
        rl_clear_visible_line();
        terminal->cleared = true;
    }
}

static void draw_line_again(struct terminal *terminal)
{
    if (terminal->cleared) {
        terminal->cleared = false;
        rl_forced_update_display();
    }
}

static void show_above(void *context, const char *text)
{
    struct terminal *terminal = context;
    clear_line(terminal);
    fprintf(stdout, "%s\n", text);
    fflush(stdout);
}

/* The prompt, if the device in use is otherwise than it says. */
static void update_prompt(struct terminal *terminal)
{
    char text[PROMPT_TEXT_MAX];
    prompt_print(&terminal->shell->printer, environment("LWM2M_ENDPOINT"),
                 live_presence(terminal->shell->live), text);
    if (strcmp(text, terminal->prompt) == 0) {
        return;
    }
    memcpy(terminal->prompt, text, sizeof(text));
    if (terminal->prompting) {
        clear_line(terminal);
        rl_set_prompt(text);
    }
}

static bool input_waits(int timeout_ms)
{
    struct pollfd wait = {.fd = STDIN_FILENO, .events = POLLIN};
    return poll(&wait, 1, timeout_ms) > 0;
}

/* To draw a long line for each of its characters would take for ever. */
static void redisplay(void)
{
    current->drawing_due = rl_end > LONG_LINE_BYTES && input_waits(0);
    if (!current->drawing_due) {
        rl_redisplay();
    }
}

/* ---- what is typed ---- */

static void take_line(char *line)
{
    rl_callback_handler_remove();
    current->prompting = false;
    current->line = line;
    if (line == NULL) {
        current->shell->over = true;
        fputs("\n", stdout);
    }
}

static void refuse_length(struct terminal *terminal, const char *what)
{
    char text[96];
    snprintf(text, sizeof(text), "%s of more than %d KiB is not taken", what,
             SHELL_LINE_BYTES_MAX / 1024);
    show_above(terminal, text);
    draw_line_again(terminal);
}

/* Reads what is pasted up to its end; returns how much it was, of which no more than the limit is
 * in text. */
static size_t read_paste(char *text, size_t limit)
{
    size_t length = 0;
    size_t matched = 0;
    char byte;
    while (matched < PASTE_END_LENGTH && input_waits(PASTE_WAIT_MS) &&
           read(STDIN_FILENO, &byte, 1) == 1) {
        if (byte == PASTE_END[matched]) {
            matched++;
            continue;
        }
        length += matched; /* it was not the end, but no text either */
        matched = byte == PASTE_END[0];
        if (matched == 0) {
            if (length < limit) {
                text[length] = byte == '\r' ? '\n' : byte;
            }
            length++;
        }
    }
    return length;
}

static int take_paste(int count, int key)
{
    char *text = calloc(1, SHELL_LINE_BYTES_MAX + 1);
    (void)count;
    (void)key;
    if (text == NULL) {
        return 1;
    }
    size_t length = read_paste(text, SHELL_LINE_BYTES_MAX);
    if (length + (size_t)rl_end > SHELL_LINE_BYTES_MAX) {
        refuse_length(current, "a paste");
    } else {
        rl_insert_text(text);
    }
    free(text);
    return 0;
}

static void discard(struct terminal *terminal)
{
    char byte;
    if (read(STDIN_FILENO, &byte, 1) != 1) {
        terminal->shell->over = true;
    } else if (byte == '\n' || byte == '\r') {
        terminal->discarding = false;
    }
}

static void read_typed(struct terminal *terminal)
{
    if (terminal->discarding) {
        discard(terminal);
        return;
    }
    rl_callback_read_char();
    if (terminal->prompting && rl_end > SHELL_LINE_BYTES_MAX) {
        terminal->discarding = true;
        clear_line(terminal);
        rl_replace_line("", 1);
        refuse_length(terminal, "a line");
    }
}

/* ---- signals ---- */

/* Ctrl-C: the line that is typed is given up, and stays to be seen. */
static void give_up_line(struct terminal *terminal)
{
    terminal->discarding = false;
    rl_callback_sigcleanup();
    rl_point = rl_end;
    rl_redisplay();
    fputs("^C\n", stdout);
    rl_replace_line("", 1);
    rl_set_prompt(terminal->prompt);
    rl_on_new_line();
    rl_redisplay();
}

static void suspend(void)
{
    (*rl_deprep_term_function)();
    raise(SIGSTOP);
    (*rl_prep_term_function)(1);
    rl_reset_screen_size();
    rl_forced_update_display();
}

static void take_signal(struct terminal *terminal)
{
    struct signalfd_siginfo info;
    if (read(terminal->signals, &info, sizeof(info)) != sizeof(info)) {
        return;
    }
    switch ((int)info.ssi_signo) {
    case SIGINT:
        give_up_line(terminal);
        break;
    case SIGWINCH:
        rl_resize_terminal();
        break;
    case SIGTSTP:
        suspend();
        break;
    default:
        terminal->shell->exit = EXIT_CODE_TERMINATED;
        terminal->shell->over = true;
        break;
    }
}

/* While a command runs, signals are the command's; a read that it waits in is ended by them. */
static void release_signals(struct terminal *terminal)
{
    const struct sigaction action = {.sa_handler = note_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigprocmask(SIG_SETMASK, &terminal->previous, NULL);
}

static void catch_signals(struct terminal *terminal)
{
    sigprocmask(SIG_BLOCK, &terminal->heard, NULL);
}

static bool begin_signals(struct terminal *terminal)
{
    sigemptyset(&terminal->heard);
    sigaddset(&terminal->heard, SIGINT);
    sigaddset(&terminal->heard, SIGTERM);
    sigaddset(&terminal->heard, SIGWINCH);
    sigaddset(&terminal->heard, SIGTSTP);
    terminal->signals = signalfd(-1, &terminal->heard, SFD_CLOEXEC | SFD_NONBLOCK);
    /* To whoever started us SIGINT may not matter; to commands it does. */
    sigprocmask(SIG_BLOCK, &terminal->heard, &terminal->previous);
    sigdelset(&terminal->previous, SIGINT);
    sigdelset(&terminal->previous, SIGTERM);
    return terminal->signals >= 0;
}

/* ---- the loop ---- */

static void begin_readline(struct terminal *terminal)
{
    current = terminal;
    rl_readline_name = "lwm2m";
    rl_catch_signals = 0;
    rl_catch_sigwinch = 0;
    rl_change_environment = 0;
    rl_initialize();
    /* Behind it: with a function that is not its own, readline does not look the terminal up. */
    rl_redisplay_function = redisplay;
    rl_bind_keyseq_in_map(PASTE_BEGIN, take_paste, emacs_standard_keymap);
    rl_bind_keyseq_in_map(PASTE_BEGIN, take_paste, vi_insertion_keymap);
    line_completion_begin(terminal->shell);
}

/* Right after `use`, the prompt should know already how the device is. */
static void settle(struct terminal *terminal)
{
    struct live *live = terminal->shell->live;
    live_look_at_device(live);
    live_step(live);
    for (int tries = 0; tries < 4 && live_presence(live) == PRESENCE_UNKNOWN &&
                        environment("LWM2M_ENDPOINT") != NULL;
         tries++) {
        struct pollfd wait = {.fd = live_socket(live), .events = POLLIN};
        (void)poll(&wait, 1, SETTLE_MS / 4);
        live_step(live);
    }
}

/* What the shell's own server says. */
static void show_messages(struct terminal *terminal)
{
    struct private_server *server = &terminal->shell->server;
    char bytes[1024];
    const char *line;
    size_t length;
    ssize_t got = read(server->messages, bytes, sizeof(bytes));
    if (got == 0) { /* it has ended, which the live connection tells */
        close(server->messages);
        server->messages = -1;
    }
    if (got <= 0 || line_buffer_feed(&terminal->messages, bytes, (size_t)got) != LINE_FOUND) {
        return;
    }
    while (line_buffer_next(&terminal->messages, &line, &length) == LINE_FOUND) {
        char *text = strndup(line, length);
        show_above(terminal, text != NULL ? text : "");
        free(text);
    }
}

static void wait_once(struct terminal *terminal)
{
    struct live *live = terminal->shell->live;
    struct pollfd waits[] = {
        {.fd = STDIN_FILENO, .events = POLLIN},
        {.fd = terminal->signals, .events = POLLIN},
        {.fd = live_socket(live), .events = POLLIN},
        {.fd = terminal->shell->server.messages, .events = POLLIN},
    };
    int ready = poll(waits, sizeof(waits) / sizeof(waits[0]), live_wait_ms(live));
    if (ready < 0 && errno != EINTR) {
        terminal->shell->over = true;
        return;
    }
    if (ready > 0 && waits[1].revents != 0) {
        take_signal(terminal);
    } else if (ready > 0 && waits[0].revents != 0) {
        read_typed(terminal);
    } else if (ready > 0 && waits[3].revents != 0) {
        show_messages(terminal);
    } else {
        live_step(live);
    }
    if (terminal->prompting) {
        if (terminal->drawing_due && !input_waits(0)) {
            redisplay();
        }
        update_prompt(terminal);
        draw_line_again(terminal);
    }
}

/* Shows the prompt and waits for a line; NULL when the shell is over. */
static char *wait_for_line(struct terminal *terminal)
{
    settle(terminal);
    update_prompt(terminal);
    rl_reset_screen_size();
    terminal->line = NULL;
    terminal->prompting = true;
    terminal->cleared = false;
    rl_callback_handler_install(terminal->prompt, take_line);
    while (terminal->prompting && !terminal->shell->over) {
        wait_once(terminal);
    }
    if (terminal->prompting) {
        terminal->prompting = false;
        rl_callback_handler_remove();
        fputs("\n", stdout);
    }
    return terminal->line;
}

static void run_lines(struct terminal *terminal)
{
    while (!terminal->shell->over) {
        char *line = wait_for_line(terminal);
        if (line != NULL) {
            release_signals(terminal);
            shell_run_line(terminal->shell, line);
            catch_signals(terminal);
        }
        free(line);
        if (terminated != 0 || terminal->shell->exit == EXIT_CODE_TERMINATED) {
            terminal->shell->exit = EXIT_CODE_TERMINATED;
            terminal->shell->over = true;
        }
    }
}

void shell_run_terminal(struct shell *shell)
{
    struct terminal terminal = {
        .shell = shell,
        .signals = -1,
        .messages = {.limit = CONTROL_LINE_BYTES_MAX},
    };
    const struct live_listener listener = {&terminal, show_above};
    shell_history_open(&shell->history, &shell->printer);
    shell->live = live_new(&shell->printer, &listener);
    if (shell->live == NULL || !begin_signals(&terminal)) {
        print_errorf(&shell->printer, "out of memory");
        shell->exit = EXIT_CODE_IO;
    } else {
        begin_readline(&terminal);
        run_lines(&terminal);
    }
    live_free(shell->live);
    shell->live = NULL;
    line_buffer_release(&terminal.messages);
    if (terminal.signals >= 0) {
        close(terminal.signals);
    }
}
