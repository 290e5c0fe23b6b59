# lwm2m wait
#
# SPDX-License-Identifier: Apache-2.0

load shared

setup_file() {
    share_server
    share_device dut-1 --set /3/0/0=Acme
}

teardown_file() {
    end_shared
}

device() {
    "$lwm2m" device --socket "$BATS_FILE_TMPDIR/dut-1.sock" "$@"
}

# Runs lwm2m wait in the background until it has begun to wait.
begin_wait() {
    "$lwm2m" wait "$@" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
    waiting=$!
    until_waits $waiting
    sleep 0.1
}

ends() { # STATUS
    local ended=0
    wait $waiting || ended=$?
    equals "$ended" "$1"
}

@test "a device that is registered needs no waiting" {
    lwm2m_ends 0 wait -e dut-1
    equals "$output$stderr" ''
    lwm2m_ends 0 wait
    lwm2m_ends 0 wait -e 'dut-*' --json
    equals "$(keys)" 'ep for ok op op_id ts v'
    equals "$(each 'o["op"], o["ep"], o["for"], o["ok"]')" "('wait', 'dut-1', 'registered', True)"
}

@test "waits for one that is not there yet, and for its end" {
    begin_wait -e late -t 10s
    "$lwm2m" client -u "$(shared_uri)" -e late --socket "$BATS_TEST_TMPDIR/late.sock" 2>/dev/null 3>&- &
    client=$!
    ends 0
    begin_wait -e late --for deregistered -t 10s
    kill $client
    ends 0
    wait $client || true
    lwm2m_ends 0 wait -e late --for deregistered
}

@test "waits for an update" {
    begin_wait -e dut-1 --for updated -t 10s
    device update
    ends 0
    lwm2m_ends 0 wait -e dut-1 --for awake
}

@test "waits for values" {
    lwm2m_ends 0 wait -e dut-1 --for '/3/0/0==Acme'
    lwm2m_ends 0 wait -e dut-1 --for 'Device/0/Manufacturer != Other'
    lwm2m_ends 0 wait -e dut-1 --for '/1/0/1>=86400'
    lwm2m_ends 0 wait -e dut-1 --for '/1/0/1<86401'
    lwm2m_ends 0 wait -e dut-1 --for '/3/0/0~^A.*e$'
    begin_wait -e dut-1 --for '/3303/0/5700>100' -t 10s
    device set /3303/0/5700=101.5
    ends 0
}

@test "the end of the time is 5, with what was seen last" {
    lwm2m_ends 5 wait -e gone -t 100ms
    equals "$stderr" "lwm2m: gone was not registered within 0.1 s
  'lwm2m list' shows what is registered, 'lwm2m events' what arrives"
    lwm2m_ends 5 wait -e 'x*' -e dut-1 -t 100ms
    holds "$stderr" 'x* was not registered'
    lwm2m_ends 5 wait --for updated -t 100ms
    holds "$stderr" 'no device was updated within 0.1 s'
    lwm2m_ends 5 wait -e dut-1 --for '/3/0/1==other' -t 200ms
    equals "$stderr" 'lwm2m: dut-1: /3/0/1==other was not true within 0.2 s; last: demo device'
    LWM2M_TIMEOUT=100ms lwm2m_ends 5 wait -e gone
    holds "$stderr" 'within 0.1 s'
}

@test "what cannot be waited for is 2" {
    lwm2m_ends 2 wait -e dut-1 --for supper
    holds "$stderr" "'supper' is none of registered, updated, deregistered, awake"
    lwm2m_ends 2 wait -e dut-1 --for '/3>1'
    holds "$stderr" 'not the path of a resource'
    lwm2m_ends 2 wait -e dut-1 --for '/3/0/0~('
    lwm2m_ends 2 wait -e dut-1 -t soon
    equals "${stderr_lines[0]}" "lwm2m: --timeout: 'soon' is not a duration such as 30s, 500ms, 5m or 24h"
}

@test "SIGINT is 130, SIGTERM 143" {
    begin_wait -e gone
    kill -INT $waiting
    ends 130
    begin_wait -e gone
    kill -TERM $waiting
    ends 143
}

@test "no server is 9" {
    lwm2m_ends 9 wait --socket /no/socket
}
