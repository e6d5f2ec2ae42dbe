"""Templates that LibreOffice has saved: its own runs, properties and namespaces."""

import subprocess
import tempfile
from pathlib import Path

from case import case
from docx import Document
from word import bold, document, new, fill, paragraph, run, saved, table

PEOPLE = {"title": "A & <B>", "people": [{"name": "Ann", "age": 31}, {"name": "Bob", "age": 25}]}


def add(soffice):
    templates = {name: (suffix, content) for name, suffix, content, *_ in drafts()}
    saved_again = through(soffice, templates)
    for name, _, _, context, expect in drafts():
        case(f"office-{name}", saved_again[name], context, expect)


def through(soffice, templates):
    """The templates as LibreOffice saves them as `.docx`."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        (work / "in").mkdir()
        for name, (suffix, content) in templates.items():
            (work / "in" / f"{name}.{suffix}").write_bytes(content)
        files = sorted((work / "in").iterdir())
        ran = subprocess.run(
            [soffice, f"-env:UserInstallation=file://{work}/profile", "--headless", "--convert-to",
             "docx:MS Word 2007 XML", "--outdir", work / "out", *files],
            capture_output=True, text=True)
        made = {path.stem: path.read_bytes() for path in (work / "out").glob("*.docx")}
    if missing := set(templates) - set(made):
        raise RuntimeError(f"LibreOffice did not save {sorted(missing)}: {ran.stderr}")
    return made


def drafts():
    """Name, kind of file, content, context, and what must come out."""
    yield ("lines", "docx", document(
        "Report on {{ title }}", "{% for p in people %}{{ p.name }} ({{ p.age }}){% if not loop.last %}, "
        "{% endif %}{% endfor %}.", "She said “{{ title }}” and ‘no’"), PEOPLE,
        ["Report on A & <B>", "Ann (31), Bob (25).", "She said “A & <B>” and ‘no’"])
    yield ("paragraphs", "docx", document(
        paragraph("{{ title }}", style="Heading1"), "{%p for p in people %}",
        paragraph(bold("{{ p.name }}"), ": ", run("{{ p.age }}", "<w:i/>"), style="ListBullet"),
        "{%p endfor %}", "{%p if title %}", "end", "{%p endif %}"), PEOPLE,
        ["A & <B>", "Ann: 31", "Bob: 25", "end"])
    yield ("rows", "docx", document(
        table([["Name", "Age"], ["{%tr for p in people %}", ""], ["{{ p.name }}", "{{ p.age }}"],
               ["{%tr endfor %}", ""], ["Sum", "{{ people|sum(attribute='age') }}"]]), "z"), PEOPLE,
        ["| Name | Age |", "| Ann | 31 |", "| Bob | 25 |", "| Sum | 56 |", "z"])
    yield ("cells", "docx", document(
        table([["x", "{%tc for p in people %}", "{{ p.name }}", "{%tc endfor %}"],
               ["y", "{%tc for p in people %}", "{% cellbg 'FFFF00' %}{{ p.age }}", "{%tc endfor %}"]]),
        "z"), PEOPLE, ["| x | Ann | Bob |", "| y | 31 | 25 |", "z"])
    yield ("splits", "docx", document(
        [run("{"), run("{ ti", "<w:b/>"), run("tle", "<w:i/>"), run(" }", "<w:u w:val='single'/>"),
         run("}", "<w:b/>")], [bold("{%"), " if title ", bold("%}"), "yes", bold("{% endif"), " %}"]),
        PEOPLE, ["A & <B>", "yes"])
    yield ("header", "docx", header(), PEOPLE,
        {"word/document.xml": "body A & <B>", "word/header1.xml": "head A & <B>",
         "word/footer1.xml": "2 people"})
    yield ("merge", "docx", document(
        table([["{%tr for p in people %}", ""], ["{% vm %}all", "{{ p.name }}"], ["{%tr endfor %}", ""]]),
        "z"), PEOPLE, ["| all | Ann |", "|  | Bob |", "z"])
    yield ("chinese", "docx", document(
        "会刊{{ title }}于“{{ people[0].name }}”——{% for p in people %}{{ p.name }}、{% endfor %}等"),
        PEOPLE, "会刊A & <B>于“Ann”——Ann、Bob、等")
    yield ("rich", "docx", document(["a ", run("{{r v }}"), " z"], "{{ w }}"),
        {"v": {"$type": "RichText", "runs": [{"text": "x", "bold": True}, {"text": "y"}]}, "w": "1\n2"},
        ["a xy z", "1\\n2"])
    yield ("flat", "fodt", flat(
        "<text:p>Report on {{ <text:span text:style-name='B'>title</text:span> }}</text:p>"
        "<text:p>{%p for p in people %}</text:p><text:p>{{ p.name }} is <text:s text:c='2'/>{{ p.age }}"
        "</text:p><text:p>{%p endfor %}</text:p>"), PEOPLE,
        ["Report on A & <B>", "Ann is   31", "Bob is   25"])
    yield ("flat-table", "fodt", flat(
        "<table:table table:name='t'><table:table-column table:number-columns-repeated='2'/>" + "".join(
            "<table:table-row>" + "".join(
                f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in row)
            + "</table:table-row>" for row in [
                ["{%tr for p in people %}", ""], ["{{ p.name }}", "{{ p.age }}"], ["{%tr endfor %}", ""],
                ["z", "{{ title }}"]])
        + "</table:table><text:p>end</text:p>"), PEOPLE,
        ["| Ann | 31 |", "| Bob | 25 |", "| z | A & <B> |", "end"])


def header():
    made = new()
    made.sections[0].header.paragraphs[0].text = "head {{ title }}"
    made.sections[0].footer.paragraphs[0].text = "{{ people|length }} people"
    return saved(fill(made, ["body {{ title }}"]))


def flat(body):
    office = "urn:oasis:names:tc:opendocument:xmlns"
    return (f'<?xml version="1.0" encoding="UTF-8"?><office:document xmlns:office="{office}:office:1.0" '
            f'xmlns:text="{office}:text:1.0" xmlns:table="{office}:table:1.0" xmlns:style="{office}:style:1.0" '
            f'xmlns:fo="{office}:xsl-fo-compatible:1.0" office:version="1.2" '
            'office:mimetype="application/vnd.oasis.opendocument.text"><office:automatic-styles>'
            '<style:style style:name="B" style:family="text"><style:text-properties fo:font-weight="bold"/>'
            "</style:style></office:automatic-styles><office:body><office:text>"
            f"{body}</office:text></office:body></office:document>").encode()
