# lwm2m objects
#
# SPDX-License-Identifier: Apache-2.0

load shared

pump() { # FILE NAME [VERSION]
    mkdir -p "$(dirname "$1")"
    cat >"$1" <<EOF
<LWM2M>
<Object ObjectType="MODefinition">
<Name>$2</Name><Description1>Moves water.</Description1><ObjectID>30001</ObjectID>
<ObjectURN>urn:oma:lwm2m:x:30001${3:+:$3}</ObjectURN><LWM2MVersion>1.0</LWM2MVersion><ObjectVersion>${3:-1.0}</ObjectVersion>
<MultipleInstances>Multiple</MultipleInstances><Mandatory>Optional</Mandatory>
<Resources>
<Item ID="0"><Name>Speed</Name><Operations>RW</Operations><MultipleInstances>Single</MultipleInstances>
<Mandatory>Mandatory</Mandatory><Type>Float</Type><RangeEnumeration>0..50</RangeEnumeration><Units>1/s</Units>
<Description>Turns.</Description></Item>
</Resources>
<Description2></Description2>
</Object>
</LWM2M>
EOF
}

@test "lists every object with its versions and where it is from" {
    lwm2m_ends 0 objects list --as=plain
    holds "$output" $'3\tDevice\t1.0 1.1 1.2\tsingle\tyes\t23\tbuilt in'
    pump "$BATS_TEST_TMPDIR/pump.xml" Pump
    lwm2m_ends 0 objects list --as=plain --object "$BATS_TEST_TMPDIR/pump.xml"
    holds "$output" $'30001\tPump\t1.0\tmultiple\tno\t1\t'"$BATS_TEST_TMPDIR/pump.xml"
}

@test "a list of JSON objects" {
    lwm2m_ends 0 objects list --json
    holds "$(each 'o["object"], o["name"], o["versions"], o["multiple"]')" "(3, 'Device', ['1.0', '1.1', '1.2'], False)"
}

@test "reads definitions from where users keep them, below the others" {
    pump "$XDG_DATA_HOME/lwm2m/objects/pump.xml" Mine
    lwm2m_ends 0 objects show 30001
    holds "$output" '/30001 Mine'
    pump "$BATS_TEST_TMPDIR/dir/pump.xml" Theirs
    LWM2M_OBJECTS_PATH=$BATS_TEST_TMPDIR/dir lwm2m_ends 0 objects show 30001
    holds "$output" '/30001 Theirs'
    rm "$XDG_DATA_HOME/lwm2m/objects/pump.xml"
    lwm2m_ends 2 objects show 30001
}

@test "shows an object by id and by name, in the newest version or the one asked for" {
    lwm2m_ends 0 objects show 3303
    holds "$output" 'Object     /3303 Temperature'
    holds "$output" 'URN        urn:oma:lwm2m:ext:3303:1.1'
    holds "$output" 'Sensor Value'
    lwm2m_ends 0 objects show temperature --version 1.0 --as=plain
    equals "${lines[0]}" $'5601\tMin Measured Value\tR\tfloat\tsingle\tno\t\t'
    lwm2m_ends 2 objects show 3303 --version 7.0
    equals "$stderr" 'lwm2m: object 3303 has no version 7.0
  known: 1.0 1.1'
    lwm2m_ends 2 objects show 3303 --version new
}

@test "shows a resource by its path, and a reusable one by its id" {
    lwm2m_ends 0 objects show /3/0/9 --as=plain
    equals "$output" $'9\tBattery Level\tR\tint\tsingle\tno\t0..100\t/100'
    lwm2m_ends 0 objects show 5850 --json
    equals "$(each 'o["resource"], o["name"], o["operations"], "object" in o')" "(5850, 'On/Off', 'RW', False)"
    lwm2m_ends 0 objects show /3/0/5700 --json
    equals "$(each '"object" in o')" False
    lwm2m_ends 2 objects show /3/0/999
    equals "$stderr" 'lwm2m: object 3 (Device) has no resource 999'
}

@test "says that it knows nothing of that" {
    lwm2m_ends 2 objects show 60000
    holds "$stderr" "no object or reusable resource '60000' is known"
    lwm2m_ends 2 objects show nosuchthing
    lwm2m_ends 2 objects show /
}

@test "searches names without regard to case, and ids" {
    lwm2m_ends 0 objects search BATTERY --as=plain
    holds "$output" $'/3/x/9\tBattery Level\tR\tint\tDevice'
    holds "$output" $'/3411\tBattery'
    lwm2m_ends 0 objects search 5850 --as=plain
    holds "$output" $'5850\tOn/Off\tRW\tbool\tany object'
    lwm2m_ends 0 objects search 'sensor value' --json
    holds "$(each 'o.get("object"), o.get("resource")')" '(3303, 5700)'
    lwm2m_ends 1 objects search nosuchthing
    lwm2m_ends 2 objects search ''
}

@test "an unknown action names the nearest, and words are counted" {
    lwm2m_ends 2 objects serch x
    equals "$stderr" "lwm2m: objects: unknown action 'serch'; did you mean 'search'?
  actions: list, show, search, lint, import"
    lwm2m_ends 2 objects show
    lwm2m_ends 2 objects list all
    lwm2m_ends 2 objects list --version 1.0
    holds "$stderr" 'objects list: --version is for show'
}

