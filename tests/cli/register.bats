# lwm2m register
#
# SPDX-License-Identifier: Apache-2.0

load shared

setup_file() {
    share_server --max-endpoints 1
    shared_uri >"$BATS_FILE_TMPDIR/uri"
}

teardown_file() {
    end_shared
}

setup() {
    uri=$(cat "$BATS_FILE_TMPDIR/uri")
}

@test "registers, tells where and how fast, and leaves" {
    lwm2m_ends 0 register -u "$uri" -e probe-1
    [[ $output =~ ^registered\ as\ probe-1\ at\ $uri:\ /rd/[A-Za-z0-9_-]+,\ [0-9.]+\ ms$ ]]
    lwm2m_ends 0 wait -e probe-1 --for deregistered -t 1s
}

@test "prints an object" {
    lwm2m_ends 0 register -u "$uri" -e probe-1 --json
    equals "$(keys)" 'code ep location ok op rtt_ms uri v'
    equals "$(each 'o["op"], o["ep"], o["code"], o["ok"]')" "('register', 'probe-1', '2.01', True)"
}

@test "a refusal is 3" {
    lwm2m_ends 0 register -u "$uri" -e first --keep -L 1h
    lwm2m_ends 0 wait -e first
    lwm2m_ends 3 register -u "$uri" -e second
    holds "$stderr" 'refused the registration: 5.03'
}

@test "nobody there is 6, silence 5" {
    lwm2m_ends 6 register -u coap://127.0.0.1:1 -e probe-1
    holds "$stderr" 'nothing listens there'
    run --separate-stderr python3 - "$lwm2m" <<'PYTHON'
import socket, subprocess, sys
mute = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
mute.bind(("127.0.0.1", 0))
uri = "coap://127.0.0.1:%d" % mute.getsockname()[1]
sys.exit(subprocess.call([sys.argv[1], "register", "-u", uri, "-e", "probe-1", "-t", "200ms"]))
PYTHON
    equals "$status" 5
    holds "$stderr" 'no answer in time'
    holds "$stderr" 'a firewall on the way'
}

@test "no URI is 2, another kind of address 12" {
    lwm2m_ends 2 register -e probe-1
    holds "$stderr" '--uri is missing'
    lwm2m_ends 12 register -u coap+tcp://127.0.0.1 -e probe-1
}
