#!/usr/bin/env bats
# The two programs of lib/README.md compile as printed, against the installed library, and understand each other.
#
# SPDX-License-Identifier: Apache-2.0

setup_file() {
    export work=$BATS_FILE_TMPDIR
    make --no-print-directory DEPS=no BUILD="${BUILD:-build}" SAN="${SAN:-}" DESTDIR="$work" PREFIX=/usr \
        LIBDIR=/usr/lib install
    for name in device server; do
        awk -v name="$name.c" '/^```/ { inside = $0 == "```c " name; next } inside' lib/README.md >"$work/$name.c"
    done
    export PKG_CONFIG_PATH=$work/usr/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$work
}

compile() { # NAME
    # CC may be several words; shellcheck disable=SC2046,SC2086
    ${CC:-cc} -std=c11 -Wall -Wextra -Werror ${SAN:+-fsanitize=$SAN} "$work/$1.c" \
        $(pkg-config --cflags --libs lwm2m) -Wl,-rpath,"$work/usr/lib" -o "$work/$1"
}

teardown() {
    for pid in $server_pid $device_pid; do
        kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null
    done
    return 0
}

@test "each example has about forty lines" {
    for name in device server; do
        lines=$(grep -c '[^[:space:]]' "$work/$name.c")
        [ "$lines" -ge 35 ] && [ "$lines" -le 50 ]
    done
}

@test "the server prints the temperature of the device" {
    compile server
    compile device
    # stdbuf preloads a library of its own before that of the sanitizer.
    ASAN_OPTIONS=verify_asan_link_order=0 stdbuf -oL "$work/server" 0 >"$work/server.out" &
    server_pid=$!
    for _ in $(seq 50); do
        port=$(sed -n 's/^listening on port //p' "$work/server.out")
        [ -n "$port" ] && break
        sleep 0.1
    done
    "$work/device" "coap://127.0.0.1:$port" kitchen &
    device_pid=$!
    for _ in $(seq 50); do
        grep -q 'kitchen: /3303/0/5700 = 21.5' "$work/server.out" && return 0
        sleep 0.1
    done
    cat "$work/server.out"
    return 1
}

@test "the device says how it is used" {
    compile device
    run "$work/device"
    [ "$status" -eq 1 ]
    [[ $output == *"usage: device URI NAME"* ]]
}
