# Completion of lwm2m for fish. It asks the program; see lwm2m-completion(1).
#
# SPDX-License-Identifier: Apache-2.0

function __lwm2m_candidates
    set -l words (commandline -opc)
    set -l current (commandline -ct | string unescape)
    set -l rows ($words[1] completion candidates -- $words[2..-1] "$current" 2>/dev/null)
    for row in $rows
        set -l fields (string split \t -- $row)
        switch $fields[1]
            case word part
                printf '%s\t%s\n' $fields[2] "$fields[3]"
                # fish puts a blank behind the only candidate: a path that goes on is not the only one.
                if test $fields[1] = part -a (count $rows) -eq 1; and not string match -qr '[/=]$' -- $fields[2]
                    printf '%s/\t%s\n' $fields[2] "$fields[3]"
                end
            case files directories
                set -l start (string sub -s (math 1 + (string length -- "$fields[2]")) -- "$current")
                if test $fields[1] = files
                    __fish_complete_path "$start" | string replace -r '^' -- "$fields[2]"
                else
                    __fish_complete_directories "$start" | string replace -r '^' -- "$fields[2]"
                end
        end
    end
end

complete -c lwm2m -f -k -a '(__lwm2m_candidates)'
