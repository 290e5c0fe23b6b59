# shell: lines from a terminal, from a pipe, from the command line.
#
# SPDX-License-Identifier: Apache-2.0

load shared

setup_file() {
    share_server
    share_device dut-1 --set /3/0/0=Acme --set /3303/0/5701=Cel
    share_device sleeper --queue
}

teardown_file() {
    end_shared
}

setup() {
    export XDG_STATE_HOME=$BATS_TEST_TMPDIR/state
    export LWM2M=$lwm2m
    mkdir "$XDG_STATE_HOME"
}

# Types what a scenario of shell_session.py does.
session() {
    needs_terminal
    python3 -c 'import pexpect' 2>/dev/null || skip "python3-pexpect is missing"
    URI=$(shared_uri) TMPDIR=$BATS_FILE_TMPDIR python3 "$BATS_TEST_DIRNAME/shell_session.py" "$1"
}

@test "the prompt shows the device in use, and follows it" {
    session prompt_follows_the_device
}

@test "the prompt has signs of ASCII where the locale is not UTF-8" {
    session prompt_without_utf8
}

@test "the prompt takes colour by the rules of all output" {
    session prompt_in_colour
}

@test "runs commands and its own words" {
    session commands_run
}

@test "Tab completes commands and their options" {
    session tab_completes
}

@test "a value that is watched comes above the line that is typed" {
    session line_is_not_torn
}

@test "a line of several rows is drawn again whole" {
    session long_line_is_not_torn
}

@test "devices that come and go are told above the line, unless events are off" {
    session events_come_above
}

@test "a watch that the device refuses is told" {
    session bad_watch_is_told
}

@test "Ctrl-C cancels an operation and keeps the shell" {
    session interrupt_cancels_the_operation
}

@test "Ctrl-C discards the line that is typed" {
    session interrupt_discards_the_line
}

@test "the terminal may be resized" {
    session resize
}

@test "TERM=dumb works, without sequences" {
    session dumb_terminal
}

@test "a server that goes is told and shown, and one that comes back is found" {
    session server_goes_and_comes_back
}

@test "a pasted megabyte does no harm" {
    session paste_of_a_megabyte
}

@test "pasted lines run in turn" {
    session paste_of_lines
}

@test "the history is private, and keeps no keys" {
    session history_is_private
}

@test "a history that others may read is left alone" {
    session history_of_others_is_left_alone
}

@test "the history is bounded" {
    session history_is_bounded
}

@test "--serve runs a server that Ctrl-C leaves alone, and that ends when the shell is killed" {
    session server_of_its_own
}

@test "what the server of --serve says comes above the line that is typed" {
    session messages_of_its_own_server_come_above
}

@test "--serve on a terminal says why it cannot listen" {
    session server_that_cannot_listen
}

@test "--serve ends its server when the shell ends" {
    session server_of_its_own_ends_with_it
}

@test "SIGTERM ends the shell, also while a command runs" {
    session terminate
}

@test "lines from a pipe run without a prompt, and the last gives the exit code" {
    run --separate-stderr "$lwm2m" shell <<<$'use dut-1\nread /3/0/0 --as plain\nread /3/0/0 --expect Other'
    [ "$status" -eq 1 ]
    holds "$output" Acme
    [[ $output != *'lwm2m>'* ]]
}

@test "a last line without an end counts" {
    run "$lwm2m" shell < <(printf 'version')
    [ "$status" -eq 0 ]
    holds "$output" liblwm2m
}

@test "a line that is too long is refused, and the next one runs" {
    run --separate-stderr "$lwm2m" shell < <(head -c 200000 /dev/zero | tr '\0' x; printf '\nversion\n')
    [ "$status" -eq 0 ]
    holds "$stderr" "more than 65536 bytes"
    holds "$output" liblwm2m
}

@test "quit ends it before the lines that follow" {
    run "$lwm2m" shell <<<$'reed\nquit\nversion'
    [ "$status" -eq 2 ]
    [[ $output != *liblwm2m* ]]
}

@test "a command takes what follows on standard input" {
    run "$lwm2m" shell <<<$'decode -f text --path /3/0/0 -\nHello'
    holds "$output" Hello
}

@test "-x runs commands and ends with the code of the last" {
    run "$lwm2m" shell -e dut-1 -x 'read /3/0/0' -x 'read /3/0/0 --expect Other'
    [ "$status" -eq 1 ]
    holds "$output" Acme
    run "$lwm2m" shell -x reed -x version
    [ "$status" -eq 0 ]
}

@test "nothing is expanded" {
    run "$lwm2m" shell -e dut-1 -x 'write /3/0/15="$HOME *"' -x 'read /3/0/15 --as plain' -x '$(touch x)'
    [ "$status" -eq 2 ]
    holds "$output" '$HOME *'
}

@test "options of the shell are those of all its lines" {
    run "$lwm2m" shell --json -e dut-1 -t 9s -x 'read /3/0/0' -x 'set timeout'
    [ "$status" -eq 0 ]
    holds "$output" '"value":"Acme"'
    holds "$output" 9000ms
}

@test "--serve says why it cannot listen" {
    run "$lwm2m" shell --serve="$(shared_uri)" -x list
    [ "$status" -eq 6 ]
    holds "$output" "Address already in use"
}

@test "--serve gives commands a server" {
    run "$lwm2m" shell --serve=127.0.0.1:0 -x list
    [ "$status" -eq 0 ]
    holds "$output" "0 endpoints"
    run ls -d "$TMPDIR"/lwm2m-*
    [ "$status" -ne 0 ]
}

@test "--as of a line counts more than json of the shell" {
    lwm2m_ends 0 shell --json -x 'version --as plain'
    [[ $output != '{'* ]]
    lwm2m_ends 0 shell -x 'set json on' -x 'version --as plain'
    [[ $output != '{'* ]]
    lwm2m_ends 0 shell --json -x 'version --no-json'
    [[ $output != '{'* ]]
    lwm2m_ends 0 shell --json -x 'version'
    [[ $output == '{'* ]]
}
