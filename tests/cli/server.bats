# server: how it starts, what it says, how it ends.
#
# SPDX-License-Identifier: Apache-2.0

load server

teardown() {
    stop_all
}

@test "says where it listens, and serves there" {
    start_server
    [[ $uri =~ ^coap://127\.0\.0\.1:[0-9]+$ ]]
    start_device dut-1
    run "$lwm2m" list
    [ "$status" -eq 0 ]
    [[ $output == *"dut-1"* ]]
}

@test "listens on every address unless told otherwise" {
    start server.log "$lwm2m" server -p 0 --socket "$socket"
    until_true grep -q '^control socket' "$BATS_TEST_TMPDIR/server.log"
    grep -Eq '^listening on coap://(\[::\]|0\.0\.0\.0):[0-9]+$' "$BATS_TEST_TMPDIR/server.log"
}

@test "listens on several addresses" {
    start server.log "$lwm2m" server -l 127.0.0.1:0 -l 127.0.0.2:0 --socket "$socket"
    until_true grep -q '^control socket' "$BATS_TEST_TMPDIR/server.log"
    [ "$(grep -c '^listening on coap://127.0.0.[12]:' "$BATS_TEST_TMPDIR/server.log")" -eq 2 ]
}

@test "says nothing with -q" {
    start server.log "$lwm2m" server -q -l 127.0.0.1 -p 0 --socket "$socket"
    until_true test -S "$socket"
    [ ! -s "$BATS_TEST_TMPDIR/server.log" ]
}

@test "tells of registrations with -v and of messages with -vv" {
    start_server -vv
    start_device dut-1
    grep -q 'registered dut-1 127.0.0.1:' "$BATS_TEST_TMPDIR/server.log"
    grep -Eq '<- 127\.0\.0\.1:[0-9]+ CON .* POST /rd\?' "$BATS_TEST_TMPDIR/server.log"
    grep -Eq -- '-> 127\.0\.0\.1:[0-9]+ ACK .* 2\.01 Created /rd/' "$BATS_TEST_TMPDIR/server.log"
}

@test "shows the bytes of messages with -vvv" {
    start_server -vvv
    start_device dut-1
    grep -Eq '^    [0-9a-f]{8,}$' "$BATS_TEST_TMPDIR/server.log"
}

@test "ends with 0 on SIGTERM and removes its socket" {
    start_server
    kill -TERM "$server_pid"
    local code=0
    wait "$server_pid" || code=$?
    [ "$code" -eq 0 ]
    [ ! -e "$socket" ]
}

@test "ends with 130 on SIGINT" {
    # A shell without job control starts background commands with SIGINT ignored.
    start server.log python3 -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])' "$lwm2m" server -l 127.0.0.1 -p 0 --socket "$socket"
    server_pid=$!
    until_true grep -q '^control socket' "$BATS_TEST_TMPDIR/server.log"
    kill -INT "$server_pid"
    local code=0
    wait "$server_pid" || code=$?
    [ "$code" -eq 130 ]
    [ ! -e "$socket" ]
}

@test "refuses a socket at which a server answers" {
    start_server
    run "$lwm2m" server -l 127.0.0.1 -p 0 --socket "$socket"
    [ "$status" -eq 10 ]
    [[ $output == *"another lwm2m answers on $socket"* ]]
    [[ $output == *"choose another path with --socket"* ]]
    run "$lwm2m" list
    [ "$status" -eq 0 ]
}

@test "replaces the socket of a server that is gone" {
    start_server
    kill -KILL "$server_pid"
    wait "$server_pid" || true
    [ -S "$socket" ]
    start_server
    run "$lwm2m" list
    [ "$status" -eq 0 ]
}

@test "does not touch a file that is no socket" {
    echo precious >"$socket"
    run "$lwm2m" server -l 127.0.0.1 -p 0 --socket "$socket"
    [ "$status" -eq 10 ]
    [[ $output == *"a file that is no socket is there"* ]]
    [ "$(cat "$socket")" = precious ]
}

