# lwm2m observe
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

device_set() {
    "$lwm2m" device --socket "$BATS_FILE_TMPDIR/$1.sock" set "$2"
}

# Waits until a device has an observation.
until_observed() { # EP PATH
    until_true bash -c '"$0" info -e "$1" --json | grep -q "\"observations\":\[[^]]*\"path\":\"$2\""' "$lwm2m" "$1" "$2"
}

@test "prints a value for each report, and ends after so many" {
    "$lwm2m" observe -e dut-1 /3/0/0 -c 3 >"$BATS_TEST_TMPDIR/out" 3>&- &
    until_observed dut-1 /3/0/0
    device_set dut-1 /3/0/0=one
    until_true grep -q one "$BATS_TEST_TMPDIR/out"
    device_set dut-1 /3/0/0=two
    wait $!
    equals "$(cut -c 9- "$BATS_TEST_TMPDIR/out" | sed 's/  */ /g' | tail -n 2)" \
        ' dut-1 /3/0/0 Manufacturer "one"
 dut-1 /3/0/0 Manufacturer "two"'
}

@test "prints an object for each value" {
    lwm2m_ends 0 observe -e dut-1 /3/0/1 -c 1 --json
    equals "$(keys)" 'ep event format name path seq ts type v value'
    equals "$(each 'o["event"], o["path"], o["seq"], o["value"]')" "('notify', '/3/0/1', 0, 'demo device')"
}

@test "a notification of an instance counts once, whatever it holds" {
    lwm2m_ends 0 observe -e dut-1 /3/0 -c 1 --json
    [ "$(each 'o["seq"]' | sort -u)" = 0 ]
    [ "$(each 'o["path"]' | wc -l)" -gt 5 ]
    equals "$(each 'o.get("more", False)' | tail -n 2 | tr '\n' ' ')" "True False "
}

@test "plain and CSV are fields, with nothing that could harm a terminal" {
    device_set dut-1 $'/3/0/17=\e[31mred,"1"'
    lwm2m_ends 0 observe -e dut-1 /3/0/17 -c 1 --as=plain
    equals "$(cut -f 2- <<<"$output")" $'dut-1\t/3/0/17\t\\x1b[31mred,"1"'
    lwm2m_ends 0 observe -e dut-1 /3/0/17 -c 1 --as=csv
    equals "${lines[0]}" $'TIME,ENDPOINT,PATH,VALUE\r'
    equals "${lines[1]#*,}" $'dut-1,/3/0/17,"\\x1b[31mred,""1"""\r'
    lwm2m_ends 0 observe -e dut-1 /3/0/17 -c 1
    [[ $output != *$'\e'* ]]
}

@test "less than is wanted within the window is 5" {
    lwm2m_ends 5 observe -e dut-1 /3/0/1 -c 2 -W 200ms
    equals "$stderr" 'lwm2m: 1 of 2 notifications came in time'
    holds "$output" 'demo device'
    lwm2m_ends 0 observe -e dut-1 /3/0/1 -W 50ms
}

@test "leaves no observation behind, unless it is to be kept" {
    lwm2m_ends 0 observe -e dut-1 /3/0/1 -c 1
    lwm2m_ends 0 info -e dut-1 --json
    equals "$(each 'o["observations"]')" '[]'
    lwm2m_ends 0 observe -e dut-1 /3/0/1 -c 1 --keep
    lwm2m_ends 0 info -e dut-1 --json
    equals "$(each 'o["observations"][0]["path"]')" /3/0/1
    lwm2m_ends 0 cancel -e dut-1
}

@test "observes several paths of several devices" {
    lwm2m_ends 0 observe -e 'dut-*' /3/0/1 /3/0/19 -c 4 --as=plain
    equals "$(cut -f 2,3 <<<"$output" | sort)" $'dut-1\t/3/0/1\ndut-1\t/3/0/19\ndut-2\t/3/0/1\ndut-2\t/3/0/19'
}

