"""The faults that are placed in the sample on purpose, and the switch that leaves one out.

A module of the sample asks `placed.on("mfa-lost")` where it makes the fault, and says in its list PLACED what tickmark is
to find of it. make_sample.py --without ID makes the evidence as it would be had the fault not happened.
"""

from typing import NamedTuple

_off = set()


def leave_out(ids):
    """Switches faults off, before any file is made."""
    _off.clear()
    _off.update(ids)


def on(ident):
    return ident not in _off


class Find(NamedTuple):
    """One item that a test finds: state is exception or undetermined; file is where its ref leads, below inputs/evidence
    (None: the item has no ref, because something is missing)."""
    quarter: str
    test: str
    item: str
    state: str
    file: str = None


class Placed:
    def __init__(self, ident, title, finds, where, year=None):
        """`finds`: what each quarter shows, as Find or a tuple. The whole year shows the same items, unless `year` lists
        others, with "2025" in place of the quarter. `where` says in words where to look."""
        self.ident = ident
        self.title = title
        self.finds = [Find(*find) for find in finds]
        self.year = [Find(*find) for find in year] if year is not None else self.finds
        self.where = where

    def tests(self):
        return sorted({find.test for find in self.finds})

    def found_in(self, period):
        """What a run of a quarter, or of the year, is to find."""
        return self.year if period == "2025" else [find for find in self.finds if find.quarter == period]
