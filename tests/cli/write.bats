# lwm2m write
#
# SPDX-License-Identifier: Apache-2.0

load shared

setup_file() {
    share_server
    share_device dut-1
    share_device dut-2
    share_scripted_device odd
}

teardown_file() {
    end_shared
}

@test "writes, and says nothing" {
    lwm2m_ends 0 write -e dut-1 /3/0/14=+02:00
    equals "$output$stderr" ''
    lwm2m_ends 0 read -e dut-1 /3/0/14 --expect +02:00
    lwm2m_ends 0 write -e dut-1 Device/0/utc_offset=+03:00 -v
    equals "$stderr" 'lwm2m: dut-1: write /3/0/14: 2.04'
    lwm2m_ends 0 read -e dut-1 /3/0/14 --expect +03:00
}

@test "writes several values of an instance at once, and of several instances" {
    lwm2m_ends 0 write -e dut-1 /3/0/14=Z /3/0/15=Etc/UTC /3201/0/5853=250
    lwm2m_ends 0 read -e dut-1 /3/0/15 --expect Etc/UTC
    lwm2m_ends 0 read -e dut-1 /3201/0/5853 --expect 250
}

@test "values of several instances go in one message, unless they are to be replaced" {
    lwm2m_ends 0 write -e dut-1 /3/0/14=Z /3201/0/5853=250 -n
    [[ ${lines[0]} =~ ^'CON iPATCH senml-cbor '[0-9]+' bytes'$ ]]
    equals "${#lines[@]}" 2
    for option in --no-composite --replace; do
        lwm2m_ends 0 write -e dut-1 /3/0/14=Z /3201/0/5853=250 -n "$option"
        holds "${lines[0]}" 'CON PUT /3/0/14 senml-cbor'
        holds "${lines[2]}" 'CON PUT /3201/0/5853 senml-cbor'
    done
    lwm2m_ends 0 write -e dut-1 /3/0/14=Z /3201/0/5853=333 --no-composite
    lwm2m_ends 0 read -e dut-1 /3201/0/5853 --expect 333
}

@test "what is refused together is not written one by one unasked" {
    lwm2m_ends 3 write -e odd /3/0/14=Z /3303/7/5750=x
    equals "$stderr" 'lwm2m: odd: write: 4.05 Method Not Allowed (nothing was written; --no-composite writes one instance after the other, and shows what is refused)'
    lwm2m_ends 3 write -e odd /3/0/14=Z /3303/7/5750=x --no-composite
    holds "$stderr" 'odd: write /3/0/14: 4.04'
}

@test "prints an object for each value" {
    lwm2m_ends 0 write -e dut-1 /3/0/14=Z /3/0/15=Etc/UTC --json
    equals "$(keys | sort -u)" 'code ep ok op op_id path retx rtt_ms ts v'
    equals "$(each 'o["op"], o["path"], o["code"], o["ok"]')" \
        "('write', '/3/0/14', '2.04', True)
('write', '/3/0/15', '2.04', True)"
}

@test "a dry run shows the message and sends nothing" {
    lwm2m_ends 0 write -e dut-1 /3/0/14=-01:00 -n
    equals "${lines[0]}" 'CON PUT /3/0/14 senml-cbor 19 bytes'
    [[ ${lines[1]} =~ ^40[0-9a-f]+2d30313a3030$ ]]
    lwm2m_ends 1 read -e dut-1 /3/0/14 --expect -01:00
    lwm2m_ends 0 write -e dut-1 /3/0/14=-01:00 -n --json
    equals "$(keys)" 'dry_run ep hex message op op_id path v'
    lwm2m_ends 0 write -e dut-1 /3/0/14=Z /3/0/15=x --update -n -f tlv
    equals "${lines[0]}" 'CON POST /3/0 tlv 6 bytes'
    lwm2m_ends 0 write -e dut-1 /3/0/14=Z -n -f text
    equals "${lines[0]}" 'CON PUT /3/0/14 text 1 byte'
}

@test "replaces or updates, not both" {
    lwm2m_ends 0 write -e dut-1 /3/0/14=Z --update -n
    holds "${lines[0]}" 'CON POST /3/0 '
    lwm2m_ends 0 write -e dut-1 /3/0/14=Z /3/0/15=x --replace -n
    holds "${lines[0]}" 'CON PUT /3/0 '
    lwm2m_ends 2 write -e dut-1 /3/0/14=Z --replace --update
    equals "$stderr" 'lwm2m: --replace and --update exclude each other'
}

