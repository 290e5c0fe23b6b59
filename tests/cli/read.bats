# lwm2m read
#
# SPDX-License-Identifier: Apache-2.0

load shared

setup_file() {
    share_server
    share_device dut-1 --set /3/0/0=Acme --set '/3/0/2=a"b'
    share_device dut-2 --set /3/0/0=Other
    share_scripted_device odd
}

teardown_file() {
    end_shared
}

@test "prints path, name and value in columns" {
    lwm2m_ends 0 read -e dut-1 /3/0/0 /3/0/16
    equals "${lines[0]}" '/3/0/0  Manufacturer                "Acme"'
    equals "${lines[1]}" '/3/0/16 Supported Binding and Modes "U"'
    equals "$stderr" ''
}

@test "takes names in paths" {
    lwm2m_ends 0 read -e dut-1 Device/0/manufacturer 3/0/model_number --as=plain
    equals "${lines[0]}" $'/3/0/0\tAcme'
    equals "${lines[1]}" $'/3/0/1\tdemo device'
}

@test "prints an object for each resource, all with the same op_id" {
    lwm2m_ends 0 read -e dut-1 /3/0/0 /1/0/1 --json
    equals "$(keys)" 'code ep format name ok op op_id path retx rtt_ms ts type v value
code ep format name ok op op_id path retx rtt_ms ts type unit v value'
    equals "$(each 'o["op"], o["ep"], o["path"], o["code"], o["ok"], o["type"], o["value"]')" \
        "('read', 'dut-1', '/3/0/0', '2.05', True, 'string', 'Acme')
('read', 'dut-1', '/1/0/1', '2.05', True, 'int', 86400)"
    equals "$(each 'o["op_id"]' | sort -u | wc -l)" 1
    equals "$(each 'o["unit"] if "unit" in o else "-"' | tail -n 1)" s
}

@test "prints nothing but the value in plain form, if it is one" {
    lwm2m_ends 0 read -e dut-1 /3/0/0 --as=plain
    equals "$output" Acme
    lwm2m_ends 0 read -e dut-1 /1/0/1 --as=plain
    equals "$output" 86400
}

@test "prints CSV with titles, and values without quotes or units of its own" {
    lwm2m_ends 0 read -e dut-1 /3/0/0 /3/0/2 /1/0/1 --as=csv
    equals "$output" $'PATH,NAME,VALUE\r\n/3/0/0,Manufacturer,Acme\r\n/3/0/2,Serial Number,"a""b"\r\n/1/0/1,Lifetime,86400\r'
}

@test "asks in the format that is wanted" {
    lwm2m_ends 0 read -e dut-1 /3/0/0 -f tlv --json
    equals "$(each 'o["format"]')" tlv
    lwm2m_ends 0 read -e dut-1 /3/0/0 -f text --json
    equals "$(each 'o["format"]')" text
    lwm2m_ends 3 read -e dut-1 /3/0/0 -f opaque
    holds "$stderr" '4.06 Not Acceptable (try another format'
    lwm2m_ends 12 read -e dut-1 /3/0 -f text
    holds "$stderr" 'leave -f out, or try another'
    lwm2m_ends 2 read -e dut-1 /3/0 -f xml
    holds "$stderr" "--format: 'xml' is none of text|opaque|tlv|cbor|senml-json|senml-cbor|json|lwm2m-cbor|"
}

@test "64-bit integers are exact from end to end" {
    "$lwm2m" device --socket "$BATS_FILE_TMPDIR/dut-1.sock" set /4/0/8=9223372036854775807
    for format in senml-cbor tlv text; do
        lwm2m_ends 0 read -e dut-1 /4/0/8 --json -f $format
        holds "$output" '"value":9223372036854775807,'
        equals "$(each 'o["value"] == 2**63 - 1 and o["text"]')" 9223372036854775807
    done
    lwm2m_ends 0 read -e dut-1 /4/0/8 --expect 9223372036854775807 --ge 9223372036854775807
    lwm2m_ends 1 read -e dut-1 /4/0/8 --lt 9223372036854775807
    lwm2m_ends 1 read -e dut-1 /4/0/8 --expect 9223372036854775806
    "$lwm2m" device --socket "$BATS_FILE_TMPDIR/dut-1.sock" set /4/0/8=-9223372036854775808
    lwm2m_ends 0 read -e dut-1 /4/0/8 --json
    holds "$output" '"value":-9223372036854775808,'
}

