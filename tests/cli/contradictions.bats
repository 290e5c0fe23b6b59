# tree and info tell where a device contradicts the definitions.
#
# SPDX-License-Identifier: Apache-2.0

load shared

item() { # ID NAME MANDATORY [TYPE]
    echo "<Item ID=\"$1\"><Name>$2</Name><Operations>R</Operations><MultipleInstances>Single</MultipleInstances><Mandatory>$3</Mandatory><Type>${4:-Integer}</Type></Item>"
}

object() { # ITEMS...
    printf '<LWM2M><Object><Name>Pump</Name><ObjectID>30001</ObjectID><MultipleInstances>Single</MultipleInstances>'
    printf '<Mandatory>Optional</Mandatory><Resources>%s</Resources></Object></LWM2M>\n' "$*"
}

setup_file() {
    object "$(item 0 Speed Mandatory)" "$(item 1 Pressure Mandatory)" >"$BATS_FILE_TMPDIR/server.xml"
    object "$(item 0 Speed Mandatory)" "$(item 7 Extra Mandatory)" >"$BATS_FILE_TMPDIR/device.xml"
    object "$(item 0 Speed Mandatory)" | sed 's/30001/30002/' >"$BATS_FILE_TMPDIR/other.xml"
    object "$(item 0 Speed Mandatory)" "$(item 1 Level Mandatory Float)" | sed 's/30001/30003/' >"$BATS_FILE_TMPDIR/typed.xml"
    object "$(item 0 Speed Mandatory String)" "$(item 1 Level Mandatory)" | sed 's/30001/30003/' >"$BATS_FILE_TMPDIR/mistyped.xml"
    share_server --object "$BATS_FILE_TMPDIR/server.xml" --object "$BATS_FILE_TMPDIR/typed.xml"
    share_device plain-1
    share_device pump-1 --object "$BATS_FILE_TMPDIR/device.xml" --object "$BATS_FILE_TMPDIR/other.xml"
    share_device pump-2 --object "$BATS_FILE_TMPDIR/mistyped.xml" --set /30003/0/0=fast --set /30003/0/1=3
}

teardown_file() {
    end_shared
}

@test "a device that is as it should be contradicts nothing" {
    lwm2m_ends 0 tree -e plain-1 --read
    [[ $output != *'! /'* ]]
    lwm2m_ends 0 info -e plain-1 --json
    equals "$(each 'o["contradictions"]')" '[]'
    lwm2m_ends 0 info -e plain-1
    [[ $output != *Contradictions* ]]
}

@test "tree tells what is missing, and what nobody knows" {
    lwm2m_ends 0 tree -e pump-1 /30001
    holds "$output" '! /30001/0: mandatory resource 1 (Pressure) is missing'
    holds "$output" '! /30001/0/7: the object (Pump) has no resource 7'
    lwm2m_ends 0 tree -e pump-1 /30001 --json
    holds "$(each 'o["path"], o.get("contradictions")')" "('/30001/0/7', ['the object (Pump) has no resource 7'])"
    lwm2m_ends 0 tree -e pump-1 /30001 --as=plain
    [[ $output != *'! /'* ]]
}

@test "info tells of objects that no definition is known of" {
    lwm2m_ends 0 info -e pump-1
    holds "$output" 'Contradictions /30002     no definition of the object is known'
    lwm2m_ends 0 info -e pump-1 --json
    equals "$(each 'o["contradictions"]')" "[{'path': '/30002', 'msg': 'no definition of the object is known'}]"
}

@test "tree --read tells what is of another type than it should be, and that alone" {
    lwm2m_ends 0 tree -e pump-2 --read /30003
    holds "$output" '! /30003/0/0: a value of type string, where the definition has int'
    equals "$(grep -c '^! ' <<<"$output")" 1
    lwm2m_ends 0 tree -e pump-2 --read /30003 --json
    holds "$(each 'o["path"], o.get("value"), o.get("contradictions")')" \
        "('/30003/0/0', 'fast', ['a value of type string, where the definition has int'])"
    lwm2m_ends 0 tree -e pump-2 /30003
    [[ $output != *'! /'* ]]
}
