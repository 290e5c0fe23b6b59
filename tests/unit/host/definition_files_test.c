/*
 * Definitions from XML: what is read, what is refused at which line, and the registry's own files
 * where they are at hand (LWM2M_REGISTRY_XML names their directory).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <lwm2m/definition_files.h>

#define OBJECT_HEAD                                                                                \
    "<LWM2M>\n<Object ObjectType=\"MODefinition\">\n<Name>Pump</Name>\n"                           \
    "<Description1>Moves <b>water</b></Description1>\n<ObjectID>30001</ObjectID>\n"                \
    "<ObjectURN>urn:oma:lwm2m:x:30001</ObjectURN>\n"                                               \
    "<MultipleInstances>Multiple</MultipleInstances>\n<Mandatory>Optional</Mandatory>\n"
#define ITEM(id, operations, type)                                                                 \
    "<Item ID=\"" id "\"><Name>Item " id "</Name><Operations>" operations                          \
    "</Operations><MultipleInstances>Single</MultipleInstances><Mandatory>Optional</Mandatory>"    \
    "<Type>" type "</Type><RangeEnumeration>0..10</RangeEnumeration><Units>l/s</Units></Item>\n"
#define OBJECT_TAIL "</Object>\n</LWM2M>\n"

static struct lwm2m_definition_set *new_set(const struct lwm2m_definitions *parent)
{
    struct lwm2m_definition_set *set;

    assert_int_equal(lwm2m_definition_set_new(parent, &set), LWM2M_OK);
    return set;
}

static void read_good(struct lwm2m_definition_set *set, const char *xml)
{
    struct lwm2m_definition_fault fault;
    enum lwm2m_error error = lwm2m_definition_set_read(set, lwm2m_bytes_from_text(xml), &fault);

    if (error != LWM2M_OK) {
        print_message("line %lu: %s\n", fault.line, fault.reason);
    }
    assert_int_equal(error, LWM2M_OK);
}

static void reads_an_object_with_its_resources(void **state)
{
    struct lwm2m_definition_set *set = new_set(NULL);
    struct lwm2m_object_definition object;
    struct lwm2m_resource_definition resource;

    (void)state;
    read_good(set, OBJECT_HEAD
              "<ObjectVersion>2.1</ObjectVersion><Resources>\n" ITEM("7", "RW", "unsigned integer")
                  ITEM("2", "E", "") ITEM("5", "R", "Float") "</Resources>\n" OBJECT_TAIL);
    assert_true(lwm2m_definitions_find_object(lwm2m_definition_set_definitions(set), 30001,
                                              LWM2M_NO_VERSION, &object));
    assert_string_equal(object.name, "Pump");
    assert_string_equal(object.urn, "urn:oma:lwm2m:x:30001");
    assert_true(object.multiple);
    assert_false(object.mandatory);
    assert_int_equal(object.version.major, 2);
    assert_int_equal(object.version.minor, 1);
    assert_int_equal(object.resource_count, 3);
    assert_true(lwm2m_object_definition_find(&object, 7, &resource));
    assert_string_equal(resource.name, "Item 7");
    assert_int_equal(resource.type, LWM2M_TYPE_UNSIGNED);
    assert_int_equal(resource.operations, LWM2M_READABLE | LWM2M_WRITABLE);
    assert_string_equal(resource.range, "0..10");
    assert_string_equal(resource.units, "l/s");
    assert_true(lwm2m_object_definition_find(&object, 2, &resource));
    assert_int_equal(resource.type, LWM2M_TYPE_NONE);
    assert_int_equal(resource.operations, LWM2M_EXECUTABLE);
    lwm2m_definition_set_free(set);
}

static void hides_what_it_stands_on_and_shows_the_rest(void **state)
{
    struct lwm2m_definition_set *set = new_set(&lwm2m_registry);
    const struct lwm2m_definitions *definitions = lwm2m_definition_set_definitions(set);
    struct lwm2m_object_definition object;

    (void)state;
    read_good(set, "<LWM2M><Object><Name>Mine</Name><ObjectID>3303</ObjectID>"
                   "<MultipleInstances>Single</MultipleInstances><Mandatory>Optional</Mandatory>"
                   "</Object></LWM2M>");
    assert_true(lwm2m_definitions_find_object(definitions, 3303, LWM2M_NO_VERSION, &object));
    assert_string_equal(object.name, "Mine");
    assert_int_equal(object.resource_count, 0);
    assert_true(lwm2m_definitions_find_object(definitions, 3, LWM2M_NO_VERSION, &object));
    assert_string_equal(object.name, "Device");
    lwm2m_definition_set_free(set);
}

static void replaces_a_version_that_is_read_again(void **state)
{
    struct lwm2m_definition_set *set = new_set(NULL);
    struct lwm2m_object_definition before, after;

    (void)state;
    read_good(set, OBJECT_HEAD OBJECT_TAIL);
    assert_true(lwm2m_definitions_find_object(lwm2m_definition_set_definitions(set), 30001,
                                              LWM2M_NO_VERSION, &before));
    read_good(set, OBJECT_HEAD "<Resources>" ITEM("1", "R", "Time") "</Resources>" OBJECT_TAIL);
    assert_int_equal(lwm2m_definition_set_definitions(set)->count, 1);
    assert_true(lwm2m_definitions_find_object(lwm2m_definition_set_definitions(set), 30001,
                                              LWM2M_NO_VERSION, &after));
    assert_int_equal(after.resource_count, 1);
    assert_string_equal(before.name, "Pump"); /* is still there for whoever holds it */
    lwm2m_definition_set_free(set);
}

