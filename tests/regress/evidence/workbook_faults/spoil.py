"""Workbooks that cannot be read, or not all of them, each under a date of its own."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import workbooks  # noqa: E402

programme = pathlib.Path("inputs/programme.yaml")
text = programme.read_text(encoding="utf-8")
text = text.replace('directory/accounts-{date}.csv"', 'directory/accounts-{date}.xlsx"')
programme.write_text(text, encoding="utf-8")
path = pathlib.Path("schema/kinds/directory-accounts.yaml")
path.write_text(path.read_text(encoding="utf-8").replace("format: csv\n", "format: xlsx\nsheet: Accounts\n"), encoding="utf-8")
folder = pathlib.Path("inputs/evidence/directory")
for path in folder.glob("accounts-*.csv"):
    path.unlink()


def put(day, content):
    (folder / f"accounts-2025-11-{day:02}.xlsx").write_bytes(content)


def cell(text):
    return f'<c t="inlineStr"><is><t>{text}</t></is></c>'


def book(rows, name="Accounts", head="", strings=None, state=None):
    return workbooks.workbook([(name, state, workbooks.sheet(rows, head))], strings)


header = "<row>" + cell("login") + cell("active") + cell("last_login") + "</row>"
good = "<row>" + cell("ann@example.com") + '<c t="b"><v>1</v></c></row>'
put(1, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))  # a workbook with a password, or of the old sort
put(2, b"login,active,last_login\nann@example.com,true,\n")
put(3, book(header + good, name="Konten"))
put(4, book(header + good)[:-700])
put(5, book(header + good + "<row>" + cell("bob@example.com") + '<c t="b"><f>TRUE()</f></c></row>' + good.replace("ann", "cyd")))
put(6, book(header + "<row>" + cell("bob@example.com") + '<c t="s"><v>7</v></c></row>' + good))
put(7, book(header + good + "<row>" + cell("bob@example.com") + cell("yes") + cell("") + cell("") + cell("stray") + "</row>"))
put(8, book(header + good + '<row r="9"><c r="A9" s="1"><v>60</v></c><c t="e"><v>#N/A</v></c><c r="C9" s="2"><v>45961.3333333333</v></c></row>'))
put(9, book(header + good + '<row r="9"><c r="XFD9"><v>1</v></c></row>'))
put(10, book(header + good, head='<!DOCTYPE a [<!ENTITY b "c">]>'))
put(11, book(header + good + "<row><c><v>1</v></row>"))
put(12, book(header + "<row>" + cell("ann@example.com") + '<c t="s"><v>0</v></c></row>', strings=workbooks.shared("x" * (80 << 20))))
put(13, book(header, state=None).replace(b"xl/workbook.xml", b"xl/workbool.xml"))
put(14, book("<row>" + cell("who") + "</row>"))
put(15, book(""))
put(16, book(header + "".join(good.replace("ann", f"p{i}") for i in range(3)) + " " * (80 << 20)))
