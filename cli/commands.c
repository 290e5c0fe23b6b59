/*
 * The table of commands; nothing else registers one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "command/command.h"

const struct command *const commands[] = {
    &command_attr,
    &command_cancel,
    &command_client,
    &command_completion,
    &command_config,
    &command_create,
    &command_decode,
    &command_delete,
    &command_device,
    &command_discover,
    &command_encode,
    &command_events,
    &command_exec,
    &command_help,
    &command_info,
    &command_keys,
    &command_list,
    &command_monitor,
    &command_objects,
    &command_observe,
    &command_read,
    &command_register,
    &command_run,
    &command_server,
    &command_shell,
    &command_tree,
    &command_version,
    &command_wait,
    &command_write,
    NULL,
};