@test "an expectation that does not hold is 1, and says what was there" {
    lwm2m_ends 0 read -e dut-1 /3/0/0 --expect Acme
    lwm2m_ends 1 read -e dut-1 /3/0/0 --expect Acm
    equals "$stderr" "lwm2m: dut-1: /3/0/0 is 'Acme', expected 'Acm'"
    holds "$output" '"Acme"'
    lwm2m_ends 0 read -e dut-1 /3/0/0 --expect-not Other
    lwm2m_ends 1 read -e dut-1 /3/0/0 --expect-not Acme
    holds "$stderr" "expected anything but 'Acme'"
    lwm2m_ends 0 read -e dut-1 /3/0/0 --expect-re '^A.+e$'
    lwm2m_ends 1 read -e dut-1 /3/0/0 --expect-re '^B'
    holds "$stderr" "expected a match of '^B'"
}

@test "compares numbers, also of strings that are numbers" {
    lwm2m_ends 0 read -e dut-1 /1/0/1 --ge 86400 --le 86400 --gt 86399 --lt 86400.5
    lwm2m_ends 0 read -e dut-1 /3201/0/5853 --ge 499.5
    lwm2m_ends 1 read -e dut-1 /1/0/1 --gt 86400
    holds "$stderr" "is '86400', expected more than '86400'"
    lwm2m_ends 1 read -e dut-1 /1/0/1 --lt 86400
    lwm2m_ends 1 read -e dut-1 /1/0/1 --ge 86401
    lwm2m_ends 1 read -e dut-1 /1/0/1 --le 86399
    lwm2m_ends 1 read -e dut-1 /3/0/0 --ge 1
    holds "$stderr" "is 'Acme', which is not a number"
}

@test "expectations that are none are a wrong command line" {
    lwm2m_ends 2 read -e dut-1 /3/0/0 --ge many
    equals "$stderr" "lwm2m: --ge: 'many' is not a number"
    lwm2m_ends 2 read -e dut-1 /3/0/0 --expect-re '('
    holds "$stderr" "--expect-re: '('"
}

@test "saves the bytes of a value" {
    mkdir "$BATS_TEST_TMPDIR/here"
    cd "$BATS_TEST_TMPDIR/here"
    lwm2m_ends 0 read -e dut-1 /3/0/0 -o value
    equals "$output" ''
    printf Acme | cmp - value
    printf before >value
    lwm2m_ends 0 read -e dut-2 /3/0/0 --output=value
    printf Other | cmp - value
    equals "$(ls)" value
    umask 022
    lwm2m_ends 0 read -e dut-1 /3/0/0 -o new
    equals "$(stat -c %a new)" 644
}

@test "saves through links and into devices, and to standard output" {
    mkdir "$BATS_TEST_TMPDIR/here"
    cd "$BATS_TEST_TMPDIR/here"
    printf before >target
    ln -s target link
    lwm2m_ends 0 read -e dut-1 /3/0/0 -o link
    [ -L link ]
    printf Acme | cmp - target
    mkfifo pipe
    cat pipe >got &
    lwm2m_ends 0 read -e dut-1 /3/0/0 -o pipe
    wait $!
    [ -p pipe ]
    printf Acme | cmp - got
    lwm2m_ends 0 read -e dut-1 /3/0/0 -o -
    equals "$output" Acme
}

@test "a place that cannot be written is 10, and leaves nothing" {
    mkdir "$BATS_TEST_TMPDIR/here"
    cd "$BATS_TEST_TMPDIR/here"
    lwm2m_ends 10 read -e dut-1 /3/0/0 -o no/such/folder
    equals "${stderr_lines[0]}" 'lwm2m: cannot write no/such/folder: No such file or directory'
    equals "${stderr_lines[1]}" '  make its folder first, or name a file in another one'
    mkdir folder
    lwm2m_ends 10 read -e dut-1 /3/0/0 -o folder
    equals "$(ls -A folder)" ''
    lwm2m_ends 10 read -e dut-1 /3/0/0 -o /dev/full
    holds "$stderr" 'No space left on device'
    equals "$(ls -A)" folder
}

@test "checks what it saves, and saves one value only" {
    mkdir "$BATS_TEST_TMPDIR/here"
    cd "$BATS_TEST_TMPDIR/here"
    lwm2m_ends 1 read -e dut-1 /3/0/0 -o value --expect Other
    holds "$stderr" "expected 'Other'"
    lwm2m_ends 2 read -e dut-1 /3/0 -o value
    holds "$stderr" '--output takes one value'
}

@test "standard output that is full is 10" {
    run bash -c '"$0" read -e dut-1 /3/0 >/dev/full' "$lwm2m"
    equals "$status" 10
    holds "$output" 'cannot write to standard output: No space left on device'
}

@test "a reader that has enough is not complained about" {
    run bash -c '"$0" read -e dut-1 /3/0 --as=plain | head -n 1; exit "${PIPESTATUS[1]}"' "$lwm2m"
    equals "$status" 0
    equals "$output" $'/3/0/0\tAcme'
}

