# The control socket: its protocol, from the side of a client that does not always behave.
#
# SPDX-License-Identifier: Apache-2.0

load server

teardown() {
    stop_all
}

talk() {
    run timeout 30 python3 "$BATS_TEST_DIRNAME/control_client.py" "$socket" "$@"
}

# The server is there, and answers others.
still_serves() {
    "$lwm2m" list >/dev/null
}

@test "greets with version, role and process id" {
    start_server
    talk wait:1
    [[ $output =~ ^\{\"v\":1,\"lwm2m\":\"[0-9.]+\",\"role\":\"server\",\"pid\":$server_pid\}$ ]]
}

@test "answers requests by their ids, several at a time" {
    start_server
    talk wait:1 '{"id":1,"op":"wait","ep":"dut-1","timeout_ms":300}' '{"id":2,"op":"status"}' wait:3
    [[ ${lines[1]} == '{"id":2,"result":{"v":1,"op":"status"'* ]]
    [ "${lines[2]}" = '{"id":2,"done":{"exit":0}}' ]
    [[ ${lines[3]} == '{"id":1,"done":{"exit":5,"class":"timeout","msg":"dut-1 was not registered within 0.3 s"'* ]]
}

@test "takes several lines at once, and lines in pieces" {
    start_server
    talk wait:1 'raw:{"id":1,"op":"list"}\n\n{"id":2,"op":"list"}\r\n{"id":' sleep:0.1 'raw:3,"op":"list"}\n' wait:3
    [ "${lines[1]}" = '{"id":1,"done":{"exit":0}}' ]
    [ "${lines[2]}" = '{"id":2,"done":{"exit":0}}' ]
    [ "${lines[3]}" = '{"id":3,"done":{"exit":0}}' ]
}

@test "stops an operation under way" {
    start_server
    talk wait:1 '{"id":1,"op":"wait","ep":"x"}' '{"id":2,"op":"events"}' \
        '{"id":3,"op":"stop","target":1}' '{"id":4,"op":"stop","target":2}' wait:4
    [ "${lines[1]}" = '{"id":1,"done":{"exit":130,"class":"interrupted","msg":"interrupted"}}' ]
    [ "${lines[2]}" = '{"id":3,"done":{"exit":0}}' ]
    [ "${lines[3]}" = '{"id":2,"done":{"exit":0}}' ]
    [ "${lines[4]}" = '{"id":4,"done":{"exit":0}}' ]
}

@test "rejects what is no request, and closes" {
    start_server
    local bad
    for bad in 'raw:hello\n' 'raw:[]\n' 'raw:{"id":1\n' 'raw:{"id":1,"op":"list"}}\n' 'raw:\xff\n' 'raw:{"op":"list"}\n' \
        'raw:{"id":0,"op":"list"}\n' 'raw:{"id":1.5,"op":"list"}\n' 'raw:{"id":1,"op":"a\\u0000"}\n' 'raw:\x00\n'; do
        talk wait:1 "$bad" '{"id":9,"op":"list"}' wait:closed
        [[ ${lines[1]} == '{"error":"'* ]]
        [ "${lines[2]}" = closed ]
        [ "${#lines[@]}" -eq 3 ]
    done
    still_serves
}

@test "answers a request that makes no sense, and goes on" {
    start_server
    talk wait:1 '{"id":1,"op":"lsit"}' '{"id":2}' '{"id":3,"op":"read","paths":"/3"}' '{"id":4,"op":"list"}' wait:4
    [[ ${lines[1]} == *"unknown operation 'lsit'; did you mean 'list'?"* ]]
    [[ ${lines[2]} == '{"id":2,"done":{"exit":2,'* ]]
    [[ ${lines[3]} == '{"id":3,"done":{"exit":4,"class":"registration","msg":"no device is registered"'* ]]
    [ "${lines[4]}" = '{"id":4,"done":{"exit":0}}' ]
}

@test "rejects a line over 1 MiB" {
    start_server
    talk wait:1 long:1100000 wait:closed
    [[ $output == *'{"error":"a line is longer than 1 MiB"}'* ]] || [[ $output == *closed* ]]
    still_serves
}

@test "rejects nesting without end" {
    start_server
    talk wait:1 "raw:$(printf '[%.0s' $(seq 2000))\\n" wait:closed
    [[ ${lines[1]} == *"nested deeper than 16"* ]]
    [ "${lines[2]}" = closed ]
    still_serves
}

@test "drops a client that does not read" {
    start_server
    talk wait:1 'flood:200000:{"id":ID,"op":"nonsense-nonsense-nonsense"}' wait:closed
    [[ $output == *closed ]]
    [ "${#lines[@]}" -lt 190000 ]
    still_serves
}

@test "sends more than it would hold for a client, as fast as that reads" {
    start_server
    timeout 60 python3 "$BATS_TEST_DIRNAME/register_many.py" "${uri##*:}" 15000
    timeout 60 python3 "$BATS_TEST_DIRNAME/control_client.py" "$socket" wait:1 '{"id":1,"op":"list"}' sleep:0.3 wait:15001 \
        '{"id":2,"op":"events","since":"0"}' sleep:0.3 wait:10000 >"$TMPDIR/heard"
    [ "$(grep -c '^{"id":1,"result":' "$TMPDIR/heard")" -eq 15000 ]
    grep -qx '{"id":1,"done":{"exit":0}}' "$TMPDIR/heard"
    [ "$(grep -c '^{"id":2,"result":' "$TMPDIR/heard")" -eq 10000 ]
    [ "$(grep '^{"id":2' "$TMPDIR/heard" | grep -o 'device-[0-9]*' | uniq -d | wc -l)" -eq 0 ]
    [ "$(wc -c <"$TMPDIR/heard")" -gt 4194304 ]
}

@test "survives clients that come and go" {
    start_server
    start_device dut-1
    local i
    for i in $(seq 20); do
        timeout 10 python3 "$BATS_TEST_DIRNAME/control_client.py" "$socket" \
            '{"id":1,"op":"observe","paths":"/3200/0/5501"}' '{"id":2,"op":"read","paths":"/3"}' '{"id":3,"op":"wait","for":"updated"}'
    done
    still_serves
    run "$lwm2m" read -e dut-1 /3/0/0
    [ "$status" -eq 0 ]
}

@test "a device's socket greets as a client" {
    start_server
    start_device dut-1
    socket=$BATS_TEST_TMPDIR/dut-1.sock
    talk wait:1 '{"id":1,"op":"status"}' wait:2
    [[ ${lines[0]} == *'"role":"client"'* ]]
    [ "${lines[2]}" = '{"id":1,"done":{"exit":0}}' ]
}
