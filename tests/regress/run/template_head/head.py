"""A query of the template's head that writes."""
import pathlib
import re

path = pathlib.Path("templates/portfolio.md")
text = path.read_text(encoding="utf-8")
altered = re.sub(r"^queries:\n", "queries:\n  wrong: DELETE FROM tm_test\n  many: SELECT random() AS r\n", text, count=1, flags=re.MULTILINE)
assert altered != text
path.write_text(altered, encoding="utf-8")
