# What tests share that only look at a server and its devices: one server and its devices for all tests of a file.
#
# setup_file calls share_server and share_device, teardown_file calls end_shared.
#
# SPDX-License-Identifier: Apache-2.0

load server
bats_require_minimum_version 1.5.0
socket=$BATS_FILE_TMPDIR/server.sock
export LWM2M_SOCKET=$socket

# Starts a command in the background, its output in a file of that name.
share() { # NAME COMMAND...
    local name=$1
    shift
    "$@" >"$BATS_FILE_TMPDIR/$name.log" 2>&1 3>&- &
    echo $! >>"$BATS_FILE_TMPDIR/pids"
}

share_server() {
    export TMPDIR=$BATS_FILE_TMPDIR
    share server "$lwm2m" server -l 127.0.0.1 -p 0 --socket "$socket" "$@"
    until_true grep -q '^control socket' "$BATS_FILE_TMPDIR/server.log"
}

shared_uri() {
    sed -n 's/^listening on //p' "$BATS_FILE_TMPDIR/server.log"
}

# share_device EP [OPTION...]: a simulated device; its control socket is $BATS_FILE_TMPDIR/EP.sock.
share_device() {
    local ep=$1
    shift
    share "$ep" "$lwm2m" client -u "$(shared_uri)" -e "$ep" --socket "$BATS_FILE_TMPDIR/$ep.sock" "$@"
    "$lwm2m" wait -e "$ep" -t 10s
}

# A device that answers what no honest one does; see scripted_device.py.
share_scripted_device() { # EP
    share "$1" python3 "$BATS_TEST_DIRNAME/scripted_device.py" "$(shared_uri)" "$1"
    "$lwm2m" wait -e "$1" -t 10s
}

end_shared() {
    local pid
    while read -r pid; do
        kill "$pid" 2>/dev/null || true
    done <"$BATS_FILE_TMPDIR/pids"
    wait
}

# Runs lwm2m, keeping standard output in $output and standard error in $stderr; it must end with STATUS.
lwm2m_ends() { # STATUS ARGUMENT...
    local wanted=$1
    shift
    run --separate-stderr "$lwm2m" "$@" </dev/null
    if [ "$status" -ne "$wanted" ]; then
        printf 'lwm2m %s\nended with %d, not %d\n%s\n%s\n' "$*" "$status" "$wanted" "$output" "$stderr"
        return 1
    fi
}

# Compares, and shows what is otherwise.
equals() { # ACTUAL EXPECTED
    [ "$1" = "$2" ] || { printf 'is:     %s\nwanted: %s\n' "$1" "$2"; return 1; }
}

holds() { # TEXT PART
    [[ $1 == *"$2"* ]] || { printf 'is:    %s\nlacks: %s\n' "$1" "$2"; return 1; }
}

# The keys of each JSON object of $output, sorted, one object a line.
keys() {
    python3 -c 'import json, sys
for line in sys.stdin: print(*sorted(json.loads(line)))' <<<"$output"
}

# The value of an expression of Python on each JSON object, o, of $output.
each() { # EXPRESSION
    python3 -c 'import json, sys
for line in sys.stdin:
    o = json.loads(line)
    print(eval(sys.argv[1]))' "$1" <<<"$output"
}

# What the screen of a terminal shows in the end.
on_terminal() { # ROWSxCOLUMNS[,ROWSxCOLUMNS] ARGUMENT...
    size=$1
    shift
    run env -u NO_COLOR -u CLICOLOR_FORCE TERM="${TERM_WANTED:-xterm}" LC_ALL="${LOCALE_WANTED:-C.UTF-8}" \
        timeout 30 python3 "$BATS_TEST_DIRNAME/terminal.py" "$size" "$lwm2m" "$@" 3>&-
    equals "$status" 0
}
