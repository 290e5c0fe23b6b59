# lwm2m client
#
# SPDX-License-Identifier: Apache-2.0

load server
bats_require_minimum_version 1.5.0

teardown() {
    stop_all
}

@test "registers, tells what happens, and leaves on SIGTERM" {
    start_server
    start_device dut-1 -L 5m --set /3/0/0=Acme --set Device/0/model_number=X1
    "$lwm2m" read -e dut-1 /3/0/0 --expect Acme
    "$lwm2m" read -e dut-1 /3/0/1 --expect X1
    "$lwm2m" exec -e dut-1 /3/0/12
    until_true grep -q 'executed /3/0/12' "$BATS_TEST_TMPDIR/dut-1.log"
    grep -q "registered at $uri as /rd/" "$BATS_TEST_TMPDIR/dut-1.log"
    kill $device_pid
    wait $device_pid
    grep -q "deregistered from $uri" "$BATS_TEST_TMPDIR/dut-1.log"
    [ ! -e "$BATS_TEST_TMPDIR/dut-1.sock" ]
}

@test "SIGINT is 130" {
    start_server
    start_device dut-1
    kill -INT $device_pid
    ended=0
    wait $device_pid || ended=$?
    [ "$ended" -eq 130 ]
}

@test "takes URI and name from the environment" {
    start_server
    LWM2M_COAP_URI=$uri LWM2M_ENDPOINT=named LWM2M_CLIENT_SOCKET=$BATS_TEST_TMPDIR/named.sock \
        start named.log "$lwm2m" client
    "$lwm2m" wait -e named -t 10s
    [ -S "$BATS_TEST_TMPDIR/named.sock" ]
}

@test "is quiet when told, and tries again unless told not to" {
    run --separate-stderr "$lwm2m" client -q -u coap://127.0.0.1:1 -e dut-1 --once --socket "$BATS_TEST_TMPDIR/c.sock"
    [ "$status" -eq 6 ]
    start again.log "$lwm2m" client -u coap://127.0.0.1:1 -e dut-1 --socket "$BATS_TEST_TMPDIR/c.sock"
    until_true grep -q 'trying again in' "$BATS_TEST_TMPDIR/again.log"
}

@test "--once ends with 3 when the server refuses, with 5 when it is silent" {
    start_server --max-endpoints 1
    start_device dut-1
    run "$lwm2m" client -u "$uri" -e dut-2 --once --socket "$BATS_TEST_TMPDIR/c.sock"
    [ "$status" -eq 3 ]
    [[ $output == *5.03* ]]
    kill -STOP $server_pid
    run "$lwm2m" client -u "$uri" -e dut-2 --once --socket "$BATS_TEST_TMPDIR/c.sock" \
        --ack-timeout 20ms --ack-random-factor 1 --max-retransmit 1
    kill -CONT $server_pid
    [ "$status" -eq 5 ]
}

@test "says what is wrong with the command line" {
    run "$lwm2m" client
    [ "$status" -eq 2 ]
    [[ $output == *'--uri is missing'* ]]
    run "$lwm2m" client -u nonsense
    [ "$status" -eq 2 ]
    [[ $output == *"is not a server's address"* ]]
    run "$lwm2m" client -u coap://127.0.0.1 --set /3/0/0
    [ "$status" -eq 2 ]
    [[ $output == *"is not PATH=VALUE"* ]]
    run "$lwm2m" client -u coap://127.0.0.1 --set /3/0/13=soon --socket "$BATS_TEST_TMPDIR/c.sock"
    [ "$status" -eq 2 ]
    [[ $output == *"'soon' is not a time"* ]]
    run "$lwm2m" client -u coap://127.0.0.1 --lwm2m 3.0
    [ "$status" -eq 2 ]
    run "$lwm2m" client -u coap://127.0.0.1 --ack-random-factor 0
    [ "$status" -eq 2 ]
}

@test "a second device of a name is 10, another kind of address 12" {
    start_server
    start_device dut-1
    run "$lwm2m" client -u "$uri" -e dut-1 --socket "$BATS_TEST_TMPDIR/dut-1.sock"
    [ "$status" -eq 10 ]
    [[ $output == *"another lwm2m answers on"* ]]
    run "$lwm2m" client -u coaps+tcp://127.0.0.1 -e dut-2
    [ "$status" -eq 12 ]
}

# A definition, a file to replay, and a profile that names both.
write_profile() {
    cat >"$BATS_TEST_TMPDIR/pump.xml" <<'XML'
<LWM2M><Object ObjectType="MODefinition"><Name>Water Pump</Name><ObjectID>30001</ObjectID>
<MultipleInstances>Single</MultipleInstances><Mandatory>Optional</Mandatory><Resources>
<Item ID="5"><Name>Flow</Name><Operations>RW</Operations><MultipleInstances>Single</MultipleInstances>
<Mandatory>Mandatory</Mandatory><Type>Float</Type><Units>l/s</Units></Item>
</Resources></Object></LWM2M>
XML
    printf '# l/s\n1.5\n0.1,2.5\n0.1,3.5\n' >"$BATS_TEST_TMPDIR/flow.csv"
    cat >"$BATS_TEST_TMPDIR/pump.json" <<'JSON'
{
  "definitions": ["pump.xml"], "objects": [7], "instances": ["/3303/1"],
  "values": {"/3/0/0": "Acme", "/3303/0/5701": "Cel"},
  "generators": [
    {"path": "/30001/0/Flow", "kind": "replay", "file": "flow.csv", "every": "100ms"},
    {"path": "/3303/0/5700", "kind": "counter", "least": 5, "every": "100ms"}
  ]
}
JSON
}

