# --capture and --keylog: what is written is what tshark decrypts.
#
# SPDX-License-Identifier: Apache-2.0

load server
bats_require_minimum_version 1.5.0

setup() {
    cd "$BATS_TEST_TMPDIR"
    "$lwm2m" keys genpsk dut-1 -o keys.psk
}

teardown() {
    stop_all
}

# read_capture FILE PORT [OPTION...]: codes and paths of the CoAP messages, by tshark.
read_capture() {
    command -v tshark >/dev/null || skip "tshark is not here"
    local file=$1 port=$2
    shift 2
    tshark -r "$file" -d "dtls.port==$port,coap" -d "udp.port==$port,dtls" "$@" -Y coap -T fields -e coap.code -e coap.opt.uri_path_recon 2>/dev/null
}

start_secure_server() {
    start_server -s 0 "$@"
    uri=$(sed -n 's/^listening on \(coaps:.*\)/\1/p' server.log)
}

@test "a server's capture opens decrypted, with pre-shared keys" {
    start_secure_server --psk-file keys.psk --capture s.pcapng
    start_device dut-1 --psk-file keys.psk
    "$lwm2m" read -e dut-1 /3/0/0
    [ "$(stat -c %a s.pcapng)" = 600 ]
    run read_capture s.pcapng "${uri##*:}"
    [[ $output == *2*rd* && $output == *1*/3/0/0* && $output == *69* ]]
}

@test "a device's capture opens decrypted, with certificates" {
    "$lwm2m" keys cert Plant --authority -o ca.key >ca.crt
    "$lwm2m" keys cert 127.0.0.1 --ca ca.crt --ca-key ca.key -o server.key >server.crt
    "$lwm2m" keys cert dut-1 --ca ca.crt --ca-key ca.key -o dut-1.key >dut-1.crt
    start_secure_server --cert server.crt --key server.key --ca ca.crt --capture s.pcapng
    "$lwm2m" register -u "$uri" -e dut-1 --cert dut-1.crt --key dut-1.key --ca ca.crt --capture d.pcapng
    for file in s.pcapng d.pcapng; do
        run read_capture "$file" "${uri##*:}"
        [[ $output == *2*rd* && $output == *65* && $output == *4*rd* ]]
    done
}

@test "what is not encrypted is in a capture, too" {
    start_server --capture s.pcapng
    start_device dut-1
    "$lwm2m" read -e dut-1 /3/0/0
    command -v tshark >/dev/null || skip "tshark is not here"
    run tshark -r s.pcapng -d "udp.port==${uri##*:},coap" -T fields -e coap.opt.uri_path_recon -e udp.checksum.status -o udp.check_checksum:TRUE
    [[ $output == */3/0/0*1* ]]
}

@test "a key log is added to, and decrypts a capture of others" {
    start_secure_server --psk-file keys.psk --keylog keys.log
    "$lwm2m" register -u "$uri" -e dut-1 --psk-file keys.psk
    "$lwm2m" register -u "$uri" -e dut-1 --psk-file keys.psk --keylog keys.log
    [ "$(stat -c %a keys.log)" = 600 ]
    [ "$(grep -cE '^CLIENT_RANDOM [0-9a-f]{64} [0-9a-f]{96}$' keys.log)" -eq 3 ]
    [ "$(sort -u keys.log | wc -l)" -eq 2 ]
}

@test "a capture that cannot be written is said, and what serves goes on" {
    run "$lwm2m" server -l 127.0.0.1 --capture none/s.pcapng --socket other.sock
    [ "$status" -eq 10 ]
    [[ $output == *"cannot write none/s.pcapng: No such file or directory"* ]]
    run "$lwm2m" server -l 127.0.0.1 --capture s.pcapng --stack libcoap --socket other.sock
    [ "$status" -eq 12 ]
    [ -e /dev/full ] || skip "there is no /dev/full"
    start_server --capture /dev/full
    start_device dut-1
    "$lwm2m" read -e dut-1 /3/0/0
    grep -q '/dev/full: No space left on device: it ends here' server.log
}
