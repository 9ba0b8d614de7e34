"""An independent recomputation of the sample's tests: from the vendors' exports and the controls' words, with python alone.

Nothing here was written from the schema's SQL or kinds. raw.py reads the exports by what their vendors mean by them;
words.py takes parameters and requirements from the text of the controls; a module for each area says what its tests ask;
verdict.py weighs the result and the coverage; faults.py alters a copy of the evidence; ../recompute_test.py compares with what
tickmark found.
"""