@test "SIGINT is 130, SIGTERM 143, and both end the observation" {
    for signal in INT TERM; do
        "$lwm2m" observe -e dut-1 /3/0/2 >/dev/null 2>>"$BATS_TEST_TMPDIR/err" 3>&- &
        until_observed dut-1 /3/0/2
        kill -s $signal $!
        ended=0
        wait $! || ended=$?
        echo "$signal $ended" >>"$BATS_TEST_TMPDIR/ended"
        lwm2m_ends 0 info -e dut-1 --json
        equals "$(each 'o["observations"]')" '[]'
    done
    equals "$(cat "$BATS_TEST_TMPDIR/ended")" $'INT 130\nTERM 143'
    equals "$(cat "$BATS_TEST_TMPDIR/err")" $'lwm2m: interrupted\nlwm2m: terminated'
}

@test "ends at once when its reader has gone" {
    run timeout 5 bash -c '"$0" observe -e dut-1 /3/0/2 --as=plain | head -n 1; exit "${PIPESTATUS[0]}"' "$lwm2m"
    equals "$status" 10
    equals "${#lines[@]}" 1
}

@test "ends when somebody cancels, and when the device leaves" {
    "$lwm2m" observe -e dut-1 /3/0/2 >/dev/null 3>&- &
    until_observed dut-1 /3/0/2
    lwm2m_ends 0 cancel -e dut-1 /3/0/2
    wait $!

    "$lwm2m" client -u "$(shared_uri)" -e brief --socket "$BATS_TEST_TMPDIR/brief.sock" 2>/dev/null 3>&- &
    device=$!
    "$lwm2m" wait -e brief -t 10s
    "$lwm2m" observe -e brief /3/0/2 >/dev/null 2>"$BATS_TEST_TMPDIR/err" 3>&- &
    until_observed brief /3/0/2
    kill $device
    ended=0
    wait $! || ended=$?
    wait $device || true
    equals "$ended" 4
    holds "$(cat "$BATS_TEST_TMPDIR/err")" 'its registration ended meanwhile'
}

@test "a refusal is 3, a device that does not observe 12, nonsense 8" {
    lwm2m_ends 3 observe -e dut-1 /3/0/99
    holds "$stderr" '4.04 Not Found'
    lwm2m_ends 12 observe -e odd /3/0/2
    holds "$stderr" "does not observe this path ('lwm2m read' reads it)"
}

@test "several paths in one observation bring all their values with each notification" {
    lwm2m_ends 0 observe -e dut-1 /3/0/1 /3200/0/5501 --composite -c 2 -W 30s --json
    equals "$(each 'o["path"], o.get("more", False)')" "('/3/0/1', True)
('/3200/0/5501', False)
('/3/0/1', True)
('/3200/0/5501', False)"
    lwm2m_ends 0 info -e dut-1 --json
    equals "$(each 'o["observations"]')" '[]'
}

@test "attributes hold for one observation" {
    share_device new --lwm2m 1.2
    lwm2m_ends 0 observe -e new /3/0/1 --attr pmax=1 -c 2 -W 20s --as=plain
    equals "${#lines[@]}" 2
    lwm2m_ends 0 attr -e new /3/0/1 --json
    equals "$(each 'o["attributes"]')" '{}'
}

@test "what is not there yet is told of, and counts" {
    lwm2m_ends 0 observe -e dut-1 /44/0/0 /45/0/0 --composite -c 1 -W 10s
    [[ $output =~ 'dut-1  / '.*' no value'$ ]]
}

@test "an attribute of an observation has a value, and its option" {
    lwm2m_ends 2 observe -e dut-1 /3/0/0 pmin=5
    equals "$stderr" "lwm2m: 'pmin=5' is no path
  --attr pmin=5 gives the observation an attribute"
    lwm2m_ends 2 observe -e dut-1 /3/0/0 --attr pmin
    equals "$stderr" 'lwm2m: observe: an attribute of an observation needs a value, such as pmin=5'
}