@test "says that a port is taken" {
    start_server
    run "$lwm2m" server -l 127.0.0.1 -p "${uri##*:}" --socket "$BATS_TEST_TMPDIR/other.sock"
    [ "$status" -eq 6 ]
    [[ $output == *"cannot listen on 127.0.0.1:${uri##*:}: Address already in use"* ]]
    [[ $output == *"-p PORT chooses another"* ]]
    [ ! -e "$BATS_TEST_TMPDIR/other.sock" ]
}

@test "says what is wrong with an address" {
    run "$lwm2m" server -l 192.0.2.1 -p 0 --socket "$socket"
    [ "$status" -eq 6 ]
    [[ $output == *"cannot listen on 192.0.2.1"* ]]
    run "$lwm2m" server -l coap+tcp://127.0.0.1 --socket "$socket"
    [ "$status" -eq 12 ]
    [[ $output == *"only coap and coaps are served so far"* ]]
    run "$lwm2m" server -p 65536 --socket "$socket"
    [ "$status" -eq 2 ]
    [[ $output == *"is not from 0 to 65535"* ]]
}

@test "says that a socket's directory is missing, or its path too long" {
    run "$lwm2m" server -l 127.0.0.1 -p 0 --socket "$BATS_TEST_TMPDIR/none/s.sock"
    [ "$status" -eq 10 ]
    [[ $output == *"No such file or directory"* ]]
    run "$lwm2m" server -l 127.0.0.1 -p 0 --socket "$(printf '/tmp/%0200d' 0)"
    [ "$status" -eq 2 ]
    [[ $output == *"the path is too long"* ]]
}

@test "makes a directory of its own where there is none for sockets" {
    [ "$(id -u)" -ne 0 ] || skip "root has /run/lwm2m"
    unset XDG_RUNTIME_DIR
    start server.log "$lwm2m" server -l 127.0.0.1 -p 0
    until_true grep -q '^control socket' "$BATS_TEST_TMPDIR/server.log"
    [ "$(stat -c %a "$TMPDIR/lwm2m-$(id -u)")" = 700 ]
}

@test "makes its socket for its own user alone" {
    start_server
    [ "$(stat -c %a "$socket")" = 600 ]
}

@test "tells the service manager that it is ready, and that it stops" {
    export NOTIFY_SOCKET=$BATS_TEST_TMPDIR/notify.sock
    start notify.log timeout 10 python3 -c 'import os, socket
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(os.environ["NOTIFY_SOCKET"])
print(s.recv(99).decode(), flush=True)
print(s.recv(99).decode(), flush=True)'
    until_true test -S "$NOTIFY_SOCKET"
    start_server
    until_true grep -q '^READY=1$' "$BATS_TEST_TMPDIR/notify.log"
    kill -TERM "$server_pid"
    until_true grep -q '^STOPPING=1$' "$BATS_TEST_TMPDIR/notify.log"
}

# Prints, a line each, what is told to $NOTIFY_SOCKET.
listen_as_manager() { # COUNT
    export NOTIFY_SOCKET=$BATS_TEST_TMPDIR/notify.sock
    start notify.log timeout 10 python3 -c 'import os, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(os.environ["NOTIFY_SOCKET"])
for i in range(int(sys.argv[1])):
    print(s.recv(99).decode(), flush=True)' "$1"
    until_true test -S "$NOTIFY_SOCKET"
}

@test "shows the watchdog that it turns, twice in its time" {
    listen_as_manager 4
    export WATCHDOG_USEC=200000
    start_server
    until_true grep -qz 'READY=1.WATCHDOG=1.WATCHDOG=1.WATCHDOG=1' "$BATS_TEST_TMPDIR/notify.log"
}

