/*
 * What words of command lines may become, by the real table of commands, the registry, and a device
 * that is made up.
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

#include "command/completion.h"
#include "output/printer.h"

#define FOUND_MAX (1 << 18)

/* The candidates of one completion: "text" where a blank follows, "text~" where none does, each
 * with a line end behind. */
struct found {
    char texts[FOUND_MAX];
    size_t length, count;
    char descriptions[FOUND_MAX];
};

static void take(void *context, const struct completion_candidate *candidate)
{
    struct found *found = context;
    char *safe = text_escape(candidate->text);
    assert_string_equal(safe, candidate->text);
    free(safe);
    found->length += (size_t)snprintf(found->texts + found->length, FOUND_MAX - found->length,
                                      "%s%s\n", candidate->text, candidate->blank ? "" : "~");
    assert_true(found->length < FOUND_MAX);
    snprintf(found->descriptions + strlen(found->descriptions),
             FOUND_MAX - strlen(found->descriptions), "%s\n", candidate->description);
    found->count++;
}

/* ---- a source: three devices, one of them hostile; pump-7 has objects 3, 3303/0 and 3303/2 ----
 */

static void visit_endpoints(void *context, const struct completion_target *target,
                            const char *prefix,
                            void (*visit)(void *visitor, const char *name, const char *description),
                            void *visitor)
{
    static const char *const names[] = {"it's mine", "pump-7", "pump-\x1b[31m", "urn:imei:35",
                                        "two\nlines"};
    (void)context;
    (void)prefix;
    if (target->socket != NULL) { /* of a server that has none */
        return;
    }
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        visit(visitor, names[i], "registered\x1b[0m");
    }
}

static void visit_paths(void *context, const struct completion_target *target,
                        struct lwm2m_path below,
                        void (*visit)(void *visitor, struct lwm2m_path path), void *visitor)
{
    (void)context;
    (void)below;
    if (target->endpoint != NULL && strcmp(target->endpoint, "pump-7") == 0) {
        visit(visitor, lwm2m_path_instance(3303, 2));
        visit(visitor, lwm2m_path_instance(3, 0));
        visit(visitor, lwm2m_path_instance(3303, 0));
        visit(visitor, lwm2m_path_resource(3303, 0, 40000));
        visit(visitor, lwm2m_path_resource_instance(3, 0, 6, 1));
        visit(visitor, lwm2m_path_instance(3303, 0));
    }
}

static const struct completion_source source = {
    .endpoints = visit_endpoints,
    .paths = visit_paths,
};

static struct completion_files complete_words(char *const *words, int count, struct found *found)
{
    const struct completion_request request = {
        .commands = commands,
        .definitions = &lwm2m_registry,
        .source = &source,
        .words = words,
        .word_count = count - 1,
        .current = words[count - 1],
    };
    const struct completion_sink sink = {found, take};
    memset(found, 0, sizeof(*found));
    return completion_find(&request, &sink);
}

static struct completion_files complete_line(const char *line, struct found *found)
{
    struct words words;
    assert_true(completion_split(line, &words));
    struct completion_files files = complete_words(words.texts, words.count, found);
    words_release(&words);
    return files;
}

struct expectation {
    const char *line, *found;
};

static void check(const struct expectation *expectations, size_t count)
{
    static struct found found;
    for (size_t i = 0; i < count; i++) {
        (void)complete_line(expectations[i].line, &found);
        if (strcmp(found.texts, expectations[i].found) != 0) {
            print_message("%s\n", expectations[i].line);
        }
        assert_string_equal(found.texts, expectations[i].found);
    }
}

#define CHECK(table) check(table, sizeof(table) / sizeof((table)[0]))

/* ---- commands and options ---- */

