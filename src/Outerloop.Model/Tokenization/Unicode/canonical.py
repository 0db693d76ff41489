#!/usr/bin/env python3
"""Prints canonical.txt: python3 canonical.py > canonical.txt

The facts of Unicode that canonical composition (NFC) rests on, from Python's own character database:
  d CODE FIRST [SECOND]    the canonical decomposition of a code point, one step
  c CODE FIRST SECOND      the same, and the pair composes to the code point again
  m FIRST LAST CLASS       code points of a combining class other than 0
Hangul syllables are left out: they follow from arithmetic.
"""
import itertools
import unicodedata

HANGUL = range(0xAC00, 0xD7A4)


def decompositions():
    for code in range(0x110000):
        parts = unicodedata.decomposition(chr(code)).split()
        if not parts or parts[0].startswith("<") or code in HANGUL:
            continue
        composes = len(parts) == 2 and unicodedata.normalize("NFC", "".join(chr(int(p, 16)) for p in parts)) == chr(code)
        yield " ".join(["c" if composes else "d", f"{code:04X}", *parts])


def combining_classes():
    for key, run in itertools.groupby(range(0x110000), key=lambda code: unicodedata.combining(chr(code))):
        run = list(run)
        if key:
            yield f"m {run[0]:04X} {run[-1]:04X} {key}"


print(f"# Made by canonical.py from Unicode {unicodedata.unidata_version}.")
for line in itertools.chain(decompositions(), combining_classes()):
    print(line)
