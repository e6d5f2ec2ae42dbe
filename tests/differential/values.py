"""A JSON context with docxtpl's own classes in place of typed values."""

from pathlib import Path

from docxtpl import InlineImage, Listing, RichText, RichTextParagraph


def typed(template, json, folder: Path):
    """What docxtpl is given for what huikan reads from the JSON file."""
    if isinstance(json, list):
        return [typed(template, item, folder) for item in json]
    if not isinstance(json, dict):
        return json
    match json.get("$type"):
        case "RichText":
            return rich_text(template, json)
        case "RichTextParagraph":
            rich = RichTextParagraph()
            for item in json["paragraphs"]:
                rich.add(inner(template, item["text"]), parastyle=item.get("parastyle"))
            return rich
        case "Listing":
            return Listing(json["text"])
        case "InlineImage":
            return InlineImage(template, str(folder / json["path"]),
                               width=json.get("width_emu"), height=json.get("height_emu"),
                               anchor=json.get("anchor"))
        case _:
            return {key: typed(template, value, folder) for key, value in json.items()}


def rich_text(template, json):
    rich = RichText()
    for item in json["runs"]:
        look = {key: value for key, value in item.items() if key not in ("text", "url")}
        if "url" in item:
            look["url_id"] = template.build_url_id(item["url"])
        rich.add(inner(template, item["text"]), **look)
    return rich


def inner(template, text):
    return rich_text(template, text) if isinstance(text, dict) else text
