# Completion of lwm2m for bash. It asks the program; see lwm2m-completion(1).
#
# SPDX-License-Identifier: Apache-2.0

_lwm2m() {
    local kind text description current= kept offset quoted= name
    local -a names
    COMPREPLY=()
    # A word that a quote has begun is replaced behind the quote, whole and as it is.
    [[ ${COMP_WORDS[COMP_CWORD]-} == [\"\']* ]] && quoted=1
    while IFS=$'\t' read -r kind text description; do
        case $kind in
        current)
            # Readline replaces what follows the last of COMP_WORDBREAKS, and takes it as typed.
            current=$text
            text=${2//\\/}
            offset=$((quoted ? 0 : ${#current} - ${#text}))
            ;;
        word | part)
            text=${text:offset}
            [[ $quoted ]] || printf -v text %q "$text"
            [[ $kind == part || $quoted ]] || text+=' '
            COMPREPLY+=("$text")
            ;;
        files | directories)
            kept=${text:offset}
            name=${current:${#text}}
            [[ $kind == files ]] && mapfile -t names < <(compgen -f -- "$name")
            [[ $kind == files ]] || mapfile -t names < <(compgen -d -- "$name")
            if [[ ! $kept ]]; then
                # Readline quotes names of files, and puts a slash or a blank behind them.
                COMPREPLY=("${names[@]}")
                compopt -o filenames
                return
            fi
            for name in "${names[@]}"; do
                text=$name
                [[ $quoted ]] || printf -v text %q "$name"
                if [[ -d $name ]]; then text+=/; elif [[ ! $quoted ]]; then text+=' '; fi
                COMPREPLY+=("$kept$text")
            done
            ;;
        esac
    done < <("$1" completion candidates --line -- "${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
    # The blank behind a candidate is part of it.
    compopt -o nospace
} 2>/dev/null

complete -o nosort -F _lwm2m lwm2m