@test "tells which device said what, when there are several" {
    lwm2m_ends 0 read -e 'dut-*' /3/0/0 --as=plain
    equals "$(sort <<<"$output")" $'dut-1\tAcme\ndut-2\tOther'
    lwm2m_ends 0 read -e dut-2 -e dut-1 /3/0/0
    equals "$(sort <<<"$output")" $'dut-1 /3/0/0 Manufacturer "Acme"\ndut-2 /3/0/0 Manufacturer "Other"'
}

@test "some devices failed: 11; all with the same: that" {
    lwm2m_ends 11 read --all /3/0/0
    holds "$stderr" '1 of 3 devices failed'
    lwm2m_ends 3 read -e 'dut-*' /3/0/99
    holds "$stderr" '4.04 Not Found'
    lwm2m_ends 11 read -e dut-1 -e gone /3/0/0 --json
    equals "$(each 'o["ep"], o["ok"], o.get("error", {}).get("class")' | sort)" \
        "('dut-1', True, None)
('gone', False, 'registration')"
}

@test "a refusal is 3, with its code, its reason and the next step" {
    lwm2m_ends 3 read -e dut-1 /3/0/99
    holds "$stderr" 'lwm2m: dut-1: read /3/0/99: 4.04 Not Found (resource not in object 3 v'
    holds "$stderr" "; try 'lwm2m tree -e dut-1 /3')"
    lwm2m_ends 3 read -e dut-1 /3/0/4
    holds "$stderr" '4.05 Method Not Allowed (by the object model, Reboot is executable)'
    lwm2m_ends 3 read -e dut-1 /99
    holds "$stderr" 'the device did not register object 99'
    lwm2m_ends 3 read -e odd /3303/0/5700
    holds "$stderr" '4.01'
    lwm2m_ends 3 read -e dut-1 /3/0/99 --json
    equals "$(keys)" 'code ep error ok op op_id path v'
    equals "$(each 'sorted(o["error"])')" "['class', 'detail', 'exit', 'msg']"
    equals "$(each 'o["error"]["class"], o["error"]["exit"], o["error"]["msg"]')" "('device', 3, 'Not Found')"
}

@test "one path that failed does not hide the others" {
    lwm2m_ends 3 read -e dut-1 /3/0/99 /3/0/0
    equals "$output" '/3/0/0 Manufacturer "Acme"'
}

@test "a device that is not registered is 4, with a name that is much like it" {
    lwm2m_ends 4 read -e dut-7 /3/0/0
    equals "$stderr" "lwm2m: dut-7 is not registered
  did you mean 'dut-1'? 'lwm2m list' shows all"
    lwm2m_ends 4 read -e elsewhere /3/0/0
    holds "$stderr" "'lwm2m wait -e elsewhere' waits for it"
    lwm2m_ends 4 read -e 'x*' /3/0/0
    holds "$stderr" "no registered device matches 'x*'"
}

@test "no answer within the time is 5" {
    "$lwm2m" device --socket "$BATS_FILE_TMPDIR/dut-2.sock" offline
    lwm2m_ends 5 read -e dut-2 /3/0/0 -t 200ms
    "$lwm2m" device --socket "$BATS_FILE_TMPDIR/dut-2.sock" online
    holds "$stderr" 'no answer within 0.2 s'
    "$lwm2m" wait -e dut-2 --for '/3/0/0==Other' -t 10s
}

@test "tries again after 5.03, as often as it is told" {
    lwm2m_ends 3 read -e odd /3/0/1 --retry 2 --retry-delay 10ms -v
    holds "$stderr" '5.03'
    equals "$(grep -c 'trying again' <<<"$stderr")" 2
}

@test "what cannot be decoded is 8" {
    lwm2m_ends 8 read -e odd /3/0/0
    holds "$stderr" 'the answer is no valid tlv: offset'
    holds "$stderr" 'ask for another format'
    lwm2m_ends 8 read -e odd /3/0/3
    holds "$stderr" 'content format 65000, which is not known here'
}

@test "what a device says cannot reach the terminal" {
    lwm2m_ends 0 read -e odd /3/0/17
    equals "$output" '/3/0/17 Device Type "red\x1b[31m\x9b"'
    lwm2m_ends 0 read -e odd /3/0/17 --as=plain
    equals "$output" 'red\x1b[31m\x9b'
    lwm2m_ends 0 read -e odd /3/0/17 --json
    holds "$output" '"value":"red\u001b[31m\u009b"'
    equals "$(each 'ascii(o["value"])')" "'red\\x1b[31m\\x9b'"
    lwm2m_ends 1 read -e odd /3/0/17 --expect green
    holds "$stderr" "is 'red\\x1b[31m\\x9b'"
}

