"""Types on a terminal what a user of `lwm2m shell` would, and says where the shell does otherwise.

    shell_session.py SCENARIO

The program is $LWM2M; a server answers at $LWM2M_SOCKET, its address is $URI.

SPDX-License-Identifier: Apache-2.0
"""

import os
import signal
import subprocess
import sys
import threading
import time

import pexpect

LWM2M = os.environ["LWM2M"]


class Shell:
    """A shell on a terminal of 80 columns."""

    def __init__(self, *arguments, **environment):
        variables = {**os.environ, "TERM": "xterm", **environment}
        self.child = pexpect.spawn(LWM2M, ["shell", *arguments], env=variables, encoding="utf-8",
                                   dimensions=(24, 80), timeout=15)
        self.child.delaybeforesend = None

    def type(self, text):
        self.child.send(text)

    def sees(self, text):
        """Waits for a text; returns what came before it."""
        self.child.expect_exact(text)
        return self.child.before

    def prompt(self, inside=""):
        return self.sees(f"lwm2m{inside}> ")

    def runs(self, line, text, inside=""):
        self.type(line + "\r")
        before = self.sees(text)
        self.prompt(inside)
        return before

    def ends(self, code=0):
        self.child.expect(pexpect.EOF)
        self.child.close()
        assert self.child.exitstatus == code, f"ended with {self.child.exitstatus}, not {code}"

    def quit_line(self):
        """Gives up the line that is typed, and ends."""
        self.type("\x03")
        self.prompt()
        self.quit()

    def quit(self, code=0):
        self.type("\x04")
        self.ends(code)


