# lwm2m list
#
# SPDX-License-Identifier: Apache-2.0

load shared

setup_file() {
    share_server
    share_device dut-1 -L 5m
    share_device dut-2 -Q --lwm2m 1.0
    share_scripted_device $'evil\u202e'
    share_scripted_device odd
}

teardown_file() {
    end_shared
}

@test "prints a line for each device, and how many there are" {
    LC_ALL=C.UTF-8 lwm2m_ends 0 list -e 'dut-*'
    [[ ${lines[0]} =~ ^ENDPOINT\ STATE\ +VER\ BIND\ SECURITY\ ADDRESS\ +LIFETIME\ +LEFT\ LAST\ SEEN\ OBJECTS$ ]]
    [[ ${lines[1]} =~ ^dut-1\ +●\ up\ +1\.1\ +U\ +none\ +127\.0\.0\.1:[0-9]+\ +5m\ +(5m|4m[0-9]+s)\ +[0-9]+s\ 1\ 3\ 4\ 5\ 6\ 7\ 3200\ 3201\ 3303$ ]]
    holds "${lines[2]}" '1.0 UQ'
    equals "${lines[3]}" '2 endpoints, 2 awake.'
    LC_ALL=C lwm2m_ends 0 list -e dut-1
    [[ ${lines[1]} =~ ^dut-1\ +up\ +1\.1 ]]
    equals "${lines[2]}" '1 endpoint, 1 awake.'
}

@test "a lifetime that never ends has forever left" {
    lwm2m_ends 0 list -e odd
    [[ ${lines[1]} =~ \ forever\ +forever\  ]]
    lwm2m_ends 0 list -e odd --json
    equals "$(each '"left_s" in o, o["lt"]')" '(False, 4294967295)'
}

@test "prints an object for each device" {
    lwm2m_ends 0 list -e dut-1 --json
    equals "$(keys)" 'addr b ep last_seen_s left_s lt lwm2m objects op registered_s rid sec state v'
    equals "$(each 'o["op"], o["ep"], o["state"], o["lwm2m"], o["b"], o["sec"], o["lt"], "/3/0" in o["objects"]')" \
        "('list', 'dut-1', 'up', '1.1', 'U', 'none', 300, True)"
}

@test "prints fields apart by tabs, and CSV with titles" {
    lwm2m_ends 0 list -e dut-1 --as=plain
    equals "$(cut -f 1,2,3 <<<"$output")" $'dut-1\tup\t1.1'
    lwm2m_ends 0 list -e dut-1 --as=csv
    equals "${lines[0]}" $'ENDPOINT,STATE,VER,BIND,SECURITY,ADDRESS,LIFETIME,LEFT,LAST SEEN,OBJECTS\r'
    equals "${#lines[@]}" 2
}

@test "-l shows instances and registrations" {
    lwm2m_ends 0 ls -l -e dut-1
    holds "${lines[0]}" 'REGISTRATION'
    holds "${lines[1]}" ' /3/0 '
}

@test "selects by pattern and by silence, and not by the environment" {
    lwm2m_ends 0 list -e '*-2' --json
    equals "$(each 'o["ep"]')" dut-2
    lwm2m_ends 0 list --stale 1h
    equals "$output" '0 endpoints, 0 awake.'
    LWM2M_ENDPOINT=dut-2 lwm2m_ends 0 list --json
    equals "$(each 'o["ep"]' | wc -l)" 4
}

@test "a name cannot deceive the reader of a terminal" {
    lwm2m_ends 0 list -e 'evil*'
    holds "$output" 'evil\u{202e} '
    lwm2m_ends 0 info -e 'evil*'
    equals "${lines[0]}" 'Endpoint       evil\u{202e}'
    lwm2m_ends 0 events --since 0 -e 'evil*' -c 1
    holds "$output" '  evil\u{202e}  '
    lwm2m_ends 3 read -e 'evil*' /3/0/99
    holds "$stderr" 'lwm2m: evil\u{202e}: read'
    lwm2m_ends 4 read -e $'gone\e[31m' /3/0/0
    holds "$stderr" 'gone\x1b[31m'
}

@test "colours what is up, if colour is wanted" {
    lwm2m_ends 0 list -e dut-1 --color=always
    holds "$output" $'\e[32m'
    lwm2m_ends 0 list -e dut-1 --color=never
    [[ $output != *$'\e'* ]]
}

@test "fits a terminal of 80 columns, and has everything on a wide one" {
    needs_terminal
    share_device urn:imei:356789012345678-and-more
    for columns in 60 80 100 200; do
        on_terminal 24x$columns list
        equals "${#lines[@]}" 7 "no line wraps at $columns columns"
        on_terminal 24x$columns list -l
        equals "${#lines[@]}" 7 "no line wraps at $columns columns"
    done
    holds "$output" ' VER BIND SECURITY '
    holds "$output" '/3201/0 /3303/0 '
    on_terminal 24x80 list -e 'urn:*'
    holds "${lines[0]}" 'OBJECTS'
    [[ ${lines[0]} != *BIND* ]]
    holds "${lines[1]}" 'urn:imei:356789012345678-and-more ● up'
    [[ ${lines[1]} == *… ]]
    on_terminal 24x80 list -l -e 'urn:*'
    [[ ${lines[1]} =~ ^urn:imei:356789012345678-and-more\ ●\ up\ .*\ [A-Za-z0-9_-]{22}$ ]]
    on_terminal 24x60 list -l -e 'urn:*'
    [[ ${lines[1]} =~ ^urn:imei:[0-9]+…\ ●\ up\ .*\ [A-Za-z0-9_-]{22}$ ]]
    LOCALE_WANTED=C on_terminal 24x60 list -l -e 'urn:*'
    [[ ${lines[1]} =~ ^urn:imei:[0-9]+~\ up\ .*\ [A-Za-z0-9_-]{22}$ ]]
}

@test "what goes into a pipe is whole, also when colour is forced" {
    run env -u NO_COLOR CLICOLOR_FORCE=1 COLUMNS=40 "$lwm2m" list -e dut-1
    holds "$output" ' 3200 3201 3303'
    holds "$output" $'\e[32m'
    run env CLICOLOR_FORCE=1 NO_COLOR=1 "$lwm2m" list -e dut-1
    [[ $output != *$'\e'* ]]
}

@test "no server is 9" {
    lwm2m_ends 9 list --socket /no/socket
    holds "$stderr" "start one with 'lwm2m server'"
}