@test "leaves the watchdog of another process alone" {
    listen_as_manager 2
    WATCHDOG_USEC=20000 WATCHDOG_PID=1 start_server
    "$lwm2m" wait -t 0.3s nobody || true
    kill -TERM "$server_pid"
    until_true grep -qz 'READY=1.STOPPING=1' "$BATS_TEST_TMPDIR/notify.log"
}

@test "lets a group give orders, and nobody else" {
    start_server --socket-group "$(id -gn)"
    [ "$(stat -c '%a %g' "$socket")" = "660 $(id -g)" ]
    [ "$(id -u)" -eq 0 ] || skip "only root can run commands as others"
    # As the programs are wherever the project is, which others may not be able to enter.
    cp "$lwm2m" "$BATS_TEST_TMPDIR/program"
    chmod 711 "$BATS_RUN_TMPDIR" "$BATS_TEST_TMPDIR"
    export XDG_CONFIG_HOME=$BATS_TEST_TMPDIR/config
    local group
    group=$(id -g)
    setpriv --reuid 65534 --regid "$group" --clear-groups "$BATS_TEST_TMPDIR/program" list
    setpriv --reuid 65534 --regid 65534 --groups "65533,$group" "$BATS_TEST_TMPDIR/program" list
    run setpriv --reuid 65534 --regid 65534 --groups 65533 "$BATS_TEST_TMPDIR/program" list
    [ "$status" -eq 9 ]
    [[ $output == *"you may not connect to $socket"*"--socket-group"* ]]
    chmod 666 "$socket" # even where the file would let them
    run setpriv --reuid 65534 --regid 65534 --groups 65533 "$BATS_TEST_TMPDIR/program" list
    [ "$status" -eq 9 ]
    [[ $output == *"you are not of those who may give orders"* ]]
}

@test "refuses a group that there is not" {
    run "$lwm2m" server -l 127.0.0.1 -p 0 --socket "$socket" --socket-group no-such-group
    [ "$status" -eq 2 ]
    [[ $output == *"there is no group 'no-such-group'"* ]]
    [ ! -e "$socket" ]
}

@test "commands find the server of the system where their user has none" {
    unshare --mount true 2>/dev/null || skip "only root can lay a /run of its own over this one's"
    unset LWM2M_SOCKET XDG_RUNTIME_DIR
    # shellcheck disable=SC2016 # for the inner shell
    unshare --mount sh -ec 'mount -t tmpfs none /run && mkdir -m 755 /run/lwm2m-server
        timeout 20 "$0" server -l 127.0.0.1 -p 0 --socket /run/lwm2m-server/server.sock 2>"$1" & server=$!
        for i in $(seq 200); do [ -S /run/lwm2m-server/server.sock ] && break; sleep 0.05; done
        "$0" list
        status=0; "$0" server -l 127.0.0.1 -p 0 -- "$0" list || status=$?
        kill "$server"; exit "$status"' "$lwm2m" "$BATS_TEST_TMPDIR/server.log" 3>&-
}

@test "refuses more devices than it may have" {
    start_server --max-endpoints 1
    start_device dut-1
    run "$lwm2m" register -u "$uri" -e dut-2
    [ "$status" -eq 3 ]
    [[ $output == *"5.03"* ]]
}

@test "commands without a server say how to start one" {
    run "$lwm2m" list --socket "$BATS_TEST_TMPDIR/none.sock"
    [ "$status" -eq 9 ]
    [[ $output == *"no server answers on $BATS_TEST_TMPDIR/none.sock"* ]]
    [[ $output == *"lwm2m server"* ]]
}

@test "refuses versions of LwM2M that are too old" {
    start_server --min-lwm2m 1.1
    run "$lwm2m" client -u "$uri" -e old --lwm2m 1.0 --once --socket "$BATS_TEST_TMPDIR/old.sock"
    [ "$status" -eq 3 ]
    [[ $output == *"4.12 Precondition Failed"* ]]
    "$lwm2m" register -u "$uri" -e new --lwm2m 1.1
}

