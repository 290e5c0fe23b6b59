# lwm2m tree
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

@test "draws an object with its instances and resources" {
    LC_ALL=C.UTF-8 lwm2m_ends 0 tree -e dut-1 /3201
    equals "${lines[0]}" '/3201            Digital Output'
    equals "${lines[1]}" '└─/3201/0        Digital Output'
    grep -qE '^  [├└]─/3201/0/5853 +Multi-state Output +RW +string$' <<<"$output"
    ! grep -q ' $' <<<"$output"
    LC_ALL=C lwm2m_ends 0 tree -e dut-1 /3201
    grep -qE '^  [|`]-/3201/0/5853 ' <<<"$output"
}

@test "draws all objects" {
    lwm2m_ends 0 tree -e dut-1
    for object in 1 3 4 5 6 7 3200 3201 3303; do
        grep -qE "^/$object " <<<"$output"
    done
}

@test "reads the values, if that is wanted" {
    lwm2m_ends 0 tree -e dut-1 /3 --read
    grep -qE '/3/0/1 +Model Number +R +string "demo device"$' <<<"$output"
    grep -qE '/3/0/11/0 ' <<<"$output"
}

@test "prints an object for each line" {
    lwm2m_ends 0 tree -e dut-1 /1/0/1 -r --json
    equals "$(keys)" 'ep level multiple name op op_id operations path type unit v value'
    equals "$(each 'o["level"], o["operations"], o["multiple"], o["type"], o["value"], o["unit"]')" \
        "('resource', 'RW', False, 'int', 86400, 's')"
    lwm2m_ends 0 tree -e dut-1 /3303 --json
    equals "$(keys | head -n 2)" 'ep level name op op_id path v
ep level name op op_id path v'
}

@test "a refusal is 3, nonsense 8" {
    lwm2m_ends 3 tree -e dut-1 /3/0/99
    holds "$stderr" '4.04 Not Found'
    lwm2m_ends 8 tree -e odd
}

@test "no path is 2, no device 4, no server 9, not all of them 11" {
    lwm2m_ends 2 tree -e dut-1 /x
    lwm2m_ends 4 tree -e gone
    lwm2m_ends 9 tree --socket /no/socket
    lwm2m_ends 11 tree --all /3
}

@test "shows resource instances where a device tells of them" {
    share_device new --lwm2m 1.2
    lwm2m_ends 0 tree -e new /3/0 --as=plain
    grep -q '/3/0/11/0' <<<"$output"
    lwm2m_ends 0 tree -e dut-1 /3/0/11 --as=plain
    grep -q '/3/0/11/0' <<<"$output"
}

@test "fits a narrow terminal, whatever the branches take" {
    needs_terminal
    on_terminal 40x200 tree -e dut-1 --read /3
    wide=${#lines[@]}
    for columns in 50 60 80; do
        on_terminal 40x$columns tree -e dut-1 --read /3
        equals "${#lines[@]}" "$wide" "no line wraps at $columns columns"
    done
    LOCALE_WANTED=C on_terminal 40x50 tree -e dut-1 --read /3
    equals "${#lines[@]}" "$wide"
    holds "$output" '|-/3/0/0'
}
