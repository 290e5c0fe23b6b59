"""Holds lines of JSON on standard input against the schema of lwm2m-json(5), and their keys against its text.

    schema.py SCHEMA PAGE.scd

Prints what is wrong and ends with 1; ends with 77 where the validator is not installed. Says how many objects it saw.

SPDX-License-Identifier: Apache-2.0
"""
import json
import re
import sys

try:
    import jsonschema
except ImportError:
    sys.exit(77)

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
with open(sys.argv[2], encoding="utf-8") as file:
    explained = set(re.findall(r"\*([a-z0-9_]+)\*", file.read()))
validator = jsonschema.Draft202012Validator(schema)
# Objects of keys that the page does not list: attributes have the names of LwM2M.
free = {"attributes"}
wrong = 0


def keys_of(value):
    if isinstance(value, list):
        for item in value:
            yield from keys_of(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            if key not in free:
                yield from keys_of(item)


count = 0
for line in sys.stdin:
    value = json.loads(line)
    count += 1
    problems = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]
    problems += [f"lwm2m-json(5) says nothing of {key}" for key in set(keys_of(value)) - explained]
    if problems:
        wrong += 1
        print(line.strip(), *problems, sep="\n    ")
print(f"{count} objects")
sys.exit(1 if wrong or count == 0 else 0)
