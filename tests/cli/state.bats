# Last-reported and desired state: read --cached, write --desired, and what info and events make of them.
#
# SPDX-License-Identifier: Apache-2.0

load server
load shared

setup() {
    start_server --awake 600ms
}

teardown() {
    stop_all
}

device() {
    "$lwm2m" device -e napper --socket "$BATS_TEST_TMPDIR/napper.sock" "$@"
}

@test "read --cached prints what was read last, and its age, while the device sleeps and is away" {
    start_device napper -Q
    lwm2m_ends 4 read -e napper --cached /3/0
    holds "$stderr" 'napper: read /3/0: no value is known'
    "$lwm2m" read -e napper /3/0/0 /3201/0/5853 >/dev/null
    "$lwm2m" wait -e napper --for asleep -t 10s
    lwm2m_ends 0 read -e napper --cached /3201/0/5853
    [[ $output =~ ^/3201/0/5853\ .*\"500\"\ \(seen\ [0-9]+s\ ago\)$ ]]
    lwm2m_ends 0 read -e napper --cached /3201 /3/0/0 --json
    equals "$(each 'o["op"], o["path"], o["cached"], o["age_ms"] >= 0, o["ok"]')" \
        "('read', '/3201/0/5853', True, True, True)
('read', '/3/0/0', True, True, True)"
    kill "$device_pid"
    "$lwm2m" wait -e napper --for deregistered -t 10s
    lwm2m_ends 0 read -e napper --cached /3201/0/5853 --expect 500
    lwm2m_ends 1 read -e napper --cached /3201/0/5853 --expect 501
    lwm2m_ends 0 info -e napper
    holds "$output" 'away'
    holds "$output" '2 values'
    lwm2m_ends 4 read -e nobody --cached /3
    holds "$stderr" 'nobody is not registered'
}

@test "notifications are kept, too" {
    start_device napper
    "$lwm2m" observe -e napper /3303/0/5700 -c 1 >/dev/null
    lwm2m_ends 0 read -e napper --cached /3303/0/5700
    holds "$output" 'seen'
}

@test "write --desired writes at once where the device is awake" {
    start_device napper
    lwm2m_ends 0 write --desired -e napper /3201/0/5853=321
    equals "$output" ''
    lwm2m_ends 0 events --since 0 --type desired -c 2 -t 5s --json
    equals "$(each 'o["ep"], o["path"], o["value"], o["desired"], o.get("code")')" \
        "('napper', '/3201/0/5853', '321', 'pending', None)
('napper', '/3201/0/5853', '321', 'applied', '2.04')"
    lwm2m_ends 0 read -e napper /3201/0/5853 --expect 321
    lwm2m_ends 0 info -e napper
    holds "$output" '/3201/0/5853 = 321 applied'
}

@test "write --desired waits for a device that sleeps, and one that was never seen" {
    lwm2m_ends 0 write --desired -e napper /3201/0/5853=321 --json
    equals "$(each 'o["op"], o["ep"], o["path"], o["desired"], o["ok"]')" \
        "('write', 'napper', '/3201/0/5853', 'pending', True)"
    lwm2m_ends 0 info -e napper
    holds "$output" 'away'
    holds "$output" '/3201/0/5853 = 321 pending'
    start_device napper -Q
    until_true eval '"$lwm2m" info -e napper | grep -q "321 applied"'
    "$lwm2m" wait -e napper --for asleep -t 10s
    lwm2m_ends 0 write --desired -e napper /3201/0/5853=322
    lwm2m_ends 0 write --desired -e napper /3201/0/5853=323
    lwm2m_ends 0 info -e napper
    holds "$output" '323 pending'
    device update
    until_true eval '"$lwm2m" info -e napper | grep -q "323 applied"'
    lwm2m_ends 0 read -e napper /3201/0/5853 --expect 323
}

@test "what the device refuses is given up and told" {
    start_device napper
    lwm2m_ends 0 write --desired -e napper /3/0/0=Acme
    until_true eval '"$lwm2m" info -e napper | grep -q "/3/0/0 .*refused"'
    lwm2m_ends 0 events --since 0 --type desired -c 2 -t 5s
    holds "$output" '/3/0/0 = Acme refused 4.05'
}

@test "--clear takes it back" {
    lwm2m_ends 0 write --desired -e napper /3/0/14=+01:00 /3/0/15=UTC
    lwm2m_ends 0 write --desired -e napper --clear /3/0/14
    lwm2m_ends 4 write --desired -e napper --clear /3/0/14
    holds "$stderr" 'nothing is desired there'
    lwm2m_ends 0 write --desired -e napper --clear /
    lwm2m_ends 4 info -e napper
}

@test "options that make no sense together are refused" {
    lwm2m_ends 2 write -e napper --clear /3/0/14
    lwm2m_ends 2 write -e napper --desired --replace /3/0/14=x
    lwm2m_ends 2 write -e napper --desired /3201/0/5853
    lwm2m_ends 2 write -e napper --desired /3/0=1
}
