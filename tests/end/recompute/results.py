"""How a recomputed test states its result, and the table of those that are."""
from .raw import DAY, date_of

TESTS = {}


def printed(word):
    """A word as an item has it: a time is told by its day."""
    return date_of(word) if isinstance(word, (int, float)) and word > 365 * DAY else str(word)


class Result:
    """What a test is about: how many items, the exceptions as the words that each one's item has in it, and how many items
    cannot be told."""

    def __init__(self):
        self.items = set()
        self.exceptions = {}
        self.undetermined = set()

    def add(self, item, wrong=None, unknown=False, words=None):
        """One item by what tells it from others. `words`: what the printed item must hold where the item is wrong."""
        self.items.add(item)
        if wrong:
            self.exceptions[item] = tuple(printed(word) for word in (words or (item if isinstance(item, tuple) else (item,))))
        elif unknown:
            self.undetermined.add(item)


def recomputes(test):
    """Registers function(quarter, parameters, result) for a test."""
    def keep(function):
        assert test not in TESTS, test
        TESTS[test] = function
        return function
    return keep
