# What tests against programs of others share: a server and a device as the tests of the commands have them, and
# libcoap's programs, which Debian installs under the names of their TLS libraries.
#
# SPDX-License-Identifier: Apache-2.0

source "$BATS_TEST_DIRNAME/../cli/server.bash"

# Prints the path of one of libcoap's programs, coap-client or coap-server.
find_program() {
    local name
    for name in "$1" "$1-gnutls" "$1-openssl" "$1-notls"; do
        command -v "$name" && return 0
    done
    return 1
}

# need PROGRAM...: skips the test where one of them is missing; sets coap_client and coap_server.
need() {
    local program
    for program in "$@"; do
        find_program "$program" >/dev/null || skip "$program is not installed"
    done
    coap_client=$(find_program coap-client) || true
    coap_server=$(find_program coap-server) || true
}

# ask [OPTION...] URI: one request of coap-client, with what it sent and got a line each in $output. coap-client
# ends with 0 whatever it is answered, so its exit says nothing.
ask() {
    run timeout 20 "$coap_client" -B 5 -v 6 "$@"
}

# answered CODE [WORD]: the last message that came has that code and, in its options or text, the word.
answered() {
    local last
    last=$(grep -aoE ' c:[245]\.[0-9]+ i:.*' <<<"$output" | tail -n 1)
    [[ $last == " c:$1 "* && $last == *"${2-}"* ]] && return 0
    printf 'expected %s %s, got:\n%s\n' "$1" "${2-}" "$output"
    return 1
}
