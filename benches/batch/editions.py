"""Projects of many editions of the handout, and the same as HTML for WeasyPrint."""

import copy
import html
import json
import random
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HANDOUT = ROOT / "templates/handout"

FIRST = "东西南北青白云松栗石清远高平安乐永长宁和"
SECOND = "溪山湖海石鹭岭台树桥浦关川原江泉城阳州口"
WORDS = "农技培训,科普讲座,技术攻关,专家服务,学会活动,青少年竞赛,科技小院,流动科技馆".split(",")
PHRASES = "建家交友聚人才,服务创新有作为,科学普及润民心,素质提升结硕果,走进校园点亮梦想,城乡联动共享资源,深入基层办好实事,筑巢引凤搭建平台".split(",")


def sample():
    data = json.loads((HANDOUT / "sample.json").read_text(encoding="utf-8"))
    for figure in data["figures"]:
        # Figures of an edition are its own; the sample's point into its text.
        figure.pop("source", None)
    return data


def sentences(chance, count):
    return "".join(
        f"{chance.choice(WORDS)}{chance.randint(2, 99)}场，参加{chance.randint(100, 9999)}人次。" for _ in range(count)
    )


def sections(data):
    return [section for highlight in data["highlights"] for section in highlight["sections"]]


def longer(data):
    """The sample with two more paragraphs in each section: a handout of three pages."""
    chance = random.Random(0)
    for section in sections(data):
        section["body"] += "\n\n" + sentences(chance, 5) + "\n\n" + sentences(chance, 7)
    return data


def differing(number):
    """An edition that shares no paragraph and no title with any other."""
    chance = random.Random(number)
    name = chance.choice(FIRST) + chance.choice(SECOND)
    text = json.dumps(longer(sample()), ensure_ascii=False).replace("清溪", name)
    data = json.loads(text)

    def own(body):
        return "\n\n".join(map(own_block, body.split("\n\n")))

    def own_block(block):
        if block[0] == "|":
            return re.sub(r"(?<=\| )\d+", lambda found: str(chance.randint(2, 999)), block)
        if block[0] in ">1":
            return "\n".join(line + sentences(chance, 1) for line in block.split("\n"))
        return sentences(chance, 1) + renumbered(block)

    def renumbered(block):
        return re.sub(r"\d+", lambda found: str(chance.randint(2, 9999)), block)
    data["lead"], data["closing"] = own(data["lead"]), own(data["closing"])
    data["edition"]["session"] = chance.randint(2, 20)
    for figure in data["figures"]:
        figure["value"] = chance.randint(2, 900)
    for highlight in data["highlights"]:
        highlight["title"] = name + chance.choice(PHRASES) + "　" + chance.choice(PHRASES)
        for photo in highlight["photos"]:
            photo["caption"] = sentences(chance, 1)
    for section in sections(data):
        section["title"] = name + chance.choice(PHRASES)
        section["body"] = own(section["body"])
        section["body"] += "\n\n" + sentences(chance, chance.randint(1, 8))
    return data


def sharing(number):
    """An edition with one figure and one paragraph of its own, of about twenty paragraphs."""
    chance = random.Random(number)
    data = longer(sample())
    chance.choice(data["figures"])["value"] = chance.randint(2, 900)
    section = chance.choice(sections(data))
    blocks = section["body"].split("\n\n")
    blocks[-1] = sentences(chance, 7)
    section["body"] = "\n\n".join(blocks)
    return data


SCENARIOS = {"every edition differs": differing, "editions share most content": sharing}


def project(folder, edition, count):
    """A project with so many editions."""
    (folder / "data/photos").mkdir(parents=True)
    for photo in (HANDOUT / "photos").iterdir():
        (folder / "data/photos" / photo.name).write_bytes(photo.read_bytes())
    (folder / "huikan.toml").write_text('[[output]]\ntemplate = "handout"\n', encoding="utf-8")
    for number in range(count):
        text = json.dumps(edition(number), ensure_ascii=False)
        (folder / f"data/e{number:05}.json").write_text(text, encoding="utf-8")


