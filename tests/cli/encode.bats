# lwm2m encode
#
# SPDX-License-Identifier: Apache-2.0

load shared

encodes() { # HEX ARGUMENT...
    local wanted=$1
    shift
    lwm2m_ends 0 encode "$@"
    equals "$output" "$wanted"
}

@test "writes every format" {
    encodes c10964 -f tlv /3/0/9=100
    encodes 313030 -f text /3/0/9=100
    encodes 1864 -f cbor /3/0/9=100
    encodes 0102 -f opaque /5/0/0=0x0102
    encodes 81a321652f332f302f006139021864 -f senml-cbor /3/0/9=100
    lwm2m_ends 0 encode -f senml-json --raw /3/0/9=100
    equals "$output" '[{"bn":"/3/0/","n":"9","v":100}]'
    lwm2m_ends 0 encode -f json --raw /3/0/9=100
    holds "$output" '"v":100'
}

@test "what it writes decodes to the same, in every format of several values" {
    for format in tlv senml-cbor senml-json json lwm2m-cbor senml-etch-json senml-etch-cbor; do
        run --separate-stderr "$lwm2m" decode --json -f "$format" --path /3/0 \
            "$("$lwm2m" encode -f "$format" /3/0/9=100 Device/0/Manufacturer=Acme /3/0/7/1=5000)"
        equals "$(each 'o["path"], o["value"]')" "('/3/0/0', 'Acme')
('/3/0/7/1', 5000)
('/3/0/9', 100)"
    done
}

@test "translates between formats through a pipe" {
    equals "$(printf '[{"bn":"/3/0/","n":"9","v":87}]' | "$lwm2m" encode -f tlv --from senml-json --path /3/0)" c10957
    equals "$("$lwm2m" encode -f tlv /3/0/9=87 | "$lwm2m" encode -f senml-cbor --from tlv --path /3/0 -)" \
        "$("$lwm2m" encode -f senml-cbor /3/0/9=87)"
}

@test "prints base64 and bytes, and writes a file" {
    encodes wQlk -f tlv --base64 /3/0/9=100
    lwm2m_ends 0 encode -f tlv -o "$BATS_TEST_TMPDIR/out" /3/0/9=100
    equals "$(od -An -tx1 "$BATS_TEST_TMPDIR/out")" ' c1 09 64'
    lwm2m_ends 10 encode -f tlv -o /nonexistent/out /3/0/9=100
    holds "$stderr" 'cannot write /nonexistent/out: No such file or directory'
    holds "$stderr" 'make its folder first'
}

@test "a file is there whole or not at all, and devices are written to" {
    mkdir "$BATS_TEST_TMPDIR/here"
    cd "$BATS_TEST_TMPDIR/here"
    lwm2m_ends 10 encode -f tlv -o /dev/full /3/0/9=100
    holds "$stderr" 'cannot write /dev/full: No space left on device'
    printf before >kept
    run bash -c 'ulimit -f 1; trap "" XFSZ; "$0" encode -f opaque -o kept "/5/0/0=0x$(printf "%04096d" 0)"' "$lwm2m"
    equals "$status" 10
    equals "$(cat kept)" before
    equals "$(ls -A)" kept
    { printf a; "$lwm2m" encode -f text -o /dev/stdout /3/0/9=100; printf b; } >out
    equals "$(cat out)" a100b
    equals "$("$lwm2m" encode -f text -o /dev/stdout /3/0/9=100 | cat)" 100
}

@test "-T overrides the registry's type" {
    encodes c303313030 -f tlv -T string /3/0/3=100
    encodes c10301 -f tlv -T int /3/0/3=1
}

@test "says what a format cannot carry" {
    lwm2m_ends 2 encode -f text /3/0/9=100 /3/0/0=Acme
    holds "$stderr" 'text cannot carry this'
    lwm2m_ends 2 encode -f tlv /3/0/9=100 /1/0/1=5
    holds "$stderr" 'tlv cannot carry this'
}

@test "refuses a command line that is wrong, and a payload that does not decode" {
    lwm2m_ends 2 encode /3/0/9=100
    holds "$stderr" '-f FORMAT'
    lwm2m_ends 2 encode -f tlv
    lwm2m_ends 2 encode -f tlv /3/0/9
    lwm2m_ends 2 encode -f tlv /3/0/9=many
    lwm2m_ends 2 encode -f tlv --raw --base64 /3/0/9=1
    lwm2m_ends 8 encode -f senml-json --from tlv --path /3/0 c109
    holds "$stderr" 'offset 0: length runs past the end'
}

@test "--json prints the payload as an object" {
    lwm2m_ends 0 encode -f tlv /3/0/9=87 --json
    equals "$output" '{"v":1,"op":"encode","format":"tlv","path":"/3/0","length":3,"hex":"c10957"}'
    lwm2m_ends 0 encode -f tlv /3/0/9=87 --json -o "$BATS_TEST_TMPDIR/payload"
    equals "$output" '{"v":1,"op":"encode","format":"tlv","path":"/3/0","length":3}'
    equals "$(od -An -tx1 "$BATS_TEST_TMPDIR/payload")" ' c1 09 57'
    lwm2m_ends 2 encode -f tlv /3/0/9=87 --json --raw
}

@test "a full standard output is told" {
    [ -w /dev/full ] || skip "there is no /dev/full"
    for form in --raw --base64 --json; do
        run bash -c '"$1" encode -f tlv /3/0/9=87 "$2" >/dev/full' - "$lwm2m" "$form"
        [ "$status" -eq 10 ]
    done
}
