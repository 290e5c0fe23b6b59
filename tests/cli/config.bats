# lwm2m config, and what configuration files do for other commands
#
# SPDX-License-Identifier: Apache-2.0

load shared

setup() {
    export XDG_CONFIG_HOME=$BATS_TEST_TMPDIR/config
    mkdir -p "$XDG_CONFIG_HOME/lwm2m"
    unset LWM2M_SOCKET
}

# configure LINE...: the user's file.
configure() {
    printf '%s\n' "$@" >"$XDG_CONFIG_HOME/lwm2m/config"
}

@test "shows nothing where nothing is configured" {
    lwm2m_ends 0 config show
    equals "$output" ''
}

@test "shows what is set, and where" {
    configure '# mine' 'timeout = 5s' '[server]' '  port = 0 ; any' '[device "urn:imei:35"]' 'retry = 2'
    lwm2m_ends 0 config show --origin --as plain
    equals "$(echo "$output" | tr -s ' \t' ' ')" "global.timeout 5s $XDG_CONFIG_HOME/lwm2m/config:2
server.port 0 $XDG_CONFIG_HOME/lwm2m/config:4
device \"urn:imei:35\".retry 2 $XDG_CONFIG_HOME/lwm2m/config:6"
}

@test "shows variables of the environment" {
    LWM2M_TIMEOUT=7s lwm2m_ends 0 config show --json
    equals "$(each 'o["option"], o["value"], o["origin"]')" "('global.timeout', '7s', '\$LWM2M_TIMEOUT')"
}

@test "a name of 120 bytes is one" {
    name=$(printf '%0120d' 7)
    configure "[device \"$name\"]" 'retry = 1'
    lwm2m_ends 0 config show
    holds "$output" "device \"$name\".retry"
}

@test "says every line that is wrong" {
    configure 'tiemout = 5s' '[list]' 'long = maybe' '[raed]' 'as = json' '[server]' 'port = 99999' 'help = yes' 'json = 1'
    lwm2m_ends 2 config show
    holds "$stderr" "config:1: unknown option 'tiemout'; did you mean 'timeout'?"
    holds "$stderr" "config:3: long: 'maybe' is neither yes nor no"
    holds "$stderr" 'config:5: [raed] is neither global, device nor a command'
    holds "$stderr" "config:7: --port: '99999' is not from 0 to 65535"
    holds "$stderr" 'config:8: --help is for command lines alone'
    holds "$stderr" 'config:9: --json is for command lines alone'
}

@test "says where a line is no line" {
    for line in 'junk' '[server' '[device]' '[read "x"]' '[device ""]' '[Server]' '[]' '= 3'; do
        configure 'timeout = 5s' "$line"
        lwm2m_ends 2 config show
        holds "$stderr" 'lwm2m/config:2: '
    done
}

@test "a long line, a NUL and a file without end are refused" {
    configure "timeout = $(printf '%0300d' 0)"
    lwm2m_ends 2 config show
    holds "$stderr" 'config:1: the line is longer than 198 bytes'
    printf 'timeout = 5s\nsocket = a\0b\n' >"$XDG_CONFIG_HOME/lwm2m/config"
    lwm2m_ends 2 config show
    holds "$stderr" 'config:2: there is a NUL in the line'
    LWM2M_CONFIG=/dev/zero lwm2m_ends 2 config show
    yes '# comment' | head -c 70000 >"$XDG_CONFIG_HOME/lwm2m/config"
    lwm2m_ends 2 config show
    holds "$stderr" 'the file is larger than 64 KiB'
}

@test "a broken file ends commands, and not those that help" {
    configure 'junk'
    lwm2m_ends 2 list
    holds "$stderr" 'config:1: a line is NAME = VALUE, [HEADING] or # COMMENT'
    lwm2m_ends 0 version
    lwm2m_ends 0 list -h
}

@test "a section of another command may say what it likes" {
    configure '[read]' 'nonsense = 1'
    lwm2m_ends 9 list --socket "$BATS_TEST_TMPDIR/none.sock"
}

@test "\$LWM2M_CONFIG has to be there" {
    LWM2M_CONFIG=$BATS_TEST_TMPDIR/none lwm2m_ends 10 list
    holds "$stderr" "cannot read the configuration $BATS_TEST_TMPDIR/none: No such file or directory"
}

@test "the command line counts for more than the environment, and that for more than files" {
    configure "socket = $BATS_TEST_TMPDIR/file.sock"
    lwm2m_ends 9 list
    holds "$stderr" file.sock
    LWM2M_SOCKET=$BATS_TEST_TMPDIR/variable.sock lwm2m_ends 9 list
    holds "$stderr" variable.sock
    LWM2M_SOCKET=$BATS_TEST_TMPDIR/variable.sock lwm2m_ends 9 list --socket "$BATS_TEST_TMPDIR/option.sock"
    holds "$stderr" option.sock
    lwm2m_ends 9 --socket "$BATS_TEST_TMPDIR/before.sock" list
    holds "$stderr" before.sock
}

@test "\$LWM2M_CONFIG counts for more than the user's file" {
    configure "socket = $BATS_TEST_TMPDIR/user.sock" 'as = json'
    echo "socket = $BATS_TEST_TMPDIR/named.sock" >"$BATS_TEST_TMPDIR/named"
    LWM2M_CONFIG=$BATS_TEST_TMPDIR/named lwm2m_ends 9 list
    holds "$stderr" named.sock
}

@test "a device's section counts for that device alone" {
    configure '[device "pump-7"]' "socket = $BATS_TEST_TMPDIR/pump.sock" '[global]' "socket = $BATS_TEST_TMPDIR/all.sock"
    lwm2m_ends 9 read -e pump-8 /3
    holds "$stderr" all.sock
    lwm2m_ends 9 read -e pump-7 /3
    holds "$stderr" pump.sock
    LWM2M_ENDPOINT=pump-7 lwm2m_ends 9 read /3
    holds "$stderr" pump.sock
    lwm2m_ends 9 read -e pump-7 -e pump-8 /3
    holds "$stderr" all.sock
}

@test "a list of the command line takes the place of the file's" {
    configure '[server]' 'listen = 127.0.0.1:1' 'listen = 127.0.0.2' 'port = 0'
    lwm2m_ends 0 server -l 127.0.0.3 -- sh -c 'echo "$LWM2M_COAP_URI"'
    [[ $output =~ ^coap://127.0.0.3:[0-9]+$ ]]
}

@test "options of a server's section are as good as on its command line" {
    configure '[server]' 'port = 0' 'listen = 127.0.0.4'
    lwm2m_ends 0 server -- sh -c 'echo "$LWM2M_COAP_URI"'
    [[ $output =~ ^coap://127.0.0.4:[0-9]+$ ]]
}

@test "the lower of two lines counts, and a command's section for more than the global one" {
    configure '[list]' "socket = $BATS_TEST_TMPDIR/list.sock" '[global]' "socket = $BATS_TEST_TMPDIR/a.sock" "socket = $BATS_TEST_TMPDIR/b.sock"
    lwm2m_ends 9 list
    holds "$stderr" list.sock
    lwm2m_ends 9 events
    holds "$stderr" b.sock
}

@test "the only thing to do is show" {
    lwm2m_ends 2 config
    lwm2m_ends 2 config set
    holds "$stderr" "config: unknown action 'set'"
    holds "$stderr" 'actions: show'
}