static void commands_begin_a_line(void **state)
{
    static const struct expectation table[] = {
        {"re", "read\nregister\n"},
        {"ls", "ls\n"},
        {"l", "list\n"},
        {"-q wr", "write\n"},
        {"--timeout 5s wr", "write\n"},
        {"nonsense ", ""},
        {"nonsense --", ""},
        {"help wr", "write\n"},
        {"help write ", ""},
        {"--soc", "--socket\n"},
    };
    (void)state;
    CHECK(table);
}

static void options_are_those_of_the_command(void **state)
{
    static const struct expectation table[] = {
        {"read --ex", "--expect\n--expect-not\n--expect-re\n"},
        {"read --endp", "--endpoint\n"},
        {"version --endp", ""},
        {"read --no-ca", "--no-cached\n"},
        {"read --no-no", ""},
        {"read --serve", "--serve=~\n"},
        {"read --serv", "--serve\n"},
        {"read -- --ex", ""},
        {"read -f", "-f\n"},
        {"read -v", ""},
        {"server x --po", ""},
    };
    (void)state;
    CHECK(table);
}

static void values_of_options_are_what_they_may_be(void **state)
{
    static const struct expectation table[] = {
        {"read --as ", "table\nplain\njson\ncsv\nsenml\n"},
        {"read --as=pl", "--as=plain\n"},
        {"read -f senml-e", "senml-etch-json\nsenml-etch-cbor\n"},
        {"read -fsenml-c", "-fsenml-cbor\n"},
        {"read --form senml-c", "senml-cbor\n"},
        {"events --type ", "registered\nupdated\nderegistered\nreplaced\nmoved\nawake\nasleep\n"
                           "desired\ndenied\nhandshake\nnotify\nsend\n"},
        {"events --type awake,as", "awake,asleep\n"},
        {"wait --for a", "awake\nasleep\n"},
        {"read --retry ", ""},
        {"decode --path /3/0/batt", "/3/0/battery_level\n/3/0/battery_status\n"},
        {"client --set /3/0/batt", "/3/0/battery_level=~\n/3/0/battery_status=~\n"},
    };
    (void)state;
    CHECK(table);
}

static void devices_complete(void **state)
{
    static const struct expectation table[] = {
        {"read -e ", "it's mine\npump-7\nurn:imei:35\n"},
        {"read -e urn:", "urn:imei:35\n"},
        {"read -eurn:", "-eurn:imei:35\n"},
        {"read --endpoint=p", "--endpoint=pump-7\n"},
        {"read -e 'it", "it's mine\n"},
        {"read -e it\\'s\\ m", "it's mine\n"},
        {"read --socket x -e ", ""},
    };
    (void)state;
    CHECK(table);
}

/* ---- arguments ---- */

static void paths_complete_by_number_and_by_name(void **state)
{
    static const struct expectation table[] = {
        {"read /3/0/ba", "/3/0/battery_level\n/3/0/battery_status\n"},
        {"read 3/0/ba", "3/0/battery_level\n3/0/battery_status\n"},
        {"read '/3/0/BATTERY L", "/3/0/BATTERY Level\n"},
        {"read /3/0/BatteryL", "/3/0/BatteryLevel\n"},
        {"read /3/0/battery_l", "/3/0/battery_level\n"},
        {"read /Device/0/manu", "/Device/0/manufacturer\n"},
        {"read /3/0/2", "/3/0/2\n/3/0/20\n/3/0/21\n/3/0/22\n"},
        {"read firmware_u", "firmware_update~\n"},
        {"read /3/0/x", ""},
        {"read /3/0/0/", "/3/0/0/0\n"},
        {"read /3/0/0/0/", ""},
        {"read //3", ""},
        {"read /03/0/ba", ""},
        {"read /65535/", ""},
        {"read /nothing/0/", ""},
        {"cancel /3/0/ba", "/3/0/battery_level\n/3/0/battery_status\n"},
        {"cancel /3/0/9 /3/0/ba", ""},
        {"objects show temperature_s", "temperature_sensor\n"},
        {"objects show 3303/", ""},
    };
    (void)state;
    CHECK(table);
}