@test "what an older device has not is 12, and says what to do" {
    share_device old --lwm2m 1.0
    lwm2m_ends 12 observe -e old /3/0/0 /3/0/1 --composite
    equals "$stderr" "lwm2m: old: observe: the device has LwM2M 1.0, and Observe-Composite came with 1.1 (without --composite each path is observed alone)"
    lwm2m_ends 12 observe -e dut-1 /3/0/0 --attr pmin=1
    equals "$stderr" "lwm2m: dut-1: observe /3/0/0: the device has LwM2M 1.1, and attributes in an observation came with 1.2 ('lwm2m attr' attaches them to the path)"
    lwm2m_ends 3 observe -e odd /3/0/0 /3/0/1 --composite
    holds "$stderr" 'odd: observe: 4.05 Method Not Allowed (the device may not have Observe-Composite: without --composite'
    lwm2m_ends 2 observe -e dut-1 /3/0/0 --attr pmn=1
    holds "$stderr" "unknown attribute 'pmn'; did you mean 'pmin'?"
}

@test "-F spells the line, and what a device says stays harmless in it" {
    device_set dut-1 $'/3/0/17=\e[31mred%v\\n'
    lwm2m_ends 0 observe -e dut-1 /3/0/17 -c 1 -F '%e|%p|%n|%v|%u|%s|100%%\tend'
    equals "$output" $'dut-1|/3/0/17|Device Type|\\x1b[31mred%v\\n||0|100%\tend'
    lwm2m_ends 0 observe -e dut-1 /3/0/10 -c 1 -F '%t %u'
    [[ $output =~ ^20[0-9-]+T[0-9:.]+Z' 'KB$ ]]
    lwm2m_ends 0 observe -e dut-1 /3/0/1 -c 1 -F '%j'
    equals "$(each 'o["path"], o["value"]')" "('/3/0/1', 'demo device')"
}

@test "a format that means nothing is 2, and named" {
    lwm2m_ends 2 observe -e dut-1 /3/0/1 -F '%e %x'
    holds "$stderr" "-F: '%x' means nothing"
    lwm2m_ends 2 observe -e dut-1 /3/0/1 -F 'so %'
    holds "$stderr" "-F: '%' means nothing"
    lwm2m_ends 2 observe -e dut-1 /3/0/1 -F '%e' --json
    holds "$stderr" '-F and --as or --json are two forms'
}

@test "--log writes rows to the end of a file, with titles once, and prints as always" {
    log=$BATS_TEST_TMPDIR/log.csv
    device_set dut-1 '/3/0/17=a,"b"'
    lwm2m_ends 0 observe -e dut-1 /3/0/17 -c 1 --as=plain --log "$log"
    equals "$(cut -f 2- <<<"$output")" $'dut-1\t/3/0/17\ta,"b"'
    lwm2m_ends 0 observe -e dut-1 /3/0/10 -c 1 --json --log "$log"
    equals "$(wc -l <"$log")" 3
    equals "$(python3 -c 'import csv, sys
for row in csv.reader(open(sys.argv[1], newline="")): print(row[2], row[3], row[4], row[6], row[7], sep="|")
' "$log")" 'ENDPOINT|PATH|NAME|UNIT|SEQUENCE
dut-1|/3/0/17|Device Type||0
dut-1|/3/0/10|Memory Free|KB|0'
    holds "$(sed -n 2p "$log")" ',"a,""b""",'
}

@test "a log that cannot be written is 10" {
    lwm2m_ends 10 observe -e dut-1 /3/0/1 -c 1 --log /no/folder/log.csv
    holds "$stderr" '--log: /no/folder/log.csv: No such file'
    lwm2m_ends 10 observe -e dut-1 /3/0/1 -c 1 --log /dev/full
    holds "$stderr" '--log: /dev/full: No space left'
    # The first row is beyond what a file may hold: the titles are there already.
    log=$BATS_TEST_TMPDIR/short.csv
    printf '%1020s\r\n' titles >"$log"
    run bash -c 'trap "" XFSZ; ulimit -f 1; exec "$0" observe -e dut-1 /3/0/1 -c 1 --log "$1" 3>&-' "$lwm2m" "$log"
    equals "$status" 10
    holds "$output" 'File too large'
}

@test "--watch draws one line for each path, with its last value" {
    (
        until_observed dut-1 /3/0/14
        device_set dut-1 /3/0/14=+01
        device_set dut-1 /3/0/14=+02
    ) 3>&- &
    on_terminal 24x80 observe -e dut-1 /3/0/14 /3/0/1 -c 4 --watch
    wait $!
    equals "$(cut -c 10- <<<"$output")" 'ENDPOINT PATH    NAME         VALUE       UNIT COUNT
dut-1    /3/0/14 UTC Offset   +02                  3
dut-1    /3/0/1  Model Number demo device          1'
}

