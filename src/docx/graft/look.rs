//! The look that a style has at home, kept where it is brought.
//!
//! A style inherits from the host what it inherits from its own document. Where
//! the two differ, the difference becomes part of the style.

use super::Grafter;
use super::subdocument::{Sheet, Style};
use crate::docx::opc::order::Properties;
use crate::docx::opc::xml::{self, Outline};

/// How long a chain of `w:basedOn` may be.
const LONGEST_CHAIN: usize = 64;

/// Elements whose attributes are inherited one by one.
const BY_ATTRIBUTE: [&str; 4] = ["w:spacing", "w:ind", "w:rFonts", "w:lang"];

/// What nothing sets, as far as it can be said: attributes of [`BY_ATTRIBUTE`].
const UNSET: [(&str, &str, &str); 12] = [
    ("w:spacing", "w:before", "0"),
    ("w:spacing", "w:after", "0"),
    ("w:spacing", "w:line", "240"),
    ("w:spacing", "w:lineRule", "auto"),
    ("w:ind", "w:left", "0"),
    ("w:ind", "w:right", "0"),
    ("w:ind", "w:firstLine", "0"),
    ("w:ind", "w:firstLineChars", "0"),
    ("w:rFonts", "w:ascii", "Times New Roman"),
    ("w:rFonts", "w:hAnsi", "Times New Roman"),
    ("w:rFonts", "w:eastAsia", "Times New Roman"),
    ("w:rFonts", "w:cs", "Times New Roman"),
];

/// The same for elements with one value.
const UNSET_ELEMENTS: [(&str, &str); 9] = [
    ("w:jc", "left"),
    ("w:sz", "20"),
    ("w:szCs", "20"),
    ("w:color", "auto"),
    ("w:u", "none"),
    ("w:kern", "0"),
    ("w:vertAlign", "baseline"),
    ("w:widowControl", "1"),
    ("w:snapToGrid", "1"),
];

/// Elements that are on or off, and off if nothing sets them.
const SWITCHES: [&str; 13] = [
    "w:keepNext",
    "w:keepLines",
    "w:pageBreakBefore",
    "w:contextualSpacing",
    "w:b",
    "w:bCs",
    "w:i",
    "w:iCs",
    "w:caps",
    "w:smallCaps",
    "w:strike",
    "w:vanish",
    "w:rtl",
];

/// The properties of paragraphs and of runs.
type Look = [Properties; 2];

const NAMES: [&str; 2] = ["w:pPr", "w:rPr"];

impl Grafter<'_, '_, '_> {
    /// The element of a brought style with what it would lose in the host.
    pub(crate) fn keep_look(
        &mut self,
        guest: usize,
        style: &Style,
        raw: String,
    ) -> String {
        let paragraph = style.kind == "paragraph";
        let parent_brought = |grafter: &Self| {
            let based = style.based.as_ref();
            based.is_some_and(|based| grafter.guests[guest].brought.contains(based))
        };
        if parent_brought(self) || !(paragraph || style.kind == "character") {
            return raw;
        }
        let home = &self.guests[guest].document.styles;
        let there = inherited(home, style.based.as_deref(), paragraph);
        let based = based_on(&raw);
        let here = inherited(&self.wardrobe().sheet, based.as_deref(), paragraph);
        let [lost_paragraph, lost_run] =
            [0, 1].map(|at| difference(&there[at], &here[at]));
        let raw = match paragraph {
            true => with_below(&raw, "w:pPr", &lost_paragraph),
            false => raw,
        };
        with_below(&raw, "w:rPr", &lost_run)
    }
}

/// The id of the style that a style's element is based on.
pub(crate) fn based_on(raw: &str) -> Option<String> {
    let outline = Outline::read(raw).ok()?;
    let based = outline.child_attribute(0, "w:basedOn", "w:val")?;
    Some(based.into_owned())
}

/// How a style numbers its paragraphs.
#[derive(Debug, Clone, Eq, PartialEq)]
pub(crate) struct StyleNumbering {
    /// The list.
    pub(crate) list: String,
    /// The level, if it says one.
    pub(crate) level: Option<String>,
}

