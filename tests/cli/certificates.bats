# DTLS with certificates and raw public keys: who gets in, who does not, and what is said of it.
#
# SPDX-License-Identifier: Apache-2.0

load server
bats_require_minimum_version 1.5.0

setup() {
    cd "$BATS_TEST_TMPDIR"
    "$lwm2m" keys cert Plant --authority -o ca.key >ca.crt
    "$lwm2m" keys cert 127.0.0.1 --ca ca.crt --ca-key ca.key -o server.key >server.crt
    "$lwm2m" keys cert dut-1 --ca ca.crt --ca-key ca.key -o dut-1.key >dut-1.crt
}

teardown() {
    stop_all
}

start_secure_server() {
    start_server -s 0 --cert server.crt --key server.key "$@"
    uri=$(sed -n 's/^listening on \(coaps:.*\)/\1/p' "$BATS_TEST_TMPDIR/server.log")
}

@test "a device with a certificate is read, and is whom that is made out to" {
    start_secure_server --ca ca.crt
    start_device dut-1 --cert dut-1.crt --key dut-1.key --ca ca.crt
    [[ $("$lwm2m" read -e dut-1 /3/0/0) == *'"lwm2m"' ]]
    run "$lwm2m" list --json
    [ "$(jq -r '.sec + " " + .identity' <<<"$output")" = "x509 dut-1" ]
    register 3 -e dut-2 --cert dut-1.crt --key dut-1.key --ca ca.crt
    [[ $stderr == *4.03* ]]
    run "$lwm2m" events --since 0-0 --type denied -t 0.2s
    [[ $output == *"the endpoint name is not the one of the identity"* ]]
}

@test "a device of another authority is refused, and both sides say why" {
    start_secure_server --ca ca.crt -v
    "$lwm2m" keys cert dut-1 -o other.key >other.crt
    register 7 -e dut-1 --cert other.crt --key other.key --ca ca.crt
    [[ $stderr == *"does not take our certificate or key"* ]]
    run "$lwm2m" events --since 0-0 --type handshake -t 0.2s --json
    [ "$(jq -r '.failure + ": " + .detail' <<<"$output")" = "unknown-authority: it is signed by itself" ]
    grep -q "leads to no authority that is known: it is signed by itself" server.log
}

@test "a server of another authority, name or time is refused, and it is said why" {
    start_secure_server --ca ca.crt
    "$lwm2m" keys cert Other --authority -o other.key >other.crt
    register 7 -e dut-1 --cert dut-1.crt --key dut-1.key --ca other.crt
    [[ $stderr == *"leads to no authority that is known: it was issued by 'CN=Plant'"*"--ca FILE"* ]]
    register 7 -e dut-1 --cert dut-1.crt --key dut-1.key --ca ca.crt --server-name plant.example
    [[ $stderr == *"it is made out to '127.0.0.1', and 'plant.example' was called"*"--server-name NAME"* ]]
}

@test "certificate usages tell a server by its certificate and by its authority" {
    start_secure_server --ca ca.crt
    local own=(-e dut-1 --cert dut-1.crt --key dut-1.key)
    register 0 "${own[@]}" --server-public-key server.crt
    register 0 "${own[@]}" --server-public-key server.crt --certificate-usage 1 --ca ca.crt
    register 0 "${own[@]}" --server-public-key ca.crt --certificate-usage 0 --ca ca.crt
    register 0 "${own[@]}" --server-public-key ca.crt --certificate-usage 2
    register 7 "${own[@]}" --server-public-key ca.crt
    [[ $stderr == *"it is not the certificate that is expected"* ]]
    register 2 "${own[@]}" --server-public-key ca.crt --certificate-usage 0
    [[ $stderr == *"--ca FILE"* ]]
    register 2 "${own[@]}" --server-public-key ca.crt --certificate-usage 4
}

@test "raw public keys are known by a file of them" {
    "$lwm2m" keys rpk pump-7 -o pump.key >devices.rpk
    "$lwm2m" keys rpk server -o raw.key >raw.rpk
    openssl pkey -in raw.key -pubout -out raw.pub
    start_server -s 0 --key raw.key --rpk devices.rpk
    uri=$(sed -n 's/^listening on \(coaps:.*\)/\1/p' server.log)
    register 0 -e pump-7 --key pump.key --server-public-key raw.pub
    register 3 -e pump-8 --key pump.key --server-public-key raw.pub
    register 7 -e pump-7 --key dut-1.key --server-public-key raw.pub
    run "$lwm2m" events --since 0-0 --type handshake -t 0.2s --json
    [ "$(jq -r .failure <<<"$output")" = unknown-key ]
    register 7 -e pump-7 --key pump.key --server-public-key server.crt
    [[ $stderr == *"the peer's key is not one that is known: its fingerprint is "* ]]
    # A certificate is not shown to a server that wants raw keys.
    register 7 -e dut-1 --cert dut-1.crt --key dut-1.key --ca ca.crt
}

