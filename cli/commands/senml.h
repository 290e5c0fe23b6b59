/*
 * Results as packs of SenML JSON (RFC 8428).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef COMMANDS_SENML_H
#define COMMANDS_SENML_H

#include <cjson/cJSON.h>

#include "output/printer.h"

/*
 * A pack under way; zeroed, it is empty. Names are those of the endpoint (as the base name) and the
 * path, "pump-7" "/3/0/9"; times are those of the results.
 */
struct senml_pack {
    cJSON *records;
    char *endpoint; /* the base name of the last record */
};

/* Adds a value of read or of a notification; nothing for one that has none. False after a message: there is no memory. */
bool senml_pack_add(struct senml_pack *pack, const struct printer *printer, const cJSON *result);

/* Prints the pack on a line, unless it is empty, and empties it; false when stdout takes no more. */
bool senml_pack_print(struct senml_pack *pack, const struct printer *printer);

void senml_pack_release(struct senml_pack *pack);

#endif
