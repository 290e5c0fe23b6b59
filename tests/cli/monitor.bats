# lwm2m monitor
#
# SPDX-License-Identifier: Apache-2.0

load shared

setup_file() {
    share_server
    share_device dut-1
}

teardown_file() {
    end_shared
}

# Watches in the background; watched waits for the end, and has what was printed in $output.
watch() { # OPTION...
    LC_ALL=${locale:-C} "$lwm2m" monitor -t 20s "$@" >"$BATS_TEST_TMPDIR/watched" 2>"$BATS_TEST_TMPDIR/errors" 3>&- &
    watcher=$!
    # The kernel tells when the command waits for the server, which has its request then.
    until_waits "$watcher"
}

watched() {
    wait "$watcher"
    output=$(<"$BATS_TEST_TMPDIR/watched")
}

# Times, ids and tokens differ from run to run.
masked() {
    sed -E 's/^[0-9:.]{12}/TIME/; s/(CON|ACK|NON) +[0-9]+ [0-9a-f]*/\1 ID TOKEN/; s/ [0-9.]+ ms/ N ms/' <<<"$output"
}

@test "prints a request and its answer, a line each" {
    watch -c 2
    lwm2m_ends 0 read -e dut-1 /3/0/0 --format text
    watched
    equals "$(masked)" 'TIME -> dut-1 CON ID TOKEN GET /3/0/0 accept=text
TIME <- dut-1 ACK ID TOKEN 2.05 Content text 5 bytes for /3/0/0 N ms = "lwm2m"'
}

@test "arrows are drawn where the locale can show them" {
    locale=C.UTF-8
    watch -c 2
    lwm2m_ends 0 read -e dut-1 /3/0/0
    watched
    holds "$output" ' → dut-1 CON '
    holds "$output" ' ← dut-1 ACK '
}

@test "prints an object for each" {
    watch -c 2 -x --json
    lwm2m_ends 0 read -e dut-1 /3/0/0 --format text
    watched
    equals "$(keys)" 'accept addr code dir ep hex mid op path size summary token ts type v
addr code dir ep format hex mid op path rtt_ms size summary token ts type v value_count values'
    equals "$(each 'o["dir"], o["type"], o["code"], o["path"], o["size"]')" "('out', 'CON', 'GET', '/3/0/0', 0)
('in', 'ACK', '2.05', '/3/0/0', 5)"
}

@test "a filter chooses, and counts what it chose" {
    watch -c 1 --filter 'code>=4.00 and ep~dut-*,path=/3/0/99'
    lwm2m_ends 0 read -e dut-1 /3/0/0
    lwm2m_ends 3 read -e dut-1 /3/0/99
    watched
    holds "$output" '4.04 Not Found'
    equals "$(wc -l <<<"$output")" 1
}

@test "a wrong filter is refused, with the offset" {
    lwm2m_ends 2 monitor --filter 'code>=4.00,size~3'
    holds "$stderr" 'at offset 15: ~ is for texts'
    lwm2m_ends 2 monitor --filter 'colour=red'
    holds "$stderr" 'at offset 0: a field is wanted'
}

@test "other devices are left out" {
    watch -c 1 -e 'other-*'
    lwm2m_ends 0 read -e dut-1 /3/0/0
    "$lwm2m" register -u "$(shared_uri)" -e other-1 3>&-
    watched
    holds "$output" 'other-1'
}

@test "bytes are shown with what they are as text" {
    watch -c 2 -x
    lwm2m_ends 0 read -e dut-1 /3/0/0 --format text
    watched
    holds "$output" '    0000  '
}

@test "what is sent again is marked, and the answer timed from the first copy" {
    socket=$BATS_TEST_TMPDIR/own.sock
    start_server
    LWM2M_SOCKET=$socket watch -c 2 --filter 'dir=in' --json
    python3 - "${uri##*:}" <<'EOF'
import socket, sys
link = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
link.connect(("127.0.0.1", int(sys.argv[1])))
for i in range(2):
    link.send(b"\x41\x01\x12\x34\x07\xb1x")
    link.settimeout(5)
    link.recv(100)
EOF
    watched
    equals "$(each 'o["mid"], o["token"], o["path"], o.get("again")')" "(4660, '07', '/x', None)
(4660, '07', '/x', 1)"
    stop_all
}

@test "a monitor that does not read is told how many messages it missed" {
    socket=$BATS_TEST_TMPDIR/own.sock
    start_server
    PYTHONUNBUFFERED=1 python3 "$BATS_TEST_DIRNAME/control_client.py" "$socket" wait:1 '{"id":1,"op":"monitor"}' sleep:4 \
        wait:20000 >"$BATS_TEST_TMPDIR/lines" 3>&- &
    client=$!
    sleep 0.5
    python3 "$BATS_TEST_DIRNAME/register_many.py" "${uri##*:}" 5000
    until_true grep -q '"mid":0' "$BATS_TEST_TMPDIR/lines" # it reads again
    sleep 0.5
    python3 "$BATS_TEST_DIRNAME/register_many.py" "${uri##*:}" 1
    until_true grep -q '"dropped"' "$BATS_TEST_TMPDIR/lines"
    kill "$client"
    stop_all
}

@test "a line fits a terminal of 80 columns, and keeps its marks" {
    command -v tmux >/dev/null || skip 'tmux is not installed'
    share_device "a-device-with-a-rather-long-name" >/dev/null
    start_watching="LC_ALL=C $lwm2m monitor -e 'a-device*' -c 2 -t 20s; sleep 20"
    tmux -S "$BATS_TEST_TMPDIR/tmux" -f /dev/null new-session -d -x 80 -y 10 "$start_watching"
    sleep 1
    lwm2m_ends 0 read -e 'a-device-with-a-rather-long-name' /3303/0/5700
    sleep 0.5
    output=$(tmux -S "$BATS_TEST_TMPDIR/tmux" capture-pane -p)
    tmux -S "$BATS_TEST_TMPDIR/tmux" kill-server
    equals "$(grep -c . <<<"$output")" 2
    holds "$output" '-> a-device-with-a-rat~ CON '
    grep -qE "2\.05 Co[^ ]*.* [0-9.]+ ms$" <<<"$output"
}

@test "ends with the time, and tells if too few came" {
    lwm2m_ends 0 monitor -t 200ms -e nobody
    equals "$output" ''
    lwm2m_ends 5 monitor -t 200ms -c 3 -e nobody
    holds "$stderr" '0 of 3 messages came in time'
}

@test "a pcapng file is not written yet" {
    lwm2m_ends 2 monitor -w out.pcapng
}

@test "shows the values that a message carries" {
    watch -c 4
    lwm2m_ends 0 write -e dut-1 /3/0/15=Europe/Berlin
    lwm2m_ends 0 read -e dut-1 /3/0/15 --format text
    watched
    mapfile -t lines <<<"$output"
    [[ ${lines[0]} == *' bytes = "Europe/Berlin"' ]]
    [[ ${lines[1]} != *' = '* ]]
    [[ ${lines[2]} != *' = '* ]]
    [[ ${lines[3]} == *' ms = "Europe/Berlin"' ]]
    watch -c 4 --json
    lwm2m_ends 0 read -e dut-1 /3/0
    lwm2m_ends 0 exec -e dut-1 /3201/0/5850 5
    watched
    equals "$(each 'len(o.get("values", [])), o.get("value_count", 0) > 8')" '(0, False)
(8, True)
(0, False)
(0, False)'
}