static void paths_are_those_of_the_device(void **state)
{
    static const struct expectation table[] = {
        {"read -e pump-7 /", "/3~\n/3303~\n"},
        {"read -e pump-7 /3", "/3303~\n/3~\n"},
        {"read -e pump-7 /33", "/3303~\n"},
        {"read -e pump-7 /3303", "/3303/0~\n/3303/2~\n"},
        {"read -e pump-7 /3303/", "/3303/0~\n/3303/2~\n"},
        {"read -e pump-7 temp", "temperature~\n"},
        {"read -e pump-7 temperature", "temperature/0~\ntemperature/2~\n"},
        {"read -e pump-7 /3303/0/4", "/3303/0/40000\n"},
        {"read -e nobody /3303/", "/3303/0~\n"},
        {"encode /330", "/3300~\n/3301~\n/3302~\n/3303~\n/3304~\n/3305~\n/3306~\n/3308~\n"},
    };
    (void)state;
    CHECK(table);
}

static void resources_are_those_that_a_command_can_use(void **state)
{
    static const struct expectation table[] = {
        {"exec /3/0/", "/3/0/4\n/3/0/5\n/3/0/12\n"},
        {"read /3/0/reb", ""},
        {"write /3/0/u", "/3/0/utc_offset=~\n"},
        {"write /3/0/manu", ""},
        {"write /2/0/2", "/2/0/2/0=~\n"},
        {"device send /3/0/batt", "/3/0/battery_level\n/3/0/battery_status\n"},
        {"device set /3/0/battery_l", "/3/0/battery_level=~\n"},
        {"device reboot /3/0/", ""},
        {"device s", "set\nsend\nstatus\n"},
        {"device reset ", ""},
        {"config ", "show\n"},
        {"config show ", ""},
        {"completion ", "bash\nzsh\nfish\ncandidates\n"},
        {"create /3303/1 570", "5700=~\n5701=~\n"},
        {"create /3303 sensor_v", "sensor_value=~\n"},
        {"create nonsense 570", ""},
        {"attr /3303/0/5700 pm", "pmin=~\npmax=~\n"},
        {"attr /3303/0/5700 edge=", "edge=0\nedge=1\n"},
    };
    (void)state;
    CHECK(table);
}

static void values_are_those_that_are_enumerated(void **state)
{
    static const struct expectation table[] = {
        {"write /1/0/6=", "/1/0/6=true\n/1/0/6=false\n"},
        {"write /1/0/6=t", "/1/0/6=true\n"},
        {"write /1/0/notification_storing_when_disabled_or_offline=f",
         "/1/0/notification_storing_when_disabled_or_offline=false\n"},
        {"write /1/0/1=", ""},
        {"write /3/0/14=", ""},
        {"write nonsense=", ""},
        {"write =", ""},
    };
    (void)state;
    CHECK(table);
}

