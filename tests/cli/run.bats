# run: scripts, their language, their reports.
#
# SPDX-License-Identifier: Apache-2.0

load shared

setup_file() {
    share_server
    share_device dut --set /3/0/0=Acme
}

teardown_file() {
    end_shared
}

# script_ends STATUS TEXT [ARGUMENT...]: runs a script t of that text.
script_ends() {
    local wanted=$1
    cd "$BATS_TEST_TMPDIR"
    printf '%s\n' "$2" >t
    shift 2
    lwm2m_ends "$wanted" run t "$@"
}

# A script that is wrong runs none of its commands.
is_refused() { # TEXT MESSAGE
    script_ends 2 "!touch ran
$1"
    equals "${stderr_lines[0]}" "lwm2m: t:$2"
    [ ! -e "$BATS_TEST_TMPDIR/ran" ]
}

@test "runs commands one after the other and prints what they print" {
    script_ends 0 'read -e dut /3/0/0
  # a comment

!echo two'
    equals "$output" $'/3/0/0 Manufacturer "Acme"\ntwo'
    equals "$stderr" ''
}

@test "the example of the manual runs" {
    local text
    text=$(awk '/^```/ { inside = !inside; next } inside' "$BATS_TEST_DIRNAME/../../man/lwm2m-script.5.scd")
    script_ends 0 "$text" --var ep=dut --tap
    equals "${lines[0]}" 'TAP version 14'
    equals "${lines[-1]}" '1..14'
    [[ $output != *'not ok'* ]]
}

@test "a script can come from standard input" {
    run --separate-stderr "$lwm2m" run - -e dut <<<'read /3/0/0
expect Other'
    [ "$status" -eq 1 ]
    equals "$stderr" "lwm2m: standard input:2: read /3/0/0: is 'Acme', expected 'Other'"
}

@test "ends with the status of the first command that fails" {
    script_ends 3 'read -e dut /3/0/99
!echo later'
    equals "$output" ''
    equals "${stderr_lines[-1]}" 'lwm2m: t:1: read -e dut /3/0/99: failed with 3'
    script_ends 4 'read -e nobody /3/0/0'
    script_ends 9 '!exit 9'
    equals "$stderr" 'lwm2m: t:1: !exit 9: exit status 9'
}

@test "--keep-going goes on, and ends with the first failure" {
    script_ends 3 'read -e dut /3/0/99
!exit 7
!echo later' --keep-going
    equals "$output" later
}

@test "expect compares values, codes and success" {
    script_ends 0 'set ep dut
read /3/0/0
expect Acme
expect 2.05
expect ok
read /3/0/99
expect 4.04
!printf "4.04\n"
expect value 4.04'
    script_ends 1 'read -e dut /3/0/0
expect 4.04'
    equals "$stderr" "lwm2m: t:2: read -e dut /3/0/0: is '2.05', expected '4.04'"
    script_ends 1 'read -e dut /3/0/99
expect 4.05'
    script_ends 3 'read -e dut /3/0/99
expect ok'
    script_ends 3 'read -e dut /3/0/99
expect Acme'
    script_ends 4 'read -e nobody /3/0/0
expect 4.04'
}

@test "variables come from let, --var and the environment" {
    FROM_OUTSIDE=three script_ends 0 'let v = read -e dut /3/0/0
let w=!printf "a b"
!echo "$v ${w} $given"
!printf "%s\n" $FROM_OUTSIDE
read -e $ep /3/0/0
expect "${v}"' --var given=two --var ep=dut
    equals "${lines[1]}" "a bAcme a b two"
    equals "${lines[2]}" three
    script_ends 2 'read -e $none /3/0/0'
    equals "${stderr_lines[0]}" "lwm2m: there is no variable 'none'"
    script_ends 2 '' --var 2=1
    equals "$stderr" "lwm2m: --var: '2=1' is not NAME=VALUE"
}

