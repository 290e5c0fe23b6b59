"""Talks to a control socket as the caller says, one step per argument, and prints what comes back.

    control_client.py SOCKET STEP...

  {...}        sends it as a line
  raw:TEXT     sends TEXT as it is
  long:N       sends a line of N bytes
  wait:N       prints the next N lines; the greeting is the first line
  wait:closed  prints lines until the daemon closes the connection
  sleep:S      reads nothing for S seconds
  flood:N:LINE sends LINE N times and reads nothing meanwhile, with ID in it replaced by 1, 2, ...

SPDX-License-Identifier: Apache-2.0
"""
import socket
import sys
import time

control = socket.socket(socket.AF_UNIX)
control.settimeout(10)
control.connect(sys.argv[1])
lines = control.makefile("rb")


def print_lines(count):
    while count != 0:
        try:
            line = lines.readline()
        except ConnectionResetError:
            line = b""
        if not line:
            print("closed")
            return
        print(line.decode().rstrip("\n"))
        count -= 1


for step in sys.argv[2:]:
    verb, _, rest = step.partition(":")
    try:
        if step.startswith("{"):
            control.sendall(step.encode() + b"\n")
        elif verb == "raw":
            control.sendall(rest.encode("latin-1").decode("unicode_escape").encode("latin-1"))
        elif verb == "long":
            control.sendall(b"x" * int(rest) + b"\n")
        elif verb == "wait":
            print_lines(-1 if rest == "closed" else int(rest))
        elif verb == "sleep":
            time.sleep(float(rest))
        elif verb == "flood":
            count, _, line = rest.partition(":")
            for i in range(int(count)):
                control.sendall(line.replace("ID", str(i + 1)).encode() + b"\n")
    except (BrokenPipeError, ConnectionResetError):
        pass  # the daemon has closed; what it said before can still be read
    except TimeoutError:
        print("no answer")
        sys.exit(1)
