# lwm2m help, and -h
#
# SPDX-License-Identifier: Apache-2.0

load shared

@test "lists the commands" {
    lwm2m_ends 0 help
    for command in cancel client create delete device discover events exec help info list monitor observe read register \
        server tree version wait write; do
        grep -qE "^  $command +[A-Z]" <<<"$output"
    done
    listed=$output
    lwm2m_ends 0 -h
    equals "$output" "$listed"
    lwm2m_ends 0 --help
    equals "$output" "$listed"
}

@test "shows the manual page of a command, if man has it" {
    mkdir "$BATS_TEST_TMPDIR/bin"
    printf '#!/bin/sh\necho "manual of $1"\n' >"$BATS_TEST_TMPDIR/bin/man"
    chmod +x "$BATS_TEST_TMPDIR/bin/man"
    PATH=$BATS_TEST_TMPDIR/bin:$PATH lwm2m_ends 0 help read
    equals "$output" 'manual of lwm2m-read'
    PATH=$BATS_TEST_TMPDIR/bin:$PATH lwm2m_ends 0 help ls
    equals "$output" 'manual of lwm2m-list'
}

@test "shows the short help where there is no manual page" {
    mkdir "$BATS_TEST_TMPDIR/bin"
    printf '#!/bin/sh\nexit 16\n' >"$BATS_TEST_TMPDIR/bin/man"
    chmod +x "$BATS_TEST_TMPDIR/bin/man"
    PATH=$BATS_TEST_TMPDIR/bin:$PATH lwm2m_ends 0 help read
    holds "${lines[0]}" 'lwm2m read [-e EP] PATH…'
    equals "$stderr" 'lwm2m: the manual page lwm2m-read(1) is not installed'
    short=$output
    lwm2m_ends 0 read -h
    equals "$output" "$short"
}

@test "an unknown command has no manual" {
    lwm2m_ends 2 help supper
    holds "$stderr" 'there is no such command'
    holds "$stderr" "'lwm2m help' lists them"
}