@test "set chooses device, timeout and socket" {
    script_ends 0 'set ep dut
!echo $LWM2M_ENDPOINT
set timeout 3s
!echo $LWM2M_TIMEOUT
set socket /nowhere
read /3/0/0
expect ok' || true
    equals "${lines[0]} ${lines[1]}" 'dut 3s'
    [ "$status" -eq 9 ]
    script_ends 0 'read /3/0/0' -e dut
}

@test "repeat and sleep" {
    script_ends 0 'repeat 2 {
  !echo a
  repeat 2 { !echo b }
}
repeat 0 { !echo never }
sleep 10ms
repeat 1 { }'
    equals "$(tr -d '\n' <<<"$output")" abbabb
}

@test "within tries again until it succeeds, and shows the last attempt alone" {
    script_ends 0 'within 10s {
  !echo x >>tries
  !echo attempt
  !test $(wc -l <tries) = 3
}
!echo after'
    equals "$output" $'attempt\nafter'
    equals "$stderr" ''
}

@test "within ends what takes too long" {
    script_ends 5 'within 300ms { wait -e nobody -t 60s }'
    equals "$stderr" 'lwm2m: t:1: wait -e nobody -t 60s: was not done in time (not within 300ms, line 1)'
    script_ends 5 'within 300ms { !sleep 60 }'
    script_ends 5 'within 300ms { sleep 60s }'
    script_ends 1 'within 300ms {
  read -e dut /3/0/0
  expect Other
}
!echo never'
    equals "$stderr" "lwm2m: t:3: read -e dut /3/0/0: is 'Acme', expected 'Other' (not within 300ms, line 1)"
}

@test "what is wrong is told with its line, before anything runs" {
    is_refused 'raed /3' "2: unknown command 'raed'; did you mean 'read'?"
    is_refused $'\n\nsleep long' "4: 'long' is no time such as 500ms, 30s or 5m"
    is_refused 'sleep' "2: 'sleep' takes a time such as 500ms or 2s"
    is_refused 'read "x' '2: a " is not closed'
    is_refused '!' "2: a command for the system's shell is missing after '!'"
    is_refused 'set ep' "2: 'set' takes a name and a value"
    is_refused 'set nothing 1' "2: 'nothing' is no setting"
    is_refused 'set timeout soon' "2: 'soon' is no time such as 500ms, 30s or 5m"
    is_refused 'let 1 = read /3' "2: 'let' needs the name of a variable: letters, digits and _"
    is_refused 'let v read /3' "2: '=' is missing after the name of the variable"
    is_refused 'let v =' '2: a command is missing'
    is_refused 'within 3s' "2: '{' is missing"
    is_refused 'within soon {' "2: 'soon' is no time such as 500ms, 30s or 5m"
    is_refused 'repeat -1 { read /3 }' "2: '-1' is no number from 0 to 1000000"
    is_refused 'repeat 1000001 { read /3 }' "2: '1000001' is no number from 0 to 1000000"
    is_refused 'repeat 2 { read /3' "2: what stands behind '{' on its line must end with '}'"
    is_refused $'repeat 2 {\nrepeat 3 {\n}' '2: the block that begins here is not closed'
    is_refused '}' "2: '}' closes nothing"
    is_refused $'repeat 2 {\n} read /3' "3: '}' stands on a line of its own"
    is_refused $'sleep 1\nexpect ok' "3: 'expect' is about the command before it, and there is none"
    is_refused 'expect a b' "2: 'expect' takes one word: a value, ok, or a code such as 4.04"
    is_refused 'server' "2: 'server' cannot be a line of a script"
    is_refused 'run t' "2: 'run' cannot be a line of a script"
    is_refused "$(printf 'repeat 1 {\n%.0s' {1..17})" '18: more than 16 blocks inside each other'
}

