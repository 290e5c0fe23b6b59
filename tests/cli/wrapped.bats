# server -- COMMAND: a server for the time of a command; and servers inside a command, --serve.
#
# SPDX-License-Identifier: Apache-2.0

load server
bats_require_minimum_version 1.5.0

teardown() {
    stop_all
}

@test "gives the command the socket and the URI, and ends with its code" {
    run "$lwm2m" server --port 0 -- sh -c 'echo "$LWM2M_SOCKET"; echo "$LWM2M_COAP_URI"; exit 7'
    [ "$status" -eq 7 ]
    [[ ${lines[0]} == "$TMPDIR"/lwm2m-*/server.sock ]]
    [[ ${lines[1]} =~ ^coap://127\.0\.0\.1:[0-9]+$ ]]
    [ "${#lines[@]}" -eq 2 ]
}

@test "leaves nothing behind" {
    run "$lwm2m" server --port 0 -- sh -c 'ls -d "$TMPDIR"/lwm2m-*'
    [ "$status" -eq 0 ]
    run ls -d "$TMPDIR"/lwm2m-*
    [ "$status" -ne 0 ]
}

@test "serves the command from its first moment on" {
    run "$lwm2m" server --port 0 -- "$lwm2m" list
    [ "$status" -eq 0 ]
    [[ $output == *"0 endpoints"* ]]
}

@test "a whole test of a device" {
    run "$lwm2m" server --port 0 -- sh -ec '
        "$0" client -u "$LWM2M_COAP_URI" -e dut-1 --set /3/0/0=Acme 2>/dev/null & trap "kill $!" EXIT
        "$0" wait -e dut-1 -t 30s
        "$0" read -e dut-1 /3/0/0 --expect Acme' "$lwm2m"
    [ "$status" -eq 0 ]
    [[ $output == *'"Acme"'* ]]
}

@test "an expectation that fails is the code of all" {
    run "$lwm2m" server --port 0 -- sh -ec '
        "$0" client -u "$LWM2M_COAP_URI" -e dut-1 --set /3/0/0=Acme 2>/dev/null & trap "kill $!" EXIT
        "$0" wait -e dut-1 -t 30s
        "$0" read -e dut-1 /3/0/0 --expect Other' "$lwm2m"
    [ "$status" -eq 1 ]
}

@test "listens where it is told, and names an address that leads there" {
    run "$lwm2m" server -l '[::]' --port 0 -- sh -c 'echo "$LWM2M_COAP_URI"'
    [ "$status" -eq 0 ]
    [[ $output =~ ^coap://127\.0\.0\.1:[0-9]+$ ]]
}

@test "uses a socket that is given" {
    run "$lwm2m" server --port 0 --socket "$socket" -- sh -c 'echo "$LWM2M_SOCKET"; ls "$LWM2M_SOCKET"'
    [ "$status" -eq 0 ]
    [ "${lines[0]}" = "$socket" ]
    [ ! -e "$socket" ]
}

@test "does not take the socket of a server around it for its own" {
    run "$lwm2m" server --port 0 -- sh -c '"$0" server --port 0 -- sh -c "echo \$LWM2M_SOCKET"; echo "$LWM2M_SOCKET"' "$lwm2m"
    [ "$status" -eq 0 ]
    [ "${lines[0]}" != "${lines[1]}" ]
}

@test "a command that is killed gives 128 and the signal" {
    run "$lwm2m" server --port 0 -- sh -c 'kill -KILL $$'
    [ "$status" -eq 137 ]
}

@test "a command that is not there gives 127, one that cannot run 126" {
    run -127 "$lwm2m" server --port 0 -- "$TMPDIR/none"
    [[ $output == *"cannot run $TMPDIR/none: No such file or directory"* ]]
    echo text >"$TMPDIR/plain"
    run "$lwm2m" server --port 0 -- "$TMPDIR/plain"
    [ "$status" -eq 126 ]
    [[ $output == *"Permission denied"* ]]
    run ls -d "$TMPDIR"/lwm2m-*
    [ "$status" -ne 0 ]
}

@test "the command does not run if the server cannot listen" {
    start_server
    run "$lwm2m" server -p "${uri##*:}" -- touch "$TMPDIR/ran"
    [ "$status" -eq 6 ]
    [ ! -e "$TMPDIR/ran" ]
}

@test "hands SIGTERM on and ends with the command's code" {
    start wrapped.log "$lwm2m" server --port 0 -- sh -c 'trap "exit 9" TERM; echo ready; while :; do sleep 0.1; done'
    local pid=$! code=0
    until_true grep -q ready "$BATS_TEST_TMPDIR/wrapped.log"
    kill -TERM "$pid"
    wait "$pid" || code=$?
    [ "$code" -eq 9 ]
    run ls -d "$TMPDIR"/lwm2m-*
    [ "$status" -ne 0 ]
}

@test "the command can be interrupted like any other" {
    run "$lwm2m" server --port 0 -- sh -c 'kill -INT $$; echo still here'
    [ "$status" -eq 130 ]
    [ -z "$output" ]
}

@test "--serve waits for the device and asks it" {
    local port
    port=$(python3 -c 'import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])')
    uri=coap://127.0.0.1:$port
    start dut-1.log "$lwm2m" client -u "$uri" -e dut-1 --set /3/0/0=Acme --socket "$TMPDIR/dut-1.sock"
    run "$lwm2m" read --serve="$uri" -e dut-1 -t 20s /3/0/0
    [ "$status" -eq 0 ]
    [[ $output == *'"Acme"'* ]]
}

@test "--serve gives 5 if no device comes" {
    run "$lwm2m" read --serve=127.0.0.1:0 -e dut-1 -t 200ms /3/0/0
    [ "$status" -eq 5 ]
    [[ $output == *"dut-1 was not registered within 0.2 s"* ]]
}

@test "--serve says that its port is taken" {
    start_server
    run "$lwm2m" read --serve="$uri" -t 1s /3/0/0
    [ "$status" -eq 6 ]
    [[ $output == *"Address already in use"* ]]
}

@test "two whole tests at the same time may have devices of the same name" {
    script='
        "$0" client -u "$LWM2M_COAP_URI" -e dut-1 2>/dev/null & trap "kill $!" EXIT
        "$0" wait -e dut-1 -t 10s
        "$0" device -e dut-1 get /3/0/0
        sleep 0.5'
    start first.log "$lwm2m" server --port 0 -- sh -ec "$script" "$lwm2m"
    first=$!
    run "$lwm2m" server --port 0 -- sh -ec "$script" "$lwm2m"
    [ "$status" -eq 0 ]
    wait "$first"
    run ls -d "$TMPDIR"/lwm2m-*
    [ "$status" -ne 0 ]
}
