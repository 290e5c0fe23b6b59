# Whatever strangers send, a server and a device survive it, stay small, and serve the honest afterwards.
#
# SPDX-License-Identifier: Apache-2.0

load programs

teardown() {
    stop_all
}

hostile() {
    run timeout 60 python3 "$BATS_TEST_DIRNAME/hostile_peer.py" "$@"
    [ "$status" -eq 0 ] && return 0
    printf '%s\n' "$output"
    return 1
}

resident_kib() {
    sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$1/status"
}

# stays_below PID BEFORE KIB: the process lives, and its memory grew by less. A sanitizer's own is not measured.
stays_below() {
    local now
    kill -0 "$1"
    now=$(resident_kib "$1")
    echo "# resident: $2 KiB before, $now KiB after" >&3
    [ -n "${SAN-}" ] || [ $((now - $2)) -lt "$3" ]
}

# serves EP: the server registers a device and reads from it.
serves() {
    start_device "$@"
    run "$lwm2m" read -e "$1" /3/0/0 --expect lwm2m
    [ "$status" -eq 0 ]
}

# The known packets against CoAP's blocks: two of them kill a server that lets libcoap 4.3.1 assemble bodies.
survives_blocks() {
    start_server --stack "$1"
    before=$(resident_kib "$server_pid")
    hostile blocks "${uri##*:}"
    stays_below "$server_pid" "$before" 8192
    serves dut-1
}

survives_flood() {
    start_server --stack "$1"
    serves dut-1 --stack "$1"
    before=$(resident_kib "$server_pid")
    hostile flood "${uri##*:}" "$2" 1
    echo "# $output" >&3
    stays_below "$server_pid" "$before" 65536
    serves dut-2
}

device_survives_flood() {
    start_server
    start_device dut-1 --answer-strangers --stack "$1"
    port=$("$lwm2m" info -e dut-1 | sed -n 's/^Address .*://p')
    before=$(resident_kib "$device_pid")
    hostile flood "$port" "$2" 2
    echo "# $output" >&3
    stays_below "$device_pid" "$before" 65536
    run "$lwm2m" discover -e dut-1 /3
    [ "$status" -eq 0 ]
}

@test "the packets that kill other servers by blocks" {
    survives_blocks endpoint
}

@test "the packets that kill other servers by blocks, with libcoap" {
    survives_blocks libcoap
}

@test "100,000 mutated datagrams at a server" {
    survives_flood endpoint "${FLOOD:-100000}"
}

# Fewer: each message costs libcoap as much as it has sessions.
@test "20,000 mutated datagrams at a server with libcoap" {
    survives_flood libcoap "${FLOOD:-20000}"
}

@test "100,000 mutated datagrams at a device" {
    device_survives_flood endpoint "${FLOOD:-100000}"
}

@test "20,000 mutated datagrams at a device with libcoap" {
    device_survives_flood libcoap "${FLOOD:-20000}"
}

@test "devices that register well and then send nonsense, too much, or flap" {
    start_server
    before=$(resident_kib "$server_pid")
    hostile devices "${uri##*:}" 3
    echo "# ${lines[-1]}" >&3
    stays_below "$server_pid" "$before" 16384
    serves dut-1
    "$lwm2m" list | grep -q flap
}

@test "no answer to a stranger is larger than three times what it sent" {
    start_server
    hostile amplification "${uri##*:}"
    echo "# ${lines[-1]}" >&3
}
