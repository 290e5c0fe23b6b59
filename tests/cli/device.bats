# lwm2m device
#
# SPDX-License-Identifier: Apache-2.0

load shared

setup_file() {
    share_server
    share_device dut-1
}

teardown_file() {
    end_shared
}

setup() {
    export LWM2M_CLIENT_SOCKET=$BATS_FILE_TMPDIR/dut-1.sock
}

@test "gets values, in every form" {
    lwm2m_ends 0 device get /3/0/1
    equals "$output" '/3/0/1 Model Number "demo device"'
    lwm2m_ends 0 device get /3/0/1 /1/0/1 --as=plain
    equals "$output" $'/3/0/1\tModel Number\tdemo device\n/1/0/1\tLifetime\t86400'
    lwm2m_ends 0 device get /1/0/1 --json
    equals "$(keys)" 'ep name ok op path ts type unit v value'
    lwm2m_ends 0 device get / --as=plain
    holds "$output" $'/3303/0/5701\tSensor Units\tCel'
}

@test "sets values, also those that a server may only read" {
    lwm2m_ends 0 device set /3/0/0=Acme Device/0/Serial_Number=7
    equals "$output$stderr" ''
    lwm2m_ends 0 read -e dut-1 /3/0/0 --expect Acme
    lwm2m_ends 0 read -e dut-1 /3/0/2 --expect 7
    lwm2m_ends 0 device set /3/0/0=Acme --json
    equals "$(keys)" 'ep ok op path ts v'
    lwm2m_ends 2 device set /3/0/13=soon
    lwm2m_ends 2 device set /3/0/0
}

@test "64-bit integers are exact" {
    lwm2m_ends 0 device set /4/0/8=-9223372036854775808
    lwm2m_ends 0 device get /4/0/8 --json
    holds "$output" '"value":-9223372036854775808,'
}

@test "says whether the device is registered" {
    lwm2m_ends 0 device status
    equals "$output" "dut-1: registered at $(shared_uri)"
    lwm2m_ends 0 device offline
    lwm2m_ends 0 device status --json
    equals "$(keys)" 'ep offline ok op registered ssid ts uri v'
    equals "$(each 'o["offline"]')" True
    lwm2m_ends 0 device online
}

@test "updates, reboots, and notifies who observes" {
    lwm2m_ends 0 device update
    lwm2m_ends 3 device notify /3/0/1
    equals "${stderr_lines[0]}" 'lwm2m: dut-1: nobody observes /3/0/1'
    lwm2m_ends 0 observe -e dut-1 /3/0/1 -c 1 --keep
    lwm2m_ends 0 device notify /3/0/1
    lwm2m_ends 0 cancel -e dut-1
    lwm2m_ends 0 device reboot
    lwm2m_ends 0 wait -e dut-1 --for '/3/0/1~demo' -t 10s
}

@test "sends values that nobody asked for, unless the server muted it" {
    lwm2m_ends 0 device send /3/0/0 /3303/0
    lwm2m_ends 0 device send Device/0/Model_Number --to 1 --json
    equals "$(each 'o["path"]')" /3/0/1
    lwm2m_ends 4 device send /3/0/1 --to 9
    holds "$stderr" 'not registered with that server'
    lwm2m_ends 3 device send /99
    lwm2m_ends 2 device send
    lwm2m_ends 2 device send /
    lwm2m_ends 2 device update --to 1
    lwm2m_ends 0 write -e dut-1 /1/0/23=true
    lwm2m_ends 3 device send /3/0/1
    holds "$stderr" 'muted'
    lwm2m_ends 0 write -e dut-1 /1/0/23=false
    lwm2m_ends 0 device send /3/0/1
}

@test "what the device does not have is 3" {
    lwm2m_ends 3 device get /99
    holds "$stderr" "'lwm2m device get /' shows what there is"
}

@test "wrong actions are 2, and the nearest is named" {
    lwm2m_ends 2 device
    lwm2m_ends 2 device rebot
    holds "$stderr" "unknown action 'rebot'; did you mean 'reboot'?"
    lwm2m_ends 2 device get
    holds "$stderr" 'device get: an argument is missing: lwm2m device get PATH…'
    lwm2m_ends 2 device reboot now
    holds "$stderr" "device reboot: 'now' is one argument too many"
}

@test "no device is 9" {
    LWM2M_CLIENT_SOCKET=/no/socket lwm2m_ends 9 device status
    holds "$stderr" 'no simulated device answers on /no/socket'
    LWM2M_CLIENT_SOCKET=$socket lwm2m_ends 9 device status
    holds "$stderr" 'belongs to a server, not to a client'
}