static void finds_every_version_among_many_objects(void **state)
{
    struct lwm2m_definition_set *set = new_set(NULL);
    struct lwm2m_object_definition object;

    (void)state;
    for (unsigned i = 0; i < 500; i++) {
        char xml[512];

        snprintf(xml, sizeof(xml),
                 "<LWM2M><Object><Name>N%u</Name><ObjectID>%u</ObjectID><ObjectVersion>1.%u"
                 "</ObjectVersion><MultipleInstances>Single</MultipleInstances>"
                 "<Mandatory>Optional</Mandatory></Object></LWM2M>",
                 i, 1000 + i * 7919 % 250, i / 250);
        read_good(set, xml);
    }
    for (uint16_t id = 1000; id < 1250; id++) {
        for (uint8_t minor = 0; minor < 2; minor++) {
            assert_true(lwm2m_definitions_find_object(lwm2m_definition_set_definitions(set), id,
                                                      (struct lwm2m_version){1, minor}, &object));
            assert_int_equal(object.id, id);
            assert_int_equal(object.version.minor, minor);
        }
    }
    assert_false(lwm2m_definitions_find_object(lwm2m_definition_set_definitions(set), 1250,
                                               LWM2M_NO_VERSION, &object));
    lwm2m_definition_set_free(set);
}

