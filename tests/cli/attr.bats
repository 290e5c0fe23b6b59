# lwm2m attr
#
# SPDX-License-Identifier: Apache-2.0

load shared

setup_file() {
    share_server
    share_device dut-1
    share_device dut-2
    share_scripted_device odd
}

teardown_file() {
    end_shared
}

@test "sets attributes, and says nothing; shows them" {
    lwm2m_ends 0 attr -e dut-1 /3303/0/5700
    equals "$output" '/3303/0/5700 Sensor Value'
    lwm2m_ends 0 attr -e dut-1 /3303/0/5700 pmin=10 pmax=60
    equals "$output$stderr" ''
    lwm2m_ends 0 attr -e dut-1 /3303/0/5700
    equals "$output" '/3303/0/5700 Sensor Value pmin=10 pmax=60'
    lwm2m_ends 0 attr -e dut-1 Temperature/0/5700 pmax=90 -v
    equals "$stderr" 'lwm2m: dut-1: attr /3303/0/5700: 2.04'
    lwm2m_ends 0 attr -e dut-1 /3303/0/5700 --as=plain
    equals "$output" $'/3303/0/5700\tSensor Value\tpmin=10 pmax=90'
}

@test "of what lies below a path, only what has attributes is shown" {
    lwm2m_ends 0 attr -e dut-1 /3 pmin=1
    lwm2m_ends 0 attr -e dut-1 /3/0/11 pmax=70
    lwm2m_ends 0 attr -e dut-1 /3
    grep -qE '^/3 +Device +pmin=1$' <<<"$output"
    grep -qE '^/3/0/11 +Error Code +pmax=70$' <<<"$output"
    equals "${#lines[@]}" 2
}

@test "unsets one by an empty value or by its name, and all" {
    lwm2m_ends 0 attr -e dut-1 /1/0 pmin=10 pmax=60
    lwm2m_ends 0 attr -e dut-1 /1/0 pmin=
    lwm2m_ends 0 attr -e dut-1 /1/0 --as=plain
    holds "$output" 'pmax=60'
    [[ $output != *pmin* ]]
    lwm2m_ends 0 attr -e dut-1 /1/0 pmin=10
    lwm2m_ends 0 attr -e dut-1 /1/0 --clear pmax
    lwm2m_ends 0 attr -e dut-1 /1/0 --as=plain
    [[ $output != *pmax* ]]
    lwm2m_ends 0 attr -e dut-1 /1/0 pmax=60
    lwm2m_ends 0 attr -e dut-1 /1/0 --clear
    equals "$output$stderr" ''
    lwm2m_ends 0 attr -e dut-1 /1/0 --json
    equals "$(each 'o["attributes"]')" '{}'
    lwm2m_ends 0 attr -e dut-1 /1/0 --clear # there is nothing left, which is what was wanted
}

@test "prints objects" {
    lwm2m_ends 0 attr -e dut-2 /3303/0/5700 pmin=10 --json
    equals "$(keys)" 'code ep ok op op_id path retx rtt_ms ts v'
    equals "$(each 'o["op"], o["path"], o["code"]')" "('attr', '/3303/0/5700', '2.04')"
    lwm2m_ends 0 attr -e dut-2 /3303/0/5700 --json
    equals "$(keys)" 'attributes code ep format name ok op op_id path retx rtt_ms ts v'
    equals "$(each 'o["attributes"]')" "{'pmin': '10'}"
}

@test "a dry run shows the message and sets nothing" {
    lwm2m_ends 0 attr -e dut-2 /3200/0/5501 pmin=3 pmax= -n
    equals "${lines[0]}" 'CON PUT /3200/0/5501?pmin=3&pmax'
    lwm2m_ends 0 attr -e dut-2 /3200/0/5501 --json
    equals "$(each 'o["attributes"]')" '{}'
    lwm2m_ends 0 attr -e dut-2 /3200/0/5501 pmin=7
    lwm2m_ends 0 attr -e dut-2 /3200/0/5501 --clear -n
    equals "${lines[0]}" 'CON PUT /3200/0/5501?pmin'
    lwm2m_ends 0 attr -e dut-2 /3200/0/5501 --json
    equals "$(each 'o["attributes"]')" "{'pmin': '7'}"
    lwm2m_ends 2 attr -e dut-2 /3200/0/5501 -n
    holds "$stderr" 'there is nothing to set or unset'
}

