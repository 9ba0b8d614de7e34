"""A workbook of two sheets, written part by part."""
import zipfile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def text(ref, value):
    return f'<c r="{ref}" t="inlineStr"><is><t>{value}</t></is></c>'


def sheet(rows):
    body = "".join(f'<row r="{i}">{cells}</row>' for i, cells in rows)
    return f'<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData></worksheet>'


cover = sheet([(1, text("A1", "Kestrel Lane Ltd")), (2, text("A2", "Please answer by the dates given"))])
requests = sheet([
    (1, text("A1", "Request list")),
    (3, text("A3", "PBC #") + text("B3", "Control") + text("C3", "Due date") + text("D3", "Requested item")),
    # 46031 is 2026-01-09; the id and the item come from formulas with saved values.
    (4, '<c r="A4" t="str"><f>"P-"&amp;ROW()</f><v>P-4</v></c>' + text("B4", "AC-1") + '<c r="C4" s="1"><v>46031</v></c>'
     + '<c r="D4" t="str"><f>HYPERLINK("https://example.com")</f><v>=HYPERLINK("https://example.com")</v></c>'),
    (5, text("A5", "P-5") + text("B5", "AC-2") + text("C5", "12 Jan 2026") + text("D5", "Leavers")),
])
parts = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{REL}/officeDocument" '
                   'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets><sheet name="Cover" sheetId="1" r:id="r1"/>'
                       '<sheet name="Requests" sheetId="2" r:id="r2"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels":
        f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{REL}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{REL}/worksheet" Target="worksheets/sheet2.xml"/>'
        f'<Relationship Id="r3" Type="{REL}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
    "xl/worksheets/sheet1.xml": cover,
    "xl/worksheets/sheet2.xml": requests,
}
with zipfile.ZipFile("list.xlsx", "w") as archive:
    for name, content in parts.items():
        archive.writestr(name, content)
data = open("list.xlsx", "rb").read()
open("broken.xlsx", "wb").write(data[:len(data) // 2])
