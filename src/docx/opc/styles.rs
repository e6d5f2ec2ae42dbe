//! The template's styles: which exist, and what they inherit.

use std::collections::HashMap;

use super::xml::{self, Outline};

/// Spacing, size and indents that a style or paragraph sets; unset is inherited.
#[derive(Debug, Clone, Default)]
pub(crate) struct Format {
    /// The outline level from 0, or 9 for body text.
    pub(crate) outline: Option<usize>,
    /// The character size in half points.
    pub(crate) size: Option<f64>,
    /// Whether characters are bold.
    pub(crate) bold: Option<bool>,
    /// Whether lines are centred.
    pub(crate) centred: Option<bool>,
    /// The `w:line` value and its rule.
    pub(crate) line: Option<(f64, LineRule)>,
    /// Space before, in twips.
    pub(crate) before: Option<f64>,
    /// Space after, in twips.
    pub(crate) after: Option<f64>,
    /// Left and right indents, in twips.
    pub(crate) left: Option<f64>,
    /// See `left`.
    pub(crate) right: Option<f64>,
    /// The indent of the first line beyond the left one, in twips.
    pub(crate) first: Option<f64>,
    /// The same in hundredths of a character, which wins.
    pub(crate) first_chars: Option<f64>,
    /// Whether the paragraph begins a page.
    pub(crate) page_break: Option<bool>,
    /// Whether the paragraph stays with the next one.
    pub(crate) keep_next: Option<bool>,
    /// Whether lines stand on the grid of the page, if it has one.
    pub(crate) snaps: Option<bool>,
    /// Whether there are tab stops.
    pub(crate) tabs: Option<bool>,
    /// Whether the characters have a border around them.
    pub(crate) border: Option<bool>,
    /// The instance of numbering; 0 if there is to be none.
    pub(crate) list: Option<u64>,
    /// The level in it, from 0.
    pub(crate) list_level: Option<u64>,
}

/// How a line's height is meant.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub(crate) enum LineRule {
    /// A multiple of 240ths of the font's own height.
    Auto,
    /// At least so many twips.
    AtLeast,
    /// Exactly so many twips.
    Exact,
}

impl Format {
    /// What an element's `w:pPr` and `w:rPr` children set.
    pub(crate) fn read(outline: &Outline<'_>, element: usize) -> Self {
        let paragraph = outline.child(element, "w:pPr");
        let run = outline.child(element, "w:rPr");
        let number = |at: Option<usize>, child: &str, name: &str| {
            number(outline.child_attribute(at?, child, name)?.as_ref())
        };
        let rule = paragraph
            .and_then(|at| outline.child_attribute(at, "w:spacing", "w:lineRule"));
        let rule = match rule.as_deref() {
            Some("exact") => LineRule::Exact,
            Some("atLeast") => LineRule::AtLeast,
            _ => LineRule::Auto,
        };
        let toggle = |name: &str| {
            let child = outline.child(paragraph?, name)?;
            let value = xml::attribute(outline.tag(child), "w:val");
            Some(!matches!(value.as_deref(), Some("0" | "false" | "off")))
        };
        let list = paragraph.and_then(|at| outline.child(at, "w:numPr"));
        let count =
            |name: &str| outline.child_attribute(list?, name, "w:val")?.parse().ok();
        let hanging = number(paragraph, "w:ind", "w:hanging").map(|hanging| -hanging);
        Self {
            outline: number(paragraph, "w:outlineLvl", "w:val")
                .map(|level| level as usize),
            size: number(run, "w:sz", "w:val"),
            bold: run.and_then(|at| outline.child(at, "w:b")).map(|at| {
                let value = xml::attribute(outline.tag(at), "w:val");
                !matches!(value.as_deref(), Some("0" | "false" | "off"))
            }),
            centred: paragraph
                .and_then(|at| outline.child_attribute(at, "w:jc", "w:val"))
                .map(|side| side == "center"),
            line: number(paragraph, "w:spacing", "w:line").map(|line| (line, rule)),
            before: number(paragraph, "w:spacing", "w:before"),
            after: number(paragraph, "w:spacing", "w:after"),
            left: number(paragraph, "w:ind", "w:left")
                .or_else(|| number(paragraph, "w:ind", "w:start")),
            right: number(paragraph, "w:ind", "w:right")
                .or_else(|| number(paragraph, "w:ind", "w:end")),
            first: hanging.or_else(|| number(paragraph, "w:ind", "w:firstLine")),
            first_chars: number(paragraph, "w:ind", "w:firstLineChars"),
            page_break: toggle("w:pageBreakBefore"),
            keep_next: toggle("w:keepNext"),
            snaps: toggle("w:snapToGrid"),
            tabs: paragraph.and_then(|at| outline.child(at, "w:tabs")).map(|_| true),
            border: run
                .and_then(|at| outline.child_attribute(at, "w:bdr", "w:val"))
                .map(|line| !matches!(line.as_ref(), "nil" | "none")),
            list: count("w:numId"),
            list_level: count("w:ilvl"),
        }
    }

