# DTLS with pre-shared keys: who gets in, who does not, and what is said of it on both sides.
#
# SPDX-License-Identifier: Apache-2.0

load server
bats_require_minimum_version 1.5.0

setup() {
    keys=$BATS_TEST_TMPDIR/keys.psk
    printf 'dut-1:00112233445566778899aabbccddeeff\nkey-7:0badc0de:pump-7\n' >"$keys"
    chmod 600 "$keys"
}

teardown() {
    stop_all
}

# Starts a server for coaps; sets uri to that of coaps.
start_secure_server() {
    start_server -s 0 --psk-file "$keys" "$@"
    uri=$(sed -n 's/^listening on \(coaps:.*\)/\1/p' "$BATS_TEST_TMPDIR/server.log")
}

@test "a device with its key is read, and its security is shown" {
    start_secure_server
    start_device dut-1 --psk-file "$keys"
    [[ $("$lwm2m" read -e dut-1 /3/0/0) == *'"lwm2m"' ]]
    run "$lwm2m" info -e dut-1
    [[ $output == *Security*psk*Identity*dut-1* ]]
    run "$lwm2m" list --json
    [ "$(jq -r '.sec + " " + .identity' <<<"$output")" = "psk dut-1" ]
    [ "$("$lwm2m" read -e dut-1 /3303/0 /3/0 --json | jq -r 'select(.ok) | .op' | sort -u)" = read ]
}

@test "the recipe for a device under test with security runs as printed" {
    cd "$BATS_TEST_TMPDIR" && mv keys.psk devices.psk
    # shellcheck disable=SC2016 # for the inner shell
    PATH=$(dirname "$lwm2m"):$PATH timeout 60 "$lwm2m" server --psk-file devices.psk --secure-port 0 -- sh -ec '
        lwm2m client --psk-file devices.psk -e dut-1 --set /3/0/0=Acme 2>/dev/null & trap "kill $!" EXIT
        lwm2m wait -e dut-1 -t 30s
        lwm2m read -e dut-1 /3/0/0 --expect "Acme"'
}

@test "an identity registers its own endpoint and no other" {
    start_secure_server
    register 0 -e pump-7 --psk-file "$keys"
    register 3 -e dut-1 --psk-file "$keys" --psk-identity key-7
    [[ $stderr == *"4.03 Forbidden"* ]]
    run "$lwm2m" events --since 0-0 --type denied -t 0.2s
    [[ $output == *"the endpoint name is not the one of the identity"* ]]
}

@test "a wrong key and an unknown identity end in 7; the server tells which" {
    start_secure_server -v
    register 7 -e dut-1 --psk 0011
    local said=$stderr
    [[ $said == *"does not know the identity, or has another key for it"* ]]
    register 7 -e dut-9 --psk 0011
    [ "${stderr//dut-9/dut-1}" = "$said" ]
    run "$lwm2m" events --since 0-0 --type handshake -t 0.2s --json
    [ "$(jq -r '.identity + " " + .failure' <<<"$output")" = $'dut-1 wrong-key\ndut-9 unknown-identity' ]
    grep -q "as 'dut-9' failed: there is no key for this identity" "$BATS_TEST_TMPDIR/server.log"
}

