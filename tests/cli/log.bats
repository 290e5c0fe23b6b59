#!/usr/bin/env bats
# Where messages go, and in which form.
#
# SPDX-License-Identifier: Apache-2.0

bats_require_minimum_version 1.5.0
load server.bash

@test "--log-file takes the messages, and appends" {
    log=$BATS_TEST_TMPDIR/log
    run --separate-stderr "$lwm2m" list --socket /nowhere/s --log-file "$log"
    [ "$status" -eq 9 ]
    [ -z "$output" ]
    [ -z "$stderr" ]
    run "$lwm2m" info --socket /nowhere/s --log-file "$log"
    [ "$(grep -c '^lwm2m: no server answers on /nowhere/s' "$log")" -eq 2 ]
}

@test "--log-format json makes each message an object" {
    run --separate-stderr "$lwm2m" list --socket /nowhere/s --log-format json
    [ "$status" -eq 9 ]
    python3 -c '
import json, sys
message, = [json.loads(line) for line in sys.argv[1].splitlines()]
assert message["level"] == "error", message
assert message["msg"].startswith("no server answers on /nowhere/s"), message
assert "lwm2m server" in message["hint"], message
assert message["ts"].endswith("Z"), message' "$stderr"
}

@test "--log-time begins each message with the time" {
    run --separate-stderr "$lwm2m" list --socket /nowhere/s --log-time
    [[ $stderr =~ ^20[0-9-]+T[0-9:.]+Z\ lwm2m:\ no\ server ]]
}

@test "a log file that cannot be written is said so" {
    run "$lwm2m" version --log-file /nowhere/log
    [ "$status" -eq 10 ]
    [[ $output == *"cannot write the log file /nowhere/log: No such file or directory"* ]]
}

@test "--log-format takes text or json only" {
    run "$lwm2m" version --log-format xml
    [ "$status" -eq 2 ]
    [[ $output == *"'xml' is none of text|json"* ]]
}

@test "the trace of messages goes to the log, too" {
    log=$BATS_TEST_TMPDIR/log
    run --separate-stderr "$lwm2m" server -p 0 -vv --log-file "$log" --log-format json -- \
        sh -c '"$0" register -q -u "$LWM2M_COAP_URI" -e logged' "$lwm2m"
    [ "$status" -eq 0 ]
    python3 -c '
import json, sys
messages = [json.loads(line) for line in open(sys.argv[1])]
traces = [m["msg"] for m in messages if m["level"] == "trace"]
assert any("POST /rd?" in m and "ep=logged" in m and m.startswith("<-") for m in traces), traces
assert any("2.01" in m and m.startswith("->") for m in traces), traces' "$log"
}
