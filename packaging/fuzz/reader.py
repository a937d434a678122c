#!/usr/bin/env python3
"""Mutated files against the reader: whatever stands in a file, an Inspection comes out.

    python packaging/fuzz/reader.py [--minutes 10] [--seed N] [--files N]

Real files of every kind are made first (with the library, and with openssl and keytool where they are), then
changed: bits, lengths, cuts, joins, BER, text around. Prints counts at the end; at the first exception it
writes the file beside the seed that made it, prints the traceback and exits with 1. Also counted: inputs that
took longer than a second.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT)]

from tests.support.reader_files import PASSWORD, every_kind  # noqa: E402 - the line above makes it importable
from trustdesk.core.inspection import Inspection, ReadingLimits  # noqa: E402
from trustdesk.formats.certificate_columns import RowReader  # noqa: E402
from trustdesk.formats.opening import open_anything  # noqa: E402
from trustdesk.services.wording import wording  # noqa: E402

SLOW_S = 1.0
# Few rounds, so that files with real protection are still opened and a mutated count does not eat the time.
LIMITS = ReadingLimits(rounds=50_000)
_LENGTHS = (0x00, 0x01, 0x7F, 0x80, 0x81, 0x82, 0x83, 0x84, 0x88, 0xFF)
_TAGS = (
    0x01,
    0x02,
    0x03,
    0x04,
    0x05,
    0x06,
    0x0C,
    0x16,
    0x17,
    0x18,
    0x1E,
    0x24,
    0x30,
    0x31,
    0x80,
    0xA0,
    0xA3,
    0x1F,
)
_TEXTS = (
    b"\n> ",
    b"-----",
    b"\r\n",
    b"\\n",
    b"=3D",
    b"-----BEGIN CERTIFICATE-----\n",
    b"\xef\xbb\xbf",
    b"PK\3\4",
)


def main() -> int:
    parser = argparse.ArgumentParser(description="Mutated files against the reader.")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--files", type=int, default=0, help="stop after so many; 0 for no limit")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 2**32)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files = every_kind(Path(folder))
    print(f"seed {options.seed}, {len(files)} files to start from: {', '.join(files)}", flush=True)
    chance = random.Random(options.seed)
    end = time.monotonic() + options.minutes * 60
    counts: Counter[str] = Counter()
    slowest = 0.0
    while time.monotonic() < end and (not options.files or counts["files"] < options.files):
        name, data = chance.choice(list(files.items()))
        data = mutated(data, list(files.values()), chance)
        begun = time.perf_counter()
        try:
            count(opened(data, chance), counts)
        except KeyboardInterrupt:
            break
        except BaseException:  # noqa: BLE001 - the library's panics are no Exception, and have to be found
            place = Path(f"reader-{options.seed}-{counts['files']}.bin")
            place.write_bytes(data)
            traceback.print_exc()
            print(f"from {name}, kept as {place}")
            return 1
        elapsed = time.perf_counter() - begun
        slowest = max(slowest, elapsed)
        counts["files"] += 1
        counts["slow"] += elapsed > SLOW_S
    print(
        f"{counts['files']} files, no exception, slowest {slowest:.2f} s; "
        + ", ".join(f"{name} {number}" for name, number in sorted(counts.items()) if name != "files")
    )
    return 0


def opened(data: bytes, chance: random.Random) -> Inspection:
    """Open with the right password, a wrong one, or none, and put every sentence into words."""
    password = chance.choice((PASSWORD, PASSWORD, "wrong", None))
    inspection = open_anything(data, "file", lambda _: password, LIMITS)
    words = wording("en")
    for item in inspection.items:
        extensions = [
            extension
            for read in (item.certificate, item.csr, item.crl)
            if read is not None
            for extension in read.extensions
        ]
        for message in (*item.problems, *(line for one in extensions for line in one.text or ())):
            words.text(message)
    for message in inspection.problems:
        words.text(message)
    for row in RowReader().pem_rows(data):
        if not row.sha256:
            raise AssertionError("a row without a digest")
    return inspection


def count(inspection: Inspection, counts: Counter[str]) -> None:
    counts.update(str(item.kind) for item in inspection.items)
    counts["items with problems"] += sum(bool(item.problems) for item in inspection.items)


def mutated(data: bytes, others: list[bytes], chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        if not changed:
            break
        at = chance.randrange(len(changed))
        match chance.randrange(10):
            case 0:
                changed[at] ^= 1 << chance.randrange(8)
            case 1:
                changed[at] = chance.randrange(256)
            case 2:
                changed[at] = chance.choice(_LENGTHS)
            case 3:
                changed[at] = chance.choice(_TAGS)
            case 4:
                del changed[at : at + chance.choice((1, 2, 4, 64))]
            case 5:
                changed[at:at] = bytes(chance.randrange(256) for _ in range(chance.choice((1, 2, 8))))
            case 6:
                del changed[at:]
            case 7:
                other = chance.choice(others)
                cut = chance.randrange(len(other))
                changed[at:at] = other[cut : cut + chance.choice((16, 256, 4096))]
            case 8:
                end = at + chance.choice((2, 16, 256))
                changed[at:at] = changed[at:end]
            case _:
                changed[at:at] = chance.choice(_TEXTS)
    return bytes(changed)


if __name__ == "__main__":
    sys.exit(main())
