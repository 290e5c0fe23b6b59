# libcoap's coap-server as a device that knows nothing of LwM2M: coap-client registers from a port, then the server
# takes that port over. What coap-server 4.3.1 (-d 20) does, as seen:
#   - a PUT to an unknown path creates the resource: 2.01; a PUT to one that is there: 2.04;
#   - a POST to an unknown path creates it too: 2.01 with a Location-Path, which is the path itself;
#   - a POST without payload to one that is there: 2.04, and its value is empty from then on;
#   - a GET of what is not there: 4.04 with the text "Not Found"; a DELETE of it: 2.02 with the text "Deleted";
#   - a GET answers in the format that the PUT named, whatever Accept asks for; without one if that was text (0);
#   - it serves TCP on the same port.
#
# SPDX-License-Identifier: Apache-2.0

load programs

setup() {
    need coap-client coap-server
    start_server
    # A free port: the kernel chose it for a listener that is gone again.
    port=$(start_and_end_listener)
    ask -p "$port" -m post -t 40 -e '</1/0>,</3/0>,</3303/0>' "$uri/rd?ep=other&lt=300&lwm2m=1.1&b=U"
    answered 2.01
    start other.log "$coap_server" -A 127.0.0.1 -p "$port" -d 20 -v 7
    until_true grep -q 'created UDP' "$BATS_TEST_TMPDIR/other.log"
    device=coap://127.0.0.1:$port
}

start_and_end_listener() {
    local free
    free=$("$lwm2m" server -l 127.0.0.1 -p 0 -- sh -c 'echo "$LWM2M_COAP_URI"' 2>/dev/null)
    echo "${free##*:}"
}

teardown() {
    stop_all
}

# do EXIT COMMAND...: a command that ends with that exit.
do_command() {
    local expected=$1
    shift
    run "$lwm2m" "$@"
    [ "$status" -eq "$expected" ] && return 0
    printf '%s ended with %s: %s\n' "$*" "$status" "$output"
    return 1
}

@test "a resource is written, created by that, and read back" {
    do_command 3 read -e other /3/0/15
    [[ $output == *"4.04"* ]]
    do_command 0 write -e other /3/0/15=UTC
    do_command 0 read -e other /3/0/15 --expect UTC
    do_command 0 write -e other /3/0/15=CET
    do_command 0 read -e other /3/0/15 --expect CET
    grep -q 'c:2.01' "$BATS_TEST_TMPDIR/other.log"
    grep -q 'c:2.04' "$BATS_TEST_TMPDIR/other.log"
}

@test "a large value goes by blocks both ways" {
    long=$(printf 'A%.0s' {1..3000})
    do_command 0 write -e other "/3/0/15=$long"
    do_command 0 read -e other /3/0/15 --expect "$long"
    grep -q 'Block1:2' "$BATS_TEST_TMPDIR/other.log"
    grep -q 'Block2:2' "$BATS_TEST_TMPDIR/other.log"
}

@test "an answer in another format than was asked for is understood, or refused by name" {
    ask -m put -t 0 -e 'plain text' "$device/3/0/2"
    do_command 8 read -e other /3/0/2
    [[ $output == *"without a content format"* ]]
    ask -m put -t 112 -e 'no cbor' "$device/3/0/3"
    do_command 8 read -e other /3/0/3
    [[ $output == *"is no valid"* ]]
    ask -m put -t 41 -e '<b/>' "$device/3/0/17"
    do_command 8 read -e other /3/0/17
    [[ $output == *"content format 41"* ]]
}

@test "discover, delete, execute and create: what comes back is said" {
    do_command 3 discover -e other /3
    [[ $output == *"4.04"* ]]
    ask -m put -t 40 -e '</3>;ver=1.0,</3/0>,</3/0/0>' "$device/3"
    do_command 0 discover -e other /3
    [[ $output == *"/3/0/0"* ]]
    do_command 0 delete -e other /3303/0
    do_command 0 exec -e other /3/0/4
    do_command 0 create -e other /3303 5700=1
}

@test "an observation brings a change, and ends when the resource goes" {
    do_command 0 write -e other /3/0/15=UTC
    start observe.log "$lwm2m" observe -e other /3/0/15 -W 5s
    until_true grep -q UTC "$BATS_TEST_TMPDIR/observe.log"
    do_command 0 write -e other /3/0/15=CET
    until_true grep -q CET "$BATS_TEST_TMPDIR/observe.log"
    ask -m delete "$device/3/0/15"
    until_true grep -q 4.04 "$BATS_TEST_TMPDIR/observe.log"
}

@test "an observation is cancelled" {
    do_command 0 write -e other /3/0/15=UTC
    do_command 0 observe -e other /3/0/15 -c 1 -W 5s
    until_true grep -q 'removed subscription' "$BATS_TEST_TMPDIR/other.log"
}