static void refuses_with_line_and_reason(void **state)
{
    static const struct {
        const char *xml;
        unsigned long line;
        const char *reason;
    } cases[] = {
        {"", 1, "no element found"},
        {"<LWM2M>\n<Object>", 2, "no element found"},
        {"<LWM2M>\n</Object>", 2, "mismatched tag"},
        {"<DDF/>", 1, "<DDF> where <LWM2M> is expected"},
        {"<LWM2M/>", 1, "no <Object> in it"},
        {"<!DOCTYPE LWM2M [<!ENTITY a \"b\">]>\n<LWM2M/>", 1, "document type"},
        {"<LWM2M>\n<Object>\n<Name>A</Name>\n</Object></LWM2M>", 4, "<ObjectID> is missing"},
        {"<LWM2M>\n<Object>\n<Name> </Name>\n", 3, "<Name> is empty"},
        {"<LWM2M>\n<Object>\n<Name>A</Name>\n<Name>B</Name>", 4, "<Name> comes twice"},
        {"<LWM2M><Object>\n<ObjectID>65535</ObjectID>", 2, "'65535' is not a number from 0"},
        {"<LWM2M><Object>\n<ObjectID>-1</ObjectID>", 2, "'-1' is not a number"},
        {"<LWM2M><Object>\n<ObjectVersion>one</ObjectVersion>", 2, "'one' is not a version"},
        {"<LWM2M><Object>\n<Mandatory>Yes</Mandatory>", 2, "'Yes' is not Mandatory or Optional"},
        {"<LWM2M><Object>\n<Name>A<i>b</i></Name>", 2, "<i> inside <Name>"},
        {OBJECT_HEAD "<Resources>\n<Item><Name>A</Name></Item>", 10, "needs an ID"},
        {OBJECT_HEAD "<Resources>\n<Item ID=\"x\"/>", 10, "needs an ID"},
        {OBJECT_HEAD "<Resources>" ITEM("1", "R", "Text"), 9, "'Text' is not String, Integer"},
        {OBJECT_HEAD "<Resources>" ITEM("1", "X", "Time"), 9, "'X' is not R, W, RW, E"},
        {OBJECT_HEAD "<Resources>" ITEM("1", "R", ""), 9, "resource 1 has no <Type>"},
        {OBJECT_HEAD "<Resources>" ITEM("1", "R", "Time")
             ITEM("1", "R", "Time") "</Resources></Object>",
         11, "resource 1 comes twice in object 30001"},
    };
    struct lwm2m_definition_fault fault;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct lwm2m_definition_set *set = new_set(NULL);

        assert_int_equal(
            lwm2m_definition_set_read(set, lwm2m_bytes_from_text(cases[i].xml), &fault),
            LWM2M_MALFORMED);
        if (strstr(fault.reason, cases[i].reason) == NULL || fault.line != cases[i].line) {
            print_message("case %zu: line %lu: %s\n", i, fault.line, fault.reason);
        }
        assert_non_null(strstr(fault.reason, cases[i].reason));
        assert_int_equal(fault.line, cases[i].line);
        assert_int_equal(lwm2m_definition_set_definitions(set)->count, 0);
        lwm2m_definition_set_free(set);
    }
}

static void refuses_what_is_too_large(void **state)
{
    static const size_t length = ((size_t)4 << 20) + 1;
    struct lwm2m_definition_set *set = new_set(NULL);
    struct lwm2m_definition_fault fault;
    uint8_t *xml = malloc(length);
    char name[6000];

    (void)state;
    assert_non_null(xml);
    memset(xml, ' ', length);
    assert_int_equal(lwm2m_definition_set_read(set, (struct lwm2m_bytes){xml, length}, &fault),
                     LWM2M_TOO_LARGE);
    free(xml);
    memset(name, 'a', sizeof(name));
    memcpy(name, "<LWM2M><Object><Name>", 21);
    name[sizeof(name) - 1] = '\0';
    assert_int_equal(lwm2m_definition_set_read(set, lwm2m_bytes_from_text(name), &fault),
                     LWM2M_TOO_LARGE);
    lwm2m_definition_set_free(set);
}

/* ---- files ---- */

