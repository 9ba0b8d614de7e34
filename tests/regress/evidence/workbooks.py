"""Writes small workbooks (ISO/IEC 29500) part by part, for the cases beside it."""
import packing

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
# Cell formats 0 to 5: general, 14 (a day), 22 (day and time), two of the workbook's own, and a duration.
STYLES = f'''<styleSheet {MAIN}><numFmts count="3"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/>
<numFmt numFmtId="165" formatCode="[$-409]d&quot; day &quot;mmm yyyy;@"/><numFmt numFmtId="166" formatCode="[h]:mm"/></numFmts>
<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/>
<xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/></cellXfs></styleSheet>'''


def shared(*items):
    """Texts that cells share; an item that begins with < is XML."""
    texts = "".join(f"<si>{item if item.startswith('<') else f'<t>{item}</t>'}</si>" for item in items)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<sst {MAIN} count="9" uniqueCount="9">{texts}</sst>'


def sheet(rows, head=""):
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>'


def workbook(sheets, strings=None, date1904=False, styles=STYLES):
    """`sheets`: (name, state or None, XML of the part), each."""
    names = "".join(f'<sheet name="{name}" sheetId="{i}"{f" state={chr(34)}{state}{chr(34)}" if state else ""} r:id="rId{i}"/>'
                    for i, (name, state, _) in enumerate(sheets, 1))
    targets = "".join(f'<Relationship Id="rId{i}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{i}.xml"/>'
                      for i in range(1, len(sheets) + 1))
    parts = [("[Content_Types].xml", "<Types/>"),
             ("xl/workbook.xml", f'<workbook {MAIN} xmlns:r="{OFFICE}"><workbookPr{" date1904=" + chr(34) + "1" + chr(34) if date1904 else ""}/>'
                                 f"<sheets>{names}</sheets></workbook>")]
    parts += [(f"xl/worksheets/sheet{i}.xml", part) for i, (_, _, part) in enumerate(sheets, 1)]
    if styles:
        parts.append(("xl/styles.xml", styles))
    if strings:
        parts.append(("xl/sharedStrings.xml", strings))
        targets += f'<Relationship Id="rId99" Type="{OFFICE}/sharedStrings" Target="/xl/sharedStrings.xml"/>'
    parts.append(("xl/_rels/workbook.xml.rels", f"<Relationships {RELATIONS}>{targets}</Relationships>"))
    return packing.zipped(*((name, text.encode() if isinstance(text, str) else text) for name, text in parts))
