"""The roster and the directory's accounts as workbooks; what they say is what the base says."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import packing  # noqa: E402
import workbooks  # noqa: E402

programme = pathlib.Path("inputs/programme.yaml")
text = programme.read_text(encoding="utf-8")
text = text.replace('people/roster-{date}.csv"', 'people/roster-{date}.xlsx*"')
text = text.replace('directory/accounts-{date}.csv",', 'directory/accounts-{date}.xlsx", sheet: Accounts & more,')
programme.write_text(text, encoding="utf-8")
kinds = pathlib.Path("schema/kinds")
for name, further in (("roster", ""), ("directory-accounts", "sheet: Nothing\n")):
    path = kinds / f"{name}.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("format: csv\n", f"format: xlsx\n{further}"), encoding="utf-8")

evidence = pathlib.Path("inputs/evidence")
people = evidence / "people"
cover = workbooks.sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>A cover</t></is></c></row>')

# October: shared texts, one in two styles with a reading beside it; days by their style; a leaver.
(people / "roster-2025-10-31.csv").unlink()
strings = workbooks.shared("email", "last_day", "printed", "ann@example.com",
                           '<r><t>bob@</t></r><r><rPr><b/></rPr><t xml:space="preserve">example.com</t></r><rPh sb="0" eb="1"><t>BOB</t></rPh>',
                           "cyd@example.com", "dee@example.com")
rows = ('<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c></row>'
        '<row r="2"><c r="A2" t="s"><v>3</v></c><c r="C2" s="1"><v>45961</v></c></row>'
        '<row r="3"/><row r="4"><c r="A4" s="3"/></row>'
        '<row r="5"><c r="A5" t="s"><v>4</v></c></row>'
        '<row r="6"><c r="A6" t="s"><v>5</v></c><c r="B6" s="4"><v>45915</v></c></row>'
        '<row r="7"><c r="A7" t="s"><v>6</v></c><c r="B7" s="1"/><c r="C7" s="1"><v>45961</v></c><c r="D7" s="1"/></row>')
(people / "roster-2025-10-31.xlsx").write_bytes(
    workbooks.workbook([("Cover", "hidden", cover), ("People", None, workbooks.sheet(rows))], strings))

# November: no references, texts in the cells, the results of formulas, days counted from 1904, in a ZIP.
(people / "roster-2025-11-28.csv").unlink()
rows = "".join('<row><c t="inlineStr"><is><t>%s</t></is></c><c t="inlineStr"><is><t>%s</t></is></c><c t="str"><f>T(D1)</f><v>%s</v></c></row>'
               % cells for cells in (("email", "last_day", "printed"), ("ann@example.com", "", "x"), ("bob@example.com", "", "x")))
rows += ('<row><c t="str"><f>LOWER(A9)</f><v>cyd@example.com</v></c><c s="1"><f>TODAY()</f><v>44453</v></c></row>'
         '<row><c t="inlineStr"><is><t>dee@example.com</t></is></c></row>')
(people / "roster-2025-11-28.xlsx.zip").write_bytes(packing.zipped(
    ("roster.xlsx", workbooks.workbook([("People", None, workbooks.sheet(rows))], date1904=True))))

# December: a day as text.
path = people / "roster-2025-12-31.csv"
lines = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
rows = "".join("<row>" + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in line) + "</row>" for line in lines)
path.unlink()
path.with_suffix(".xlsx").write_bytes(workbooks.workbook([("People", None, workbooks.sheet(rows))], styles=None))

# The accounts: flags, and times of day in two styles.
for path in sorted((evidence / "directory").glob("accounts-*.csv")):
    rows = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        login, active, last = line.split(",")
        rows += f'<row><c t="inlineStr"><is><t>{login}</t></is></c>'
        if active in ("true", "false"):
            year, month, day = (int(part) for part in last[:10].split("-"))
            hour, minute = int(last[11:13]), int(last[14:16])
            # 45658 is 1 January 2025.
            serial = 45658 + sum([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][:month - 1]) + day - 1 + (hour * 60 + minute) / 1440
            rows += f'<c t="b"><v>{int(active == "true")}</v></c><c s="{2 + (day % 2)}"><v>{serial!r}</v></c></row>'
        else:
            rows += f'<c t="inlineStr"><is><t>{active}</t></is></c><c t="inlineStr"><is><t>{last}</t></is></c></row>'
    path.unlink()
    path.with_suffix(".xlsx").write_bytes(workbooks.workbook(
        [("Cover", None, cover), ("Accounts &amp; more", None, workbooks.sheet(rows))]))