static void write_file(const char *directory, const char *name, const char *text)
{
    char path[256];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", directory, name);
    file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

struct refusals {
    size_t count;
    char last[512];
};

static void note_refusal(void *context, const char *path,
                         const struct lwm2m_definition_fault *fault)
{
    struct refusals *refusals = context;

    refusals->count++;
    snprintf(refusals->last, sizeof(refusals->last), "%s:%lu: %s", path, fault->line,
             fault->reason);
}

static void reads_a_directory_and_tells_what_it_refuses(void **state)
{
    const char *temporary = getenv("TMPDIR");
    char directory[128];
    struct lwm2m_definition_set *set = new_set(NULL);
    struct lwm2m_definition_fault fault;
    struct refusals refusals = {0};
    size_t count;
    char command[160];

    (void)state;
    snprintf(directory, sizeof(directory), "%.90s/lwm2m-definitions-XXXXXX",
             temporary != NULL ? temporary : "/tmp");
    assert_non_null(mkdtemp(directory));
    write_file(directory, "a.xml", OBJECT_HEAD OBJECT_TAIL);
    write_file(directory, "b.xml", "<LWM2M>\n<oops");
    write_file(directory, "c.txt", "not looked at");
    write_file(directory, ".hidden.xml", "not looked at");
    assert_int_equal(lwm2m_definition_set_read_directory(set, directory, note_refusal, &refusals,
                                                         &count, &fault),
                     LWM2M_OK);
    assert_int_equal(count, 1);
    assert_int_equal(refusals.count, 1);
    assert_non_null(strstr(refusals.last, "/b.xml:2: "));
    snprintf(command, sizeof(command), "rm -r %s", directory);
    assert_int_equal(system(command), 0);
    assert_int_equal(lwm2m_definition_set_read_directory(set, directory, note_refusal, &refusals,
                                                         &count, &fault),
                     LWM2M_IO);
    assert_string_equal(fault.reason, "No such file or directory");
    assert_int_equal(lwm2m_definition_set_read_file(set, "/nowhere/a.xml", &fault), LWM2M_IO);
    assert_int_equal(lwm2m_definition_set_read_file(set, "/tmp", &fault), LWM2M_IO);
    lwm2m_definition_set_free(set);
}

/* What the files say and what is built in are one. */
static void compare_with_registry(const struct lwm2m_definitions *read)
{
    size_t compared = 0;

    for (size_t i = 0; i < read->count; i++) {
        const struct lwm2m_object_definition *object = &read->objects[i];
        struct lwm2m_object_definition known;
        struct lwm2m_resource_definition resource;

        if (!lwm2m_definitions_find_object(&lwm2m_registry, object->id, object->version, &known) ||
            lwm2m_version_compare(known.version, object->version) != 0) {
            continue;
        }
        for (size_t j = 0; j < object->resource_count; j++) {
            assert_true(lwm2m_object_definition_find(&known, object->resources[j].id, &resource));
            assert_int_equal(resource.operations, object->resources[j].operations);
            assert_int_equal(resource.type, object->resources[j].type);
            compared++;
        }
    }
    assert_true(compared > 3000);
}

static void reads_or_refuses_every_file_of_the_registry(void **state)
{
    const char *directory = getenv("LWM2M_REGISTRY_XML");
    struct lwm2m_definition_set *set;
    struct lwm2m_definition_fault fault;
    struct refusals refusals = {0};
    size_t count;

    (void)state;
    if (directory == NULL) {
        print_message("LWM2M_REGISTRY_XML is not set: the registry's own files are not read\n");
        skip();
    }
    set = new_set(NULL);
    assert_int_equal(lwm2m_definition_set_read_directory(set, directory, note_refusal, &refusals,
                                                         &count, &fault),
                     LWM2M_OK);
    print_message("%zu files read, %zu refused, the last: %s\n", count, refusals.count,
                  refusals.last);
    assert_true(count > 300);
    assert_in_range(refusals.count, 0, 5);
    compare_with_registry(lwm2m_definition_set_definitions(set));
    lwm2m_definition_set_free(set);
}

struct findings {
    size_t errors, warnings;
    struct lwm2m_definition_finding last;
};

static void note_finding(void *context, const struct lwm2m_definition_finding *finding)
{
    struct findings *findings = context;

    findings->errors += finding->level == LWM2M_DEFINITION_ERROR;
    findings->warnings += finding->level == LWM2M_DEFINITION_WARNING;
    findings->last = *finding;
}

static enum lwm2m_error lint(const char *xml, struct findings *findings)
{
    *findings = (struct findings){0};
    return lwm2m_definition_lint(lwm2m_bytes_from_text(xml), &lwm2m_registry, note_finding,
                                 findings);
}

#define LINTED(head, items)                                                                        \
    "<LWM2M>\n<Object ObjectType=\"MODefinition\">\n<Name>N</Name><Description1/>\n" head          \
    "\n<MultipleInstances>Single</MultipleInstances>"                                              \
    "<Mandatory>Optional</Mandatory>\n<Resources>\n" items "</Resources>"                          \
    "<Description2/>" OBJECT_TAIL
#define GOOD_HEAD "<ObjectID>30001</ObjectID><ObjectURN>urn:oma:lwm2m:x:30001</ObjectURN>"
#define LINTED_ITEM(id, name, operations, instances, type, units)                                  \
    RANGED_ITEM(id, name, operations, instances, type, "", units)
#define RANGED_ITEM(id, name, operations, instances, type, range, units)                           \
    "<Item ID=\"" id "\"><Name>" name "</Name><Operations>" operations                             \
    "</Operations><MultipleInstances>" instances "</MultipleInstances>"                            \
    "<Mandatory>Optional</Mandatory><Type>" type "</Type><RangeEnumeration>" range                 \
    "</RangeEnumeration><Units>" units "</Units><Description/></Item>\n"
#define GOOD_ITEM LINTED_ITEM("1", "A", "R", "Single", "Float", "Cel")

/* Each breaks one rule, at one line. */
static void warns_of_what_breaks_a_rule_of_the_registry(void **state)
{
    static const struct {
        const char *xml;
        unsigned long line;
        const char *text;
    } cases[] = {
        {LINTED(GOOD_HEAD, ""), 2, "no resources"},
        {LINTED("<ObjectID>30001</ObjectID>", GOOD_ITEM), 2, "<ObjectURN> is missing"},
        {LINTED("<ObjectID>30001</ObjectID><ObjectURN>urn:oma:lwm2m:x:30002</ObjectURN>",
                GOOD_ITEM),
         4, "urn:oma:lwm2m:x:30001 is expected"},
        {LINTED(GOOD_HEAD "<ObjectVersion>1.1</ObjectVersion>", GOOD_ITEM), 4,
         "urn:oma:lwm2m:x:30001:1.1 is expected"},
        {LINTED(GOOD_HEAD "<LWM2MVersion>1.9</LWM2MVersion>", GOOD_ITEM), 4, "no version 1.9"},
        {LINTED("<ObjectID>1500</ObjectID><ObjectURN>u</ObjectURN>", GOOD_ITEM), 4,
         "from 1024 to 2047 are reserved"},
        {LINTED("<ObjectID>42800</ObjectID><ObjectURN>u</ObjectURN>", GOOD_ITEM), 4, "for tests"},
        {LINTED(GOOD_HEAD, LINTED_ITEM("1", "A", "R", "single", "Float", "")), 7, "written Single"},
        {LINTED(GOOD_HEAD, LINTED_ITEM("1", "A", "R", "Single", "Float", "ell")), 7, "no unit"},
        {LINTED(GOOD_HEAD, LINTED_ITEM("1", "A", "E", "Single", "Float", "")), 7, "no use"},
        {LINTED(GOOD_HEAD, LINTED_ITEM("1", "A", "E", "Multiple", "", "")), 7, "be multiple"},
        {LINTED(GOOD_HEAD, LINTED_ITEM("32769", "A", "R", "Single", "Float", "")), 7, "no range"},
        {LINTED(GOOD_HEAD, LINTED_ITEM("2050", "A", "R", "Single", "Float", "")), 7,
         "no known one"},
        {LINTED(GOOD_HEAD, LINTED_ITEM("5700", "A", "R", "Single", "Float", "")), 7,
         "'Sensor Value'"},
        {LINTED(GOOD_HEAD, LINTED_ITEM("5700", "Sensor Value", "R", "Single", "String", "")), 7,
         "is string, but the reusable resource of this id float"},
        {LINTED(GOOD_HEAD, LINTED_ITEM("5700", "Sensor Value", "E", "Single", "", "")), 7,
         "is executable, but"},
    };
    struct findings findings;

    (void)state;
    assert_int_equal(lint(LINTED(GOOD_HEAD, GOOD_ITEM), &findings), LWM2M_OK);
    assert_int_equal(findings.errors + findings.warnings, 0);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(lint(cases[i].xml, &findings), LWM2M_OK);
        if (findings.warnings != 1 || strstr(findings.last.text, cases[i].text) == NULL) {
            print_message("case %zu: %zu: %s\n", i, findings.warnings, findings.last.text);
        }
        assert_int_equal(findings.warnings, 1);
        assert_non_null(strstr(findings.last.text, cases[i].text));
        assert_int_equal(findings.last.line, cases[i].line);
    }
}

