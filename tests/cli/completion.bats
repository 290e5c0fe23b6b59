# completion: what the program offers, and what bash, zsh and fish make of it.
#
# SPDX-License-Identifier: Apache-2.0

load shared

setup_file() {
    share_server
    share_device dut-1
    share_device urn:imei:356789012345678
    share_device "it's \$HOME *"
}

teardown_file() {
    end_shared
}

# Runs a shell with lwm2m on its path, and types in it.
types_in() { # SHELL
    needs_terminal
    command -v "$1" >/dev/null || skip "$1 is missing"
    python3 -c 'import pexpect' 2>/dev/null || skip "python3-pexpect is missing"
    mkdir -p "$BATS_TEST_TMPDIR/bin"
    ln -s "$lwm2m" "$BATS_TEST_TMPDIR/bin/lwm2m"
    PATH=$BATS_TEST_TMPDIR/bin:$PATH run timeout 120 python3 "$BATS_TEST_DIRNAME/completion_session.py" "$1" \
        "$BATS_TEST_DIRNAME/../../completions"
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "bash completes" {
    types_in bash
}

@test "zsh completes" {
    types_in zsh
}

@test "fish completes" {
    types_in fish
}

@test "the files are what the program prints" {
    lwm2m_ends 0 completion bash
    equals "$output" "$(cat "$BATS_TEST_DIRNAME/../../completions/lwm2m.bash")"
    lwm2m_ends 0 completion zsh
    equals "$output" "$(cat "$BATS_TEST_DIRNAME/../../completions/_lwm2m")"
    lwm2m_ends 0 completion fish
    equals "$output" "$(cat "$BATS_TEST_DIRNAME/../../completions/lwm2m.fish")"
}

@test "candidates are rows of kind, text and description" {
    lwm2m_ends 0 completion candidates -- read -e dut-1 /3/0/battery_l
    equals "$output" $'word\t/3/0/battery_level\t/3/0/9, Battery Level'
    equals "$stderr" ""
    lwm2m_ends 0 completion candidates --line -- 'lwm2m run "a b'
    equals "$output" $'current\ta b\t\nfiles\t\t'
}

@test "endpoints are those that are registered" {
    lwm2m_ends 0 completion candidates -- read -e ''
    holds "$output" $'word\tdut-1\t'
    holds "$output" $'word\turn:imei:356789012345678\t'
}

@test "without a server there are no endpoints, no delay and no word" {
    LWM2M_SOCKET=$BATS_TEST_TMPDIR/none.sock lwm2m_ends 0 completion candidates -- read -e ''
    equals "$output$stderr" ""
}

# A server that takes the connection and says nothing.
@test "a server that hangs does not hang the shell" {
    python3 - "$BATS_TEST_TMPDIR/silent.sock" >/dev/null 2>&1 3>&- <<'PY' &
import socket, sys, time
listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[1])
listener.listen()
time.sleep(20)
PY
    silent=$!
    until_true test -S "$BATS_TEST_TMPDIR/silent.sock"
    LWM2M_SOCKET=$BATS_TEST_TMPDIR/silent.sock run timeout 5 "$lwm2m" completion candidates -- read -e ''
    kill "$silent"
    [ "$status" -eq 0 ]
    equals "$output" ""
}

@test "what is wrong is said" {
    lwm2m_ends 2 completion
    lwm2m_ends 2 completion tcsh
    holds "$stderr" "completion: unknown action 'tcsh'"
    holds "$stderr" 'actions: bash, zsh, fish, candidates'
    lwm2m_ends 2 completion bash zsh
    holds "$stderr" "'zsh' is one argument too many"
    lwm2m_ends 2 completion candidates
    holds "$stderr" "completion candidates: an argument is missing"
    lwm2m_ends 2 completion candidates --line -- a b
    holds "$stderr" "--line takes one word"
}
