# lwm2m create
#
# SPDX-License-Identifier: Apache-2.0

load shared

setup_file() {
    share_server
    share_device dut-1
    share_scripted_device odd
}

teardown_file() {
    end_shared
}

@test "creates, and tells the number that the device chose" {
    lwm2m_ends 0 create -e odd /3303 5700=20.5
    equals "$output$stderr" ''
    lwm2m_ends 0 create -e odd /3303 5700=20.5 -v
    equals "$stderr" 'lwm2m: odd: create /3303/7: 2.01'
    lwm2m_ends 0 create -e odd /3303 --json
    equals "$(keys)" 'code ep ok op op_id path retx rtt_ms ts v'
    equals "$(each 'o["path"], o["code"]')" "('/3303/7', '2.01')"
}

@test "a dry run shows the message and sends nothing" {
    lwm2m_ends 0 create -e dut-1 /3303/9 5700=20.5 -n -f tlv
    equals "${lines[0]}" 'CON POST /3303 tlv 9 bytes'
    [[ ${lines[1]} =~ ff080906e4164441a40000$ ]] || [[ ${lines[1]} =~ e4164441a40000$ ]]
    lwm2m_ends 0 create -e dut-1 /16 0=profile -T string -n --json
    equals "$(keys)" 'dry_run ep hex message op op_id path v'
}

@test "a refusal is 3" {
    lwm2m_ends 3 create -e dut-1 /3303/1 5700=20.5
    equals "$stderr" 'lwm2m: dut-1: create /3303/1: 4.05 Method Not Allowed (the device does not allow this here)'
}

@test "wrong values and paths are 2" {
    lwm2m_ends 2 create -e dut-1 /3303/1 5700=warm
    holds "$stderr" "'warm' is not a number"
    lwm2m_ends 2 create -e dut-1 /3303/1/5700
    lwm2m_ends 2 create -e dut-1 /3303/1 5700
    equals "$stderr" "lwm2m: '5700' is not PATH=VALUE"
    lwm2m_ends 2 create
}

@test "no file is 10, no device 4, no server 9, not all of them 11" {
    lwm2m_ends 10 create -e odd /3303 5701=@/no/such/file
    lwm2m_ends 4 create -e gone /3303
    lwm2m_ends 9 create --socket /no/socket /3303
    lwm2m_ends 11 create --all /3303 5700=1
}