@test "--watch keeps to the terminal, whatever a device says, also when it is resized" {
    device_set dut-1 $'/3/0/17=\e[2J\nred and long, longer than a line of this terminal may ever be'
    on_terminal 24x60 observe -e dut-1 /3/0/17 -c 1 --watch
    equals "${#lines[@]}" 2
    holds "${lines[1]}" '\x1b[2J\nred'
    on_terminal 6x40 observe -e dut-1 /3/0 -c 1 --watch
    equals "${#lines[@]}" 5
    [[ ${lines[0]} == ENDPOINT* && ${lines[4]} =~ ^[0-9]+' more'$ ]]
    on_terminal 24x80,6x40 observe -e dut-1 /3/0 --watch -W 1s
    equals "${#lines[@]}" 5
    [[ ${lines[0]} == ENDPOINT* && ${lines[4]} =~ ^[0-9]+' more'$ ]]
}

@test "--watch without a terminal that can is as always" {
    lwm2m_ends 0 observe -e dut-1 /3/0/1 -c 1 --watch
    [[ $output =~ ^[0-9:]{8}'  dut-1  /3/0/1 ' ]]
    TERM_WANTED=dumb on_terminal 24x100 observe -e dut-1 /3/0/1 -c 1 --watch
    [[ $output =~ ^[0-9:]{8}'  dut-1  /3/0/1 ' ]]
}

@test "--plot shows numbers as bars, with what they come to" {
    share_device plotted --set /3200/0/5501=1
    on_terminal 24x100 observe -e plotted /3200/0/5501 /3/0/1 -c 3 --plot
    equals "$(sed 's/  */ /g' <<<"$output")" 'ENDPOINT PATH VALUES MIN AVERAGE MAX LAST UNIT
plotted /3200/0/5501 ▁█ 1 1.5 2 2
plotted /3/0/1 no number demo device'
    LOCALE_WANTED=C on_terminal 24x30 observe -e plotted /3200/0/5501 -c 2 --plot
    [[ ${lines[0]} == 'PATH         VALUES LAST' && ${lines[1]} == '/3200/0/5501 _# '* ]]
}

@test "--plot without a terminal is a summary at the end" {
    lwm2m_ends 0 observe -e dut-1 /3/0/21 /3/0/1 -c 2 --plot
    equals "${#lines[@]}" 3
    lwm2m_ends 0 observe -e dut-1 /3/0/1 -c 1 --plot --as=csv
    equals "$output" $'ENDPOINT,PATH,VALUES,MIN,AVERAGE,MAX,LAST,UNIT\r\ndut-1,/3/0/1,no number,,,,demo device,\r'
    lwm2m_ends 5 observe -e dut-1 /3/0/1 -c 2 -W 100ms --plot
    equals "${#lines[@]}" 2
}

@test "pictures that cannot be had are 2" {
    lwm2m_ends 2 observe -e dut-1 /3/0/1 --watch --plot
    holds "$stderr" '--watch, --plot and -F each are a form of their own'
    lwm2m_ends 2 observe -e dut-1 /3/0/1 --plot -F %v
    lwm2m_ends 2 observe -e dut-1 /3/0/1 --watch --json
    holds "$stderr" '--watch and --plot are pictures for people'
    lwm2m_ends 2 observe -e dut-1 /3/0/1 --watch --as=csv
    lwm2m_ends 2 observe -e dut-1 /3/0/1 --plot --json
}

