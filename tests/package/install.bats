# The Debian packages, installed into a root of their own: what they bring, and that it runs there.
#
# SPDX-License-Identifier: Apache-2.0

bats_require_minimum_version 1.5.0

setup_file() {
    [ -n "${DEB:-}" ] || { echo "DEB is not set: run 'make deb-check'" >&2; return 1; }
    unset LWM2M_ENDPOINT LWM2M_TIMEOUT LWM2M_CONFIG LWM2M_SOCKET LWM2M_CLIENT_SOCKET
    export XDG_CONFIG_HOME=$BATS_FILE_TMPDIR/config TMPDIR=$BATS_FILE_TMPDIR NO_COLOR=1
    export root=$BATS_FILE_TMPDIR/root
    mkdir -p "$root/var/lib/dpkg/info" "$root/var/lib/dpkg/updates" "$root/etc"
    touch "$root/var/lib/dpkg/status" "$root/etc/passwd" "$root/etc/group"
    install_packages >"$BATS_FILE_TMPDIR/dpkg.log" 2>&1 || { cat "$BATS_FILE_TMPDIR/dpkg.log" >&2; return 1; }
    library=$(dirname "$(find "$root/usr/lib" -name liblwm2m.so.0)")
    export library
    export LD_LIBRARY_PATH=$library
    export lwm2m=$root/usr/bin/lwm2m
}

# What they depend on is in the system, not in that root; the scripts of the packages act on it all the same.
in_root() {
    fakeroot dpkg --root="$root" --force-not-root --force-depends --force-script-chrootless --no-triggers "$@"
}

install_packages() {
    local packages=()
    mapfile -t packages < <(find "$DEB" -maxdepth 1 -name '*.deb' ! -name '*-dbgsym_*' | sort)
    [ "${#packages[@]}" -eq 4 ] || { echo "${#packages[@]} packages in $DEB, not 4"; return 1; }
    in_root --install "${packages[@]}"
}

holds() { # PACKAGE PATH...: the package brings these, and nothing else beside directories and documentation
    local package=$1 wanted got
    shift
    wanted=$(printf '%s\n' "$@" | sort)
    got=$(dpkg --root="$root" -L "$package" | while read -r path; do
        [ -d "$root$path" ] || echo "$path"
    done | grep -v '^/usr/share/doc/' | sed "s|^${library#"$root"}|LIB|" | sort)
    [ "$got" = "$wanted" ] || { diff <(echo "$wanted") <(echo "$got"); return 1; }
}

