"""Runs a command on a terminal and prints what its screen shows in the end.

    terminal.py ROWSxCOLUMNS[,ROWSxCOLUMNS] COMMAND...

With a second size, the terminal gets it once the command has drawn something. The screen understands what lwm2m
writes: text, line ends, colours, "home" and "clear"; anything else ends with an error.

SPDX-License-Identifier: Apache-2.0
"""
import fcntl
import os
import pty
import re
import struct
import sys
import termios
import time


def set_size(terminal, size):
    rows, columns = (int(number) for number in size.split("x"))
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    return rows, columns


def shown(text, rows, columns):
    """The lines of a screen after text, the oldest scrolled out."""
    lines, row, column = [""], 0, 0
    for token in re.findall(r"\x1b\[[0-9;]*[A-Za-z]|[^\x1b]|\x1b", text):
        if token == "\x1b[2J":
            lines = [""] * len(lines)
        elif token == "\x1b[H":
            lines, row, column = lines[-rows:], 0, 0
        elif re.fullmatch(r"\x1b\[[0-9;]*m", token):
            continue
        elif token == "\r":
            column = 0
        elif token == "\n":
            row += 1
        elif token.isprintable():
            if column >= columns:
                row, column = row + 1, 0
            lines += [""] * (row + 1 - len(lines))
            lines[row] = lines[row].ljust(column)[:column] + token + lines[row][column + 1:]
            column += 1
        else:
            sys.exit(f"terminal.py: cannot show {token!r}")
        lines += [""] * (row + 1 - len(lines))
    return [line.rstrip() for line in lines[-rows:]]


def main():
    sizes, command = sys.argv[1].split(","), sys.argv[2:]
    process, terminal = pty.fork()
    if process == 0:
        time.sleep(0.1)  # until the size is set
        os.execvp(command[0], command)
    rows, columns = set_size(terminal, sizes.pop(0))
    text = ""
    while True:
        try:
            data = os.read(terminal, 65536)
        except OSError:
            data = b""
        if not data:
            break
        text += data.decode()
        if sizes:
            rows, columns = set_size(terminal, sizes.pop(0))
            text = ""  # what stands on a screen that changes its size is for the next picture to say
    print("\n".join(shown(text, rows, columns)).rstrip("\n"))
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]))


main()