/// How a style numbers its paragraphs, unless they are headings: those count
/// through the whole document.
pub(crate) fn numbering(sheet: &Sheet, style: &str) -> Option<StyleNumbering> {
    let (mut list, mut level) = (None, None);
    for style in chain(sheet, Some(style)) {
        let Ok(outline) = Outline::read(&style.raw) else { continue };
        let Some(properties) = outline.child(0, "w:pPr") else { continue };
        if outline.child(properties, "w:outlineLvl").is_some() {
            return None;
        }
        let Some(number) = outline.child(properties, "w:numPr") else { continue };
        let value = |name| {
            let value = outline.child_attribute(number, name, "w:val")?;
            Some(value.into_owned())
        };
        list = list.or_else(|| value("w:numId"));
        level = level.or_else(|| value("w:ilvl"));
    }
    let list = list.filter(|list| list != "0")?;
    Some(StyleNumbering { list, level })
}

/// A style and those that it is based on.
fn chain<'s>(sheet: &'s Sheet, style: Option<&str>) -> Vec<&'s Style> {
    let first = style.and_then(|id| sheet.style(id));
    let next = |style: &&'s Style| sheet.style(style.based.as_deref()?);
    std::iter::successors(first, next).take(LONGEST_CHAIN).collect()
}

/// What a style based on another one inherits, in paragraphs from the document too.
fn inherited(sheet: &Sheet, based: Option<&str>, paragraph: bool) -> Look {
    let chain = chain(sheet, based);
    let (paragraphs, runs) = &sheet.defaults;
    let mut look = match paragraph {
        true => [Properties::read(paragraphs), Properties::read(runs)],
        false => Look::default(),
    };
    for style in chain.iter().rev() {
        let Ok(outline) = Outline::read(&style.raw) else { continue };
        for (properties, name) in look.iter_mut().zip(NAMES) {
            if let Some(at) = outline.child(0, name) {
                *properties = over(properties, &Properties::read(outline.raw(at)));
            }
        }
    }
    look
}

/// Properties with others over them, attribute by attribute where these are
/// inherited so.
fn over(below: &Properties, above: &Properties) -> Properties {
    let mut merged = below.clone();
    for (name, raw) in above.children() {
        let existing = below.children().find(|(found, _)| *found == name);
        match existing.filter(|_| BY_ATTRIBUTE.contains(&name)) {
            Some((_, existing)) => merged.replace(name, merge(name, existing, raw)),
            None => merged.replace(name, raw.to_owned()),
        }
    }
    merged
}

/// An empty element with the attributes of two; those of the second win.
fn merge(name: &str, below: &str, above: &str) -> String {
    let mut merged: Vec<(&str, &str)> = Vec::new();
    let own: Vec<&str> = xml::attributes(above).map(|(name, _)| name).collect();
    for (tag, wins) in [(below, false), (above, true)] {
        for (attribute, value) in xml::attributes(tag) {
            let hidden = own.contains(&attribute)
                || exclusive(attribute).iter().any(|other| own.contains(other));
            if wins || !hidden {
                merged.push((attribute, &tag[value]));
            }
        }
    }
    element(name, &merged)
}

/// The attributes that say the same thing in another way.
fn exclusive(attribute: &str) -> &'static [&'static str] {
    match attribute {
        "w:ascii" => &["w:asciiTheme"],
        "w:asciiTheme" => &["w:ascii"],
        "w:hAnsi" => &["w:hAnsiTheme"],
        "w:hAnsiTheme" => &["w:hAnsi"],
        "w:eastAsia" => &["w:eastAsiaTheme"],
        "w:eastAsiaTheme" => &["w:eastAsia"],
        "w:cs" => &["w:cstheme"],
        "w:cstheme" => &["w:cs"],
        "w:firstLine" => &["w:hanging"],
        "w:hanging" => &["w:firstLine"],
        "w:left" => &["w:start"],
        "w:right" => &["w:end"],
        _ => &[],
    }
}

fn element(name: &str, attributes: &[(&str, &str)]) -> String {
    let attributes: String = attributes
        .iter()
        .map(|(attribute, value)| format!(" {attribute}=\"{value}\""))
        .collect();
    format!("<{name}{attributes}/>")
}

/// What must be set over the properties `here` so that they look as `there`.
fn difference(there: &Properties, here: &Properties) -> Properties {
    let mut lost = Properties::default();
    for (name, raw) in there.children() {
        let own = here.children().find(|(found, _)| *found == name);
        match own {
            Some((_, own)) if BY_ATTRIBUTE.contains(&name) => {
                let rest = attributes_lost(name, raw, own);
                if !rest.is_empty() {
                    lost.replace(name, element(name, &rest));
                }
            }
            Some((_, own)) if same(own, raw) => {}
            _ => lost.replace(name, raw.to_owned()),
        }
    }
    for (name, own) in here.children() {
        if !there.has(name)
            && let Some(unset) = unset(name, own)
        {
            lost.replace(name, unset);
        }
    }
    lost
}

