/*
 * Turns PATH=VALUE words into the values of a request; @file and @- bring the bytes of a file.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <lwm2m/bytes.h>

#include "commands/request.h"
#include "control/value_json.h"

/* What fits into one line of the control protocol, as base64. */
#define FILE_BYTES_MAX (700 * 1024)

/* Reads a whole file ("-": standard input) as base64; NULL after a message. */
static char *read_file(const struct printer *printer, const char *name, int *exit)
{
    bool standard = strcmp(name, "-") == 0;
    FILE *file = standard ? stdin : fopen(name, "rb");
    *exit = EXIT_CODE_IO;
    if (file == NULL) {
        print_errorf(printer, "cannot read %s: %s", name, strerror(errno));
        return NULL;
    }
    uint8_t *bytes = malloc(FILE_BYTES_MAX + 1);
    size_t length = bytes != NULL ? fread(bytes, 1, FILE_BYTES_MAX + 1, file) : 0;
    bool failed = bytes == NULL || ferror(file);
    char *text = NULL;
    if (failed) {
        print_errorf(printer, "cannot read %s: %s", name, strerror(errno));
    } else if (length > FILE_BYTES_MAX) {
        print_errorf(printer, "%s is larger than %d KiB, the most that one value may have", name,
                     FILE_BYTES_MAX / 1024);
        *exit = EXIT_CODE_USAGE;
    } else {
        text = base64_text_new((struct lwm2m_bytes){bytes, length});
    }
    free(bytes);
    if (!standard) {
        fclose(file);
    }
    return text;
}

static bool add_value(cJSON *values, const struct printer *printer, const char *word,
                      const char *type, int *exit)
{
    const char *equals = strchr(word, '=');
    *exit = EXIT_CODE_USAGE;
    if (equals == NULL || equals == word) {
        print_errorf(printer, "'%s' is not PATH=VALUE", word);
        return false;
    }
    cJSON *value = cJSON_CreateObject();
    char *path = strndup(word, (size_t)(equals - word));
    cJSON_AddItemToArray(values, value);
    request_add_text(value, "path", path);
    free(path);
    request_add_text(value, "type", type);
    if (equals[1] != '@') {
        request_add_text(value, "value", equals + 1);
        return true;
    }
    char *bytes = read_file(printer, equals + 2, exit);
    request_add_text(value, "b64", bytes);
    bool good = bytes != NULL;
    free(bytes);
    return good;
}

bool request_add_values(cJSON *request, const struct printer *printer, char *const *words,
                        int count, const char *type, int *exit)
{
    cJSON *values = cJSON_AddArrayToObject(request, "values");
    for (int i = 0; i < count; i++) {
        if (!add_value(values, printer, words[i], type, exit)) {
            return false;
        }
    }
    return true;
}
