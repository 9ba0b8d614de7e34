"""Somebody writes another digest into the published assessment."""
import sqlite3

store = sqlite3.connect("out/2025-Q4/assessment.sqlite")
store.execute("UPDATE tm_test_result SET population_digest = ? WHERE test = 'AC-1.1'", ("0" * 64,))
store.commit()
