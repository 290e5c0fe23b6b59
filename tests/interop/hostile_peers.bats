# Whatever strangers send, a server and a device survive it, stay small, and serve the honest afterwards.
#
# SPDX-License-Identifier: Apache-2.0

load programs

setup() {
    start_server
}

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
    start_device "$1"
    run "$lwm2m" read -e "$1" /3/0/0 --expect lwm2m
    [ "$status" -eq 0 ]
}

@test "the packets that kill other servers by blocks" {
    before=$(resident_kib "$server_pid")
    hostile blocks "${uri##*:}"
    stays_below "$server_pid" "$before" 8192
    serves dut-1
}

@test "100,000 mutated datagrams at a server" {
    serves dut-1
    before=$(resident_kib "$server_pid")
    hostile flood "${uri##*:}" "${FLOOD:-100000}" 1
    echo "# $output" >&3
    stays_below "$server_pid" "$before" 65536
    serves dut-2
}

@test "100,000 mutated datagrams at a device" {
    start_device dut-1 --answer-strangers
    port=$("$lwm2m" info -e dut-1 | sed -n 's/^Address .*://p')
    before=$(resident_kib "$device_pid")
    hostile flood "$port" "${FLOOD:-100000}" 2
    echo "# $output" >&3
    stays_below "$device_pid" "$before" 65536
    run "$lwm2m" discover -e dut-1 /3
    [ "$status" -eq 0 ]
}

@test "no answer to a stranger is larger than three times what it sent" {
    hostile amplification "${uri##*:}"
    echo "# ${lines[-1]}" >&3
}
