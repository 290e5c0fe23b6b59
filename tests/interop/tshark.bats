# Wireshark's dissectors read what a server and a device say to each other.
#
# SPDX-License-Identifier: Apache-2.0

load programs

setup() {
    command -v tshark >/dev/null || skip "tshark is not installed"
    start_server
    pcap=$BATS_TEST_TMPDIR/passed.pcap
    start relay.log python3 "$BATS_TEST_DIRNAME/recording_relay.py" "${uri##*:}" "$pcap"
    until_true grep -q . "$BATS_TEST_TMPDIR/relay.log"
    uri=coap://127.0.0.1:$(cat "$BATS_TEST_TMPDIR/relay.log")
    start_device dut-1
}

teardown() {
    stop_all
}

@test "CoAP, TLV, SenML CBOR and links are dissected, and nothing is malformed" {
    "$lwm2m" read -e dut-1 /3
    "$lwm2m" read -e dut-1 /3 -f tlv
    "$lwm2m" read -e dut-1 /3/0/0 -f text
    "$lwm2m" write -e dut-1 /3/0/15=UTC
    "$lwm2m" write -e dut-1 /3/0/15=CET -f tlv
    "$lwm2m" exec -e dut-1 /3201/0/5850
    "$lwm2m" discover -e dut-1 /3
    "$lwm2m" observe -e dut-1 /3200/0/5501 -c 1
    kill "$device_pid"
    "$lwm2m" wait -e dut-1 --for deregistered -t 5s
    run tshark -r "$pcap" -V
    printf '%s\n' "$output" >"$BATS_TEST_TMPDIR/dissected"
    [ "$status" -eq 0 ]
    [[ $output != *Malformed* && $output != *"Expert Info (Error"* ]]
    [[ $output == *"Constrained Application Protocol"* ]]
    [[ $output == *"Lightweight M2M TLV"* ]]
    [[ $output == *"Concise Binary Object Representation"* ]]
    run tshark -r "$pcap" -Y '!coap'
    [[ $output != *UDP* ]]
}
