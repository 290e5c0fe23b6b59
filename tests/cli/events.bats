# lwm2m events
#
# SPDX-License-Identifier: Apache-2.0

load shared

setup_file() {
    share_server --max-endpoints 2
    share_device dut-1
    share_device dut-2
    "$lwm2m" register -u "$(shared_uri)" -e dut-3 || true # one too many
}

teardown_file() {
    end_shared
}

@test "prints what is kept since an event, a line each" {
    lwm2m_ends 0 events --since 0 -c 3
    equals "$(cut -c 11- <<<"${lines[0]}" | sed 's/127[.0-9:]*/ADDRESS/')" \
        'registered    dut-1  ADDRESS, LwM2M 1.1, lifetime 24h'
    holds "${lines[2]}" 'denied        dut-3  5.03'
}

@test "prints an object for each" {
    lwm2m_ends 0 events --since 0 -c 3 --json
    equals "$(keys)" 'addr b ep event id last_seen_s left_s lt lwm2m objects registered_s rid sec state ts v
addr b ep event id last_seen_s left_s lt lwm2m objects registered_s rid sec state ts v
addr code ep event id msg ts v'
    equals "$(each 'o["event"], o["ep"]')" "('registered', 'dut-1')
('registered', 'dut-2')
('denied', 'dut-3')"
}

@test "what a device sends by itself is an event for each value, and counts once" {
    socket=$BATS_TEST_TMPDIR/own.sock
    start_server
    start odd.log python3 "$BATS_TEST_DIRNAME/scripted_device.py" "$uri" odd
    "$lwm2m" wait -e odd -t 10s
    "$lwm2m" wait -e odd --for '/3303/0/5700>21.8' -t 10s 3>&- &
    waiting=$!
    until_waits "$waiting"
    lwm2m_ends 0 read -e odd /3/0/16
    lwm2m_ends 0 events --type send --since 0 -c 1 -t 10s --json
    equals "$(keys | sort -u)" 'ep event format id more name path t_dev ts type v value
ep event format id name path t_dev ts type v value'
    equals "$(each 'o["event"], o["ep"], o["path"], o["value"], o["t_dev"]')" \
        "('send', 'odd', '/3303/0/5700', 21.5, '2026-09-21T14:13:20.000Z')
('send', 'odd', '/3303/0/5700', 22, '2026-09-21T14:14:20.000Z')"
    lwm2m_ends 0 events --type send --since 0 -c 1
    equals "${lines[1]}" '2026-09-21 14:14:20  send          odd  /3303/0/5700 22'
    wait "$waiting"
    stop_all
}

@test "goes on where one has left off" {
    lwm2m_ends 0 events --since 0 -c 1 --json
    id=$(each 'o["id"]')
    lwm2m_ends 0 events --since "$id" -c 1 --json
    equals "$(each 'o["ep"]')" dut-2
    lwm2m_ends 2 events --since yesterday
    equals "$stderr" "lwm2m: 'yesterday' is no id of an event
  ids are printed with every event: 1732342262123-0"
}

@test "prints fields apart by tabs, and CSV with titles" {
    lwm2m_ends 0 events --since 0 -c 1 --as=plain
    equals "$(cut -f 3,4 <<<"$output")" $'registered\tdut-1'
    lwm2m_ends 0 events --since 0 -c 1 --as=csv
    equals "${lines[0]}" $'ID,TIME,EVENT,ENDPOINT,DETAIL\r'
    [[ ${lines[1]} =~ ^[0-9]+-[0-9]+,[-0-9T:.]+Z,registered,dut-1,\".*\".$ ]]
}

@test "selects by type and by device" {
    lwm2m_ends 0 events --since 0 --type denied -c 1 --json
    equals "$(each 'o["ep"]')" dut-3
    lwm2m_ends 0 events --since 0 --type reg,upd -e '*-2' -c 1 --json
    equals "$(each 'o["ep"]')" dut-2
    LWM2M_ENDPOINT=dut-2 lwm2m_ends 0 events --since 0 -c 1 --json
    equals "$(each 'o["ep"]')" dut-1
    lwm2m_ends 2 events --type birthday
    equals "${stderr_lines[0]}" "lwm2m: --type: 'birthday' is no type of event"
    holds "$stderr" 'types: registered|updated'
}

@test "prints events as they happen, values too" {
    "$lwm2m" events --type notify,updated -c 2 --json >"$BATS_TEST_TMPDIR/out" 3>&- &
    events=$!
    until_waits $events
    sleep 0.1
    "$lwm2m" observe -e dut-1 /3/0/1 -c 1 >/dev/null
    "$lwm2m" device --socket "$BATS_FILE_TMPDIR/dut-1.sock" update
    wait $events
    output=$(cat "$BATS_TEST_TMPDIR/out")
    equals "$(each 'o["event"], o.get("path"), o.get("value")')" "('notify', '/3/0/1', 'demo device')
('updated', None, None)"
}

@test "less than is wanted in time is 5, else the end of the time is 0" {
    lwm2m_ends 5 events -c 1 -t 100ms
    equals "$stderr" 'lwm2m: 0 of 1 events came in time'
    lwm2m_ends 0 events -t 50ms
}

@test "ends at once when its reader has gone" {
    run timeout 5 bash -c '"$0" events --since 0 --as=plain | head -n 1; exit "${PIPESTATUS[0]}"' "$lwm2m"
    equals "$status" 10
    equals "${#lines[@]}" 1
}

@test "a server inside the command ends with its reader, too" {
    run timeout 5 bash -c '"$0" events --serve=127.0.0.1:0 --as=csv | head -n 1; exit "${PIPESTATUS[0]}"' "$lwm2m"
    equals "$status" 10
    equals "${lines[0]}" $'ID,TIME,EVENT,ENDPOINT,DETAIL\r'
}

@test "SIGINT is 130" {
    "$lwm2m" events 2>/dev/null 3>&- &
    until_waits $!
    kill -INT $!
    ended=0
    wait $! || ended=$?
    equals "$ended" 130
}

@test "no server is 9" {
    lwm2m_ends 9 events --socket /no/socket
}
