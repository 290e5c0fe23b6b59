# What --json prints, held against the schema that is installed beside lwm2m-json(5).
#
# SPDX-License-Identifier: Apache-2.0

load shared

manual=$BATS_TEST_DIRNAME/../../man

setup_file() {
    share_server
    share_device pump-7 --set /3/0/9=87 --lwm2m 1.2
    share_device pump-8 -Q
}

teardown_file() {
    end_shared
}

# fits COMMAND...: each object that it prints, whatever it ends with, is one of the schema; there is at least one.
fits() {
    "$lwm2m" "$@" --json </dev/null >"$BATS_TEST_TMPDIR/objects" 2>"$BATS_TEST_TMPDIR/messages" || true
    run python3 "$BATS_TEST_DIRNAME/schema.py" "$manual/lwm2m-json.schema.json" "$manual/lwm2m-json.5.scd" \
        <"$BATS_TEST_TMPDIR/objects"
    [ "$status" -ne 77 ] || skip "python3-jsonschema is not installed"
    [ "$status" -eq 0 ] || { echo "lwm2m $*"; cat "$BATS_TEST_TMPDIR/messages"; echo "$output"; return 1; }
}

@test "the schema is one" {
    run python3 -c 'import json, sys
try:
    import jsonschema
except ImportError:
    sys.exit(77)
jsonschema.Draft202012Validator.check_schema(json.load(open(sys.argv[1])))' "$manual/lwm2m-json.schema.json"
    [ "$status" -ne 77 ] || skip "python3-jsonschema is not installed"
    equals "$status" 0
}

@test "the schema refuses what is no result" {
    for line in '{}' '{"v":1}' '{"v":2,"op":"version","version":"1","library":"1"}' '{"v":1,"op":"unheard"}' \
        '{"v":1,"op":"read","ep":"a","op_id":"1","ok":true}' \
        '{"v":1,"op":"read","ep":"a","op_id":"1","ok":true,"path":"/3/0/9","type":"int","value":"87"}' \
        '{"v":1,"op":"read","ep":"a","op_id":"1","ok":false,"path":"/3/0/9"}' \
        '{"v":1,"event":"registered","ep":"a"}'; do
        run python3 "$BATS_TEST_DIRNAME/schema.py" "$manual/lwm2m-json.schema.json" "$manual/lwm2m-json.5.scd" <<<"$line"
        [ "$status" -ne 77 ] || skip "python3-jsonschema is not installed"
        [ "$status" -eq 1 ] || { echo "taken: $line"; return 1; }
    done
}

@test "results of commands that read fit it" {
    fits read -e pump-7 /3 /4 /3303 /3200 /6/0
    fits read -e pump-7 /3/0/9999 /1/0
    fits read -e pump-7 --cached /3/0/9
    fits discover -e pump-7 /3
    fits tree -e pump-7
    fits tree -e pump-7 --read
    fits list
    fits info -e pump-7
    fits wait -e pump-7
}

@test "results of commands that change fit it" {
    fits write -e pump-7 /3/0/14=+02:00 /3/0/15=Europe/Berlin
    fits write -e pump-7 /3/0/0=x
    fits write -e pump-7 -n /3/0/14=+02:00
    fits write -e pump-7 --desired /3/0/15=UTC
    fits info -e pump-7
    fits exec -e pump-7 /3201/0/5850
    fits exec -e pump-7 /3/0/0
    fits create -e pump-7 /3303/9 5700=1
    fits delete -e pump-7 /3303/9
    fits attr -e pump-7 /3303/0/5700 pmin=1 gt=30
    fits attr -e pump-7 /3303/0/5700
    fits discover -e pump-7 /3303/0
}

@test "objects of streams fit it" {
    fits observe -e pump-7 /3303/0/5700 /3/0/13 -c 2 -W 3s
    fits events --since 0 -t 1s
    "$lwm2m" observe -e pump-7 /3303/0 -c 1 --keep >"$BATS_TEST_TMPDIR/kept"
    fits info -e pump-7
    fits cancel -e pump-7 /3303/0
    (sleep 0.5 && "$lwm2m" read -e pump-7 /3 && "$lwm2m" read -e pump-7 /3/0/9999 -f json) >/dev/null 2>&1 3>&- &
    fits monitor -x -t 2s
}

@test "objects of the device command fit it" {
    for action in 'get /3/0 /3303/0' 'set /3303/0/5700=25' 'send /3303/0/5700' update status; do
        # shellcheck disable=SC2086
        fits device --socket "$BATS_FILE_TMPDIR/pump-7.sock" $action
    done
    fits events --since 0 --type send -t 1s
}

@test "objects of commands without a device fit it" {
    fits version
    fits register -u "$(shared_uri)" -e probe-1
    fits objects show 3303
    fits objects search battery
    fits objects list
    fits decode 440100010a0b0c0db1330130
    fits decode -f tlv --path /3/0 c10964
    fits decode 4401
    LWM2M_TIMEOUT=3s fits config show
    (umask 077 && echo dev-1:00ff:pump-1 >"$BATS_TEST_TMPDIR/keys.psk")
    fits encode -f senml-cbor /3/0/9=87
    fits encode -f tlv /3/0/9=87 -o "$BATS_TEST_TMPDIR/payload"
    fits keys show "$BATS_TEST_TMPDIR/keys.psk"
}