@test "files that are none" {
    lwm2m_ends 10 run "$BATS_TEST_TMPDIR/none"
    equals "$stderr" "lwm2m: cannot read $BATS_TEST_TMPDIR/none: No such file or directory"
    lwm2m_ends 10 run "$BATS_TEST_TMPDIR"
    head -c 1048577 /dev/zero | tr '\0' '\n' >"$BATS_TEST_TMPDIR/long"
    lwm2m_ends 2 run "$BATS_TEST_TMPDIR/long"
    equals "$stderr" "lwm2m: $BATS_TEST_TMPDIR/long: the script is longer than 1 MiB"
    head -c 1048576 "$BATS_TEST_TMPDIR/long" >"$BATS_TEST_TMPDIR/fits"
    lwm2m_ends 0 run "$BATS_TEST_TMPDIR/fits"
    printf 'version\0\n' >"$BATS_TEST_TMPDIR/zero"
    lwm2m_ends 2 run "$BATS_TEST_TMPDIR/zero"
    equals "${stderr_lines[0]}" "lwm2m: $BATS_TEST_TMPDIR/zero:1: the line holds a zero byte"
    printf 'version\r\n\r\nversion\r\n' >"$BATS_TEST_TMPDIR/dos"
    lwm2m_ends 0 run "$BATS_TEST_TMPDIR/dos"
    equals "${#lines[@]}" 4
    lwm2m_ends 2 run
}

@test "--serve runs a server for the time of the script, and leaves nothing behind" {
    unset LWM2M_SOCKET
    lwm2m=$lwm2m script_ends 0 '!"$program" client -u "$LWM2M_COAP_URI" -e dut-2 2>client.log & echo $! >pid
wait -e dut-2 -t 10s
list
!kill $(cat pid)' --serve=127.0.0.1:0 --var program="$(realpath "$lwm2m")"
    holds "$output" dut-2
    run ls -d "$TMPDIR"/lwm2m-*
    [ "$status" -ne 0 ]
    script_ends 2 'list' --stack libcoap
    equals "${stderr_lines[0]}" 'lwm2m: --stack is for the server of --serve'
}

@test "--tap tells what became of each command" {
    script_ends 3 'read -e dut /3/0/0
!exit 3 # \' --tap
    equals "${lines[0]}" 'TAP version 14'
    equals "${lines[1]}" '# /3/0/0 Manufacturer "Acme"'
    equals "${lines[2]}" 'ok 1 - read -e dut /3/0/0'
    equals "${lines[3]}" 'not ok 2 - !exit 3 \# \\'
    equals "${lines[5]}" '  message: "exit status 3"'
    equals "${lines[-1]}" '1..2'
    equals "$stderr" ''
}

@test "--junit writes XML whatever commands print" {
    script_ends 1 'read -e dut /3/0/0
expect "<&\">"
!printf "\001\377\357\277\277<&>]]>\n"; exit 4' -k --junit report.xml
    python3 - <<'END'
import xml.etree.ElementTree as tree
suite = tree.parse("report.xml").getroot().find("testsuite")
cases = suite.findall("testcase")
assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("2", "2", "0"), suite.attrib
assert cases[0].get("name") == "read -e dut /3/0/0"
assert cases[0].find("failure").get("message") == "is 'Acme', expected '<&\">'"
assert cases[0].get("line") == "2"
assert cases[1].find("system-out").text == "\\x01\\xff?<&>]]>\n", cases[1].find("system-out").text
assert cases[1].find("failure").get("type") == "exit 4"
END
}

@test "a report that cannot be written is a failure of its own" {
    script_ends 10 'version' --junit /nowhere/report.xml
    equals "${stderr_lines[0]}" 'lwm2m: cannot write /nowhere/report.xml: No such file or directory'
    script_ends 10 'version' --junit /dev/full
    equals "${stderr_lines[0]}" 'lwm2m: cannot write /dev/full: No space left on device'
    printf 'version\n' >"$BATS_TEST_TMPDIR/v"
    run "$lwm2m" run "$BATS_TEST_TMPDIR/v" --tap >/dev/full
    run sh -c '"$1" run "$2" --tap >/dev/full' sh "$lwm2m" "$BATS_TEST_TMPDIR/v"
    [ "$status" -eq 10 ]
}

