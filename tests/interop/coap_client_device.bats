# libcoap's coap-client as the server of our simulated device.
#
# SPDX-License-Identifier: Apache-2.0

load programs

setup() {
    need coap-client
    start_server
    start_device dut-1 --answer-strangers
    device=coap://$("$lwm2m" info -e dut-1 | sed -n 's/^Address *//p')
}

teardown() {
    stop_all
}

@test "reads a resource as text, an object as TLV and as SenML CBOR" {
    ask "$device/3/0/0"
    answered 2.05 "text/plain ] :: 'lwm2m'"
    ask -A 11542 "$device/3"
    answered 2.05 "Content-Format:11542"
    ask -A 112 "$device/3"
    answered 2.05 "application/senml+cbor"
}

@test "reads by NON, and is answered by NON" {
    ask -N "$device/3/0/0"
    answered 2.05 "'lwm2m'"
    [[ $output == *"t:NON c:2.05"* ]]
}

@test "discovers an object" {
    ask -A 40 "$device/3"
    answered 2.05 "</3>;ver=1.0,</3/0>,</3/0/0>"
}

@test "writes a resource, and the value is there" {
    ask -m put -t 0 -e 250 "$device/3201/0/5853"
    answered 2.04
    ask "$device/3201/0/5853"
    answered 2.05 "'250'"
}

@test "executes a resource" {
    ask -m post -e "" "$device/3201/0/5850"
    answered 2.04
    until_true grep -q 'LED on' "$BATS_TEST_TMPDIR/dut-1.log"
}

@test "reads something large in blocks of 64 bytes" {
    ask -A 112 -b 64 -o "$BATS_TEST_TMPDIR/blocks" "$device/3"
    answered 2.05 "Block2:2/_/64"
    [[ $output == *"Block2:0/M/64"*"Block2:1/M/64"* ]]
    ask -A 112 -o "$BATS_TEST_TMPDIR/whole" "$device/3"
    [ "$(wc -c <"$BATS_TEST_TMPDIR/blocks")" -eq "$(wc -c <"$BATS_TEST_TMPDIR/whole")" ]
}

@test "writes something large in blocks of 16 bytes" {
    ask -m put -t 0 -b 16 -e "$(printf 'Z%.0s' {1..60})" "$device/3/0/15"
    answered 2.04 "Block1:3/_/16"
    ask "$device/3/0/15"
    answered 2.05 "'ZZZ"
}

@test "observes the counter, and stops observing" {
    run timeout 20 "$coap_client" -B 12 -v 6 -s 6 "$device/3200/0/5501"
    [[ $output == *"c:2.05"*"Observe:0"*"c:2.05"*"Observe:1"* ]]
    until_true grep -q 'unsubscribed (cancelled by the server) /3200/0/5501' "$BATS_TEST_TMPDIR/dut-1.log"
}

@test "is refused what a device refuses" {
    ask -m delete "$device/3/0"
    answered 4.05
    ask "$device/3/0/99"
    answered 4.04
    ask "$device/99"
    answered 4.04
    ask "$device/not/a/path"
    answered 4.04
    ask "$device/0/0/0"
    answered 4.01
    ask -A 50 "$device/3"
    answered 4.06
    ask -m put -t 50 -e '{}' "$device/3201/0/5853"
    answered 4.15
    ask -m put -t 0 -e 'no number' "$device/3201/0/5853"
    answered 4.00
}

@test "is told of an unknown critical option, and not of an elective one" {
    ask -O 65001,abc "$device/3/0/0"
    answered 4.02
    ask -O 65000,abc "$device/3/0/0"
    answered 2.05
}

@test "without the option, strangers are refused" {
    start_device dut-2
    device=coap://$("$lwm2m" info -e dut-2 | sed -n 's/^Address *//p')
    ask "$device/3/0/0"
    answered 4.01
}
