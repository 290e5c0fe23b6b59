/*
 * Fuzzes completion by lines that are being typed: every candidate begins as the word does, and can
 * be typed and shown as it stands.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "command/completion.h"
#include "output/printer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds) {
        abort();
    }
}

/* ---- a server of devices that have names of all kinds ---- */

static void visit_endpoints(void *context, const struct completion_target *target,
                            const char *prefix,
                            void (*visit)(void *visitor, const char *name, const char *description),
                            void *visitor)
{
    static const char *const names[] = {"pump-7", "it's mine", "pump-\x1b[31m", "", "a\nb", "\xff"};
    (void)context;
    check(target != NULL && prefix != NULL);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        visit(visitor, names[i], names[i]);
    }
}

static void visit_paths(void *context, const struct completion_target *target,
                        struct lwm2m_path below,
                        void (*visit)(void *visitor, struct lwm2m_path path), void *visitor)
{
    (void)context;
    (void)below;
    check(target != NULL);
    visit(visitor, lwm2m_path_root());
    visit(visitor, lwm2m_path_object(65534));
    visit(visitor, lwm2m_path_instance(3303, 2));
    visit(visitor, lwm2m_path_resource(3303, 2, 40000));
    visit(visitor, lwm2m_path_resource_instance(3, 0, 6, 65534));
}

/* ---- what is found ---- */

static void check_shown(const char *text)
{
    char *safe = text_escape(text);
    check(safe != NULL && strcmp(safe, text) == 0);
    free(safe);
}

static void take(void *context, const struct completion_candidate *candidate)
{
    const char *current = context;
    check(strncmp(candidate->text, current, strlen(current)) == 0);
    check_shown(candidate->text);
    check_shown(candidate->description);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct completion_source source = {
        .endpoints = visit_endpoints,
        .paths = visit_paths,
    };
    struct words words;
    char *line = malloc(size + 1);
    if (line == NULL) {
        return 0;
    }
    memcpy(line, data, size);
    line[size] = '\0';
    if (completion_split(line, &words)) {
        char *current = words.texts[words.count - 1];
        const struct completion_request request = {
            .commands = commands,
            .definitions = &lwm2m_registry,
            .source = &source,
            .words = words.texts,
            .word_count = words.count - 1,
            .current = current,
        };
        const struct completion_sink sink = {current, take};
        struct completion_files files = completion_find(&request, &sink);
        check(files.kind == COMPLETION_NO_FILES || files.offset <= strlen(current));
        words_release(&words);
    }
    free(line);
    return 0;
}
