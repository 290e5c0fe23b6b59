# lwm2m cancel
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

@test "ends the observation of a path, and says nothing" {
    lwm2m_ends 0 observe -e dut-1 /3/0/1 -c 1 --keep
    lwm2m_ends 0 cancel -e dut-1 /3/0/1
    equals "$output$stderr" ''
    lwm2m_ends 2 cancel -e dut-1 /3/0/1
    equals "$stderr" "lwm2m: dut-1: cancel /3/0/1: it is not observed ('lwm2m info' shows what is observed)"
}

@test "ends all of a device, and it is no failure that there are none" {
    lwm2m_ends 0 observe -e dut-1 /3/0/1 /3/0/2 -c 2 --keep
    lwm2m_ends 0 cancel -e dut-1 --json
    equals "$(keys)" 'ended ep ok op op_id path ts v'
    equals "$(each 'o["path"], o["ended"], o["ok"]')" "('/', 2, True)"
    lwm2m_ends 0 cancel -e dut-1
}

@test "ends nothing on other devices" {
    lwm2m_ends 0 observe --all /3/0/1 -c 2 --keep
    lwm2m_ends 0 cancel -e dut-1 --json
    equals "$(each 'o["ep"], o["ended"]')" "('dut-1', 1)"
    lwm2m_ends 0 cancel -e dut-1 --all
    lwm2m_ends 0 info -e dut-2 --json
    equals "$(each 'o["observations"][0]["path"]')" /3/0/1
    lwm2m_ends 0 cancel -e dut-2 --all
}

@test "--all means all devices" {
    lwm2m_ends 0 observe --all /3/0/1 -c 2 --keep
    lwm2m_ends 0 cancel --all --json
    equals "$(each 'o["ep"], o["ended"]' | sort)" "('dut-1', 1)
('dut-2', 1)"
}

@test "--passive lets the device find out by its next notification" {
    lwm2m_ends 0 observe -e dut-1 /3/0/0 -c 1 --keep
    lwm2m_ends 0 cancel -e dut-1 /3/0/0 --passive
    "$lwm2m" device --socket "$BATS_FILE_TMPDIR/dut-1.sock" set /3/0/0=again
    until_true grep -q 'unsubscribed.*/3/0/0' "$BATS_FILE_TMPDIR/dut-1.log"
}

@test "no device is 4, no server 9, not all of them 11" {
    lwm2m_ends 4 cancel -e gone
    lwm2m_ends 9 cancel --socket /no/socket
    lwm2m_ends 11 cancel -e dut-1 -e gone
}