@test "refuses Registers that come too fast from one address" {
    start_server --max-rate-per-address 1
    "$lwm2m" register -q -u "$uri" -e first --keep
    run "$lwm2m" register -u "$uri" -e second
    [ "$status" -eq 3 ]
    [[ $output == *"5.03 Service Unavailable"* ]]
}

@test "refuses transmission parameters outside their range" {
    run "$lwm2m" server -p 0 --socket "$socket" --ack-random-factor 0.5
    [ "$status" -eq 2 ]
    [[ $output == *"--ack-random-factor: '0.5' is not a number from 1 to 10"* ]]
    run "$lwm2m" server -p 0 --socket "$socket" --max-retransmit 21
    [ "$status" -eq 2 ]
    [[ $output == *"--max-retransmit: '21' is not from 0 to 20"* ]]
    run "$lwm2m" server -p 0 --socket "$socket" --nosec-move never
    [ "$status" -eq 2 ]
    [[ $output == *"--nosec-move: 'never' is none of allow|deny"* ]]
}

@test "bears a network that is bad on purpose, and says which" {
    local bad=loss=10%,dup=10%,reorder=5%,delay=0..5ms,seed=7
    start_server --chaos "$bad" --ack-timeout 50ms --max-retransmit 10
    grep -q 'network is bad on purpose: loss=10%,dup=10%,reorder=5%,corrupt=0%,delay=0..5ms,seed=7' \
        "$BATS_TEST_TMPDIR/server.log"
    start_device dut-1 --ack-timeout 50ms --max-retransmit 10
    for n in 1 2 3 4 5 6 7 8 9 10; do
        "$lwm2m" write -e dut-1 "/3201/0/5853=$((n * 100))"
        "$lwm2m" read -e dut-1 /3201/0/5853 --expect "$((n * 100))"
    done
}

@test "refuses a bad network that it does not understand" {
    run "$lwm2m" server -p 0 --chaos loss=10 --socket "$socket"
    [ "$status" -eq 2 ]
    [[ $output == *"'loss=10' is not a percentage such as 10%"* ]]
    run "$lwm2m" client -u coap://127.0.0.1:9 --chaos rain=10%
    [ "$status" -eq 2 ]
    [[ $output == *"'rain=10%' is none of loss="* ]]
}

@test "takes names and types from definitions in files" {
    mkdir "$BATS_TEST_TMPDIR/objects"
    cat >"$BATS_TEST_TMPDIR/objects/pump.xml" <<'XML'
<LWM2M><Object ObjectType="MODefinition"><Name>Water Pump</Name><ObjectID>30001</ObjectID>
<MultipleInstances>Single</MultipleInstances><Mandatory>Optional</Mandatory><Resources>
<Item ID="5"><Name>Flow</Name><Operations>RW</Operations><MultipleInstances>Single</MultipleInstances>
<Mandatory>Mandatory</Mandatory><Type>Float</Type><Units>l/s</Units></Item>
</Resources></Object></LWM2M>
XML
    printf '<LWM2M>\n<Object>\n' >"$BATS_TEST_TMPDIR/objects/broken.xml"
    start_server --objects "$BATS_TEST_TMPDIR/objects"
    grep -q 'left out: .*/broken.xml:3: no element found' "$BATS_TEST_TMPDIR/server.log"
    start_device dut-1
    run "$lwm2m" write -e dut-1 -n Water_Pump/0/Flow=2.5
    [ "$status" -eq 0 ]
    [[ $output == *"/30001/0/5"* ]]
    run "$lwm2m" server -p 0 --object "$BATS_TEST_TMPDIR/objects/broken.xml" --socket "$socket-2"
    [ "$status" -eq 2 ]
    [[ $output == *"/broken.xml:3: no element found"* ]]
    LWM2M_OBJECTS_PATH=/nowhere run "$lwm2m" server -p 0 --socket "$socket-2"
    [ "$status" -eq 10 ]
    [[ $output == *"/nowhere: No such file or directory"*"LWM2M_OBJECTS_PATH"* ]]
}