def device(name, *arguments):
    """Starts a simulated device."""
    return subprocess.Popen([LWM2M, "client", "-u", os.environ["URI"], "-e", name, "--socket",
                             os.path.join(os.environ["TMPDIR"], name + ".sock"), *arguments],
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def lwm2m(*arguments):
    return subprocess.run([LWM2M, *arguments], check=True, capture_output=True, text=True).stdout


def set_value(name, value):
    lwm2m("device", "-e", name, "--socket", os.path.join(os.environ["TMPDIR"], name + ".sock"), "set",
          value)


def until(condition):
    for _ in range(200):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come to pass")


def prompt_follows_the_device():
    shell = Shell()
    shell.prompt()
    shell.runs("use dut-9", "", "[dut-9 ○]")
    running = device("dut-9")
    shell.prompt("[dut-9 ●]")
    running.terminate()
    running.wait()
    shell.prompt("[dut-9 ○]")
    shell.runs("use -", "")
    shell.quit()


def prompt_shows_that_it_sleeps():
    shell = Shell("-e", "sleeper")
    shell.prompt("[sleeper ◐]")
    shell.quit()


def prompt_without_utf8():
    shell = Shell("-e", "dut-1", LC_ALL="C")
    shell.prompt("[dut-1 *]")
    shell.quit()


def prompt_in_colour():
    shell = Shell("-e", "dut-1", LWM2M_COLOR="always")
    shell.prompt("[dut-1 \x1b[32m●\x1b[0m]")
    shell.quit()


def commands_run():
    shell = Shell("-e", "dut-1")
    inside = "[dut-1 ●]"
    shell.prompt(inside)
    shell.runs("read /3/0/0", '"Acme"', inside)
    shell.runs("lwm2m read /3/0/0", '"Acme"', inside)
    shell.runs("set json on", "", inside)
    shell.runs("read /3/0/0", '"value":"Acme"', inside)
    shell.runs("set json off", "", inside)
    shell.runs("# read /3/0/0", "", inside)
    shell.runs("reed /3/0/0", "did you mean 'read'?", inside)
    shell.runs("set timeout soon", "'soon' is not a duration", inside)
    shell.runs("set timeout 7s", "", inside)
    shell.runs("set timeout", "7s", inside)
    shell.runs("shell", "this is one already", inside)
    shell.runs("server", "take no line while it runs", inside)
    shell.runs("read '/3", "is not closed", inside)
    shell.quit(2)


def tab_completes():
    shell = Shell()
    shell.prompt()
    shell.type("versi\t")
    shell.sees("version ")
    shell.type("\r")
    shell.sees("liblwm2m")
    shell.prompt()
    shell.type("list --stal\t")
    shell.sees("list --stale ")
    shell.type("1h\r")
    shell.sees("endpoint")
    shell.prompt()
    shell.type("unw\t")
    shell.sees("unwatch ")
    shell.type("\r")
    shell.prompt()
    shell.type("read -e du\t/3/0/manu\t")
    shell.sees("read -e dut-1 /3/0/manufacturer ")
    shell.type("\r")
    shell.sees("Acme")
    shell.prompt()
    shell.type("use du\t\r")
    shell.prompt("[dut-1 ●]")
    # What the command can use: nothing else begins so.
    shell.type("write /1/0/6=t\t")
    shell.sees("write /1/0/6=true ")
    shell.type("\x15read /3/0/ba\t\t\t")
    shell.sees("battery_level")
    shell.sees("battery_status")
    shell.prompt("[dut-1 ●]")  # of the line that is shown again below the list
    shell.type("\x15\r")
    shell.prompt("[dut-1 ●]")
    shell.quit()


def line_is_not_torn():
    shell = Shell("-e", "dut-1")
    inside = "[dut-1 ●]"
    shell.prompt(inside)
    shell.runs("watch /3303/0/5701", "", inside)
    shell.type("read /3/0")
    shell.sees("read /3/0")
    set_value("dut-1", "/3303/0/5701=Kelvin")
    shell.sees('"Kelvin"\r\n')
    shell.prompt(inside)
    shell.sees("read /3/0")
    shell.type("/0\r")
    shell.sees('"Acme"')
    shell.prompt(inside)
    shell.runs("watch", "dut-1  /3303/0/5701", inside)
    shell.runs("unwatch", "", inside)
    shell.runs("watch", "nothing is watched", inside)
    shell.quit()


def long_line_is_not_torn():
    shell = Shell("-e", "dut-1")
    inside = "[dut-1 ●]"
    shell.prompt(inside)
    shell.runs("watch /3303/0/5701", "", inside)
    shell.type("read " + "/3/0/0 " * 20)
    shell.sees("/3/0/0 " * 2)
    set_value("dut-1", "/3303/0/5701=Newton")
    shell.sees('"Newton"\r\n')
    shell.prompt(inside)
    assert "<" not in shell.sees("/3/0/0 /3/0/0")
    shell.type("\x03")
    shell.prompt(inside)
    shell.quit()


def events_come_above():
    shell = Shell()
    shell.prompt()
    shell.type("vers")
    shell.sees("vers")
    running = device("dut-7")
    shell.sees("dut-7  registered")
    shell.prompt()
    shell.sees("vers")
    shell.type("ion\r")
    shell.sees("liblwm2m")
    shell.prompt()
    shell.runs("events off", "")
    running.terminate()
    running.wait()
    shell.type("version\r")
    assert "dut-7" not in shell.sees("liblwm2m")
    shell.prompt()
    shell.quit()


def bad_watch_is_told():
    shell = Shell("-e", "dut-1")
    shell.prompt("[dut-1 ●]")
    shell.type("watch /77/0/1\r")
    shell.sees("4.04")
    shell.prompt("[dut-1 ●]")
    shell.type("version\r")
    shell.sees("liblwm2m")
    shell.quit()


def interrupt_cancels_the_operation():
    shell = Shell()
    shell.prompt()
    shell.type("wait -e nobody -t 60s\r")
    shell.sees("60s\r\n")
    time.sleep(0.5)
    shell.type("\x03")
    shell.sees("interrupted")
    shell.prompt()
    shell.runs("version", "liblwm2m")
    shell.quit()


def interrupt_discards_the_line():
    shell = Shell()
    shell.prompt()
    shell.type("version")
    shell.sees("version")
    shell.type("\x03")
    shell.sees("^C")
    assert "liblwm2m" not in shell.prompt()
    shell.type("\r")
    assert "liblwm2m" not in shell.prompt()
    shell.quit()


def resize():
    shell = Shell()
    shell.prompt()
    shell.type("version")
    shell.sees("version")
    for columns in (20, 200, 1, 80):
        shell.child.setwinsize(24, columns)
        time.sleep(0.1)
    shell.type("\r")
    shell.sees("liblwm2m")
    shell.prompt()
    shell.quit()


def dumb_terminal():
    shell = Shell("-e", "dut-1", TERM="dumb")
    shell.prompt("[dut-1 ●]")
    shell.type("watch /3303/0/5701\r")
    shell.prompt("[dut-1 ●]")
    shell.type("read /3/0")
    shell.sees("read /3/0")
    set_value("dut-1", "/3303/0/5701=Rankine")
    shell.sees('"Rankine"')
    shell.sees("read /3/0")
    shell.type("/0\r")
    before = shell.sees('"Acme"')
    assert "\x1b" not in before, repr(before)
    shell.quit()


def server_goes_and_comes_back():
    path = os.path.join(os.environ["TMPDIR"], "other.sock")

    def start():
        server = subprocess.Popen([LWM2M, "server", "-l", "127.0.0.1", "-p", "0", "--socket", path],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until(lambda: subprocess.run([LWM2M, "list", "--socket", path], capture_output=True,
                                     check=False).returncode == 0)
        return server

    server = start()
    shell = Shell("--socket", path)
    shell.prompt()
    shell.type("lis")
    shell.sees("lis")
    server.kill()
    server.wait()
    shell.sees("closed the connection")
    shell.prompt("[✗]")
    shell.sees("lis")
    shell.type("t\r")
    shell.sees("no server answers on")
    shell.prompt("[✗]")
    server = start()
    shell.sees("the server is back")
    shell.prompt()
    shell.runs("list", "0 endpoints")
    server.kill()
    server.wait()
    shell.prompt("[✗]")
    shell.type("list\r")
    shell.sees("no server answers on")
    shell.prompt("[✗]")
    shell.quit(9)


def paste_of_a_megabyte():
    shell = Shell()
    shell.prompt()
    megabyte = "version " * (1024 * 128)
    shell.type("\x1b[200~" + megabyte + "\x1b[201~")
    shell.sees("a paste of more than 64 KiB is not taken")
    shell.prompt()
    # Beside it what the shell draws is read, as a terminal does.
    typing = threading.Thread(target=shell.type, args=(megabyte,))
    typing.start()
    shell.sees("a line of more than 64 KiB is not taken")
    typing.join()
    shell.type("\r")
    shell.type("version\r")
    shell.sees("liblwm2m")
    shell.prompt()
    shell.quit()


def paste_of_lines():
    shell = Shell()
    shell.prompt()
    shell.type("\x1b[200~use dut-1\rread /3/0/0\x1b[201~")
    shell.sees("read /3/0/0")
    shell.type("\r")
    shell.sees('"Acme"')
    shell.prompt("[dut-1 ●]")
    shell.quit()


def history_lines():
    path = os.path.join(os.environ["XDG_STATE_HOME"], "lwm2m", "history")
    with open(path, encoding="utf-8") as file:
        return file.read().splitlines()


def history_is_private():
    shell = Shell()
    shell.prompt()
    shell.runs("version", "liblwm2m")
    for line in (" help version", "client --psk 00ff", "client --psk-file x", "set history off", "list"):
        shell.runs(line, "")
    shell.quit(0)
    directory = os.path.join(os.environ["XDG_STATE_HOME"], "lwm2m")
    assert os.stat(directory).st_mode & 0o777 == 0o700
    assert os.stat(os.path.join(directory, "history")).st_mode & 0o777 == 0o600
    assert history_lines() == ["version", "set history off"], history_lines()
    shell = Shell()
    shell.prompt()
    shell.type("\x1b[A\x1b[A")
    shell.sees("version")
    shell.type("\r")
    shell.sees("liblwm2m")
    shell.prompt()
    shell.quit()


def history_of_others_is_left_alone():
    directory = os.path.join(os.environ["XDG_STATE_HOME"], "lwm2m")
    os.makedirs(directory, 0o700)
    path = os.path.join(directory, "history")
    with open(path, "w", encoding="utf-8") as file:
        file.write("version\n")
    os.chmod(path, 0o644)
    shell = Shell()
    shell.sees("no history is kept in")
    shell.prompt()
    shell.runs("list", "endpoints")
    shell.quit()
    assert history_lines() == ["version"]


def history_is_bounded():
    directory = os.path.join(os.environ["XDG_STATE_HOME"], "lwm2m")
    os.makedirs(directory, 0o700)
    path = os.path.join(directory, "history")
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(f"list -e {number}\n" for number in range(5000))
    os.chmod(path, 0o600)
    shell = Shell()
    shell.prompt()
    shell.quit()
    lines = history_lines()
    assert len(lines) == 1000 and lines[-1] == "list -e 4999", len(lines)


def children_of(pid):
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True,
                           check=False).stdout.split()
    return [int(child) for child in found]


def is_running(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def server_of_its_own():
    shell = Shell("--serve=127.0.0.1:0")
    shell.prompt()
    shell.runs("list", "0 endpoints")
    servers = children_of(shell.child.pid)
    assert len(servers) == 1, servers
    shell.type("wait -t 60s\r")
    shell.sees("60s\r\n")
    time.sleep(0.5)
    shell.type("\x03")
    shell.sees("interrupted")
    shell.prompt()
    shell.runs("list", "0 endpoints")
    os.kill(shell.child.pid, signal.SIGKILL)
    until(lambda: not is_running(servers[0]))


def messages_of_its_own_server_come_above():
    shell = Shell("--serve=127.0.0.1:0")
    shell.prompt()
    server = children_of(shell.child.pid)[0]
    shell.type("vers")
    shell.sees("vers")
    with open(f"/proc/{server}/fd/2", "w", encoding="utf-8") as messages:
        messages.write("lwm2m: warning: it rains\n")
    shell.sees("it rains\r\n")
    shell.prompt()
    shell.sees("vers")
    shell.quit_line()


def server_that_cannot_listen():
    shell = Shell("--serve=" + os.environ["URI"])
    shell.sees("Address already in use")
    shell.ends(6)


def server_of_its_own_ends_with_it():
    shell = Shell("--serve=127.0.0.1:0")
    shell.prompt()
    servers = children_of(shell.child.pid)
    shell.quit()
    assert servers and not is_running(servers[0])


def terminate():
    shell = Shell()
    shell.prompt()
    shell.child.kill(signal.SIGTERM)
    shell.ends(143)
    shell = Shell()
    shell.prompt()
    shell.type("wait -e nobody -t 60s\r")
    shell.sees("60s\r\n")
    time.sleep(0.5)
    shell.child.kill(signal.SIGTERM)
    shell.ends(143)


if __name__ == "__main__":
    globals()[sys.argv[1]]()