@test "takes the bytes of a file, and of standard input" {
    printf 'Europe/Paris' >"$BATS_TEST_TMPDIR/zone"
    lwm2m_ends 0 write -e dut-1 "/3/0/15=@$BATS_TEST_TMPDIR/zone"
    lwm2m_ends 0 read -e dut-1 /3/0/15 --expect Europe/Paris
    printf 'Europe/Rome' | "$lwm2m" write -e dut-1 /3/0/15=@-
    lwm2m_ends 0 read -e dut-1 /3/0/15 --expect Europe/Rome
    lwm2m_ends 10 write -e dut-1 /3/0/15=@/no/such/file
    equals "$stderr" 'lwm2m: cannot read /no/such/file: No such file or directory'
    lwm2m_ends 10 write -e dut-1 "/3/0/15=@$BATS_TEST_TMPDIR"
    holds "$stderr" 'Is a directory'
    head -c 800000 /dev/zero >"$BATS_TEST_TMPDIR/large"
    lwm2m_ends 2 write -e dut-1 "/3/0/15=@$BATS_TEST_TMPDIR/large"
    holds "$stderr" 'is larger than 700 KiB'
}

@test "opaque values come as hexadecimal digits, base64 or text" {
    for value in 0x00ff10 b64:AP8Q; do
        lwm2m_ends 0 write -e dut-1 "/5/0/0=$value" -n -f opaque
        [[ ${lines[1]} =~ 00ff10$ ]]
    done
    lwm2m_ends 0 write -e dut-1 /5/0/0=abc -n -f opaque
    [[ ${lines[1]} =~ 616263$ ]]
    lwm2m_ends 2 write -e dut-1 /5/0/0=0xabc -n
    holds "$stderr" "0x needs an even number of hexadecimal digits"
}

@test "values must fit their type" {
    lwm2m_ends 2 write -e dut-1 /3/0/13=soon
    equals "$stderr" "lwm2m: dut-1: write: /3/0/13: 'soon' is not a time: seconds since 1970, or 2026-11-23T06:11:02Z"
    lwm2m_ends 2 write -e dut-1 /1/0/1=many
    holds "$stderr" "'many' is not an integer"
    lwm2m_ends 2 write -e dut-1 /1/0/1=9223372036854775808
    holds "$stderr" 'does not fit into 64 bits'
    lwm2m_ends 2 write -e dut-1 /3/0/4=1
    holds "$stderr" "holds no value"
    lwm2m_ends 2 write -e dut-1 /3/0/999=1
    holds "$stderr" '-T string|int'
}

@test "a type that is given is taken" {
    lwm2m_ends 0 write -e dut-1 /3/0/999=258 -T int -n -f tlv
    [[ ${lines[1]} =~ 0102$ ]]
    lwm2m_ends 0 write -e dut-1 /3/0/999=true --type bool -n -f text
    [[ ${lines[1]} =~ ff31$ ]]
    lwm2m_ends 2 write -e dut-1 /3/0/999=1 -T number
    holds "$stderr" 'is none of string|int|uint'
}

@test "64-bit integers go out exactly" {
    lwm2m_ends 0 write -e dut-1 /1/0/1=9223372036854775807 -n -f text
    [[ ${lines[1]} =~ $(printf 9223372036854775807 | od -An -tx1 | tr -d ' \n')$ ]]
}

@test "a refusal is 3" {
    lwm2m_ends 3 write -e dut-1 /3/0/0=x
    equals "$stderr" 'lwm2m: dut-1: write /3/0/0: 4.05 Method Not Allowed (by the object model, Manufacturer is readable)'
    lwm2m_ends 3 write -e dut-1 /3201/0/5853=fast
    holds "$stderr" '4.00 Bad Request (the device refuses the request or the value)'
    lwm2m_ends 3 write -e dut-1 /3/0/0=x --json
    equals "$(each 'o["ok"], o["code"], o["error"]["exit"]')" "(False, '4.05', 3)"
}

@test "other devices get theirs when one fails" {
    lwm2m_ends 11 write --all /3/0/15=Asia/Tokyo
    holds "$stderr" '1 of 3 devices failed; the first: odd: write /3/0/15: 4.04'
    lwm2m_ends 0 read -e 'dut-*' /3/0/15 --expect Asia/Tokyo
}

@test "what is no PATH=VALUE is 2" {
    lwm2m_ends 2 write -e dut-1 /3/0/14
    equals "$stderr" "lwm2m: '/3/0/14' is not PATH=VALUE"
    lwm2m_ends 2 write -e dut-1 /3=1
    lwm2m_ends 2 write -e dut-1
    holds "$stderr" 'write: an argument is missing'
}

@test "not registered is 4, no server 9" {
    lwm2m_ends 4 write -e gone /3/0/14=Z
    lwm2m_ends 9 write --socket /no/socket /3/0/14=Z
}
