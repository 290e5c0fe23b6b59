# The examples of the manual, as a reader types them; and the client that lwm2m-control(7) shows.
#
# Ports that an example names are left to the kernel, and what goes on until it is stopped is stopped.
#
# SPDX-License-Identifier: Apache-2.0

load shared

manual=$BATS_TEST_DIRNAME/../../man

setup_file() {
    share_server
    share_device pump-7 --set /3/0/9=87 --lwm2m 1.2
    share_device pump-8
    # The examples of the device command find its socket where it is by default.
    share demo-1 "$lwm2m" client -u "$(shared_uri)" -e demo-1
    "$lwm2m" wait -e demo-1 -t 10s
    # Examples call the program by its name, and give away what it finds where they run.
    mkdir -p "$BATS_FILE_TMPDIR/bin" "$BATS_FILE_TMPDIR/config/lwm2m"
    ln -s "$(realpath "$lwm2m")" "$BATS_FILE_TMPDIR/bin/lwm2m"
    printf '[server]\nport = 0\nlisten = 127.0.0.1\n' >"$BATS_FILE_TMPDIR/config/lwm2m/config"
}

teardown_file() {
    end_shared
}

setup() {
    cd "$BATS_TEST_TMPDIR"
    export PATH=$BATS_FILE_TMPDIR/bin:$PATH HOME=$BATS_TEST_TMPDIR
    mkdir -p .config/lwm2m
    printf 'timeout = 20s\n' >new.conf
    printf '\x30\x82' >server.der
    cat >my-object.xml <<'XML'
<LWM2M><Object ObjectType="MODefinition"><Name>Pump</Name><Description1>Pumps.</Description1><ObjectID>30001</ObjectID>
<ObjectURN>urn:oma:lwm2m:x:30001</ObjectURN><LWM2MVersion>1.0</LWM2MVersion><ObjectVersion>1.0</ObjectVersion>
<MultipleInstances>Single</MultipleInstances><Mandatory>Optional</Mandatory><Resources>
<Item ID="0"><Name>Flow</Name><Operations>R</Operations><MultipleInstances>Single</MultipleInstances>
<Mandatory>Mandatory</Mandatory><Type>Float</Type><RangeEnumeration></RangeEnumeration><Units>l</Units>
<Description>What flows.</Description></Item></Resources><Description2></Description2></Object></LWM2M>
XML
    (umask 077 && echo dut-1:00112233445566778899aabbccddeeff >devices.psk)
    "$lwm2m" encode -f senml-cbor /3/0/9=87 --raw >payload.bin
    "$lwm2m" encode -f senml-json /3/0/9=87 --raw >payload.json
}

# blocks PAGE SECTION: its literal blocks, into the array of that name.
blocks() {
    mapfile -d '' -t blocks < <(python3 "$BATS_TEST_DIRNAME/manual_blocks.py" "$manual/$1.scd" "$2")
    [ "${#blocks[@]}" -gt 0 ]
}

# An example as it can be run here: the host is this one, and the port one that is free.
fit() { # TEXT
    sed -e "s#coap://127.0.0.1#$(shared_uri)#; s#coap://\[::1\]:5683#$(shared_uri)#; s#coap://lwm2m.example.com#$(shared_uri)#" \
        -e 's/--port 5683/--port 0/; s/--secure-port 5684/--secure-port 0/; s/-l 0\.0\.0\.0/-l 127.0.0.1/' -e 's/^\$ //' <<<"$1"
}

# Runs the examples of a command's page. Those that go on end by SIGINT after a while, with status 130; what else
# they may end with besides 0 is said by who knows the device here.
examples_run() { # PAGE [STATUS...]
    blocks "$1" EXAMPLES
    shift
    for block in "${blocks[@]}"; do
        run timeout -s INT --preserve-status --kill-after=10 2 sh -ec "$(fit "$block")" </dev/null
        [[ " 0 130 $* " == *" $status "* ]] || {
            printf '%s\nended with %d:\n%s\n' "$block" "$status" "$output"
            return 1
        }
    done
}

@test "the examples of pages that need no device run" {
    rm -f devices.psk # which the examples make
    for page in completion config decode encode help keys objects version; do
        examples_run "lwm2m-$page.1"
    done
}

@test "the examples of pages that read run" {
    for page in info list discover tree read; do
        examples_run "lwm2m-$page.1"
    done
}

@test "the examples of pages that change a device run" {
    # Object 0 is nobody's to write but a bootstrap server's.
    examples_run lwm2m-write.1 3
    examples_run lwm2m-attr.1
    lwm2m_ends 0 observe -e pump-7 /3303/0/5700 -c 1 --keep
    examples_run lwm2m-cancel.1
    # The demo device has as many instances as it is to have.
    examples_run lwm2m-create.1 3
    examples_run lwm2m-delete.1 3
    examples_run lwm2m-exec.1
}

@test "the examples of pages that go on until they are stopped run" {
    for page in events monitor observe wait; do
        examples_run "lwm2m-$page.1"
    done
}

@test "the examples of pages about devices run" {
    # A device that is offline does not answer.
    examples_run lwm2m-device.1 5
    examples_run lwm2m-register.1
    # Its control socket must not lie where that of the device lies that has the same name.
    unset LWM2M_SOCKET
    export XDG_RUNTIME_DIR=$BATS_TEST_TMPDIR
    examples_run lwm2m-client.1
}

@test "the examples of pages about servers run" {
    unset LWM2M_SOCKET
    export XDG_RUNTIME_DIR=$BATS_TEST_TMPDIR
    examples_run lwm2m-server.1
}

@test "the client of lwm2m-control(7) reads" {
    blocks lwm2m-control.7 EXAMPLES
    printf '%s' "${blocks[1]}" >reader.py
    [ "$(grep -c . reader.py)" -le 22 ]
    run --separate-stderr timeout 20 python3 reader.py pump-7 /3/0/9 /3/0/0
    equals "$status" 0
    holds "$output" '/3/0/9 '
    holds "$output" '/3/0/0 '
}

@test "the client of lwm2m-control(7) ends as the command does" {
    blocks lwm2m-control.7 EXAMPLES
    printf '%s' "${blocks[1]}" >reader.py
    run --separate-stderr timeout 20 python3 reader.py pump-7 /3/0/9999
    equals "$status" 3
    run --separate-stderr timeout 20 python3 reader.py nobody /3/0/9
    equals "$status" 4
    holds "$stderr" nobody
}