@test "is what a profile says, with values that change" {
    write_profile
    start_server --objects "$BATS_TEST_TMPDIR"
    start_device dut-1 --profile "$BATS_TEST_TMPDIR/pump.json"
    run "$lwm2m" list --json
    [[ $output == *'"/3","'* || $output == *'"/3/0"'* ]]
    [[ $output == *'"/30001/0"'* && $output == *'"/3303/1"'* && $output == *'"/7/0"'* ]]
    [[ $output != *'/3201'* && $output != *'"/4'* ]]
    "$lwm2m" read -e dut-1 /3/0/0 --expect Acme
    run "$lwm2m" observe -e dut-1 "Water Pump/0/Flow" -c 4 -t 10s
    [ "$status" -eq 0 ]
    [[ $output == *"2.5 l/s"* && $output == *"3.5 l/s"* ]]
    "$lwm2m" wait -e dut-1 --for '/3303/0/5700>7' -t 10s
}

@test "has an instance of every object that a file defines" {
    write_profile
    start_server --objects "$BATS_TEST_TMPDIR"
    start_device dut-1 --object "$BATS_TEST_TMPDIR/pump.xml" --set /30001/0/Flow=7.5
    "$lwm2m" read -e dut-1 /30001/0/5 --expect 7.5
    "$lwm2m" read -e dut-1 /3303/0/5701 --expect Cel
}

@test "says what is wrong with a profile" {
    local profile=$BATS_TEST_TMPDIR/bad.json
    refuses() {
        printf '%s' "$1" >"$profile"
        run "$lwm2m" client -u coap://127.0.0.1:9 --profile "$profile"
        [ "$status" -eq 2 ] && [[ $output == *"$2"* ]]
    }
    refuses $'{"values":\n{"/3/0/0": "x"},}' "bad.json:2: not well formed JSON"
    refuses '{"generator": []}' "did you mean 'generators'?"
    refuses '{"objects": [99]}' "no object 99 of its own"
    refuses '{"values": {"/3/0/9": "x"}}' "bad.json: /3/0/9: 'x' is not an integer"
    refuses '{"generators": [{"path": "/3/0/0", "kind": "spin"}]}' "none of counter, sine, walk and replay"
    refuses '{"instances": ["/40000/0"]}' "no definition of this object"
    refuses '{"definitions": ["bad.json"]}' "bad.json:1: "
    run "$lwm2m" client -u coap://127.0.0.1:9 --profile "$BATS_TEST_TMPDIR/none.json"
    [ "$status" -eq 10 ]
    [[ $output == *"none.json: No such file or directory"* ]]
}

@test "registers with several servers, each of its own" {
    local other
    start_server
    start other.log "$lwm2m" server -l 127.0.0.1 -p 0 --socket "$BATS_TEST_TMPDIR/other.sock"
    until_true grep -q '^control socket' "$BATS_TEST_TMPDIR/other.log"
    other=$(sed -n 's/^listening on //p' "$BATS_TEST_TMPDIR/other.log")
    start_device dut-1 -u "$other"
    "$lwm2m" wait -e dut-1 -t 10s --socket "$BATS_TEST_TMPDIR/other.sock"
    "$lwm2m" read -e dut-1 /1/1/0 --expect 2 --socket "$BATS_TEST_TMPDIR/other.sock"
    run "$lwm2m" device status --socket "$BATS_TEST_TMPDIR/dut-1.sock"
    [ "$output" = "dut-1: registered at $uri
dut-1: registered at $other" ]
    run "$lwm2m" register -u "$uri" -u "$uri" -e probe
    [ "$status" -eq 2 ]
}

@test "in queue mode it sleeps, and wakes for what it has to say" {
    start_server
    start_device dut-1 -Q --awake 300ms
    until_true grep -q 'asleep' "$BATS_TEST_TMPDIR/dut-1.log"
    "$lwm2m" device send /3/0/0 --socket "$BATS_TEST_TMPDIR/dut-1.sock"
    until_true grep -q "sent to $uri" "$BATS_TEST_TMPDIR/dut-1.log"
    grep -q 'awake' "$BATS_TEST_TMPDIR/dut-1.log"
}

@test "--pid needs 1.2" {
    run "$lwm2m" client -u coap://127.0.0.1 -e dut-1 --pid 6:27354b9a
    [ "$status" -eq 2 ]
    [[ $output == *'--lwm2m 1.2'* ]]
}