/// Whether two elements have the same attributes and content.
fn same(one: &str, other: &str) -> bool {
    let plain = |raw: &str| raw.replace([' ', '\n', '\r', '\t'], "").replace('\'', "\"");
    plain(one) == plain(other)
}

/// The attributes to set over `own` so that it is as `raw`.
fn attributes_lost<'r>(
    name: &str,
    raw: &'r str,
    own: &'r str,
) -> Vec<(&'r str, &'r str)> {
    let read = |tag: &'r str| -> Vec<(&'r str, &'r str)> {
        xml::attributes(tag).map(|(attribute, value)| (attribute, &tag[value])).collect()
    };
    let (wanted, existing) = (read(raw), read(own));
    let mut lost: Vec<(&str, &str)> =
        wanted.iter().filter(|pair| !existing.contains(pair)).copied().collect();
    for (element, attribute, value) in UNSET {
        let has = |all: &[(&str, &str)]| {
            all.iter().any(|(found, _)| {
                *found == attribute || exclusive(attribute).contains(found)
            })
        };
        if element == name && has(&existing) && !has(&wanted) {
            lost.push((attribute, value));
        }
    }
    lost
}

/// The element that undoes another one, if there is one.
fn unset(name: &str, own: &str) -> Option<String> {
    if SWITCHES.contains(&name) {
        return Some(format!("<{name} w:val=\"0\"/>"));
    }
    if BY_ATTRIBUTE.contains(&name) {
        let lost = attributes_lost(name, "", own);
        return (!lost.is_empty()).then(|| element(name, &lost));
    }
    let (_, value) = UNSET_ELEMENTS.iter().find(|(known, _)| *known == name)?;
    Some(format!("<{name} w:val=\"{value}\"/>"))
}

/// The element of a style with properties below those that it has itself.
fn with_below(raw: &str, name: &str, below: &Properties) -> String {
    if below.children().next().is_none() {
        return raw.to_owned();
    }
    let Ok(outline) = Outline::read(raw) else { return raw.to_owned() };
    let own = outline.child(0, name);
    let properties = own.map(|at| Properties::read(outline.raw(at)));
    let markup = over(below, &properties.unwrap_or_default()).write(name);
    let span = match own {
        Some(at) => outline.elements[at].span.clone(),
        None => {
            let later: &[&str] = match name {
                "w:pPr" => &["w:rPr", "w:tblPr", "w:trPr", "w:tcPr", "w:tblStylePr"],
                _ => &["w:tblPr", "w:trPr", "w:tcPr", "w:tblStylePr"],
            };
            let next = outline
                .children(0)
                .find(|at| later.contains(&outline.elements[*at].name));
            let root = &outline.elements[0];
            let at = next.map_or(root.close, |at| outline.elements[at].span.start);
            at..at
        }
    };
    format!("{}{markup}{}", &raw[..span.start], &raw[span.end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_kept() {
        let sheet = |defaults: &str, normal: &str| {
            Sheet::read(&format!(
                "<w:styles><w:docDefaults><w:rPrDefault>{defaults}</w:rPrDefault>\
                 </w:docDefaults><w:style w:type=\"paragraph\" w:styleId=\"N\">\
                 <w:name w:val=\"Normal\"/>{normal}</w:style></w:styles>"
            ))
        };
        let home = sheet("<w:rPr><w:sz w:val=\"28\"/></w:rPr>", "");
        let host = sheet(
            "<w:rPr><w:sz w:val=\"22\"/><w:b/></w:rPr>",
            "<w:pPr><w:spacing w:after=\"200\" w:line=\"276\"/></w:pPr>",
        );
        let there = inherited(&home, Some("N"), true);
        let here = inherited(&host, Some("N"), true);
        let lost = [0, 1].map(|at| difference(&there[at], &here[at]));
        assert_eq!(
            lost[0].write("w:pPr"),
            "<w:pPr><w:spacing w:after=\"0\" w:line=\"240\"/></w:pPr>"
        );
        assert_eq!(
            lost[1].write("w:rPr"),
            "<w:rPr><w:b w:val=\"0\"/><w:sz w:val=\"28\"/></w:rPr>"
        );
        assert_eq!(
            with_below(
                "<w:style><w:name/><w:rPr><w:i/></w:rPr></w:style>",
                "w:pPr",
                &lost[0]
            ),
            "<w:style><w:name/><w:pPr><w:spacing w:after=\"0\" w:line=\"240\"/></w:pPr>\
             <w:rPr><w:i/></w:rPr></w:style>"
        );
    }
}