@test "lintian has nothing to say, not even information" {
    # A watch file and an init script are for a distribution that wants them.
    run --separate-stderr lintian --display-info --fail-on error,warning,info \
        --suppress-tags debian-watch-file-is-missing,package-supports-alternative-init-but-no-init.d-script \
        "$DEB"/*.changes
    echo "$output"
    [ "$status" -eq 0 ]
    [ -z "$output" ]
}

@test "the changelog of the packages names the version of the library" {
    [[ $(dpkg-parsechangelog -l "$BATS_TEST_DIRNAME/../../debian/changelog" -S Version) == \
        "$("$lwm2m" version --json | jq -r .version)"-* ]]
}

@test "each package brings what it says" {
    local headers pages
    mapfile -t headers < <(cd "$BATS_TEST_DIRNAME/../../lib/include/lwm2m" && printf '/usr/include/lwm2m/%s\n' *.h)
    holds liblwm2m0 LIB/liblwm2m.so.0
    holds liblwm2m-dev LIB/liblwm2m.a LIB/liblwm2m.so LIB/pkgconfig/lwm2m.pc "${headers[@]}" \
        /usr/share/man/man3/liblwm2m.3.gz
    mapfile -t pages < <(cd "$BATS_TEST_DIRNAME/../../man" && for page in *.[157].scd; do
        page=${page%.scd}
        echo "/usr/share/man/man${page##*.}/$page.gz"
    done)
    holds lwm2m /usr/bin/lwm2m /etc/lwm2m/lwm2m.conf /usr/share/lwm2m/lwm2m-json.schema.json \
        /usr/share/bash-completion/completions/lwm2m /usr/share/zsh/vendor-completions/_lwm2m \
        /usr/share/fish/vendor_completions.d/lwm2m.fish "${pages[@]}"
    holds lwm2m-server /lib/systemd/system/lwm2m-server.service /usr/lib/sysusers.d/lwm2m-server.conf
}

@test "the program runs on the shared library of its package" {
    ldd "$lwm2m" | grep -F "liblwm2m.so.0 => $library/liblwm2m.so.0"
    [[ $("$lwm2m" version) == "lwm2m "* ]]
}

@test "the program serves a device" {
    # shellcheck disable=SC2016 # for the inner shell
    run --separate-stderr timeout 60 "$lwm2m" server --port 0 -- sh -ec '
        "$1" client -u "$LWM2M_COAP_URI" -e dut-1 --set /3/0/0=Acme & trap "kill $!" EXIT
        "$1" wait -e dut-1 -t 30s
        "$1" read -e dut-1 /3/0/0 --expect Acme' - "$lwm2m"
    [ "$status" -eq 0 ]
    [[ $output == *'"Acme"' ]]
}

@test "a program that pkg-config helps to build uses the library" {
    cat >"$BATS_TEST_TMPDIR/program.c" <<'END'
#include <lwm2m/lwm2m.h>

#include <stdio.h>

int main(void)
{
    puts(lwm2m_library_version());
    return 0;
}
END
    local flags
    flags=$(PKG_CONFIG_PATH=$library/pkgconfig pkg-config --define-variable=prefix="$root/usr" \
        --define-variable=libdir="$library" --define-variable=includedir="$root/usr/include" --cflags --libs lwm2m)
    # shellcheck disable=SC2086 # several words
    cc "$BATS_TEST_TMPDIR/program.c" $flags -o "$BATS_TEST_TMPDIR/program"
    [ "$("$BATS_TEST_TMPDIR/program")" = "$("$lwm2m" version --json | jq -r .version)" ]
}

@test "the configuration that is installed is valid and changes nothing" {
    LWM2M_CONFIG=$root/etc/lwm2m/lwm2m.conf run --separate-stderr "$lwm2m" config show --origin
    [ "$status" -eq 0 ]
    [[ $output != *"$root"* ]]
}

@test "the service has its group, and is neither enabled nor started" {
    grep -q '^lwm2m:' "$root/etc/group"
    [ -z "$(find "$root/etc/systemd" -name 'lwm2m-server*' 2>/dev/null)" ]
}

@test "systemd takes the unit, and calls it well shut off" {
    command -v systemd-analyze >/dev/null || skip "systemd-analyze is not installed"
    local unit=$BATS_TEST_TMPDIR/lwm2m-server.service
    # It looks for the program, which is in another root.
    sed "s|=/usr/bin/lwm2m|=$lwm2m|" "$root/lib/systemd/system/lwm2m-server.service" >"$unit"
    run systemd-analyze verify --man=no "$unit"
    echo "$output"
    [ "$status" -eq 0 ]
    [[ $output != *lwm2m-server* ]]
    # In tenths; systemd says OK up to 5.0.
    systemd-analyze security --no-pager --offline=yes --threshold=15 "$unit" >"$BATS_TEST_TMPDIR/exposure" || {
        tail -1 "$BATS_TEST_TMPDIR/exposure"
        return 1
    }
}

@test "what the unit starts is ready, and takes orders" {
    local command
    command=$(sed -n 's|^ExecStart=/usr/bin/lwm2m ||p' "$root/lib/systemd/system/lwm2m-server.service")
    command=${command//\/run\/lwm2m-server/$BATS_TEST_TMPDIR}
    command=${command/--socket-group lwm2m/--socket-group $(id -gn)}
    # shellcheck disable=SC2086 # several words
    timeout 30 "$lwm2m" $command -l 127.0.0.1 -p 0 2>"$BATS_TEST_TMPDIR/log" 3>&- &
    local server=$! tries=100
    until [ -S "$BATS_TEST_TMPDIR/server.sock" ] || [ "$((tries -= 1))" -eq 0 ]; do
        sleep 0.1
    done
    "$lwm2m" list --socket "$BATS_TEST_TMPDIR/server.sock"
    kill "$server"
    wait "$server"
}

@test "removing the packages leaves nothing but the group" {
    in_root --purge lwm2m-server lwm2m liblwm2m-dev liblwm2m0
    run find "$root" -name '*lwm2m*' ! -path "$root/var/lib/dpkg/*"
    echo "$output"
    [ -z "$output" ]
}
