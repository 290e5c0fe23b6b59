# Command lines that are wrong, and options that all commands take.
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

@test "no command is 2, with the list on standard error" {
    lwm2m_ends 2
    equals "$output" ''
    holds "$stderr" '  read       Read resources'
}

@test "an unknown command names the nearest" {
    lwm2m_ends 2 raed
    equals "$stderr" "lwm2m: unknown command 'raed'; did you mean 'read'?
  'lwm2m help' lists the commands"
    lwm2m_ends 2 breakfast
    equals "${stderr_lines[0]}" "lwm2m: unknown command 'breakfast'"
}

@test "an unknown option names the nearest" {
    lwm2m_ends 2 read --expcet 1 /3
    equals "$stderr" "lwm2m: unknown option --expcet; did you mean --expect?
  try 'lwm2m read -h'"
    lwm2m_ends 2 client -u coap://x --lifetme 5
    holds "$stderr" 'did you mean --lifetime?'
    lwm2m_ends 2 read -Z /3
    holds "$stderr" 'unknown option -Z'
    lwm2m_ends 2 read --expect
    holds "$stderr" '--expect needs a value: --expect VALUE'
    lwm2m_ends 2 list --long=yes
    holds "$stderr" '--long takes no value'
}

@test "options may be cut short, stand anywhere, and be taken back" {
    lwm2m_ends 0 read /3/0/1 --end dut-1 --js --no-json --as=plain
    equals "$output" 'demo device'
    lwm2m_ends 0 --as plain read -e dut-1 /3/0/1
    equals "$output" 'demo device'
    lwm2m_ends 4 read -e -- /3/0/1
    lwm2m_ends 2 read /3/0/1 --re 2
    holds "$stderr" 'ambiguous option --re'
}

@test "of --json and --as, what is given last counts" {
    lwm2m_ends 0 version --as json --no-json
    [[ $output != '{'* ]]
    lwm2m_ends 0 list --as=csv --no-json
    [[ $output == *,* ]]
    lwm2m_ends 0 version --json --as plain
    [[ $output != '{'* ]]
    lwm2m_ends 0 version --as plain --json
    [[ $output == '{'* ]]
}

@test "forms and times are checked" {
    lwm2m_ends 2 list --as=xml
    holds "$stderr" "--as: 'xml' is none of table|plain|json|csv|senml"
    lwm2m_ends 2 list --as='table|plain'
    holds "$stderr" "--as: 'table|plain' is none of table|plain|json|csv|senml"
    lwm2m_ends 2 list -t 0
    holds "$stderr" "--timeout: '0' is not from"
    LWM2M_TIMEOUT=soon lwm2m_ends 0 read -e dut-1 /3/0/1 --as=plain
    equals "$stderr" "lwm2m: warning: LWM2M_TIMEOUT='soon' is not a duration such as 30s; using 30s"
    LWM2M_TIMEOUT=soon lwm2m_ends 0 read -q -e dut-1 /3/0/1
    equals "$stderr" ''
}

@test "without -e, several devices are named" {
    lwm2m_ends 2 read /3/0/1
    equals "$stderr" "lwm2m: 2 devices are registered: dut-1, dut-2
  choose with -e NAME, -e 'GLOB' or --all"
}

@test "without -e, the environment chooses" {
    LWM2M_ENDPOINT=dut-2 lwm2m_ends 0 read /3/0/1 --json
    equals "$(each 'o["ep"]')" dut-2
    LWM2M_ENDPOINT=dut-2 lwm2m_ends 0 read -e dut-1 /3/0/1 --json
    equals "$(each 'o["ep"]')" dut-1
    LWM2M_ENDPOINT= lwm2m_ends 2 read /3/0/1
}

@test "without -e, the only device is meant, and none is 4" {
    run --separate-stderr "$lwm2m" server --port 0 -- sh -c '
        "$0" read /3/0/1; echo $?
        "$0" client -u "$LWM2M_COAP_URI" -e only --socket "$1" 2>/dev/null & device=$!
        "$0" wait -t 10s
        "$0" read /3/0/1 --as=plain
        kill $device; wait $device' "$lwm2m" "$BATS_TEST_TMPDIR/only.sock"
    equals "$status" 0
    equals "$output" $'4\ndemo device'
    equals "${stderr_lines[0]}" 'lwm2m: no device is registered'
}

@test "--socket comes before the environment" {
    LWM2M_SOCKET=/no/socket lwm2m_ends 0 list --socket "$socket"
    LWM2M_SOCKET=/no/socket lwm2m_ends 9 list
    lwm2m_ends 9 list --socket "$BATS_FILE_TMPDIR/dut-1.sock"
    holds "$stderr" 'belongs to a client, not to a server'
}

@test "a device whose process is gone is 6" {
    "$lwm2m" client -u "$(shared_uri)" -e dead --socket "$BATS_TEST_TMPDIR/dead.sock" 2>/dev/null 3>&- &
    "$lwm2m" wait -e dead -t 10s
    kill -KILL $!
    wait $! || true
    lwm2m_ends 6 read -e dead /3/0/1 -t 5s
    holds "$stderr" "nothing listens at the device's address any more"
    holds "$stderr" "'lwm2m wait'"
}