static void values_come_from_ranges_that_list_them(void **state)
{
    static const struct {
        enum lwm2m_type type;
        const char *range, *found;
    } cases[] = {
        {LWM2M_TYPE_INTEGER, "0,1,2", "/9/0/0=0\n/9/0/0=1\n/9/0/0=2\n"},
        {LWM2M_TYPE_INTEGER, "5, 10", "/9/0/0=5\n/9/0/0=10\n"},
        {LWM2M_TYPE_INTEGER, "-1;0;", "/9/0/0=-1\n/9/0/0=0\n"},
        {LWM2M_TYPE_INTEGER, "0..3, 99", ""},
        {LWM2M_TYPE_INTEGER, "0-3", ""},
        {LWM2M_TYPE_INTEGER, "7", ""},
        {LWM2M_TYPE_FLOAT, "0.5;1", "/9/0/0=0.5\n/9/0/0=1\n"},
        {LWM2M_TYPE_FLOAT, "0; 3.8..20.5", ""},
        {LWM2M_TYPE_FLOAT, "ON;OFF", ""},
        {LWM2M_TYPE_STRING, "U;UQ", "/9/0/0=U\n/9/0/0=UQ\n"},
        {LWM2M_TYPE_STRING, "10,26", ""},
        {LWM2M_TYPE_STRING, "a word, and another", ""},
        {LWM2M_TYPE_STRING, ";;", ""},
        {LWM2M_TYPE_STRING, "", ""},
        {LWM2M_TYPE_OPAQUE, "16,32", ""},
    };
    static struct found found;
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct lwm2m_resource_definition resource = {
            .operations = LWM2M_READABLE | LWM2M_WRITABLE,
            .type = cases[i].type,
            .name = "Mode",
            .range = cases[i].range,
            .units = "",
        };
        const struct lwm2m_object_definition object = {
            .id = 9, .name = "Own", .urn = "", .resource_count = 1, .resources = &resource};
        const struct lwm2m_definitions own = {.objects = &object, .count = 1};
        char write[] = "write";
        char *words[] = {write};
        const struct completion_request request = {
            .commands = commands,
            .definitions = &own,
            .words = words,
            .word_count = 1,
            .current = "/9/0/0=",
        };
        const struct completion_sink sink = {&found, take};
        memset(&found, 0, sizeof(found));
        (void)completion_find(&request, &sink);
        assert_string_equal(found.texts, cases[i].found);
    }
}

static void files_go_from_where_their_names_begin(void **state)
{
    static const struct {
        const char *line;
        int kind;
        size_t offset;
    } cases[] = {
        {"run ", COMPLETION_FILES, 0},
        {"run a b", COMPLETION_NO_FILES, 0},
        {"read -o x", COMPLETION_FILES, 0},
        {"read -ox", COMPLETION_FILES, 2},
        {"read --output=x", COMPLETION_FILES, 9},
        {"client --objects ", COMPLETION_DIRECTORIES, 0},
        {"list --socket ", COMPLETION_FILES, 0},
        {"decode 40", COMPLETION_NO_FILES, 0},
        {"decode @", COMPLETION_FILES, 1},
        {"write /3/0/14=@x", COMPLETION_FILES, 9},
        {"objects lint a.xml b", COMPLETION_FILES, 0},
        {"objects list b", COMPLETION_NO_FILES, 0},
        {"server -- ./x", COMPLETION_FILES, 0},
    };
    static struct found found;
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct completion_files files = complete_line(cases[i].line, &found);
        assert_int_equal(files.kind, cases[i].kind);
        assert_int_equal(files.kind != COMPLETION_NO_FILES ? files.offset : 0, cases[i].offset);
    }
}

static void descriptions_say_what_numbers_are(void **state)
{
    static struct found found;
    (void)state;
    (void)complete_line("read /3/0/0", &found);
    assert_string_equal(found.descriptions, "Manufacturer\n");
    (void)complete_line("read /3/0/batteryl", &found);
    assert_string_equal(found.descriptions, "/3/0/9, Battery Level\n");
    (void)complete_line("read -e pump", &found);
    assert_string_equal(found.descriptions, "registered\\x1b[0m\n");
    (void)complete_line("objects li", &found);
    assert_string_equal(found.descriptions, "Print a line for each object\n"
                                            "Tell what is wrong in XML files of definitions\n");
}

/* ---- what nobody types ---- */

