/*
 * The names that a running server knows, for completion: of devices, and of what they have. They are
 * asked for at most for a moment; nothing is sent to a device, nothing is started, and where there
 * is no server there are no names.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SESSION_LIVE_NAMES_H
#define SESSION_LIVE_NAMES_H

#include "command/completion.h"
#include "output/printer.h"

/*
 * Completes the last of the words; those before it are the line, without the program's name. The
 * definitions are those of the user, the device in use that of the environment. count is 1 at least.
 */
struct completion_files live_names_complete(const struct command *const *table,
                                            const struct printer *printer, char *const *words,
                                            int count, const struct completion_sink *sink);

#endif
