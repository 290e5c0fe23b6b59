# lwm2m exec
#
# SPDX-License-Identifier: Apache-2.0

load shared

setup_file() {
    share_server
    share_device dut-1
    share_device dut-2
}

teardown_file() {
    end_shared
}

@test "executes, and says nothing" {
    lwm2m_ends 0 exec -e dut-1 /3/0/12
    equals "$output$stderr" ''
    until_true grep -q 'executed /3/0/12' "$BATS_FILE_TMPDIR/dut-1.log"
    lwm2m_ends 0 exec -e dut-1 Device/0/reset_error_code -v
    equals "$stderr" 'lwm2m: dut-1: exec /3/0/12: 2.04'
}

@test "takes arguments" {
    lwm2m_ends 0 exec -e dut-1 /3/0/12 "0='a b'" 3 --json
    equals "$(keys)" 'code ep ok op op_id path retx rtt_ms ts v'
    equals "$(each 'o["op"], o["path"], o["code"]')" "('exec', '/3/0/12', '2.04')"
}

@test "arguments that are none are 2" {
    for argument in a "0='" "0=1" "0='a',0" 10; do
        lwm2m_ends 2 exec -e dut-1 /3/0/12 "$argument"
        holds "$stderr" 'are no arguments of an Execute'
        holds "$stderr" "arguments look like 0='text'"
    done
}

@test "what cannot be executed is 3" {
    lwm2m_ends 3 exec -e dut-1 /3/0/0
    equals "$stderr" 'lwm2m: dut-1: exec /3/0/0: 4.05 Method Not Allowed (by the object model, Manufacturer is readable)'
    lwm2m_ends 3 exec -e dut-1 /3/0/99
    holds "$stderr" '4.04 Not Found'
}

@test "only resources can be executed" {
    lwm2m_ends 2 exec -e dut-1 /3/0
    holds "$stderr" '/OBJECT/INSTANCE/RESOURCE'
    lwm2m_ends 2 exec -e dut-1
}

@test "asks before a reboot on a terminal, and nowhere else" {
    needs_terminal
    run python3 - "$lwm2m" <<'PYTHON'
import os, pty, sys

def run(answer, *more):
    child, terminal = pty.fork()
    if child == 0:
        os.execv(sys.argv[1], [sys.argv[1], "exec", "-e", "dut-1", "/3/0/4", *more])
    os.write(terminal, answer)
    text = b""
    try:
        while part := os.read(terminal, 1024):
            text += part
    except OSError:
        pass
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), "Really reboot the device? [y/N]" in text.decode()

print(run(b"n\n"), run(b"y\n"), run(b"", "--yes"))
PYTHON
    equals "$output" '(130, True) (0, True) (0, False)'
    "$lwm2m" wait -e dut-1 -t 10s
    lwm2m_ends 0 exec -e dut-2 /3/0/4
}

@test "is not tried again, unless that is said" {
    "$lwm2m" device --socket "$BATS_FILE_TMPDIR/dut-2.sock" offline
    lwm2m_ends 5 exec -e dut-2 /3/0/12 -t 50ms --retry 1 --retry-delay 1ms -v
    holds "$stderr" 'no answer within 0.05 s'
    [[ $stderr != *'trying again'* ]]
    lwm2m_ends 5 exec -e dut-2 /3/0/12 -t 50ms --retry 1 --retry-delay 1ms --retry-exec -v
    holds "$stderr" 'trying again in 1 ms'
    "$lwm2m" device --socket "$BATS_FILE_TMPDIR/dut-2.sock" online
    "$lwm2m" wait -e dut-2 --for '/3/0/1~demo' -t 10s
}

@test "not registered is 4, no server 9, some failed 11" {
    lwm2m_ends 4 exec -e gone /3/0/12
    lwm2m_ends 9 exec --socket /no/socket /3/0/12
    lwm2m_ends 11 exec -e dut-1 -e gone /3/0/12
    holds "$stderr" '1 of 2 devices failed; the first: gone is not registered'
}
