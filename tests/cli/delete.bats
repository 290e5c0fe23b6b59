# lwm2m delete
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

@test "deletes, and says nothing" {
    lwm2m_ends 0 delete -e odd /3303/7
    equals "$output$stderr" ''
    lwm2m_ends 0 delete -e odd /3303/7 -v
    equals "$stderr" 'lwm2m: odd: delete /3303/7: 2.02'
    lwm2m_ends 0 delete -e odd Temperature/7 --json
    equals "$(keys)" 'code ep ok op op_id path retx rtt_ms ts v'
    equals "$(each 'o["path"], o["code"], o["ok"]')" "('/3303/7', '2.02', True)"
}

@test "a refusal is 3" {
    lwm2m_ends 3 delete -e dut-1 /3303/1
    equals "$stderr" "lwm2m: dut-1: delete /3303/1: 4.04 Not Found (the device has no such instance now; try 'lwm2m tree -e dut-1 /3303')"
    lwm2m_ends 3 delete -e dut-1 /3/0
    holds "$stderr" '4.05 Method Not Allowed'
}

@test "a whole object is not deleted" {
    lwm2m_ends 2 delete -e dut-1 /3
    holds "$stderr" '/OBJECT/INSTANCE'
    lwm2m_ends 2 delete -e dut-1 /3/0 /4/0
    holds "$stderr" "'/4/0' is one argument too many"
}

@test "no device is 4, no server 9, not all of them 11" {
    lwm2m_ends 4 delete -e gone /3303/1
    lwm2m_ends 9 delete --socket /no/socket /3303/1
    lwm2m_ends 11 delete --all /3303/7
}

@test "a whole resource is not deleted, and says what can be" {
    lwm2m_ends 2 delete -e dut-1 /3/0/11
    equals "$stderr" 'lwm2m: delete /3/0/11: a resource cannot be deleted
  only object instances (/3303/1) and resource instances (/3/0/11/0) can be deleted'
    lwm2m_ends 12 delete -e dut-1 /3/0/11/0
}
