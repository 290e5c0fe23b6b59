# Devices that sleep: what list, info, wait, events and --hold make of queue mode.
#
# SPDX-License-Identifier: Apache-2.0

load server
load shared

setup() {
    start_server --awake 600ms
    start_device napper -Q
    "$lwm2m" wait -e napper --for asleep -t 10s
}

teardown() {
    stop_all
}

wake() {
    "$lwm2m" device -e napper --socket "$BATS_TEST_TMPDIR/napper.sock" update
}

@test "list, info and wait tell whether a device sleeps" {
    lwm2m_ends 0 list
    holds "${lines[1]}" '◐ sleep'
    equals "${lines[2]}" '1 endpoint, 0 awake.'
    lwm2m_ends 0 info -e napper --json
    equals "$(each 'o["state"], o["queue_mode"], o["queued"]')" "('sleep', True, 0)"
    lwm2m_ends 5 wait -e napper --for awake -t 100ms
    wake
    lwm2m_ends 0 wait -e napper --for awake -t 0.1s
    lwm2m_ends 0 wait -e napper --for asleep -t 10s
}

@test "a request waits until the device wakes, and is answered then" {
    start read.out "$lwm2m" read -e napper /3/0/0 --hold 1m -t 5s --as=plain
    reader=$!
    until_true eval '"$lwm2m" info -e napper | grep -q "Waiting *1 request"'
    start write.out "$lwm2m" write -e napper /3201/0/5853=250 --hold 1m -t 5s
    writer=$!
    until_true eval '"$lwm2m" info -e napper | grep -q "Waiting *2 requests"'
    wake
    wait "$reader"
    wait "$writer"
    [ -s "$BATS_TEST_TMPDIR/read.out" ]
    lwm2m_ends 0 read -e napper /3201/0/5853 --expect 250
}

@test "a request without --hold waits no longer than its timeout, and says why it failed" {
    lwm2m_ends 5 read -e napper /3/0/0 -t 200ms
    holds "$stderr" 'napper: read /3/0/0: the device sleeps, and did not wake within 0.2 s'
    holds "$stderr" '--hold'
    lwm2m_ends 5 exec -e napper /3201/0/5850 -t 100ms --hold 200ms
    holds "$stderr" 'within 0.2 s'
}

@test "an observation waits, too" {
    start observe.out "$lwm2m" observe -e napper /3303/0/5700 -c 1 --hold 1m
    observer=$!
    until_true eval '"$lwm2m" info -e napper | grep -q "Waiting *1 request"'
    wake
    wait "$observer"
}

@test "events tell once when it sleeps and when it wakes" {
    wake
    "$lwm2m" wait -e napper --for asleep -t 10s
    lwm2m_ends 0 events --since 0 --type awake,asleep -c 3 -t 5s --json
    equals "$(each 'o["event"], o["ep"], o["state"]')" "('asleep', 'napper', 'sleep')
('awake', 'napper', 'up')
('asleep', 'napper', 'sleep')"
}

@test "--awake takes a duration" {
    lwm2m_ends 2 server --awake never
    holds "$stderr" '--awake'
}
