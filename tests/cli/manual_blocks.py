"""Prints the literal blocks of a section of a manual page, each ended by a NUL.

    manual_blocks.py PAGE.scd SECTION

SPDX-License-Identifier: Apache-2.0
"""
import sys

section = None
block = None
for line in open(sys.argv[1], encoding="utf-8"):
    if line.startswith("```"):
        if block is not None and section == sys.argv[2]:
            sys.stdout.write("".join(block) + "\0")
        block = [] if block is None else None
    elif block is not None:
        block.append(line)
    elif line.startswith("# "):
        section = line[2:].strip()