/* Where each begins. */
static void warns_of_what_the_schema_has_otherwise(void **state)
{
    static const struct {
        const char *xml;
        unsigned long line, column;
        const char *text;
    } cases[] = {
        {"<LWM2M><Object><Name>N</Name><Description1/>" GOOD_HEAD
         "<MultipleInstances>Single</MultipleInstances><Mandatory>Optional</Mandatory>"
         "<Resources>" GOOD_ITEM "</Resources><Description2/></Object></LWM2M>",
         1, 8, "ObjectType"},
        {LINTED("<ObjectVersion>1.0</ObjectVersion>" GOOD_HEAD, GOOD_ITEM), 4, 35,
         "<ObjectID> comes behind <ObjectVersion>"},
        {LINTED(GOOD_HEAD, GOOD_ITEM "</Resources><Resources>"), 8, 13, "<Resources> comes twice"},
        {LINTED(GOOD_HEAD "<Descripton2/>", GOOD_ITEM), 4, 71,
         "<Descripton2> is no element of an <Object>"},
        {LINTED(GOOD_HEAD, "<Item ID=\"1\"><Name>A</Name><Operations>R</Operations><Mandatory>"
                           "Optional</Mandatory><MultipleInstances>Single</MultipleInstances>"
                           "<Type>Float</Type><RangeEnumeration/><Units/><Description/></Item>"),
         7, 85, "<MultipleInstances> comes behind <Mandatory>, and before it"},
        {LINTED(GOOD_HEAD, "<Item ID=\"1\"><Name>A</Name><Operations>R</Operations>"
                           "<MultipleInstances>Single</MultipleInstances><Mandatory>Optional"
                           "</Mandatory><Type>Float</Type><Units/><Description/></Item>"),
         7, 1, "<RangeEnumeration> is missing in this <Item>"},
        {LINTED(GOOD_HEAD, GOOD_ITEM
                "</Resources><Description2/></Object>"
                "<Object ObjectType=\"MODefinition\"><Name>N</Name><Description1/>" GOOD_HEAD
                "<MultipleInstances>Single</MultipleInstances>"
                "<Mandatory>Optional</Mandatory><Resources>" GOOD_ITEM),
         8, 37, "object 30001 1.0 comes twice in this file"},
        {LINTED(GOOD_HEAD, RANGED_ITEM("1", "A", "R", "Single", "Boolean", "0..1", "")), 7, 150,
         "'0..1' means nothing for this <Type>"},
    };
    struct findings findings;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(lint(cases[i].xml, &findings), LWM2M_OK);
        if (findings.warnings != 1 || strstr(findings.last.text, cases[i].text) == NULL ||
            findings.last.column != cases[i].column) {
            print_message("case %zu: %zu: %lu:%lu: %s\n", i, findings.warnings, findings.last.line,
                          findings.last.column, findings.last.text);
        }
        assert_int_equal(findings.warnings, 1);
        assert_non_null(strstr(findings.last.text, cases[i].text));
        assert_int_equal(findings.last.line, cases[i].line);
        assert_int_equal(findings.last.column, cases[i].column);
    }
}

