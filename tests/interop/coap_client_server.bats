# libcoap's coap-client as a device of our server.
#
# SPDX-License-Identifier: Apache-2.0

load programs

setup() {
    need coap-client
    start_server
    links=$BATS_TEST_TMPDIR/links
    printf '</>;rt="oma.lwm2m";ct="60 110 112",</1/0>,</3/0>,</3303/0>,</3303/1>' >"$links"
}

teardown() {
    stop_all
}

# The objects that `lwm2m list` shows of an endpoint.
is_listed() { # EP OBJECTS
    run "$lwm2m" list
    [[ $output =~ (^|$'\n')$1\ .*\ $2($'\n'|$) ]]
}

@test "registers, updates and takes its leave" {
    ask -m post -t 40 -f "$links" "$uri/rd?ep=c1&lt=300&lwm2m=1.1&b=U"
    answered 2.01 "Location-Path:rd, Location-Path:"
    location=$(grep -oE 'Location-Path:rd, Location-Path:[A-Za-z0-9_-]+' <<<"$output" | sed 's/.*://')
    is_listed c1 '1 3 3303'
    ask -m post "$uri/rd/$location?lt=600"
    answered 2.04
    run "$lwm2m" info -e c1
    [[ $output == *"Lifetime       10m"* ]]
    ask -m delete "$uri/rd/$location"
    answered 2.02
    ask -m delete "$uri/rd/$location"
    answered 4.04
    ask -m post "$uri/rd/$location"
    answered 4.04
}

@test "registers by small blocks" {
    ask -m post -t 40 -b 16 -f "$links" "$uri/rd?ep=c16&lt=300&lwm2m=1.1&b=U"
    answered 2.01 "Block1:4/_/16"
    is_listed c16 '1 3 3303'
    ask -m post -t 40 -b 64 -f "$links" "$uri/rd?ep=c64&lt=300&lwm2m=1.1&b=U"
    answered 2.01 "Block1:1/_/64"
    is_listed c64 '1 3 3303'
}

@test "registers 10 KiB of links, in large blocks and in small ones" {
    { printf '</1/0>,</3/0>'; printf ',</3303/%d>' {0..859}; } >"$links"
    [ "$(wc -c <"$links")" -gt 10000 ]
    ask -m post -t 40 -f "$links" "$uri/rd?ep=large&lt=300&lwm2m=1.1&b=U"
    answered 2.01
    is_listed large '1 3 3303'
    ask -m post -t 40 -b 64 -f "$links" "$uri/rd?ep=small&lt=300&lwm2m=1.1&b=U"
    answered 2.01
    is_listed small '1 3 3303'
}

@test "is refused more links than a registration may hold" {
    printf '</3303/%d>,' {1..2000} | sed 's/,$//' >"$links"
    ask -m post -t 40 -f "$links" "$uri/rd?ep=huge&lt=300&lwm2m=1.1&b=U"
    answered 4.13
    ask "$uri/.well-known/core"
    answered 2.05
}

@test "is refused a Register that says nothing or nonsense" {
    ask -m post -t 40 -f "$links" "$uri/rd?lt=300&lwm2m=1.1"
    answered 4.00
    ask -m post -t 40 -f "$links" "$uri/rd?ep=&lt=300&lwm2m=1.1"
    answered 4.00
    ask -m post -t 40 -f "$links" "$uri/rd?ep=q&lt=soon&lwm2m=1.1"
    answered 4.00
    ask -m post -t 40 -e '</3/0' "$uri/rd?ep=q&lt=300&lwm2m=1.1"
    answered 4.00
    ask -m post -t 0 -f "$links" "$uri/rd?ep=q&lt=300&lwm2m=1.1"
    answered 4.15
    ask -m post -t 40 -f "$links" "$uri/rd?ep=q&lt=300&lwm2m=9.9"
    answered 4.12
    run "$lwm2m" list
    [[ $output == *"0 endpoints"* || $output == *"No "* || -z $output ]]
}

@test "finds the resource directory, and nothing about devices" {
    ask -m post -t 40 -f "$links" "$uri/rd?ep=c1&lt=300&lwm2m=1.1&b=U"
    ask "$uri/.well-known/core"
    answered 2.05 "application/link-format ] :: '</rd>;rt=\"core.rd\"'"
}

@test "is told of unknown paths, wrong methods and unknown critical options" {
    ask "$uri/nowhere"
    answered 4.04
    ask "$uri/rd"
    answered 4.05
    ask -m put -e x "$uri/rd"
    answered 4.05
    ask -m fetch "$uri/rd"
    answered 4.05
    ask "$uri/rd/nobody"
    answered 4.05
    ask -m put "$uri/rd/nobody"
    answered 4.04
    ask -m post -e x "$uri/dp"
    answered 4.04
    ask -O 65001,a "$uri/.well-known/core"
    answered 4.02
}
