# lwm2m info
#
# SPDX-License-Identifier: Apache-2.0

load shared

setup_file() {
    share_server
    share_device dut-1 -L 1h
}

teardown_file() {
    end_shared
}

@test "prints what is known, with names" {
    lwm2m_ends 0 info
    equals "${lines[0]}" 'Endpoint       dut-1'
    grep -qx 'LwM2M version  1.1' <<<"$output"
    grep -qx 'Lifetime       1h' <<<"$output"
    grep -qx 'Security       none' <<<"$output"
    grep -qE '/1/0 +LwM2M Server 1' <<<"$output"
    grep -qE '^               /3303/0 +Temperature 1' <<<"$output"
}

@test "prints one object" {
    lwm2m_ends 0 info -e dut-1 --json
    equals "$(keys)" 'addr b contradictions desired ep formats last_seen_s left_s links lt lwm2m objects observations op queue_mode queued registered_s reported rid sec state v'
    equals "$(each 'o["queue_mode"], o["formats"][:4], sorted(o["links"][-1])')" "(False, [0, 42, 11542, 112], ['name', 'path', 'ver'])"
    equals "$(each '{60, 110, 11543} <= set(o["formats"])')" True
}

@test "names the formats, and shows all paths of a composite observation" {
    lwm2m_ends 0 info
    grep -qE '^Formats +text opaque tlv senml-cbor' <<<"$output"
    lwm2m_ends 0 observe /3/0/1 /3/0/0 --composite -c 1 --keep
    lwm2m_ends 0 info
    grep -qE '^Observations +/3/0/0 /3/0/1 0 notifications' <<<"$output"
    lwm2m_ends 0 cancel /3/0/1 -v
    equals "$stderr" 'lwm2m: dut-1: cancel /3/0/1: done'
    lwm2m_ends 0 info --json
    equals "$(each 'o["observations"]')" '[]'
}

@test "tells what is observed" {
    lwm2m_ends 0 observe /3/0/1 -c 1 --keep
    lwm2m_ends 0 info
    grep -qE '^Observations   /3/0/1 ' <<<"$output"
    lwm2m_ends 0 info --json
    equals "$(each 'o["observations"]')" "[{'path': '/3/0/1', 'subscriptions': 1, 'notifications': 0}]"
    lwm2m_ends 0 cancel
}

@test "no device is 4, no server 9, an argument 2" {
    lwm2m_ends 4 info -e gone
    lwm2m_ends 9 info --socket /no/socket
    lwm2m_ends 2 info dut-1
    holds "$stderr" "'dut-1' is one argument too many"
}

@test "a device states the formats that its version knows" {
    lwm2m_ends 0 info --json
    equals "$(each 'sorted({320, 322, 11544} & set(o["formats"]))')" '[]'
    share_device dut-2 --lwm2m 1.2
    lwm2m_ends 0 info -e dut-2 --json
    equals "$(each 'sorted({320, 322, 11544} & set(o["formats"]))')" '[320, 322, 11544]'
}