static void ranges_go_with_their_types(void **state)
{
    static const struct {
        const char *type, *range;
        const char *fault; /* NULL: there is none */
    } cases[] = {
        {"Integer", "", NULL},
        {"Integer", "0..100", NULL},
        {"Integer", "-30..46", NULL},
        {"Integer", " 0 , 1,2 ", NULL},
        {"Integer", "0..247, 255", NULL},
        {"Integer", "255", NULL},
        {"Integer", "0..9223372036854775807", NULL},
        {"Unsigned Integer", "18446744073709551614..18446744073709551615", NULL},
        {"Unsigned Integer", "18446744073709551615..18446744073709551614", "above its end"},
        {"Unsigned Integer", "-1..5", "below 0"},
        {"Integer", "-30..-120", "above its end"},
        {"Integer", "1..0", "above its end"},
        {"Integer", "1..-1", "above its end"},
        {"Integer", "0-100", "not MIN..MAX"},
        {"Integer", "1...15", "not MIN..MAX"},
        {"Integer", "..5", "not MIN..MAX"},
        {"Integer", "5..", "not MIN..MAX"},
        {"Integer", "0.5..1", "not MIN..MAX"},
        {"Integer", "2 Instances", "not MIN..MAX"},
        {"Integer", "1,,2", "not MIN..MAX"},
        {"Integer", "-", "not MIN..MAX"},
        {"Float", "0.000001..1.0", NULL},
        {"Float", "-1..1", NULL},
        {"Float", "0; 3.8..20.5", NULL},
        {"Float", "1..0.5", "above its end"},
        {"Float", "ON;OFF", "not MIN..MAX"},
        {"Time", "0..1", NULL},
        {"String", "0..255 bytes", NULL},
        {"Opaque", "16,32,48", NULL},
        {"Objlnk", "1", "means nothing"},
        {"Corelnk", "1", "means nothing"},
    };
    struct findings findings;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char xml[2048];
        snprintf(xml, sizeof(xml),
                 LINTED(GOOD_HEAD, RANGED_ITEM("1", "A", "R", "Single", "%s", "%s", "")),
                 cases[i].type, cases[i].range);
        assert_int_equal(lint(xml, &findings), LWM2M_OK);
        if (findings.warnings != (cases[i].fault != NULL)) {
            print_message("%s, %s: %s\n", cases[i].type, cases[i].range, findings.last.text);
        }
        assert_int_equal(findings.warnings, cases[i].fault != NULL);
        assert_true(cases[i].fault == NULL || strstr(findings.last.text, cases[i].fault) != NULL);
    }
}

