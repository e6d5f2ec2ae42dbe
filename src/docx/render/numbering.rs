//! Numbering: definitions and instances that a draft adds to its template's.
//!
//! Word counts by instances (`w:num`) of definitions (`w:abstractNum`). Lists that
//! share an instance go on counting, so every ordered list of the data gets an
//! instance of its own, with the number that it begins at.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use crate::docx::opc::package::Package;
use crate::docx::opc::relations;
use crate::docx::opc::xml::{self, Outline};

/// The content type of the part.
pub(crate) const CONTENT_TYPE: &str =
    "application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml";

/// How many levels a definition has.
const LEVELS: u64 = 9;

/// The largest number that a list can begin at in Word.
const LARGEST_START: u64 = 32_767;

/// What stands before the items of bulleted lists, by level; then again.
const BULLETS: [&str; 3] = ["•", "–", "▪"];

/// The numbering of a template, read once.
#[derive(Debug, Default)]
pub(crate) struct Definitions {
    /// The part's name, if there is one.
    part: Option<String>,
    xml: String,
    /// The ids of definitions.
    definitions: BTreeSet<u64>,
    /// The definitions of instances, by id.
    instances: BTreeMap<u64, u64>,
    /// The levels that styles are bound to, by definition and style.
    levels: BTreeMap<(u64, String), u64>,
}

impl Definitions {
    /// Reads the numbering of a package; an unreadable one is empty.
    pub(crate) fn read(package: &Package) -> Self {
        let relations = package.text(&relations::part_of(&package.main)).ok().flatten();
        let target = relations.and_then(|xml| relations::target(&xml, "/numbering"));
        let Some(target) = target else { return Self::default() };
        let part = relations::resolve(&package.main, &target);
        let xml = package.text(&part).ok().flatten().unwrap_or_default();
        let mut read = Self::default();
        if let Ok(outline) = Outline::read(&xml) {
            read.index(&outline);
        } else {
            return read;
        }
        Self { part: Some(part), xml, ..read }
    }

    fn index(&mut self, outline: &Outline<'_>) {
        let number = |at: usize, name: &str| {
            xml::attribute(outline.tag(at), name)?.trim().parse().ok()
        };
        for at in outline.children(0) {
            match outline.elements[at].name {
                "w:abstractNum" => {
                    let Some(id) = number(at, "w:abstractNumId") else { continue };
                    self.definitions.insert(id);
                    for level in outline.children(at) {
                        let style = outline.child_attribute(level, "w:pStyle", "w:val");
                        if let (Some(style), Some(number)) =
                            (style, number(level, "w:ilvl"))
                        {
                            self.levels.insert((id, style.into_owned()), number);
                        }
                    }
                }
                "w:num" => {
                    let Some(id) = number(at, "w:numId") else { continue };
                    let definition =
                        outline.child_attribute(at, "w:abstractNumId", "w:val");
                    let definition = definition.and_then(|id| id.trim().parse().ok());
                    self.instances.insert(id, definition.unwrap_or(u64::MAX));
                }
                _ => {}
            }
        }
    }
}

/// An instance and a level of it: what a paragraph's `w:numPr` says.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub(crate) struct Numbered {
    /// The instance's id.
    pub(crate) instance: u64,
    /// The level, from 0.
    pub(crate) level: u64,
}

impl Numbered {
    /// The `w:numPr` element.
    pub(crate) fn write(self) -> String {
        let Self { instance, level } = self;
        format!(
            "<w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{instance}\"/></w:numPr>"
        )
    }
}

/// A template's numbering, and what a draft adds to it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Numbering {
    template: Arc<Definitions>,
    /// New definitions and instances, as markup.
    definitions: Vec<String>,
    instances: Vec<String>,
    next_definition: u64,
    next_instance: u64,
    /// Our definition of ordered lists, once there is one.
    ordered: Option<u64>,
    /// The instance of our bulleted lists, once there is one.
    bulleted: Option<u64>,
}

impl Numbering {
    /// A template's numbering, to be added to.
    pub(crate) fn new(template: &Arc<Definitions>) -> Self {
        Self { template: template.clone(), ..Self::default() }
    }