@test "nobody who listens is 6; one who stays silent is 5" {
    start_server
    local port=${uri##*:}
    uri=coaps://127.0.0.1:1 register 6 -e dut-1 --psk-file "$keys"
    [[ $stderr == *"nobody listens there"* ]]
    # A server without security reads no DTLS.
    uri=coaps://127.0.0.1:$port
    run --separate-stderr timeout 2 "$lwm2m" register -u "$uri" -e dut-1 --psk-file "$keys"
    [ "$status" -eq 124 ]
}

@test "no common cipher is 7, and says so on both sides" {
    start_secure_server --ciphers NONE:+VERS-DTLS1.2:+PSK:+AES-128-CCM-8:+AEAD:+SIGN-ALL:+COMP-NULL -v
    register 7 -e dut-1 --psk-file "$keys" --ciphers NONE:+VERS-DTLS1.2:+PSK:+AES-128-CBC:+SHA256:+SIGN-ALL:+COMP-NULL
    [[ $stderr == *"no cipher suite is common to both: offered: TLS_PSK_WITH_AES_128_CBC_SHA256"* ]]
    grep -q "no cipher suite is common to both: offered: TLS_PSK_WITH_AES_128_CBC_SHA256; taken here, .*: TLS_PSK_WITH_AES_128_CCM_8$" "$BATS_TEST_TMPDIR/server.log"
    register 0 -e dut-1 --psk-file "$keys"
}

@test "with keys, coap is denied unless it is allowed" {
    start_secure_server
    [ "$(grep -c '^listening on' "$BATS_TEST_TMPDIR/server.log")" -eq 1 ]
    run "$lwm2m" server -l coap://127.0.0.1 --psk-file "$keys" --socket "$BATS_TEST_TMPDIR/other.sock"
    [ "$status" -eq 2 ]
    [[ $output == *"with keys, what has no security is denied"*"--nosec=allow"* ]]
}

@test "a registration without security does not displace one with it" {
    start_secure_server --nosec=allow
    start_device dut-1 --psk-file "$keys"
    uri=$(sed -n 's/^listening on \(coap:.*\)/\1/p' "$BATS_TEST_TMPDIR/server.log")
    register 3 -e dut-1
    [[ $stderr == *"4.03"* ]]
    "$lwm2m" read -e dut-1 /3/0/0
}

@test "keys are refused that others may read, and where they are wrong" {
    start_server
    chmod 640 "$keys"
    run "$lwm2m" server -l 127.0.0.1 -s 0 --psk-file "$keys" --socket "$BATS_TEST_TMPDIR/other.sock"
    [ "$status" -eq 7 ]
    [[ $output == *"$keys holds keys, and others than its owner may read or write it"*"chmod 600"* ]]
    run timeout 1 "$lwm2m" server -l 127.0.0.1 -s 0 --psk-file "$keys" --insecure-permissions \
        --socket "$BATS_TEST_TMPDIR/other.sock"
    [ "$status" -eq 0 ] || [ "$status" -eq 124 ]
    chmod 600 "$keys"
    printf 'dut-1:secret\n' >"$keys"
    run "$lwm2m" server -l 127.0.0.1 -s 0 --psk-file "$keys" --socket "$BATS_TEST_TMPDIR/other.sock"
    [ "$status" -eq 7 ]
    [[ $output == *"$keys:1:7: no hexadecimal digit"*"xxd -p"* ]]
    run "$lwm2m" server -l 127.0.0.1 --psk-file "$BATS_TEST_TMPDIR/none" --socket "$BATS_TEST_TMPDIR/other.sock"
    [ "$status" -eq 10 ]
    : >"$keys"
    run "$lwm2m" server -l 127.0.0.1 --psk-file "$keys" --socket "$BATS_TEST_TMPDIR/other.sock"
    [ "$status" -eq 7 ]
    [[ $output == *"there is no key in it"* ]]
}

@test "a key has to be chosen, and used" {
    uri=coaps://127.0.0.1:1
    register 2 -e dut-3 --psk-file "$keys"
    [[ $stderr == *"has 2 keys, and none for the endpoint 'dut-3'"*"--psk-identity"* ]]
    register 2 -e dut-3 --psk-file "$keys" --psk-identity dut-3
    register 2 -e dut-1
    [[ $stderr == *"a key is missing"*"--psk-file"* ]]
    register 2 -e dut-1 --psk nothex
    register 2 -e dut-1 --psk-file "$keys" --ciphers NONSENSE
    [[ $stderr == *"GnuTLS does not take 'NONSENSE'"* ]]
    register 12 -e dut-1 --psk-file "$keys" --stack libcoap
    uri=coap://127.0.0.1:1
    register 2 -e dut-1 --psk-file "$keys"
    [[ $stderr == *"the key would not be used"* ]]
}

@test "no key is printed, logged or shown" {
    start_secure_server -vvv
    start_device dut-1 --psk-file "$keys" -vvv
    "$lwm2m" info -e dut-1 --json >"$BATS_TEST_TMPDIR/info"
    "$lwm2m" events --since 0-0 -t 0.2s --json >"$BATS_TEST_TMPDIR/events" || true
    run grep -ril "00112233445566778899aabbccddeeff" "$BATS_TEST_TMPDIR" --include=*.log --include=info --include=events
    [ -z "$output" ]
}

@test "holds over a bad network" {
    start_secure_server --chaos loss=10%,dup=5%,reorder=5%,seed=3
    start_device dut-1 --psk-file "$keys" --ack-timeout 200ms
    for _ in 1 2 3 4 5; do
        "$lwm2m" read -e dut-1 /3/0/0 >/dev/null
    done
}

@test "SIGHUP reads the keys again, and wrong ones are told and not taken" {
    start_secure_server -v
    start_device dut-1 --psk-file "$keys"
    register 7 -e late --psk 0102
    echo late:0102 >>"$keys"
    kill -HUP "$server_pid"
    until_true grep -q 'keys were read again' "$BATS_TEST_TMPDIR/server.log"
    register 0 -e late --psk 0102
    echo wrong >>"$keys"
    kill -HUP "$server_pid"
    until_true grep -q 'the keys of before count on' "$BATS_TEST_TMPDIR/server.log"
    grep -q "keys.psk:4:6: no ':' and key follow the identity" "$BATS_TEST_TMPDIR/server.log"
    register 0 -e late --psk 0102
    "$lwm2m" read -e dut-1 /3/0/0
}

@test "libcoap does not serve coaps, and that is said" {
    run "$lwm2m" server -l 127.0.0.1 -s 0 --psk-file "$keys" --stack libcoap --socket "$BATS_TEST_TMPDIR/other.sock"
    [ "$status" -eq 12 ]
    [[ $output == *"libcoap does not serve coaps here"*"--stack libcoap"* ]]
}

@test "who has read a key leaves no memory of it in a file" {
    local pattern
    pattern=$(cat /proc/sys/kernel/core_pattern)
    [[ $pattern != [/\|]* ]] || skip "core files go elsewhere"
    cd "$BATS_TEST_TMPDIR"
    ulimit -c unlimited 2>/dev/null || skip "core files are not allowed"
    start_server
    kill -ABRT "$server_pid"
    wait "$server_pid" || true
    compgen -G '*core*' >/dev/null || skip "no core files here"
    rm -f -- *core*
    start_secure_server
    kill -ABRT "$server_pid"
    wait "$server_pid" || true
    run compgen -G '*core*'
    [ -z "$output" ]
}

@test "monitor tells handshakes, and what became of them" {
    cd "$BATS_TEST_TMPDIR"
    start_secure_server
    "$lwm2m" monitor -t 20s -c 4 >shown 2>errors 3>&- &
    local watcher=$!
    until_waits "$watcher"
    register 7 -e dut-9 --psk 0011
    register 0 -e dut-1 --psk-file "$keys"
    wait "$watcher"
    run sed -E 's/^[0-9:.]{12}/TIME/; s/127.0.0.1:[0-9]+/ADDR/' shown
    [ "${lines[0]}" = "TIME == ADDR as dut-9: handshake failed: there is no key for this identity" ]
    [ "${lines[1]}" = "TIME == ADDR as dut-1: secured with TLS_PSK_WITH_AES_128_CCM_8" ]
    [[ ${lines[2]} == *"POST /rd"* ]]
}
