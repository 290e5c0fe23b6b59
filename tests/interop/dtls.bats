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

# ---- certificates ----

certify() {
    cd "$BATS_TEST_TMPDIR"
    "$lwm2m" keys cert Plant --authority -o ca.key >ca.crt
    "$lwm2m" keys cert 127.0.0.1 --ca ca.crt --ca-key ca.key -o server.key >server.crt
    "$lwm2m" keys cert dut-1 --ca ca.crt --ca-key ca.key -o dut-1.key >dut-1.crt
    stop_all
    start_server -s 0 --cert server.crt --key server.key --ca ca.crt
    port=$(sed -n 's/^listening on coaps:.*:\([0-9]*\)$/\1/p' server.log)
}

@test "OpenSSL's client shakes hands by certificates, by each suite of LwM2M" {
    need openssl
    certify
    for cipher in ECDHE-ECDSA-AES128-CCM8 ECDHE-ECDSA-AES128-GCM-SHA256; do
        run timeout 10 openssl s_client -dtls1_2 -connect "127.0.0.1:$port" -cert dut-1.crt -key dut-1.key -CAfile ca.crt \
            -verify_return_error -verify_ip 127.0.0.1 -cipher "$cipher@SECLEVEL=0" </dev/null
        [[ $output == *"Cipher is $cipher"* || $output == *"Cipher    : $cipher"* ]]
        [[ $output == *"Verify return code: 0 (ok)"* ]]
    done
}

@test "OpenSSL's client without a certificate, or with one of its own, is refused" {
    need openssl
    certify
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout o.key -out o.crt -subj /CN=dut-1 -days 1 2>/dev/null
    run timeout 10 openssl s_client -dtls1_2 -connect "127.0.0.1:$port" -cert o.crt -key o.key -CAfile ca.crt </dev/null
    [[ $output == *"alert unknown ca"* ]]
    run timeout 10 openssl s_client -dtls1_2 -connect "127.0.0.1:$port" -CAfile ca.crt </dev/null
    [[ $output == *alert* ]]
    run "$lwm2m" events --since 0-0 --type handshake -t 0.2s --json
    [ "$(jq -r .failure <<<"$output")" = $'unknown-authority\nno-certificate' ]
}

@test "GnuTLS's client shakes hands by a certificate, and resumes" {
    need gnutls-cli
    certify
    run timeout 20 gnutls-cli --udp --port "$port" 127.0.0.1 --x509cafile ca.crt --x509certfile dut-1.crt --x509keyfile dut-1.key \
        --priority NORMAL:-VERS-ALL:+VERS-DTLS1.2:+AES-128-CCM-8 --resume </dev/null
    [[ $output == *"Handshake was completed"* ]]
    [[ $output == *"This is a resumed session"* ]]
}

@test "our device shakes hands with OpenSSL's server by certificates" {
    need openssl
    certify
    mkfifo input
    # shellcheck disable=SC2016 # for the inner shell
    start openssl.log sh -c 'exec timeout 20 openssl s_server "$@" <>"$0"' input -dtls1_2 -accept 127.0.0.1:0 -cert server.crt -key server.key -CAfile ca.crt -Verify 3 -verify_return_error
    until_true grep -q '^ACCEPT 127' openssl.log
    uri=coaps://$(sed -n 's/^ACCEPT //p' openssl.log)
    start device.log "$lwm2m" client -u "$uri" -e dut-1 --cert dut-1.crt --key dut-1.key --ca ca.crt --socket d.sock
    until_true grep -q 'secured with TLS_ECDHE_ECDSA' device.log
}

@test "our device says what OpenSSL's server has against its certificate" {
    need openssl
    certify
    "$lwm2m" keys cert dut-1 -o own.key >own.crt
    mkfifo input
    # shellcheck disable=SC2016 # for the inner shell
    start openssl.log sh -c 'exec timeout 20 openssl s_server "$@" <>"$0"' input -dtls1_2 -accept 127.0.0.1:0 -cert server.crt -key server.key -CAfile ca.crt -Verify 3 -verify_return_error
    until_true grep -q '^ACCEPT 127' openssl.log
    uri=coaps://$(sed -n 's/^ACCEPT //p' openssl.log)
    run "$lwm2m" register -u "$uri" -e dut-1 --cert own.crt --key own.key --ca ca.crt
    [ "$status" -eq 7 ]
    [[ $output == *"does not take our certificate or key"* ]]
}

@test "our device shakes hands with GnuTLS's server by a raw public key" {
    need gnutls-serv
    certify
    openssl pkey -in server.key -pubout -out server.pub
    "$lwm2m" keys rpk dut-1 -o raw.key >raw.rpk
    local free
    free=$(python3 -c 'import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    start gnutls.log timeout 20 gnutls-serv --udp --port "$free" --rawpkkeyfile server.key --rawpkfile server.pub \
        --disable-client-cert --priority NORMAL:-VERS-ALL:+VERS-DTLS1.2:+CTYPE-CLI-RAWPK:+CTYPE-SRV-RAWPK
    start device.log "$lwm2m" client -u "coaps://127.0.0.1:$free" -e dut-1 --key raw.key --server-public-key server.pub --socket d.sock
    until_true grep -q 'secured with TLS_ECDHE_ECDSA' device.log
}
