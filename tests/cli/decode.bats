# lwm2m decode
#
# SPDX-License-Identifier: Apache-2.0

load shared

register=4402abcd01020304b272641128396c776d326d3d312e32ff3c2f332f303e
# Device object, LwM2M TS 1.0 §6.4.3.
tlv='c800144f70656e204d6f62696c6520416c6c69616e6365 8606410001410105 c10964'

decodes() { # FORMAT PATH HEX LINE...
    lwm2m_ends 0 decode --as plain -f "$1" --path "$2" "$3"
    shift 3
    equals "$(tr -s ' \t' ' ' <<<"$output")" "$(printf '%s\n' "$@")"
}

# What the input stands for, as hexadecimal digits.
bytes_of() { # INPUT, on standard input too
    run --separate-stderr "$lwm2m" decode --json -f opaque --path /5/0/0 "$@"
    each '__import__("base64").b64decode(o["value"]).hex()'
}

@test "takes a message apart, each part with its offset" {
    lwm2m_ends 0 decode --json "$register"
    equals "$(each 'o["kind"], o["offset"]')" "('message', 0)
('option', 8)
('option', 11)
('option', 13)
('payload', 24)
('link', 24)"
    equals "$(each 'o.get("value", o.get("target"))')" "None
rd
40 (link)
lwm2m=1.2
None
/3/0"
    holds "$stderr" 'taken for coap'
}

@test "the header has type, code, message id and token" {
    lwm2m_ends 0 decode --json "$register"
    output=${lines[0]}
    equals "$(each 'o["type"], o["code"], o["mid"], o["token"]')" "('CON', '0.02', 43981, '01020304')"
}

@test "names the resources of a request by its path" {
    # PUT /3/0 with TLV
    lwm2m_ends 0 decode --json 40030001b133013012 2d16 ffc10964
    equals "$(each 'o.get("path")' | tail -1)" /3/0/9
    equals "$(each 'o["offset"]' | tail -1)" 14
}

@test "a response needs --path for TLV, and says so" {
    lwm2m_ends 0 decode --json 60450001c22d16 ffc10964
    holds "$stderr" '--path /3/0'
    equals "$(each 'o["kind"]' | tail -1)" bytes
    lwm2m_ends 0 decode --json --path /3/0 60450001c22d16 ffc10964
    equals "$(each 'o.get("path")' | tail -1)" /3/0/9
}

@test "reads every format" {
    decodes tlv /3/0 "$tlv" '3 /3/0/0 Manufacturer string Open Mobile Alliance' \
        '27 /3/0/6/0 Available Power Sources int 1' '30 /3/0/6/1 Available Power Sources int 5' \
        '33 /3/0/9 Battery Level int 100'
    decodes text /3/0/9 313030 '0 /3/0/9 Battery Level int 100'
    decodes cbor /3/0/9 1864 '0 /3/0/9 Battery Level int 100'
    decodes senml-cbor /3/0 81a321652f332f302f006139021864 '13 /3/0/9 Battery Level int 100'
    decodes lwm2m-cbor /3/0 bf830300091864ff '5 /3/0/9 Battery Level int 100'
    decodes opaque /5/0/0 0102 '0 /5/0/0 Package opaque 0x0102'
}

@test "reads the JSON formats" {
    equals "$(printf '[{"bn":"/3/0/","n":"9","v":87}]' | "$lwm2m" decode -q --as plain | tr -s ' \t' ' ')" \
        '27 /3/0/9 Battery Level int 87'
    equals "$(printf '{"bn":"/3/0/","e":[{"n":"9","v":87}]}' | "$lwm2m" decode -q --as plain | tr -s ' \t' ' ')" \
        '32 /3/0/9 Battery Level int 87'
}

@test "takes digits in every usual layout" {
    for text in 0102030a '01 02 03 0a' 01:02:03:0A '0x01,0x02 0x03,0x0a' '\x01\x02\x03\x0a' b64:AQIDCg==; do
        equals "$(bytes_of "$text")" 0102030a
    done
}

@test "takes the dumps of xxd, od and Wireshark" {
    head -c 40 /dev/zero | tr '\0' 'q' >"$BATS_TEST_TMPDIR/raw"
    wanted=$(printf '71%.0s' {1..40})
    printf '%s\n' '00000000: 7171 7171 7171 7171 7171 7171 7171 7171  qqqqqqqqqqqqqqqq' \
        '00000010: 7171 7171 7171 7171 7171 7171 7171 7171  qqqqqqqqqqqqqqqq' \
        '00000020: 7171 7171 7171 7171                      qqqqqqqq' >"$BATS_TEST_TMPDIR/xxd"
    printf '%s\n' '0000   71 71 71 71 71 71 71 71 71 71 71 71 71 71 71 71   qqqqqqqqqqqqqqqq' \
        '0010   71 71 71 71 71 71 71 71  71 71 71 71 71 71 71 71   qqqqqqqqqqqqqqqq' \
        '0020   71 71 71 71 71 71 71 71                           qqqqqqqq' >"$BATS_TEST_TMPDIR/wireshark"
    for file in raw xxd wireshark; do
        equals "$(bytes_of "@$BATS_TEST_TMPDIR/$file")" "$wanted"
    done
}

@test "--raw leaves a file as it is" {
    printf 3031 >"$BATS_TEST_TMPDIR/digits"
    equals "$(bytes_of "@$BATS_TEST_TMPDIR/digits")" 3031
    equals "$(bytes_of --raw "@$BATS_TEST_TMPDIR/digits")" 33303331
}

@test "shows what is before the break, then where and why" {
    lwm2m_ends 8 decode -f tlv --path /3/0 c10964 c81005
    holds "$output" 'Battery Level'
    holds "$stderr" 'offset 3: length runs past the end'
    lwm2m_ends 8 decode -f coap 40010001b3336f
    holds "$output" 'CON'
    holds "$stderr" 'offset 4: option value runs past the end'
    lwm2m_ends 8 decode -f tlv --path /3/0 --json c10964 c81005
    equals "$(each 'o.get("ok"), o["offset"]' | tail -1)" '(False, 3)'
}

@test "offsets of a broken payload count from the message" {
    lwm2m_ends 8 decode 40030001b133013012 2d16 ffc10964c1
    holds "$stderr" 'offset 16: the header is cut short'
}

@test "text of a device cannot steer the terminal" {
    lwm2m_ends 0 decode -f text --path /3/0/0 1b5b324a
    [[ $output != *$'\e'* ]]
    lwm2m_ends 0 decode -f coap 40010001b41b5b324a
    [[ $output != *$'\e'* ]]
}

@test "definitions may come from a file" {
    lwm2m_ends 10 decode --object /nonexistent.xml 00
}

@test "an argument that stands for no bytes is a mistake in the command line" {
    lwm2m_ends 2 decode zz
    holds "$stderr" 'character 1: not a hexadecimal digit'
    lwm2m_ends 2 decode 123
    holds "$stderr" 'an odd number'
    lwm2m_ends 2 decode b64:!!
    lwm2m_ends 2 decode --path /a/b 00
    lwm2m_ends 2 decode - 00
    lwm2m_ends 10 decode @/nonexistent
}