    /// This format with another below it.
    pub(crate) fn over(self, below: &Self) -> Self {
        Self {
            outline: self.outline.or(below.outline),
            size: self.size.or(below.size),
            bold: self.bold.or(below.bold),
            centred: self.centred.or(below.centred),
            line: self.line.or(below.line),
            before: self.before.or(below.before),
            after: self.after.or(below.after),
            left: self.left.or(below.left),
            right: self.right.or(below.right),
            first: self.first.or(below.first),
            first_chars: self.first_chars.or(below.first_chars),
            page_break: self.page_break.or(below.page_break),
            keep_next: self.keep_next.or(below.keep_next),
            snaps: self.snaps.or(below.snaps),
            tabs: self.tabs.or(below.tabs),
            border: self.border.or(below.border),
            list: self.list.or(below.list),
            list_level: self.list_level.or(below.list_level),
        }
    }
}

fn number(text: &str) -> Option<f64> {
    text.trim().trim_end_matches("pt").parse().ok().filter(|n: &f64| n.is_finite())
}

/// The styles of a template.
#[derive(Debug, Clone, Default)]
pub(crate) struct Styles {
    /// Style ids by kind (`paragraph`, `character`, `table`) and name in
    /// lower case.
    names: HashMap<(String, String), String>,
    /// Resolved formats of paragraph and character styles by id.
    formats: HashMap<String, Format>,
    defaults: Format,
    /// Names in lower case of paragraph styles by id.
    ids: HashMap<String, String>,
    /// The id of the default paragraph style.
    normal: Option<String>,
    /// What each style is based on, by id.
    based: HashMap<String, String>,
}

/// How long a chain of `basedOn` may be.
const LONGEST_CHAIN: usize = 64;

impl Styles {
    /// Reads `styles.xml`; an unreadable one has no styles.
    pub(crate) fn read(xml: &str) -> Self {
        let Ok(outline) = Outline::read(xml) else { return Self::default() };
        let mut styles = Self { defaults: defaults(&outline), ..Self::default() };
        let mut own: HashMap<String, (Format, Option<String>)> = HashMap::new();
        for at in outline.children(0).filter(|at| outline.elements[*at].name == "w:style")
        {
            let tag = outline.tag(at);
            let Some(id) = xml::attribute(tag, "w:styleId") else { continue };
            let kind = xml::attribute(tag, "w:type").unwrap_or("paragraph".into());
            if let Some(name) = outline.child_attribute(at, "w:name", "w:val") {
                let key = (kind.to_string(), name.to_lowercase());
                if kind == "paragraph" {
                    styles.ids.insert(id.to_string(), key.1.clone());
                }
                styles.names.entry(key).or_insert_with(|| id.to_string());
            }
            if !matches!(kind.as_ref(), "paragraph" | "character") {
                continue;
            }
            let default = xml::attribute(tag, "w:default");
            let default = matches!(default.as_deref(), Some("1" | "true" | "on"));
            if default && kind == "paragraph" {
                styles.normal = Some(id.to_string());
            }
            let based = outline.child_attribute(at, "w:basedOn", "w:val");
            let format = Format::read(&outline, at);
            if let Some(based) = &based {
                styles.based.insert(id.to_string(), based.to_string());
            }
            own.insert(id.into_owned(), (format, based.map(|based| based.into_owned())));
        }
        let mut ids: Vec<&String> = own.keys().collect();
        ids.sort();
        styles.formats = ids
            .into_iter()
            .map(|id| (id.clone(), resolve(&own, id, &styles.defaults)))
            .collect();
        styles
    }

    /// The id of the style with an id or (built-in) name, of a kind.
    pub(crate) fn find(&self, kind: &str, name: &str) -> Option<&str> {
        let key = (kind.to_owned(), name.to_lowercase());
        self.names.get(&key).map(String::as_str)
    }

    /// The name in lower case of a paragraph style.
    pub(crate) fn name(&self, id: &str) -> Option<&str> {
        self.ids.get(id).map(String::as_str)
    }

    /// Whether a paragraph style has a name, in lower case, or is based on one that
    /// has it.
    pub(crate) fn descends(&self, id: &str, name: &str) -> bool {
        let below = |id: &&str| self.based.get(*id).map(String::as_str);
        std::iter::successors(Some(id), below)
            .take(LONGEST_CHAIN)
            .any(|id| self.name(id) == Some(name))
    }

    /// Whether a character style draws a border.
    pub(crate) fn has_border(&self, id: &str) -> bool {
        self.formats.get(id).is_some_and(|format| format.border == Some(true))
    }

    /// The format of a paragraph with a style, or with none.
    pub(crate) fn format(&self, id: Option<&str>) -> &Format {
        id.or(self.normal.as_deref())
            .and_then(|id| self.formats.get(id))
            .unwrap_or(&self.defaults)
    }
}

fn defaults(outline: &Outline<'_>) -> Format {
    let Some(at) = outline.child(0, "w:docDefaults") else { return Format::default() };
    let run = outline.child(at, "w:rPrDefault").map(|at| Format::read(outline, at));
    let paragraph = outline.child(at, "w:pPrDefault").map(|at| Format::read(outline, at));
    run.unwrap_or_default().over(&paragraph.unwrap_or_default())
}

fn resolve(
    own: &HashMap<String, (Format, Option<String>)>,
    id: &str,
    defaults: &Format,
) -> Format {
    let chain =
        std::iter::successors(own.get(id), |(_, based)| own.get(based.as_deref()?));
    chain
        .take(LONGEST_CHAIN)
        .fold(Format::default(), |format, (below, _)| format.over(below))
        .over(defaults)
}
