# lwm2m keys
#
# SPDX-License-Identifier: Apache-2.0

load shared

setup() {
    cd "$BATS_TEST_TMPDIR"
    umask 022
}

@test "makes a key that is another one each time" {
    lwm2m_ends 0 keys genpsk dev-1
    [[ $output =~ ^dev-1:[0-9a-f]{32}$ ]]
    local first=$output
    lwm2m_ends 0 keys genpsk dev-1 pump-7 --bytes 4
    [[ $output =~ ^dev-1:[0-9a-f]{8}:pump-7$ ]]
    lwm2m_ends 0 keys genpsk dev-1
    [ "$output" != "$first" ]
    lwm2m_ends 0 keys genpsk 'a:b'
    [[ $output =~ ^#613a62:[0-9a-f]{32}$ ]]
}

@test "adds keys to a file of its owner alone, and shows all but the keys" {
    lwm2m_ends 0 keys genpsk dev-1 -o k.psk
    [ "$(stat -c %a k.psk)" = 600 ]
    printf '# by hand\nlast:00ff' >>k.psk
    lwm2m_ends 0 keys genpsk 'a:b' pump-7 -o k.psk
    equals "$(wc -l <k.psk)" 4
    lwm2m_ends 0 keys show k.psk --as plain
    equals "$(tr -s '\t ' ' ' <<<"$output")" 'dev-1 dev-1 16 bytes
last last 2 bytes
a:b pump-7 16 bytes'
    lwm2m_ends 0 keys show k.psk --json
    equals "$(jq -c '[.op, .identity, .ep, .key_bytes]' <<<"${lines[2]}")" '["keys","a:b","pump-7",16]'
    [[ $output != *00ff* ]]
}

@test "shows what comes by a pipe" {
    run bash -c '"$1" keys show <(echo dev-1:00ff:pump-7) --as plain' - "$lwm2m"
    [ "$status" -eq 0 ]
    equals "$(tr -s '\t ' ' ' <<<"$output")" 'dev-1 pump-7 2 bytes'
}

@test "refuses a second key of an identity, and leaves the file" {
    lwm2m_ends 0 keys genpsk dev-1 -o k.psk
    local before
    before=$(cat k.psk)
    lwm2m_ends 2 keys genpsk dev-1 -o k.psk
    holds "$stderr" 'k.psk has a key of that identity already'
    equals "$(cat k.psk)" "$before"
}

@test "says what is wrong with a file" {
    echo dev-1:0g >k.psk
    lwm2m_ends 7 keys show k.psk
    holds "$stderr" 'others than its owner may read'
    chmod 600 k.psk
    lwm2m_ends 7 keys show k.psk
    holds "$stderr" 'k.psk:1:8: no hexadecimal digit'
    lwm2m_ends 7 keys genpsk dev-2 -o k.psk
    equals "$(cat k.psk)" dev-1:0g
    lwm2m_ends 10 keys show none.psk
    lwm2m_ends 10 keys genpsk dev-1 -o none/k.psk
    lwm2m_ends 2 keys genpsk ''
    lwm2m_ends 2 keys genpsk dev-1 --bytes 65
    lwm2m_ends 2 keys genpsk
    lwm2m_ends 2 keys frobnicate
}

@test "a full standard output is told" {
    [ -w /dev/full ] || skip "there is no /dev/full"
    run bash -c '"$1" keys genpsk dev-1 >/dev/full' - "$lwm2m"
    [ "$status" -eq 10 ]
}

@test "a key that was made lets a device in" {
    "$lwm2m" keys genpsk id-9 pump-9 -o k.psk
    # shellcheck disable=SC2016 # for the inner shell
    lwm2m_ends 0 server --psk-file k.psk --secure-port 0 -- sh -c '"$1" register --psk-file k.psk -e pump-9' - "$lwm2m"
    holds "$output" 'registered as pump-9'
}

@test "makes a raw key, whose public half is printed and shown" {
    lwm2m_ends 0 keys rpk urn:imei:1 -o k.key
    [[ $output =~ ^urn:imei:1:[A-Za-z0-9+/]+=*$ ]]
    [ "$(stat -c %a k.key)" = 600 ]
    openssl pkey -in k.key -noout
    lwm2m_ends 2 keys rpk urn:imei:1 -o k.key
    holds "$stderr" 'k.key is there already'
    lwm2m_ends 2 keys rpk urn:imei:1
    holds "$stderr" '-o FILE is missing'
    lwm2m_ends 0 keys show k.key --json
    equals "$(jq -r '.kind + " " + .algorithm' <<<"$output")" 'private-key EC/ECDSA 256'
    openssl pkey -in k.key -pubout -out k.pub
    lwm2m_ends 0 keys show k.pub --json
    equals "$(jq -r .fingerprint <<<"$output")" "$(openssl pkey -in k.key -pubout -outform DER | sha256sum | cut -d' ' -f1)"
    chmod 644 k.key
    lwm2m_ends 7 keys show k.key
}

@test "makes certificates that others believe" {
    lwm2m_ends 0 keys cert Plant --authority -o ca.key
    printf '%s\n' "$output" >ca.crt
    lwm2m_ends 0 keys cert server.example --ca ca.crt --ca-key ca.key -o s.key --days 30
    printf '%s\n' "$output" >s.crt
    openssl verify -CAfile ca.crt -verify_hostname server.example -purpose sslserver s.crt
    lwm2m_ends 0 keys show s.crt --json
    equals "$(jq -r '.kind + " " + .name + " " + .issuer' <<<"$output")" 'certificate server.example CN=Plant'
    cat s.crt ca.crt >chain.crt
    lwm2m_ends 0 keys show chain.crt --as plain
    equals "${#lines[@]}" 2
    holds "${lines[1]}" authority
    lwm2m_ends 2 keys cert dev-1 --ca ca.crt -o d.key
    holds "$stderr" '--ca and --ca-key go together'
    lwm2m_ends 7 keys cert dev-1 --ca s.crt --ca-key s.key -o d.key
    holds "$stderr" 'not one of an authority'
    [ ! -e d.key ]
    lwm2m_ends 7 keys cert dev-1 --ca ca.crt --ca-key s.key -o d.key
    printf -- '-----BEGIN NOTHING-----\n' >no.pem
    lwm2m_ends 7 keys show no.pem
}

@test "a private key behind a certificate is a secret, too" {
    lwm2m_ends 0 keys cert dev-1 -o d.key
    { printf '%s\n' "$output"; cat d.key; } >both.pem
    lwm2m_ends 7 keys show both.pem
    holds "$stderr" 'others than its owner may read'
    chmod 600 both.pem
    lwm2m_ends 0 keys show both.pem
}

@test "shows what comes by a named pipe" {
    mkfifo pipe
    echo dev-1:00ff:pump-7 >pipe 3>&- &
    run timeout 10 "$lwm2m" keys show pipe --as plain
    [ "$status" -eq 0 ]
    equals "$(tr -s '\t ' ' ' <<<"$output")" 'dev-1 pump-7 2 bytes'
}

@test "an endpoint name that no device can have gets no raw key" {
    lwm2m_ends 2 keys rpk "$(printf 'x%.0s' {1..256})" -o k.key
    holds "$stderr" '1 to 255 bytes'
    [ ! -e k.key ]
}
