# What tests of the commands share: a server and devices of their own, found by their process ids.
#
# SPDX-License-Identifier: Apache-2.0

: "${LWM2M:=$BATS_TEST_DIRNAME/../../build/lwm2m}"
lwm2m=$LWM2M

# Nothing of the caller's environment decides what is tested.
unset LWM2M_ENDPOINT LWM2M_TIMEOUT LWM2M_CONFIG LWM2M_SOCKET LWM2M_CLIENT_SOCKET NOTIFY_SOCKET WATCHDOG_USEC WATCHDOG_PID
unset LWM2M_PSK_FILE LWM2M_COAP_URI LWM2M_COAPS_URI
unset LWM2M_OBJECTS_PATH
export XDG_DATA_HOME=$BATS_FILE_TMPDIR/share
export XDG_CONFIG_HOME=$BATS_FILE_TMPDIR/config
export NO_COLOR=1
export LC_ALL=C.UTF-8
export TMPDIR=$BATS_TEST_TMPDIR
socket=$BATS_TEST_TMPDIR/s.sock
started=()

# Skips a test that types on a terminal where the machine has none to give.
needs_terminal() {
    python3 -c 'import pty; pty.openpty()' 2>/dev/null || skip "no pseudo-terminal can be opened here"
}

# start LOG COMMAND...: runs it in the background, its output in LOG; its process id is in $!.
start() {
    local log=$1
    shift
    "$@" >"$BATS_TEST_TMPDIR/$log" 2>&1 3>&- &
    started+=($!)
}

# Waits, up to 10 s, until a command succeeds.
until_true() {
    local tries=200
    until "$@"; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || return 1
        sleep 0.05
    done
}

# Starts a server on a port that the kernel chooses; sets server_pid and uri.
start_server() {
    start server.log "$lwm2m" server -l 127.0.0.1 -p 0 --socket "$socket" "$@"
    server_pid=$!
    until_true grep -q '^control socket' "$BATS_TEST_TMPDIR/server.log"
    uri=$(sed -n 's/^listening on //p' "$BATS_TEST_TMPDIR/server.log")
    export LWM2M_SOCKET=$socket
}

# start_device EP [OPTION...]: starts a simulated device and waits until it is registered; sets device_pid.
start_device() {
    local ep=$1
    shift
    start "$ep.log" "$lwm2m" client -u "$uri" -e "$ep" --socket "$BATS_TEST_TMPDIR/$ep.sock" "$@"
    device_pid=$!
    "$lwm2m" wait -e "$ep" -t 10s
}

stop_all() {
    local pid
    for pid in "${started[@]}"; do
        kill "$pid" 2>/dev/null || true
    done
    for pid in "${started[@]}"; do
        wait "$pid" 2>/dev/null || true
    done
}

# Waits until a command has sent its request, from when on it takes signals.
until_waits() { # PID
    until_true grep -q '^SigCgt:.*[1-9a-f]' "/proc/$1/status"
}

# Registers at $uri, and is to end with a status; sets output and stderr.
register() { # STATUS OPTION...
    local wanted=$1
    shift
    run --separate-stderr "$lwm2m" register -u "$uri" "$@"
    [ "$status" -eq "$wanted" ] || { echo "$status: $output $stderr"; return 1; }
}
