# lwm2m version
#
# SPDX-License-Identifier: Apache-2.0

load shared

@test "prints the version, and those of the libraries" {
    lwm2m_ends 0 version
    [[ ${lines[0]} =~ ^lwm2m\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
    [[ ${lines[1]} =~ ^liblwm2m\ [0-9.]+,\ cJSON\ [0-9.]+,\ libsmartcols\ [0-9.]+$ ]]
}

@test "prints an object" {
    lwm2m_ends 0 version --json
    equals "$(keys)" 'cjson library op smartcols v version'
    equals "$(each 'o["op"], o["v"]')" "('version', 1)"
}

@test "takes no argument" {
    lwm2m_ends 2 version 2
    holds "$stderr" "'2' is one argument too many"
}