@test "--exec runs a command for each value, which is in its environment and nowhere else" {
    device_set dut-1 $'/3/0/17=$(touch '"$BATS_TEST_TMPDIR/bad"$'); "x"'
    LWM2M_EVENT_NAME=stale lwm2m_ends 0 observe -e dut-1 /3/0/17 -c 1 --json --exec 'sh -c "env | grep ^LWM2M_EVENT >\"$BATS_TEST_TMPDIR/env\""'
    [ ! -e "$BATS_TEST_TMPDIR/bad" ]
    equals "${#lines[@]}" 1
    equals "$(grep -v -e TIME -e JSON "$BATS_TEST_TMPDIR/env" | sort)" "LWM2M_EVENT_ENDPOINT=dut-1
LWM2M_EVENT_NAME=Device Type
LWM2M_EVENT_PATH=/3/0/17
LWM2M_EVENT_SEQUENCE=0
LWM2M_EVENT_TYPE=string
LWM2M_EVENT_UNIT=
LWM2M_EVENT_VALUE=\$(touch $BATS_TEST_TMPDIR/bad); \"x\""
    equals "$(sed -n 's/^LWM2M_EVENT_JSON=//p' "$BATS_TEST_TMPDIR/env")" "$output"
}

@test "--exec runs one at a time, and all of them before the end" {
    # Each would fail if the folder of another were there.
    lwm2m_ends 0 observe -e dut-1 /3/0 -c 1 --as=plain \
        --exec 'sh -c "mkdir \"$0\" && sleep 0.05 && rmdir \"$0\" && echo >>\"$0.ran\"" '"$BATS_TEST_TMPDIR/lock"
    equals "$stderr" ''
    equals "$(wc -l <"$BATS_TEST_TMPDIR/lock.ran")" "${#lines[@]}"
}

@test "--exec tells of commands that fail, and goes on" {
    lwm2m_ends 0 observe -e dut-1 /3/0/1 -c 1 --exec 'sh -c "exit 7"'
    equals "$stderr" 'lwm2m: --exec: sh: ended with 7'
    lwm2m_ends 0 observe -e dut-1 /3/0/1 -c 1 --exec 'sh -c "kill -9 $$"'
    equals "$stderr" 'lwm2m: --exec: sh: ended by signal 9'
    lwm2m_ends 0 observe -e dut-1 /3/0/1 /3/0/2 -c 2 --exec /no/command
    equals "$stderr" $'lwm2m: --exec: /no/command: No such file or directory\nlwm2m: --exec: /no/command: No such file or directory'
    lwm2m_ends 2 observe -e dut-1 /3/0/1 --exec '"open'
    holds "$stderr" 'lwm2m: --exec: '
    lwm2m_ends 2 observe -e dut-1 /3/0/1 --exec ' '
    equals "$stderr" 'lwm2m: --exec: no command'
}

@test "--exec does not keep an observation that is terminated" {
    "$lwm2m" observe -e dut-1 /3/0/1 --exec "sleep 20" >/dev/null 2>&1 3>&- &
    until_observed dut-1 /3/0/1
    kill $!
    ended=0
    SECONDS=0
    wait $! || ended=$?
    equals "$ended" 143
    [ $SECONDS -lt 10 ]
}

@test "no path is 2, no device 4, no server 9" {
    lwm2m_ends 2 observe -e dut-1
    lwm2m_ends 2 observe -e dut-1 /3/0/1 -c 0
    holds "$stderr" "--count: '0' is not from 1 to"
    lwm2m_ends 4 observe -e gone /3/0/1
    lwm2m_ends 9 observe --socket /no/socket /3/0/1
}

@test "columns are given up where a line would not fit with them" {
    on_terminal 24x60 observe -e dut-1 /3/0/1 -c 1
    equals "${#lines[@]}" 1
    equals "$(cut -c 9- <<<"$output")" '  dut-1  /3/0/1  Model Number  "demo device"'
    on_terminal 24x80 observe -e dut-1 /3/0/1 -c 1
    equals "$(cut -c 9- <<<"$output")" '  dut-1  /3/0/1           Model Number             "demo device"'
}

@test "each notification is a pack of SenML" {
    lwm2m_ends 0 observe -e dut-1 /3303/0 -c 1 --as=senml
    equals "${#lines[@]}" 1
    holds "$(each '[(r.get("bn"), r["n"]) for r in o if r["n"].endswith("/5700") or "bn" in r]')" "('dut-1', '/3303/0/5601')"
    holds "$(each '[r for r in o if r["n"].endswith("5701")][0]["vs"]')" Cel
    lwm2m_ends 2 observe -e dut-1 /3303/0 --plot --as=senml
}
