/*
 * What discover and attr share: the links of a device with their attributes, as a table.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef COMMANDS_LINK_TABLE_H
#define COMMANDS_LINK_TABLE_H

#include "commands/request.h"

/* Runs a request whose results have "path", "name" and "attributes", and prints them. Takes the
 * request; returns the exit code. */
int link_table_run(const struct invocation *invocation, cJSON *request);

#endif
