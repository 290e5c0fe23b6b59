# What the program is made of, floor by floor.
#
# SPDX-License-Identifier: Apache-2.0

CLI := \
	argv/nearest.c \
	argv/options.c \
	argv/quantity.c \
	output/exit_code.c \
	output/printer.c \
	output/table.c \
	output/text.c \
	session/session.c \
	session/socket_path.c \
	session/interrupt.c \
	session/remote.c \
	session/time_text.c \
	session/value_json.c \
	session/value_text.c \
	session/values.c \
	session/condition.c \
	session/link_text.c \
	session/message_text.c \
	session/trace.c \
	session/line_buffer.c \
	session/control_line.c \
	session/event_log.c \
	session/service.c \
	session/service_parameters.c \
	session/service_selection.c \
	session/service_job.c \
	session/service_failure.c \
	session/service_result.c \
	session/service_registration.c \
	session/service_read.c \
	session/service_write.c \
	session/service_exec.c \
	session/service_delete.c \
	session/service_discover.c \
	session/service_tree.c \
	session/service_observe.c \
	session/service_cancel.c \
	session/service_events.c \
	session/service_wait.c \
	session/running_server.c \
	session/embedded.c \
	daemon/control_connection.c \
	daemon/control_socket.c \
	daemon/readiness.c \
	daemon/wrapped_command.c \
	commands/run.c \
	commands/request.c \
	commands/request_values.c \
	commands/result.c \
	commands/values.c \
	commands/expectation.c \
	commands/cancel.c \
	commands/create.c \
	commands/delete.c \
	commands/discover.c \
	commands/events.c \
	commands/exec.c \
	commands/help.c \
	commands/info.c \
	commands/list.c \
	commands/observe.c \
	commands/read.c \
	commands/server.c \
	commands/tree.c \
	commands/version.c \
	commands/wait.c \
	commands/write.c

# main.c and commands.c join when session/embedded.c and the commands server, client, register and device are here.
