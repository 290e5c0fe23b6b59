# What the program is made of, floor by floor.

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
	commands/tree.c \
	commands/version.c \
	commands/wait.c \
	commands/write.c

# main.c and commands.c join when session/embedded.c and the commands server, client, register and device are here.