static void lines_split_at_the_cursor(void **state)
{
    static const struct {
        const char *line;
        int count; /* 0: nothing to complete */
        const char *last;
    } cases[] = {
        {"", 1, ""},
        {"read ", 2, ""},
        {"read a", 2, "a"},
        {"read 'a b", 2, "a b"},
        {"read \"a b", 2, "a b"},
        {"read \"it's", 2, "it's"},
        {"read a\\ b", 2, "a b"},
        {"read a\\", 2, "a"},
        {"read 'a' ", 3, ""},
        {"read ''", 2, ""},
        {"# read", 0, NULL},
        {"read # ", 0, NULL},
        {"read x #", 0, NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct words words;
        bool split = completion_split(cases[i].line, &words);
        assert_int_equal(split, cases[i].count > 0);
        if (split) {
            assert_int_equal(words.count, cases[i].count);
            assert_string_equal(words.texts[words.count - 1], cases[i].last);
            words_release(&words);
        }
    }
}

/* Completes a word in every place. */
static void complete_everywhere(const char *word)
{
    static const char *const leads[] = {
        "",          "read",         "read -e",       "write",        "decode",
        "create /3", "client --set", "events --type", "objects show", "run",
        "attr /3",   "device set",   "read -e pump-7"};
    static struct found found;
    char *text = strdup(word);
    assert_non_null(text);
    for (size_t i = 0; i < sizeof(leads) / sizeof(leads[0]); i++) {
        struct words words;
        char *texts[8];
        char line[64];
        snprintf(line, sizeof(line), "%s ", leads[i]);
        assert_true(completion_split(leads[i][0] == '\0' ? "" : line, &words));
        for (int at = 0; at < words.count - 1; at++) {
            texts[at] = words.texts[at];
        }
        texts[words.count - 1] = text;
        (void)complete_words(texts, words.count, &found);
        /* Whatever comes begins as the word does. */
        assert_true(found.count == 0 || strncmp(found.texts, word, strlen(word)) == 0);
        words_release(&words);
    }
    free(text);
}

static void hostile_words_do_no_harm(void **state)
{
    static const char *const words[] = {
        "\x1b[2J",
        "/\x01",
        "/3/0/\x7f",
        "\xff\xfe",
        "/3/0/\xc3",
        "=",
        "==",
        "/=",
        "/3/0/0=\x1b",
        "-",
        "--",
        "-\x01",
        "--=",
        "---",
        "-e\n",
        "--endpoint=\x1b",
        "@",
        "@\n",
        ",",
        ",,,",
        "%s%n",
        "$(x)",
        "/99999999999999999999",
        "/3/99999/",
        "/-1",
        "/3/0/9/9/9/9",
        "////",
        "/3/0/_",
        "_",
        " ",
        "\xe2\x80\xae",
        "*",
        "/3/0/9=@",
    };
    char *big = malloc(10001);
    (void)state;
    assert_non_null(big);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        complete_everywhere(words[i]);
    }
    static const char fillings[] = "x/-=@,_3 '\x01\xff";
    for (const char *filling = fillings; *filling != '\0'; filling++) {
        memset(big, *filling, 10000);
        big[10000] = '\0';
        complete_everywhere(big);
        big[0] = '/';
        complete_everywhere(big);
        big[0] = big[1] = '-';
        complete_everywhere(big);
    }
    free(big);
}

static void lines_beyond_the_bounds_are_left_alone(void **state)
{
    struct words words;
    char *line = malloc(WORDS_LINE_BYTES_MAX + 2);
    (void)state;
    assert_non_null(line);
    memset(line, 'x', WORDS_LINE_BYTES_MAX + 1);
    line[WORDS_LINE_BYTES_MAX + 1] = '\0';
    assert_false(completion_split(line, &words));
    free(line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands_begin_a_line),
        cmocka_unit_test(options_are_those_of_the_command),
        cmocka_unit_test(values_of_options_are_what_they_may_be),
        cmocka_unit_test(devices_complete),
        cmocka_unit_test(paths_complete_by_number_and_by_name),
        cmocka_unit_test(paths_are_those_of_the_device),
        cmocka_unit_test(resources_are_those_that_a_command_can_use),
        cmocka_unit_test(values_are_those_that_are_enumerated),
        cmocka_unit_test(values_come_from_ranges_that_list_them),
        cmocka_unit_test(files_go_from_where_their_names_begin),
        cmocka_unit_test(descriptions_say_what_numbers_are),
        cmocka_unit_test(lines_split_at_the_cursor),
        cmocka_unit_test(hostile_words_do_no_harm),
        cmocka_unit_test(lines_beyond_the_bounds_are_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
