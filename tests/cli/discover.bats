# lwm2m discover
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

@test "prints a line for each link, with names and attributes" {
    lwm2m_ends 0 discover -e dut-1 /3
    grep -qE '^/3 +Device' <<<"$output"
    grep -qE '^/3/0/0 +Manufacturer$' <<<"$output"
    grep -qE '^/3/0/11 +Error Code +dim=1$' <<<"$output"
    ! grep -q ' $' <<<"$output"
}

@test "prints an object for each link, with one time for one answer" {
    lwm2m_ends 0 discover -e dut-1 Device/0 --json
    equals "$(keys | sort -u)" 'attributes code ep format name ok op op_id path retx rtt_ms ts v'
    equals "$(each 'o["rtt_ms"]' | sort -u | wc -l)" 1
    equals "$(each 'o["attributes"]' | sort -u)" "{'dim': '1'}
{}"
}

@test "prints fields apart by tabs, and CSV" {
    lwm2m_ends 0 discover -e dut-1 /3/0/11 --as=plain
    equals "${lines[0]}" $'/3/0/11\tError Code\tdim=1'
    lwm2m_ends 0 discover -e dut-1 /3/0/11 --as=csv
    equals "${lines[0]}" $'PATH,NAME,ATTRIBUTES\r'
    equals "${lines[1]}" $'/3/0/11,Error Code,dim=1\r'
}

@test "a refusal is 3, nonsense 8" {
    lwm2m_ends 3 discover -e dut-1 /3/0/99
    holds "$stderr" '4.04 Not Found'
    lwm2m_ends 8 discover -e odd /3
    holds "$stderr" 'the answer is no valid link-format: offset'
}

@test "no path is 2, no device 4, no server 9, not all of them 11" {
    lwm2m_ends 2 discover -e dut-1
    lwm2m_ends 2 discover -e dut-1 /3/0/11/0
    lwm2m_ends 4 discover -e gone /3
    lwm2m_ends 9 discover --socket /no/socket /3
    lwm2m_ends 11 discover --all /3
}

@test "a depth is from 0 to 3, and for LwM2M 1.2" {
    lwm2m_ends 2 discover -e dut-1 /3 --depth 4
    holds "$stderr" "--depth: '4' is not from 0 to 3"
    lwm2m_ends 12 discover -e dut-1 /3 --depth 1
    equals "$stderr" 'lwm2m: dut-1: discover /3: the device has LwM2M 1.1, and a depth came with 1.2 (leave --depth out)'
}

@test "goes as deep as is wanted" {
    share_device new --lwm2m 1.2
    lwm2m_ends 0 discover -e new /3 --depth 0 --as=plain
    equals "$(cut -f 1 <<<"$output")" /3
    lwm2m_ends 0 discover -e new /3 --depth 1 --as=plain
    equals "$(cut -f 1 <<<"$output")" $'/3\n/3/0'
    lwm2m_ends 0 discover -e new /3 --depth 3 --as=plain
    grep -q '^/3/0/11/0' <<<"$output"
}
