#!/usr/bin/env python3
"""Types words and TAB in bash, zsh or fish, and looks at the words that the shell then has.

usage: completion_session.py SHELL DIRECTORY   (of the completion files; lwm2m is on the PATH)

After the completion, "show" is put before the line: each word stands between < and >, as the shell understood it.

SPDX-License-Identifier: Apache-2.0
"""
import os
import re
import sys
import tempfile

import pexpect

# What is typed before TAB, and the words that must stand there after it. A word that a blank follows is complete.
CASES = (
    ("lwm2m rea", ["lwm2m", "read", ""]),
    ("lwm2m read --ou", ["lwm2m", "read", "--output", ""]),
    ("lwm2m read --color=ne", ["lwm2m", "read", "--color=never", ""]),
    ("lwm2m read -e du", ["lwm2m", "read", "-e", "dut-1", ""]),
    ("lwm2m read --endpoint=du", ["lwm2m", "read", "--endpoint=dut-1", ""]),
    ("lwm2m read -e urn:im", ["lwm2m", "read", "-e", "urn:imei:356789012345678", ""]),
    ("lwm2m read -e it", ["lwm2m", "read", "-e", "it's $HOME *", ""]),
    ("lwm2m read -e dut-1 /3/0/battery_l", ["lwm2m", "read", "-e", "dut-1", "/3/0/battery_level", ""]),
    ("lwm2m read -e dut-1 /33", ["lwm2m", "read", "-e", "dut-1", "/3303"]),
    ("lwm2m write -e dut-1 /1/0/6=t", ["lwm2m", "write", "-e", "dut-1", "/1/0/6=true", ""]),
    ("lwm2m write -e dut-1 /3/0/14=@fi", ["lwm2m", "write", "-e", "dut-1", "/3/0/14=@file.txt", ""]),
    ("lwm2m write -e dut-1 /3/0/14=@two\\ ", ["lwm2m", "write", "-e", "dut-1", "/3/0/14=@two words.txt", ""]),
    ("lwm2m write -e dut-1 /3/0/14=@dir", ["lwm2m", "write", "-e", "dut-1", "/3/0/14=@directory/"]),
    ("lwm2m run dir", ["lwm2m", "run", "directory/"]),
    ("lwm2m run fi", ["lwm2m", "run", "file.txt", ""]),
    ("lwm2m run two\\ w", ["lwm2m", "run", "two words.txt", ""]),
    ("lwm2m objects sea", ["lwm2m", "objects", "search", ""]),
    ("lwm2m nothing /x", ["lwm2m", "nothing", "/x"]),
)

PROMPT = "ready>"
SHOW = {
    "bash": "show() { printf '<%s>' \"$@\"; echo; }",
    "zsh": "show() { printf '<%s>' \"$@\"; echo }",
    "fish": "function show; printf '<%s>' $argv; echo; end",
}
START = {
    "bash": (["--norc", "--noprofile", "-i"], "PS1='%s'; bind 'set bell-style none'; source %s/lwm2m.bash" ),
    "zsh": (["-f", "-i"], "PS1='%s'; unsetopt beep; bindkey -e; setopt nopromptsp; fpath=(%s $fpath); "
                          "autoload -Uz compinit; compinit -u -D"),
    "fish": (["--no-config", "-i"], "function fish_prompt; printf '%s'; end; source %s/lwm2m.fish"),
}


def plain(text):
    """Without what moves the cursor and colours."""
    return re.sub(r"\x1b(\[[0-9;?>=]*[a-zA-Z]|[=>]|\][^\a]*\a|\([A-B])", "", text)


class Session:
    def __init__(self, shell, directory):
        arguments, setting = START[shell]
        environment = dict(os.environ, TERM="dumb" if shell == "bash" else "xterm", LANG="C.UTF-8", HISTFILE="")
        self.shell = pexpect.spawn(shell, arguments, env=environment, encoding="utf-8", timeout=10,
                                   dimensions=(50, 200))
        self.shell.delaybeforesend = 0.05
        self.command(setting % ("rea''dy>" if shell != "fish" else PROMPT, directory))
        self.command(SHOW[shell])

    def command(self, line):
        self.shell.sendline(line + "; echo do''ne")
        self.shell.expect("\ndone|done\r\n")

    def complete(self, typed):
        """The words after TAB; the cursor's own word last, "" behind a blank."""
        self.shell.send(typed + "\t")
        # A letter behind the completion shows where it left the cursor: in a word or behind a blank.
        self.shell.send("Z")
        self.shell.expect("Z")
        self.shell.send("\x01show \x05\r")
        self.shell.expect(r"\n?(<lwm2m>[^\r\n]*>)\s*[\r\n]")
        words = re.findall(r"<(.*?)>(?=<|$)", plain(self.shell.match.group(1)))
        words[-1] = words[-1].removesuffix("Z")
        return words


def main():
    shell, directory = sys.argv[1:]
    wrong = 0
    with tempfile.TemporaryDirectory() as home:
        os.environ["HOME"] = home
        os.chdir(home)
        for name in ("file.txt", "two words.txt"):
            open(name, "w").close()
        os.mkdir("directory")
        session = Session(shell, directory)
        for typed, expected in CASES:
            try:
                words = session.complete(typed)
            except pexpect.ExceptionPexpect:
                words = [plain(str(session.shell.before))]
                session = Session(shell, directory)
            if words != expected:
                print("%s: '%s' became %s, not %s" % (shell, typed, words, expected))
                wrong += 1
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main())
