"""Values that say how they look: docxtpl's classes, written in JSON."""

from case import case
from word import bold, paragraph, run, table


def add(soffice):
    rich()
    paragraphs()
    listings()
    pictures()


def rt(*runs):
    return {"$type": "RichText",
            "runs": [{"text": item} if isinstance(item, str) else item for item in runs]}


def rich():
    looks = [{"bold": True}, {"italic": True}, {"underline": True}, {"underline": "double"},
             {"strike": True}, {"color": "#B3202A"}, {"color": "00ff00"}, {"size": 28},
             {"superscript": True}, {"subscript": True}, {"font": "Arial"}, {"style": "Strong"},
             {"highlight": "#FFFF00"}, {"lang": "fr-FR"},
             {"bold": True, "italic": True, "color": "#FF0000", "size": 40, "font": "Courier New"}]
    case("rich-looks", [["{{r v }}"]],
         {"v": rt(*({"text": f"{n} ", **look} for n, look in enumerate(looks)))},
         "".join(f"{n} " for n in range(len(looks))))
    case("rich-east-asian", [["{{r v }}"]],
         {"v": rt({"text": "甲", "font": "eastAsia:微软雅黑"}, {"text": "x", "rtl": True, "bold": True})},
         "甲x")
    case("rich-highlight-name", [["{{r v }}"]], {"v": rt({"text": "x", "highlight": "yellow"})}, "x",
         differs="docxtpl writes a colour name as a fill, which is invalid",
         result=[[run("x", '<w:highlight w:val="yellow"/>')]])
    case("rich-special", [["{{r v }}"]], {"v": rt("<&> \"'", {"text": "{{ x }}", "bold": True})},
         "<&> \"'{{ x }}")
    case("rich-breaks", [[bold("a "), "{{r v }}", bold(" z")]], {"v": rt({"text": "b\nc\td", "bold": True})},
         "a b\\nc\\td z")
    case("rich-new-paragraph", [paragraph("{{r v }}", style="Heading1"), "z"],
         {"v": rt({"text": "b\ac\fd", "italic": True})}, ["b", "c", "\\f", "d", "z"])
    case("rich-nested", [["{{r v }}"]],
         {"v": rt("a", {"text": rt({"text": "b", "bold": True}, "c")}, "d")}, "abcd")
    case("rich-number", [["{{r v }}"]], {"v": rt({"text": 12, "bold": True}, {"text": 1.5})}, "121.5")
    case("rich-link", [["see ", "{{r v }}", "."]],
         {"v": rt("at ", {"text": "here", "url": "https://x.org/?a=1&b=2", "underline": True})},
         "see at here.")
    case("rich-loop", table([["{%tr for v in vs %}"], ["{{r v }}"], ["{%tr endfor %}"]]),
         {"vs": [rt({"text": "a", "bold": True}), rt({"text": "b", "italic": True})]},
         ["| a |", "| b |"])
    case("rich-inline", [[run("a {{ v }} z", "<w:i/>")]], {"v": rt({"text": "b", "bold": True})}, "a b z",
         differs="docxtpl writes a run into a text, which is invalid: it needs `{{r`",
         result=[[run("a ", "<w:i/>"), bold("b"), run(" z", "<w:i/>")]])
    case("rich-empty", [["a", "{{r v }}", "z"]], {"v": rt()}, "az")


def paragraphs():
    def rp(*items):
        return {"$type": "RichTextParagraph", "paragraphs": list(items)}
    case("paragraphs", ["a", "{{p v }}", "z"],
         {"v": rp({"text": "Title", "parastyle": "Heading1"}, {"text": rt("x", {"text": "y", "bold": True})},
                  {"text": "item", "parastyle": "ListBullet"})}, ["a", "Title", "xy", "item", "z"])
    case("paragraphs-style-name", ["{{p v }}"], {"v": rp({"text": "T", "parastyle": "Heading 1"})}, ["T"],
         differs="docxtpl takes ids of styles only; their names are what Word shows",
         result=[paragraph("T", style="Heading1")])
    case("paragraphs-in-cell", table([["{{p v }}", "x"]]), {"v": rp({"text": "a"}, {"text": "b"})},
         ["| a / b | x |"])
    case("paragraphs-breaks", ["{{p v }}"], {"v": rp({"text": "a\nb\tc"})}, ["a\\nb\\tc"])


def listings():
    def listing(text):
        return {"$type": "Listing", "text": text}
    case("listing", [paragraph(bold("{{ v }}"), style="ListBullet")],
         {"v": listing("one\ntwo\tthree\afour & <five>\fsix")},
         ["one\\ntwo\\tthree", "four & <five>", "\\f", "six"])
    case("listing-in-cell", table([["{{ v }}", "x"]]), {"v": listing("a\nb\ac")}, ["| a\\nb / c | x |"])


def pictures():
    def picture(**rest):
        return {"$type": "InlineImage", "path": "wide.png", **rest}
    case("picture", [["a ", "{{ v }}", " z"]], {"v": picture(width_emu=1800000)}, "a [picture] z")
    case("picture-sizes", [["{{ a }}"], ["{{ b }}"], ["{{ c }}"], ["{{ d }}"]],
         {"a": picture(), "b": picture(height_emu=360000),
          "c": picture(width_emu=720000, height_emu=720000),
          "d": {"$type": "InlineImage", "path": "fine.png"}}, ["[picture]"] * 4)
    case("picture-link", [["{{ v }}"]], {"v": picture(width_emu=360000, anchor="https://x.org/?a&b")},
         "[picture]")
    case("picture-loop", table([["{%tr for p in ps %}"], ["{{ p }}"], ["{%tr endfor %}"]]),
         {"ps": [picture(width_emu=360000), picture(width_emu=720000),
                 {"$type": "InlineImage", "path": "fine.png", "width_emu": 360000}]},
         ["| [picture] |"] * 3)
