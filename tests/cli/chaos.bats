# A network that is bad on purpose, on every pairing of the stacks; see tests/transport/chaos_rounds.
#
# SPDX-License-Identifier: Apache-2.0

load server

# The repetitions of libcoap are seconds apart: few rounds, and all pairings at the same time.
@test "rounds of register, write and read succeed at 20 % loss on every pairing" {
    rounds=$BATS_TEST_DIRNAME/../transport/chaos_rounds
    export LWM2M=$lwm2m
    pids=()
    for pairing in "endpoint endpoint 10 10" "endpoint libcoap 3 3" "libcoap endpoint 3 3" "libcoap libcoap 3 3"; do
        # shellcheck disable=SC2086
        timeout 120 "$rounds" $pairing >>"$BATS_TEST_TMPDIR/rounds.log" 2>&1 3>&- &
        pids+=($!)
    done
    for pid in "${pids[@]}"; do
        wait "$pid" || { cat "$BATS_TEST_TMPDIR/rounds.log" && false; }
    done
    [ "$(grep -c 'rounds succeeded' "$BATS_TEST_TMPDIR/rounds.log")" -eq 4 ]
}