# ---------------------------------------------------------------- as HTML

STYLE = """
@font-face { font-family: Song; src: url(FONTS/NotoSerifSC-Regular.otf) }
@font-face { font-family: Song; font-weight: 700; src: url(FONTS/NotoSerifSC-Bold.otf) }
@font-face { font-family: Hei; src: url(FONTS/NotoSansSC-Regular.otf) }
@font-face { font-family: Hei; font-weight: 700; src: url(FONTS/NotoSansSC-Bold.otf) }
@font-face { font-family: Kai; src: url(FONTS/HuikanKai-Regular.ttf) }
@page { size: A4; margin: 25mm 27mm; @bottom-right { content: counter(page); font: 9pt Hei } }
body { font: 10.5pt/17pt Song; text-align: justify; margin: 0 }
h1 { font: bold 42pt/55pt Song; color: #B3202A; text-align: center; margin: 0 }
h2 { font: bold 18pt/25pt Song; border-top: 1pt solid #B3202A; margin: 17pt 0 9pt; column-span: all }
h3 { font: bold 12pt/17pt Hei; margin: 8pt 0 }
p { margin: 0; text-indent: 2em }
.subtitle, .event, .figures { text-align: center; text-indent: 0; margin: 8pt 0 }
.lead, .closing, blockquote, figcaption, em { font-family: Kai }
.event { border: solid #B3202A; border-width: 1pt 0; font: 13.5pt Hei; padding: 8pt }
.figures td { font: bold 29pt Song; color: #B3202A; background: #F8EEEC; text-align: center }
.figures td span { display: block; font: 9pt Hei; color: black }
table { width: 100%; border-collapse: collapse }
.columns { column-count: 2; column-gap: 21pt; column-rule: .3pt solid grey }
img { width: 100%; height: 190pt; object-fit: cover }
figure { margin: 8pt 0 }
"""


def inline(text):
    text = html.escape(text)
    text = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", text)
    text = re.sub(r"\*(.+?)\*", r"<em>\1</em>", text)
    return re.sub(r"\[(.+?)\]\((.+?)\)", r'<a href="\2">\1</a>', text)


def block(text):
    lines = text.split("\n")
    if text[0] == "|":
        rows = [[inline(cell.strip()) for cell in line.strip("|").split("|")] for line in lines]
        rows.pop(1)
        return "<table>" + "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows) + "</table>"
    if text[0] == ">":
        return f"<blockquote><p>{inline(text[2:])}</p></blockquote>"
    if re.match(r"\d+\. ", text):
        return "<ol>" + "".join(f"<li>{inline(line.split('. ', 1)[1])}</li>" for line in lines) + "</ol>"
    return f"<p>{inline(text)}</p>"


def rich(text):
    return "".join(map(block, text.split("\n\n")))


def as_html(data):
    """The body of the same handout; the style is `STYLE`."""
    figures = "".join(
        f"<td>{figure['value']}<small>{figure['unit']}</small><span>{figure['label']}</span></td>" for figure in data["figures"]
    )
    out = [f"<h1>{data['masthead']['slogan']}</h1><p class=subtitle>{data['masthead']['subtitle']}</p>",
           f"<p class=event>{data['masthead']['event_line']}</p><div class=lead>{rich(data['lead'])}</div>",
           f"<table class=figures><tr>{figures}</tr></table>"]
    for highlight in data["highlights"]:
        out.append(f"<h2>{highlight['label']} {highlight['title']}</h2><div class=columns>")
        out += [f"<h3>{section['title']}</h3>{rich(section['body'])}" for section in highlight["sections"]]
        out.append("</div>")
        for photo in highlight["photos"]:
            out.append(f"<figure><img src='{photo['src']}' alt='{photo['alt']}'><figcaption>{photo['caption']}</figcaption></figure>")
    out.append(f"<div class=closing>{rich(data['closing'])}</div><p>{' '.join(data['imprint'].values())}</p>")
    return "<html lang=zh-CN><body>" + "".join(out) + "</body></html>"
