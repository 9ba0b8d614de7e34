"""The XSD of the programme folder allows no organisation."""
import pathlib

path = pathlib.Path("schema/portfolio.xsd")
text = path.read_text(encoding="utf-8")
assert text.count('name="organisation"') == 1
path.write_text(text.replace('name="organisation"', 'name="organization"'), encoding="utf-8")