@test "no server is 9, and says how to get one" {
    lwm2m_ends 9 read --socket "$BATS_TEST_TMPDIR/none" /3/0/0
    holds "$stderr" "no server answers on $BATS_TEST_TMPDIR/none"
    holds "$stderr" "start one with 'lwm2m server'"
}

@test "wrong paths are 2" {
    lwm2m_ends 2 read -e dut-1 /x/y
    holds "$stderr" "'/x/y' is no path: no object has this name (at character 2)"
    lwm2m_ends 2 read -e dut-1 /
    lwm2m_ends 2 read -e dut-1
    holds "$stderr" 'read: an argument is missing'
}

@test "colour comes when it is asked for, and never else" {
    lwm2m_ends 0 read -e dut-1 /3/0/0 --color=always
    holds "$output" $'\e[2m/3/0/0'
    NO_COLOR= CLICOLOR_FORCE=1 lwm2m_ends 0 read -e dut-1 /3/0/0
    holds "$output" $'\e[2m'
    NO_COLOR=1 CLICOLOR_FORCE=1 lwm2m_ends 0 read -e dut-1 /3/0/0
    equals "$output" '/3/0/0 Manufacturer "Acme"'
    LWM2M_COLOR=never lwm2m_ends 0 read -e dut-1 /3/0/0
    equals "$output" '/3/0/0 Manufacturer "Acme"'
}

@test "SIGTERM is 143, SIGINT 130" {
    "$lwm2m" device --socket "$BATS_FILE_TMPDIR/dut-2.sock" offline
    for signal in TERM INT; do
        "$lwm2m" read -e dut-2 /3/0/0 2>"$BATS_TEST_TMPDIR/err" 3>&- &
        pid=$!
        until_waits $pid
        kill -s $signal $pid
        ended=0
        wait $pid || ended=$?
        echo "$signal $ended" >>"$BATS_TEST_TMPDIR/ended"
    done
    "$lwm2m" device --socket "$BATS_FILE_TMPDIR/dut-2.sock" online
    equals "$(cat "$BATS_TEST_TMPDIR/ended")" $'TERM 143\nINT 130'
    "$lwm2m" wait -e dut-2 --for '/3/0/0==Other' -t 10s
}

@test "reads paths of several objects, in one message or one after the other" {
    for option in "" --no-composite; do
        lwm2m_ends 0 read -e dut-1 /3/0/0 /3201/0/5853 /3/0/16 $option --as=plain
        equals "$(cut -f 1 <<<"$output" | sort)" "/3/0/0
/3/0/16
/3201/0/5853"
    done
}

@test "of several paths, what is not there is a line of its own and 3" {
    for option in "" --no-composite; do
        lwm2m_ends 3 read -e dut-1 /3/0/99 /3/0/0 /44/0 $option --json
        equals "$(each 'o["path"], o["ok"], o["code"]' | sort)" "('/3/0/0', True, '2.05')
('/3/0/99', False, '4.04')
('/44/0', False, '4.04')"
    done
    lwm2m_ends 3 read -e dut-1 /3/0/99 /3/0/0
    holds "$stderr" 'read /3/0/99: 4.04 Not Found'
    holds "$output" 'Manufacturer'
}

@test "a device without Read-Composite is read one path after the other" {
    lwm2m_ends 3 read -e odd /3/0/17 /3303/0/5700 --as=plain
    equals "$output" $'/3/0/17\tred\\x1b[31m\\x9b'
    equals "$stderr" "lwm2m: odd: read /3303/0/5700: 4.01 Unauthorized (the device's access control does not let this server do it)"
}

@test "resource instances can be read alone" {
    lwm2m_ends 0 read -e dut-1 /3/0/11/0 --as=plain
    equals "$output" 0
    lwm2m_ends 3 read -e dut-1 /3/0/11/7
}

@test "a pack of SenML holds what was read" {
    lwm2m_ends 0 read -e dut-1 /3/0/0 /1/0/6 --as=senml
    equals "$(each '[{k: r[k] for k in r if k != "t"} for r in o]')" \
        "[{'bn': 'dut-1', 'n': '/3/0/0', 'vs': 'Acme'}, {'n': '/1/0/6', 'vb': True}]"
    holds "$(each 'all(abs(r["t"] - __import__("time").time()) < 60 for r in o)')" True
    lwm2m_ends 3 read -e dut-1 /3/0/99 --as=senml
    equals "$output" ''
    lwm2m_ends 2 list --as=senml
    holds "$stderr" 'list: there is no --as=senml of it'
}