@test "tables fit a terminal of 80 columns, and say where they are cut" {
    needs_terminal
    for arguments in 'list' 'show 5' 'show 3303' 'search battery'; do
        on_terminal 1000x200 objects $arguments
        wide=${#lines[@]}
        on_terminal 1000x80 objects $arguments
        equals "${#lines[@]}" "$wide" "no line of $arguments wraps"
    done
    on_terminal 40x60 objects show 5
    holds "$output" 'Firmware Update Protoco…'
}

@test "lint is silent about a good definition" {
    pump "$BATS_TEST_TMPDIR/pump.xml" Pump 1.1
    lwm2m_ends 0 objects lint --strict "$BATS_TEST_TMPDIR/pump.xml"
    equals "$output$stderr" ''
}

@test "lint tells everything that is wrong, and where" {
    pump "$BATS_TEST_TMPDIR/pump.xml" Pump
    sed -i 's/<Type>Float/<Type>Flaot/; s/<Mandatory>Optional/<Mandatory>never/' "$BATS_TEST_TMPDIR/pump.xml"
    lwm2m_ends 2 objects lint "$BATS_TEST_TMPDIR/pump.xml"
    equals "${lines[0]}" "$BATS_TEST_TMPDIR/pump.xml:5:48: error: <Mandatory>: 'never' is not Mandatory or Optional"
    holds "${lines[1]}" "$BATS_TEST_TMPDIR/pump.xml:8:33: error: <Type>: 'Flaot' is not String"
    equals "${#lines[@]}" 2
    echo '<LWM2M>' >"$BATS_TEST_TMPDIR/open.xml"
    lwm2m_ends 2 objects lint "$BATS_TEST_TMPDIR/open.xml" --json
    equals "$(each 'o["line"], o["column"], o["level"], o["message"]')" "(2, 1, 'error', 'no element found')"
    lwm2m_ends 10 objects lint /nowhere.xml
    holds "$output" '/nowhere.xml: error: No such file'
}

@test "warnings of lint count only when they are to" {
    pump "$BATS_TEST_TMPDIR/pump.xml" Pump
    sed -i 's/:x:/:ext:/' "$BATS_TEST_TMPDIR/pump.xml"
    lwm2m_ends 0 objects lint "$BATS_TEST_TMPDIR/pump.xml"
    holds "$output" "pump.xml:4:1: warning: <ObjectURN>: 'urn:oma:lwm2m:ext:30001' where urn:oma:lwm2m:x:30001 is expected"
    lwm2m_ends 2 objects lint --strict "$BATS_TEST_TMPDIR/pump.xml"
    lwm2m_ends 2 objects list --strict
}

@test "imports definitions, refuses what is broken, and says what it replaced" {
    pump "$BATS_TEST_TMPDIR/dir/a.xml" Pump
    echo '<LWM2M>' >"$BATS_TEST_TMPDIR/dir/b.xml"
    lwm2m_ends 0 objects import -n "$BATS_TEST_TMPDIR/dir/a.xml"
    equals "$output" "$BATS_TEST_TMPDIR/dir/a.xml: /30001 Pump 1.0 would be imported"
    lwm2m_ends 2 objects show 30001
    lwm2m_ends 2 objects import "$BATS_TEST_TMPDIR/dir"
    equals "$output" "$BATS_TEST_TMPDIR/dir/a.xml: /30001 Pump 1.0 imported"
    holds "$stderr" 'b.xml:2: no element found'
    lwm2m_ends 0 objects show 30001
    holds "$output" "$XDG_DATA_HOME/lwm2m/objects/30001-1_0.xml"
    pump "$BATS_TEST_TMPDIR/dir/a.xml" Newer
    lwm2m_ends 0 objects import "$BATS_TEST_TMPDIR/dir/a.xml" --json
    equals "$(each 'o["object"], o["name"], o["replaced"]')" "(30001, 'Newer', True)"
    equals "$(ls "$XDG_DATA_HOME/lwm2m/objects")" 30001-1_0.xml
    rm -r "$XDG_DATA_HOME/lwm2m"
}

@test "of the registry's own files lint refuses the two that are wrong" {
    [ -n "${LWM2M_REGISTRY_XML:-}" ] || skip "LWM2M_REGISTRY_XML does not name the registry's files"
    lwm2m_ends 2 objects lint "$LWM2M_REGISTRY_XML"/*.xml
    equals "$(grep ' error: ' <<<"$output" | sed 's/.*\///; s/:.*//' | sort -u | tr '\n' ' ')" '10482.xml Common.xml '
    # Of 340 files, those whose items are in another order than in the schema, or whose ranges are prose.
    faulty() { # PATTERN
        grep -E "$1" <<<"$output" | sed 's/.*\///; s/\.xml:.*//' | grep -v Common | sort -uV | tr '\n' ' '
    }
    equals "$(faulty 'comes behind')" \
        '511 3410 3416 3418 3421 3422 3430 3432 3451 3452 3453 3454 3455 3456 3457 3458 3459 3460 3461 '
    equals "$(faulty '<RangeEnumeration>: ')" \
        '0-1_0 1-1_0 3-1_0 4-1_0 4-1_1 19 20 27 2053 3387 3395 3396 3397 3399 3401 3418 10308 10309 '
    equals "$(faulty '<Units>: ')" '3-1_0 3388 3396 3397 3399 '
}