@test "a signal ends the script, and the report is written" {
    cd "$BATS_TEST_TMPDIR"
    for line in 'wait -e nobody -t 60s' 'sleep 60s' '!sleep 60' 'within 50s { !false }'; do
        printf '!echo begun\n%s\n!echo never\n' "$line" >t
        "$lwm2m" run t --junit report.xml >out 2>err 3>&- &
        pid=$!
        until_true grep -q begun out
        sleep 0.2
        kill -TERM "$pid"
        code=0
        wait "$pid" || code=$?
        equals "$line: $code" "$line: 143"
        grep -q 'errors="1"' report.xml
        rm report.xml
    done
    ! grep -q never out
}

@test "--json counts for lines that ask for no other form" {
    script_ends 0 'version' --json
    [[ $output == '{'* ]]
    script_ends 0 'version --as plain' --json
    [[ $output != '{'* ]]
    script_ends 0 'version --no-json' --json
    [[ $output != '{'* ]]
}

# ---- handlers ----

@test "a handler runs once for each notification, between statements and while the script sleeps" {
    script_ends 0 'set ep dut
on notify /3201/0/5853 {
    !echo "got $value of $path at $ep"
}
write /3201/0/5853=41
sleep 300ms
write /3201/0/5853=42
sleep 300ms
!echo end'
    equals "$output" $'got 41 of /3201/0/5853 at dut\ngot 42 of /3201/0/5853 at dut\nend'
}

@test "a handler runs while within waits, and what it did is not taken back" {
    script_ends 1 'set ep dut
on notify /3201/0/5853 !echo handled
write /3201/0/5853=43
within 1s { read /3/0/0 --expect Other }' --tap
    [ "$(grep -c '^ok .* !echo handled$' <<<"$output")" -eq 1 ]
    equals "${lines[-1]}" '1..3'
}

@test "a handler that fails ends the script, or with --keep-going does not" {
    local text='set ep dut
on notify /3201/0/5853 { read /3/0/99 }
write /3201/0/5853=44
sleep 500ms
!echo end'
    script_ends 3 "$text"
    [[ $output != *end* ]]
    holds "$stderr" 't:2: read /3/0/99'
    script_ends 3 "${text/44/48}" --keep-going
    [[ $output == *end* ]]
}

@test "what comes while a handler runs waits for its end" {
    script_ends 0 'set ep dut
on notify /3201/0/5853 {
    !echo begin $value
    sleep 400ms
    !echo end $value
}
write /3201/0/5853=45
sleep 100ms
write /3201/0/5853=46
sleep 1s'
    equals "$output" $'begin 45\nend 45\nbegin 46\nend 46'
}

@test "a path that cannot be observed is an error, and so is a server that is none" {
    script_ends 3 'on notify /3/0/99 {
}' -e dut
    holds "$stderr" 't:1: on notify /3/0/99 {: dut: observe /3/0/99: 4.04 Not Found'
    LWM2M_SOCKET=$BATS_TEST_TMPDIR/none script_ends 9 'on notify /3/0/9 list'
    holds "$stderr" 'no server answers on'
}

@test "an observation that ends by itself is told" {
    share_device ender
    script_ends 4 'set ep ender
on notify /3201/0/5853 !echo never
!'"$lwm2m"' device --socket $BATS_FILE_TMPDIR/ender.sock reboot
sleep 3s'
    holds "$stderr" "t:2: on notify /3201/0/5853 !echo never:"
}

@test "handlers that are wrong are refused before anything runs" {
    is_refused 'on' "2: 'on' needs the word 'notify' and a path"
    is_refused 'on change /3/0 list' "2: 'on' needs the word 'notify' and a path"
    is_refused 'on notify /3/0' "2: '{' or a command is missing"
    is_refused 'on notify /3/0 {' '2: the block that begins here is not closed'
    is_refused 'on notify /3/0 { on notify /3/1 list }' "2: 'on' cannot stand inside the block of another 'on'"
    is_refused 'on notify /3/0 nonsense' "2: unknown command 'nonsense'"
    is_refused 'on notify /3/0 expect ok' "2: 'expect' is about the command before it, and there is none"
}