    /// Adds a definition and gives its id. `inside` is what an `w:abstractNum`
    /// holds.
    pub(crate) fn define(&mut self, inside: &str) -> u64 {
        let id = self.reserve();
        self.define_as(id, inside);
        id
    }

    /// An id that no definition has.
    pub(crate) fn reserve(&mut self) -> u64 {
        while self.template.definitions.contains(&self.next_definition) {
            self.next_definition += 1;
        }
        self.next_definition += 1;
        self.next_definition - 1
    }

    /// Adds the definition of a reserved id.
    pub(crate) fn define_as(&mut self, id: u64, inside: &str) {
        self.definitions.push(format!(
            "<w:abstractNum w:abstractNumId=\"{id}\">{inside}</w:abstractNum>"
        ));
    }

    /// Adds an instance of a definition and gives its id. `overrides` are the
    /// `w:lvlOverride` elements.
    pub(crate) fn instantiate(&mut self, definition: u64, overrides: &str) -> u64 {
        // 0 means "no numbering".
        self.next_instance = self.next_instance.max(1);
        while self.template.instances.contains_key(&self.next_instance) {
            self.next_instance += 1;
        }
        let id = self.next_instance;
        self.next_instance += 1;
        self.instances.push(format!(
            "<w:num w:numId=\"{id}\"><w:abstractNumId w:val=\"{definition}\"/>\
             {overrides}</w:num>"
        ));
        id
    }

    /// Whether the template has an instance, so that a style can count by it.
    pub(crate) fn has(&self, instance: u64) -> bool {
        let definition = self.template.instances.get(&instance);
        definition.is_some_and(|id| self.template.definitions.contains(id))
    }

    /// A new list of the kind that a style counts by, beginning at a number.
    /// `level` is the one that the style says, if it says one.
    pub(crate) fn restart(
        &mut self,
        instance: u64,
        style: &str,
        level: Option<u64>,
        start: u64,
    ) -> Option<Numbered> {
        let definition = *self.template.instances.get(&instance)?;
        let bound = self.template.levels.get(&(definition, style.to_owned())).copied();
        let level = bound.or(level).unwrap_or(0).min(LEVELS - 1);
        let instance = self.instantiate(definition, &starting(level, start));
        Some(Numbered { instance, level })
    }

    /// A new ordered list of ours at a level from 0, beginning at a number.
    /// `indent` is that of one level, in twips.
    pub(crate) fn ordered(&mut self, level: u64, start: u64, indent: usize) -> Numbered {
        let level = level.min(LEVELS - 1);
        let definition = match self.ordered {
            Some(definition) => definition,
            None => {
                let mark = |level: u64| {
                    let number = level + 1;
                    format!(
                        "<w:numFmt w:val=\"decimal\"/><w:lvlText w:val=\"%{number}.\"/>"
                    )
                };
                self.define(&levels("4855AA01", mark, "", indent))
            }
        };
        self.ordered = Some(definition);
        let instance = self.instantiate(definition, &starting(level, start));
        Numbered { instance, level }
    }

    /// A bulleted list of ours at a level from 0.
    pub(crate) fn bulleted(&mut self, level: u64, indent: usize) -> Numbered {
        let instance = match self.bulleted {
            Some(instance) => instance,
            None => {
                let mark = |level: u64| {
                    let bullet = BULLETS[level as usize % BULLETS.len()];
                    format!("<w:numFmt w:val=\"bullet\"/><w:lvlText w:val=\"{bullet}\"/>")
                };
                let definition =
                    self.define(&levels("4855AA02", mark, BULLET_FONT, indent));
                self.instantiate(definition, "")
            }
        };
        self.bulleted = Some(instance);
        Numbered { instance, level: level.min(LEVELS - 1) }
    }

    /// The template's part, if it has one, and the part with what was added; or
    /// nothing if nothing was.
    pub(crate) fn write(&self) -> Option<(Option<&str>, String)> {
        if self.definitions.is_empty() && self.instances.is_empty() {
            return None;
        }
        let part = self.template.part.as_deref();
        let xml = match part {
            Some(_) => self.template.xml.as_str(),
            None => EMPTY,
        };
        Some((part, insert(xml, &self.definitions.concat(), &self.instances.concat())))
    }
}