static void tells_every_error_of_a_text(void **state)
{
    struct findings findings;

    (void)state;
    assert_int_equal(
        lint("<LWM2M><Object><Name>A</Name><Name>B</Name><ObjectID>x</ObjectID>"
             "<MultipleInstances>Single</MultipleInstances><Resources><Item ID=\"70000\">"
             "<Name><b/></Name></Item></Resources></Object></LWM2M>",
             &findings),
        LWM2M_MALFORMED);
    /* Name twice, the ObjectID, the ID, <b>, the empty Name, four that are missing, Mandatory. */
    assert_int_equal(findings.errors, 10);
    assert_int_equal(lint("<LWM2M><Object>", &findings), LWM2M_MALFORMED);
    assert_int_equal(findings.errors, 1);
    assert_int_equal(lint("<LWM2M></LWM2M>", &findings), LWM2M_MALFORMED);
    assert_string_equal(findings.last.text, "no <Object> in it");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_an_object_with_its_resources),
        cmocka_unit_test(hides_what_it_stands_on_and_shows_the_rest),
        cmocka_unit_test(replaces_a_version_that_is_read_again),
        cmocka_unit_test(finds_every_version_among_many_objects),
        cmocka_unit_test(refuses_with_line_and_reason),
        cmocka_unit_test(refuses_what_is_too_large),
        cmocka_unit_test(reads_a_directory_and_tells_what_it_refuses),
        cmocka_unit_test(warns_of_what_breaks_a_rule_of_the_registry),
        cmocka_unit_test(warns_of_what_the_schema_has_otherwise),
        cmocka_unit_test(ranges_go_with_their_types),
        cmocka_unit_test(tells_every_error_of_a_text),
        cmocka_unit_test(reads_or_refuses_every_file_of_the_registry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
