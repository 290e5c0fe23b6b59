/*
 * Files that hold keys.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONTROL_SECRET_FILE_H
#define CONTROL_SECRET_FILE_H

#include <stdbool.h>

#include <lwm2m/bytes.h>

#include "control/outcome.h"

/*
 * Reads a file of at most 16 MiB that its owner alone may read; any_mode: that others may read, too. False with *failure
 * filled: exit 10 if it cannot be read, 7 if others may read it. What was read is given back to secret_file_release.
 */
bool secret_file_read(const char *path, bool any_mode, struct lwm2m_bytes *text,
                      struct control_outcome *failure);
/* Whether a file that was read so has a mode that keeps others out; as above. */
bool secret_file_check(const char *path, bool any_mode, struct control_outcome *failure);
/* Overwrites and frees it; zeroed is allowed. */
void secret_file_release(struct lwm2m_bytes *text);

#endif
