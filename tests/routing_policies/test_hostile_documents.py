"""What would cost a node its time or memory is refused before it does.

Each text is read in a process of its own, which measures its own CPU time and the growth of its
memory. The bounds are 100 ms and 50 MB; the time has a wide factor for busy machines.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from source_tree import ROOT

CPU_S_MAX = 0.1 * 5
WITHOUT_LIBYAML_FACTOR = 10
MEMORY_BYTES_MAX = 50_000_000

# Name, program that makes the bytes, words of the refusal (none: it is read).
HOSTILE = {
    "10 MB": ("b'a: 1\\n' * 1_700_000", "bytes long"),
    "billion laughs": (
        "b'a: &a [x,x]\\n' + b''.join(b'b%d: &b%d [*a,*a,*a,*a]\\n' % (i, i) for i in range(60))",
        "has an anchor",
    ),
    "laughs without anchors": ("b'a: [' + b'*a,' * 300_000 + b']'", "is an alias"),
    "open brackets": ("b'[' * 1_000_000", "nested deeper"),
    "open braces": ("b'{' * 1_000_000", "key that is not text"),
    "long plain scalar": ("HEAD + b'spec: ' + b'x' * 1_000_000", "should be a section"),
    "long quoted scalar": ("HEAD + b'spec: \"' + b'x' * 1_000_000 + b'\"'", "should be a section"),
    "long words": ("HEAD + b'spec: ' + b'xy ' * 330_000", "should be a section"),
    "long block": ("HEAD + b'spec: |\\n' + b'  x\\n' * 200_000", "should be a section"),
    "long key": ("b'x' * 1_000_000 + b': 1'", "not YAML"),
    "many keys": ("b''.join(b'k%d: 1\\n' % i for i in range(100_000))", "keys"),
    "many keys in braces": (
        "b'{' + b','.join(b'k%d: 1' % i for i in range(70_000)) + b'}'",
        "keys",
    ),
    "deep blocks": ("b''.join(b' ' * i + b'a:\\n' for i in range(1_000))", "nested deeper"),
    "deep lists": ("b'- ' * 500_000", "nested deeper"),
    "complex keys": ("b'? ' * 500_000", "key that is not text"),
    "huge number": ("HEAD + b'spec: ' + b'9' * 1_000_000", "should be a section"),
    "huge exponent": ("HEAD + b'spec: 1.0e999999999'", "should be a section"),
    "control characters": ("b'\\x07' * 1_000_000", "control character"),
    "null bytes": ("b'\\0' * 1_000_000", "control character"),
    "byte order mark": ("b'\\xef\\xbb\\xbf' + HEAD", ""),
    "byte order marks": ("b'\\xef\\xbb\\xbf' * 300_000", "U+FEFF"),
    "invalid UTF-8": ("b'a: ' + b'\\xff' * 1_000_000", "is not UTF-8"),
    "UTF-16": ("'a: 1'.encode('utf-16') * 100_000", "is not UTF-8"),
    "surrogates": ("b'\\xed\\xa0\\x80' * 300_000", "is not UTF-8"),
    "tabs": ("b'a:\\n' + b'\\t' * 1_000_000", "a tab"),
    "tabs before keys": ("b'a:\\n' + b'\\tb: 1\\n' * 150_000", "a tab"),
    "empty lines": ("b'\\n' * 1_000_000", "is empty"),
    "comments": ("b'# x\\n' * 250_000", "is empty"),
    "tags": ("b'a: ' + b'!x ' * 300_000", "has the tag"),
    "documents": ("b'--- a\\n' * 170_000", "second document"),
    "expression": (
        "POLICY % (b'(' * 1_900 + b')' * 1_900)",
        "spec.rules[0].when",
    ),
    "expression of many terms": ("POLICY % b' and '.join([b'true'] * 300)", "spec.rules[0].when"),
}
WITHOUT_LIBYAML = ["10 MB", "billion laughs", "many keys", "deep blocks", "tabs", "null bytes"]
CHILD = """
import json, os, resource, sys, time
import yaml
from routing_policies import yaml_reader
from routing_policies.errors import DocumentError
from routing_policies.loading import text_of
from routing_policies.policy_text import compile_text

yaml_reader.LOADER = getattr(yaml, sys.argv[1])
HEAD = b"apiVersion: nirc/v1\\nkind: Site\\nmetadata: {name: x}\\n"
POLICY = (
    b"apiVersion: nirc/v1\\nkind: RoutingPolicy\\nmetadata: {name: x}\\n"
    b"spec:\\n  rules: [{name: a, action: queue_at_origin, when: '%s'}]\\n"
)

def read(data):
    try:
        compile_text(text_of(data, source="t"), source="t")
    except DocumentError as error:
        return str(error)[:2000]
    return ""

try:
    compile_text((POLICY % b"call.waited_s > 3").decode(), source="t")
except DocumentError as error:
    raise SystemExit(str(error))
for name, program in json.load(sys.stdin).items():
    sys.stdout.flush()
    data = eval(program)
    if os.fork() == 0:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        began = time.process_time()
        said = read(data)
        took_s = time.process_time() - began
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
        print(json.dumps([name, said, took_s, grown]), flush=True)
        os._exit(0)
    os.wait()
"""


@pytest.mark.parametrize(
    ("parser", "names"), [("CSafeLoader", list(HOSTILE)), ("SafeLoader", WITHOUT_LIBYAML)]
)
def test_what_is_hostile_costs_nothing(parser: str, names: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHILD, parser],
        input=json.dumps({name: HOSTILE[name][0] for name in names}),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [name for name, *_ in found] == names
    factor = 1 if parser == "CSafeLoader" else WITHOUT_LIBYAML_FACTOR
    wrong = [
        (name, said[:200], round(took_s, 3), grown)
        for name, said, took_s, grown in found
        if HOSTILE[name][1] not in said or took_s > CPU_S_MAX * factor or grown > MEMORY_BYTES_MAX
    ]
    assert wrong == []