@test "one server takes pre-shared keys, certificates and raw keys" {
    "$lwm2m" keys genpsk psk-1 -o devices.psk
    "$lwm2m" keys rpk rpk-1 -o rpk-1.key >devices.rpk
    openssl pkey -in server.key -pubout -out server.pub
    start_secure_server --ca ca.crt --psk-file devices.psk --rpk devices.rpk
    start_device psk-1 --psk-file devices.psk
    start_device rpk-1 --key rpk-1.key --server-public-key server.pub
    start_device dut-1 --cert dut-1.crt --key dut-1.key --ca ca.crt
    run "$lwm2m" list --json
    [ "$(jq -r '.ep + " " + .sec' <<<"$output" | sort | tr '\n' ' ')" = 'dut-1 x509 psk-1 psk rpk-1 rpk ' ]
}

@test "SIGHUP reads certificates again" {
    cp ca.crt trusted.crt
    start_secure_server --ca trusted.crt -v
    "$lwm2m" keys cert New --authority -o new.key >new.crt
    "$lwm2m" keys cert dut-2 --ca new.crt --ca-key new.key -o dut-2.key >dut-2.crt
    register 7 -e dut-2 --cert dut-2.crt --key dut-2.key --ca ca.crt
    cat new.crt >>trusted.crt
    kill -HUP "$server_pid"
    until_true grep -q 'keys were read again' server.log
    register 0 -e dut-2 --cert dut-2.crt --key dut-2.key --ca ca.crt
}

@test "what does not go together is refused with the next step" {
    start_secure_server --ca ca.crt
    local other=(--socket "$BATS_TEST_TMPDIR/other.sock" -l 127.0.0.1)
    run "$lwm2m" server "${other[@]}" --cert server.crt
    [ "$status" -eq 2 ]
    [[ $output == *"of no use without --key"* ]]
    run "$lwm2m" server "${other[@]}" --cert server.crt --key server.key
    [ "$status" -eq 2 ]
    [[ $output == *"nobody is believed yet"*"--ca FILE"* ]]
    run "$lwm2m" server "${other[@]}" --key server.key
    [ "$status" -eq 2 ]
    [[ $output == *"--rpk FILE"* ]]
    run "$lwm2m" server "${other[@]}" --cert server.crt --key dut-1.key --ca ca.crt
    [ "$status" -eq 7 ]
    [[ $output == *"dut-1.key: the private key does not belong to the certificate"* ]]
    run "$lwm2m" server "${other[@]}" --cert ca.key --key server.key --ca ca.crt
    [ "$status" -eq 7 ]
    [[ $output == *"ca.key: no certificate can be read"* ]]
    openssl pkey -in server.key -aes128 -passout pass:sesame -out locked.key
    chmod 600 locked.key
    run "$lwm2m" server "${other[@]}" --cert server.crt --key locked.key --ca ca.crt
    [ "$status" -eq 7 ]
    [[ $output == *"locked.key: the private key is encrypted"*"openssl pkey"* ]]
    chmod 640 server.key
    run "$lwm2m" server "${other[@]}" --cert server.crt --key server.key --ca ca.crt
    [ "$status" -eq 7 ]
    [[ $output == *"chmod 600"* ]]
    register 2 -e dut-1 --cert dut-1.crt
    register 2 -e dut-1 --cert dut-1.crt --key dut-1.key
    [[ $stderr == *"nothing to tell the server by"* ]]
    register 2 -e dut-1 --key dut-1.key
    [[ $stderr == *"--server-public-key FILE is its raw public key"* ]]
    register 2 -e dut-1 --key dut-1.key --psk 00ff --server-public-key server.crt
    register 2 -e dut-1 --psk 00ff --ca ca.crt
}

@test "keys and certificates in DER serve as well" {
    openssl x509 -in server.crt -outform DER -out server.der
    openssl pkey -in server.key -outform DER -out server-key.der
    openssl x509 -in ca.crt -outform DER -out ca.der
    chmod 600 server-key.der
    start_server -s 0 --cert server.der --key server-key.der --ca ca.der
    uri=$(sed -n 's/^listening on \(coaps:.*\)/\1/p' server.log)
    register 0 -e dut-1 --cert dut-1.crt --key dut-1.key --ca ca.der
}
