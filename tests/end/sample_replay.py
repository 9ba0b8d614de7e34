"""Repeats a draw, and the limit of its evaluation, from what `tickmark sample --help` says of them and nothing else."""
import csv
import hashlib
import hmac
from fractions import Fraction
from math import comb


def population(path):
    with open(path, encoding="utf-8", newline="") as stream:
        return [(row["item"].encode(), row["ref"], row["stratum"].encode()) for row in csv.DictReader(stream)]


def digest_of(rows):
    total = 0
    for item, ref, _ in rows:
        if ref:
            evidence, ordinal = ref[1:].split(".")
            ref = str(int(evidence) * 2 ** 32 + int(ordinal))
        total += int.from_bytes(hashlib.sha256(item + b"\0" + ref.encode()).digest(), "big")
    return f"{total % 2 ** 256:064x}"


def seed_of(digest, nonce):
    return hashlib.sha256(f"tickmark sample 1\n{digest}\n{nonce}\n".encode()).digest()


def lowest(seed, rows, size):
    return sorted(rows, key=lambda row: hmac.new(seed, row[0], hashlib.sha256).digest())[:size]


def shares(populations, size):
    total = sum(populations)
    given = [size * n // total for n in populations]
    by_remainder = sorted(range(len(populations)), key=lambda i: (-(size * populations[i] % total), i))
    for i in by_remainder[:size - sum(given)]:
        given[i] += 1
    for i in range(len(populations)):
        if size >= len(populations) and given[i] == 0:
            given[given.index(max(given))] -= 1
            given[i] = 1
    return given


def draw(rows, nonce, method, size):
    """The items and references that are drawn, in order."""
    seed = seed_of(digest_of(rows), nonce)
    if method == "random":
        drawn = lowest(seed, rows, size)
    elif method == "systematic":
        start = int.from_bytes(seed, "big") % len(rows)
        drawn = [rows[(start + i * len(rows)) // size] for i in range(size)]
    else:
        strata = sorted({row[2] for row in rows})
        groups = [[row for row in rows if row[2] == stratum] for stratum in strata]
        drawn = [row for group, share in zip(groups, shares([len(group) for group in groups], size))
                 for row in lowest(seed, group, share)]
    return [(item.decode(), ref) for item, ref, _ in drawn]


def upper_limit(items, size, found, confidence):
    """The largest number of deviations that would show no more than were found with a probability above 1 - confidence."""
    def plausible(deviating):
        ways = sum(comb(deviating, i) * comb(items - deviating, size - i) for i in range(found + 1))
        return Fraction(ways, comb(items, size)) > 1 - Fraction(confidence) / 100
    return max(n for n in range(found, items - (size - found) + 1) if plausible(n))
