# --stack: server, device and --serve with libcoap
#
# SPDX-License-Identifier: Apache-2.0

load server
bats_require_minimum_version 1.5.0

teardown() {
    stop_all
}

# works: what a person does with a device, from registering to leaving.
works() {
    start_device dut-1 --stack "$1"
    "$lwm2m" read -e dut-1 /3/0/0 --expect lwm2m
    "$lwm2m" write -e dut-1 /1/0/2=5
    "$lwm2m" read -e dut-1 /1/0/2 --expect 5
    "$lwm2m" observe -e dut-1 /3303/0/5700 -c 2 -t 20s
    kill "$device_pid"
    wait "$device_pid"
    grep -q "deregistered from $uri" "$BATS_TEST_TMPDIR/dut-1.log"
}

@test "a server on libcoap and a device on each stack" {
    start_server --stack libcoap
    works libcoap
    works endpoint
}

@test "a device on libcoap and a server on the endpoint" {
    start_server --stack endpoint
    works libcoap
}

@test "-vv shows the messages of libcoap" {
    start_server --stack libcoap -vv
    start_device dut-1 --stack libcoap -vv
    "$lwm2m" read -e dut-1 /3/0/0
    grep -q 'POST /rd' "$BATS_TEST_TMPDIR/dut-1.log"
    grep -q '2.05' "$BATS_TEST_TMPDIR/dut-1.log"
    grep -q 'GET /3/0/0' "$BATS_TEST_TMPDIR/server.log"
    ! grep -q 'clock on the wall' "$BATS_TEST_TMPDIR/server.log"
}

@test "a dead server is noticed at once" {
    run "$lwm2m" client -q -u coap://127.0.0.1:1 -e dut-1 --once --stack libcoap --socket "$BATS_TEST_TMPDIR/c.sock"
    [ "$status" -eq 6 ]
}

@test "two servers do not share a port" {
    start_server --stack libcoap
    run "$lwm2m" server --stack libcoap -p "${uri##*:}" --socket "$BATS_TEST_TMPDIR/second.sock"
    [ "$status" -eq 6 ]
    [[ $output == *"in use"* ]]
}

@test "--serve has a stack, a running server has its own" {
    run "$lwm2m" read -e dut-1 /3/0/0 --stack libcoap
    [ "$status" -eq 2 ]
    [[ $output == *"--serve"* ]]
    start_server
    port=${uri##*:}
    kill "$server_pid"
    wait "$server_pid" || true
    start_later "$port"
    run "$lwm2m" read -e dut-1 /3/0/0 --serve="coap://127.0.0.1:$port" --stack libcoap -t 10s --expect lwm2m
    [ "$status" -eq 0 ]
}

# start_later PORT: a device that tries until there is a server.
start_later() {
    start later.log "$lwm2m" client -u "coap://127.0.0.1:$1" -e dut-1 --stack libcoap --socket "$BATS_TEST_TMPDIR/later.sock"
}

@test "what libcoap cannot have is refused" {
    run "$lwm2m" server --stack libcoap --ack-timeout 500ms -p 0 --socket "$BATS_TEST_TMPDIR/s.sock"
    [ "$status" -eq 2 ]
    [[ $output == *"--ack-timeout below 1s"* ]]
    run "$lwm2m" client --stack libcoap --max-retransmit 0 -u coap://127.0.0.1 -e dut-1
    [ "$status" -eq 2 ]
    [[ $output == *"--max-retransmit of 0"* ]]
}