/// The override that has a level begin at a number.
fn starting(level: u64, start: u64) -> String {
    let start = start.min(LARGEST_START);
    format!(
        "<w:lvlOverride w:ilvl=\"{level}\"><w:startOverride w:val=\"{start}\"/>\
         </w:lvlOverride>"
    )
}

/// What a definition of ours holds. `mark` writes the format and text of a level.
fn levels(id: &str, mark: impl Fn(u64) -> String, run: &str, indent: usize) -> String {
    let mut out = format!(
        "<w:nsid w:val=\"{id}\"/><w:multiLevelType w:val=\"multilevel\"/>\
         <w:tmpl w:val=\"{id}\"/>"
    );
    for level in 0..LEVELS {
        let mark = mark(level);
        let left = indent * (level as usize + 1);
        // A first-line indent of the style in characters would win over the hanging one.
        let _ = write!(
            out,
            "<w:lvl w:ilvl=\"{level}\"><w:start w:val=\"1\"/>{mark}<w:lvlJc w:val=\"left\"/>\
             <w:pPr><w:ind w:left=\"{left}\" w:firstLineChars=\"0\" w:hanging=\"{indent}\"/>\
             </w:pPr>{run}</w:lvl>"
        );
    }
    out
}

/// Chinese typefaces draw bullets as wide as a character; this one does not.
const BULLET_FONT: &str = "<w:rPr><w:rFonts w:hint=\"default\" w:ascii=\"Arial\" w:hAnsi=\"Arial\" \
    w:eastAsia=\"Arial\" w:cs=\"Arial\"/></w:rPr>";

const EMPTY: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
    <w:numbering xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">\
    </w:numbering>";

/// The part with definitions after its definitions and instances after its
/// instances, as the schema wants them.
fn insert(xml: &str, definitions: &str, instances: &str) -> String {
    let Ok(outline) = Outline::read(xml) else { return xml.to_owned() };
    let root = &outline.elements[0];
    if root.close == root.span.end {
        let open = xml[root.open.clone()].trim_end_matches("/>").trim_end();
        let name = root.name;
        let (before, after) = (&xml[..root.span.start], &xml[root.span.end..]);
        return format!("{before}{open}>{definitions}{instances}</{name}>{after}");
    }
    let start = |names: &[&str]| {
        let found =
            outline.children(0).find(|at| names.contains(&outline.elements[*at].name));
        found.map_or(root.close, |at| outline.elements[at].span.start)
    };
    let first = start(&["w:num", "w:numIdMacAtCleanup"]);
    let second = start(&["w:numIdMacAtCleanup"]);
    let (before, between, after) = (&xml[..first], &xml[first..second], &xml[second..]);
    format!("{before}{definitions}{between}{instances}{after}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn additions_stand_in_schema_order() {
        let xml = "<w:numbering><w:abstractNum w:abstractNumId=\"0\"/><w:num w:numId=\"1\"/>\
            <w:numIdMacAtCleanup w:val=\"1\"/></w:numbering>";
        assert_eq!(
            insert(xml, "<d/>", "<i/>"),
            "<w:numbering><w:abstractNum w:abstractNumId=\"0\"/><d/><w:num w:numId=\"1\"/>\
             <i/><w:numIdMacAtCleanup w:val=\"1\"/></w:numbering>"
        );
        assert_eq!(insert("<n x=\"y\"/>", "<d/>", ""), "<n x=\"y\"><d/></n>");
    }

    #[test]
    fn each_ordered_list_begins_anew() {
        let mut numbering = Numbering::default();
        assert_eq!(numbering.write(), None);
        let first = numbering.ordered(0, 1, 420);
        let second = numbering.ordered(0, 3, 420);
        assert_eq!((first.instance, second.instance), (1, 2));
        assert_eq!(numbering.bulleted(1, 420), numbering.bulleted(1, 420));
        let (part, xml) = numbering.write().expect("something new");
        assert_eq!(part, None);
        assert_eq!(xml.matches("<w:abstractNum ").count(), 2);
        assert!(xml.contains("<w:startOverride w:val=\"3\"/>"));
    }
}
