"""Reads the rows of an operation with nothing but Python's standard library and writes them as CSV.

GRAPH_URL=... GRAPH_TOKEN=... python3 read_rows.py <operation file> <path of the list, with dots> ['{"variable": "value"}']
"""

import csv
import json
import os
import sys
import urllib.request

operation, path, *variables = sys.argv[1:]
with open(operation, encoding="utf-8") as file:
    query = file.read()
request = urllib.request.Request(
    os.environ["GRAPH_URL"],
    data=json.dumps({"query": query, "variables": json.loads(variables[0]) if variables else {}}).encode(),
    headers={
        "content-type": "application/json",
        "accept": "application/json",
        "authorization": "Bearer " + os.environ["GRAPH_TOKEN"],
    },
)
with urllib.request.urlopen(request, timeout=60) as response:
    answer = json.load(response)
for error in answer.get("errors", []):
    print(error["extensions"]["code"], error["message"], error.get("path"), file=sys.stderr)
if answer.get("data") is None:
    sys.exit(1)

rows = answer["data"]
for step in path.split("."):
    rows = rows[step]


def flat(value, prefix=""):
    """Nested objects become columns with dots; money stays the exact text that it is."""
    row = {}
    for key, child in value.items():
        if isinstance(child, dict):
            row.update(flat(child, prefix + key + "."))
        else:
            row[prefix + key] = child
    return row


table = [flat(row) for row in rows]
columns = list(dict.fromkeys(key for row in table for key in row))
# An object that is null in some rows has columns of its own from the others.
columns = [key for key in columns if not any(other.startswith(key + ".") for other in columns)]
writer = csv.DictWriter(sys.stdout, columns, extrasaction="ignore", lineterminator="\n")
writer.writeheader()
writer.writerows(table)
