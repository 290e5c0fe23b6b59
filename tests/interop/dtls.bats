# Our DTLS and that of others: OpenSSL's, GnuTLS's and libcoap's programs.
#
# SPDX-License-Identifier: Apache-2.0

load programs

key=00112233445566778899aabbccddeeff

setup() {
    keys=$BATS_TEST_TMPDIR/keys.psk
    printf 'dut-1:%s\n' "$key" >"$keys"
    chmod 600 "$keys"
    start_server -s 0 --psk-file "$keys"
    uri=$(sed -n 's/^listening on \(coaps:.*\)/\1/p' "$BATS_TEST_TMPDIR/server.log")
    port=${uri##*:}
}

teardown() {
    stop_all
}

# openssl_client CIPHER KEY [IDENTITY]: shakes hands, and ends.
openssl_client() {
    run timeout 10 openssl s_client -dtls1_2 -connect "127.0.0.1:$port" -psk_identity "${3:-dut-1}" -psk "$2" -cipher "$1@SECLEVEL=0" </dev/null
}

@test "OpenSSL's client shakes hands with our server by each suite of LwM2M" {
    need openssl
    for cipher in PSK-AES128-CCM8 PSK-AES128-CBC-SHA256 PSK-AES128-GCM-SHA256; do
        openssl_client "$cipher" "$key"
        [[ $output == *"Cipher is $cipher"* || $output == *"Cipher    : $cipher"* ]]
    done
}

@test "OpenSSL's client is told of a wrong key and an unknown identity alike" {
    need openssl
    openssl_client PSK-AES128-CCM8 ffffffffffffffffffffffffffffffff
    [[ $output == *"decrypt error"* ]]
    openssl_client PSK-AES128-CCM8 "$key" nobody
    [[ $output == *"decrypt error"* ]]
    run "$lwm2m" events --since 0-0 --type handshake -t 0.2s --json
    [ "$(jq -r .failure <<<"$output")" = $'wrong-key\nunknown-identity' ]
}

@test "GnuTLS's client shakes hands with our server" {
    need gnutls-cli
    run timeout 10 gnutls-cli --udp --port "$port" 127.0.0.1 --pskusername dut-1 --pskkey "$key" \
        --priority NORMAL:-KX-ALL:+PSK:+AES-128-CCM-8 </dev/null
    [[ $output == *"Handshake was completed"* ]]
}

@test "libcoap's client asks our server over DTLS" {
    need coap-client
    printf 'dut-1:%s\n' 736573616d65 >"$keys" # "sesame": libcoap takes keys as text
    stop_all
    start_server -s 0 --psk-file "$keys"
    port=$(sed -n 's/^listening on coaps:.*:\([0-9]*\)$/\1/p' "$BATS_TEST_TMPDIR/server.log")
    run timeout 20 "$coap_client" -B 5 -v 6 -m get -u dut-1 -k sesame "coaps://127.0.0.1:$port/none"
    answered 4.04
}

# openssl_server KEY: sets uri.
openssl_server() {
    mkfifo "$BATS_TEST_TMPDIR/input" # it ends when its input does
    # shellcheck disable=SC2016 # for the inner shell
    start openssl.log sh -c 'exec timeout 20 openssl s_server "$@" <>"$0"' "$BATS_TEST_TMPDIR/input" -dtls1_2 -accept 127.0.0.1:0 -nocert -psk "$1" -psk_identity dut-1 -cipher "PSK@SECLEVEL=0"
    until_true grep -q '^ACCEPT 127' "$BATS_TEST_TMPDIR/openssl.log"
    uri=coaps://$(sed -n 's/^ACCEPT //p' "$BATS_TEST_TMPDIR/openssl.log")
}

@test "our device shakes hands with OpenSSL's server" {
    need openssl
    openssl_server "$key"
    start device.log "$lwm2m" client -u "$uri" -e dut-1 --psk-file "$keys" --socket "$BATS_TEST_TMPDIR/d.sock"
    until_true grep -q 'secured with' "$BATS_TEST_TMPDIR/device.log"
}

@test "our device says what OpenSSL's server refuses" {
    need openssl
    openssl_server ffffffffffffffffffffffffffffffff
    run "$lwm2m" register -u "$uri" -e dut-1 --psk-file "$keys"
    [ "$status" -eq 7 ]
    [[ $output == *"does not know the identity, or has another key for it"* ]]
}