@test "takes what the device's version knows, and names the rest" {
    lwm2m_ends 12 attr -e dut-1 /3303/0/5700 edge=1 hqmax=3
    equals "$stderr" "lwm2m: dut-1: attr /3303/0/5700: the device has LwM2M 1.1, which does not know edge, hqmax ('lwm2m help attr' says which came when)"
    share_device new --lwm2m 1.2
    lwm2m_ends 0 attr -e new /3303/0/5700 gt=30.5 lt=20 st=3 epmin=1 epmax=100 con=1 hqmax=10
    lwm2m_ends 0 attr -e new /3303/0/5700 --as=plain
    equals "$output" $'/3303/0/5700\tSensor Value\tgt=30.5 lt=20 st=3 epmin=1 epmax=100 con=1 hqmax=10'
    lwm2m_ends 3 attr -e new /3303/0/5700 gt=21
    holds "$stderr" '4.00 Bad Request (the attributes contradict each other (lt + 2 st must be less than gt'
    lwm2m_ends 0 attr -e new /3303/0/5700 --clear
}

@test "what is no attribute is 2, and says what is one" {
    lwm2m_ends 2 attr -e dut-1 /3 pmn=3
    equals "$stderr" "lwm2m: attr: unknown attribute 'pmn'; did you mean 'pmin'?
  attributes: pmin, pmax, gt, lt, st, epmin, epmax, edge, con, hqmax"
    lwm2m_ends 2 attr -e dut-1 /3 pmin=soon
    equals "$stderr" "lwm2m: attr: pmin: 'soon' is not a number of seconds, such as 10"
    lwm2m_ends 2 attr -e dut-1 /3 pmin=-1
    lwm2m_ends 2 attr -e dut-1 /3 pmin=3 pmin=4
    holds "$stderr" 'pmin is given twice'
    lwm2m_ends 2 attr -e dut-1 /3 pmin
    equals "$stderr" "lwm2m: 'pmin' is not NAME=VALUE
  pmin=10 sets an attribute, --clear pmin unsets it"
    lwm2m_ends 2 attr -e dut-1 pmin=3
    holds "$stderr" 'the path comes first'
    lwm2m_ends 2 attr -e dut-1 /3 /4 pmin=3
    holds "$stderr" "'/4' is one path too many"
    lwm2m_ends 2 attr -e dut-1 /3 --clear pmin=3
    equals "$stderr" "lwm2m: --clear takes no value: 'pmin=3'
  --clear pmin unsets it"
}

@test "a refusal is 3, nonsense 8" {
    lwm2m_ends 3 attr -e dut-1 /3303/0/99 pmin=3
    holds "$stderr" 'attr /3303/0/99: 4.04 Not Found'
    lwm2m_ends 3 attr -e dut-1 /3303/0/99
    lwm2m_ends 3 attr -e odd /3/0 pmin=3 --json
    equals "$(each 'o["ok"], o["code"], o["error"]["exit"]')" "(False, '4.04', 3)"
    lwm2m_ends 8 attr -e odd /3
    holds "$stderr" 'the answer is no valid link-format: offset'
    lwm2m_ends 8 attr -e odd /3 --clear
}

@test "several devices at once" {
    lwm2m_ends 0 attr -e 'dut-*' /3201/0/5853 pmax=30
    lwm2m_ends 0 attr -e 'dut-*' /3201/0/5853 --json
    equals "$(each 'o["ep"], o["attributes"]' | sort)" "('dut-1', {'pmax': '30'})
('dut-2', {'pmax': '30'})"
    lwm2m_ends 11 attr -e 'dut-*' -e odd /3201/0/5853 pmax=30
}

@test "no path is 2, no device 4, no server 9" {
    lwm2m_ends 2 attr -e dut-1
    lwm2m_ends 2 attr -e dut-1 /
    lwm2m_ends 4 attr -e gone /3
    lwm2m_ends 9 attr --socket /no/socket /3
}
