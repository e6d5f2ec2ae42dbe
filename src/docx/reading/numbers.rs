//! The numbers that Word puts before paragraphs by itself: 一、, 第一章, 1.1.

use std::collections::{BTreeMap, HashMap};

use super::super::opc::xml::{self, Outline};
use crate::data::numerals;

/// A level of a list.
#[derive(Debug, Clone, Default)]
struct Level {
    /// How numbers are written, in Word's words.
    format: String,
    /// The text, with `%1` for the number of the first level.
    text: String,
    start: u32,
    /// What stands behind it: a tab if nothing is said.
    suffix: String,
    /// The style whose paragraphs are at this level.
    style: String,
}

/// What stands before a paragraph.
#[derive(Debug, Clone, Eq, PartialEq)]
pub(super) enum Label {
    /// A sign.
    Bullet,
    /// A number.
    Number(String),
}

/// The lists of a document, and how far each has been counted.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    levels: HashMap<u64, BTreeMap<u64, Level>>,
    /// The definition of each instance, and where it starts anew.
    instances: HashMap<u64, (u64, BTreeMap<u64, u32>)>,
    counts: HashMap<u64, BTreeMap<u64, u32>>,
    begun: Vec<u64>,
}

impl Numbers {
    /// Reads the numbering part; an unreadable one has no lists.
    pub(super) fn read(xml: &str) -> Self {
        let Ok(outline) = Outline::read(xml) else { return Self::default() };
        let mut numbers = Self::default();
        for at in outline.children(0) {
            match outline.elements[at].name {
                "w:abstractNum" => numbers.definition(&outline, at),
                "w:num" => numbers.instance(&outline, at),
                _ => {}
            }
        }
        numbers
    }

    fn definition(&mut self, outline: &Outline<'_>, at: usize) {
        let Some(id) = number(outline, at, "w:abstractNumId") else { return };
        let levels =
            outline.children(at).filter(|at| outline.elements[*at].name == "w:lvl");
        let levels = levels.filter_map(|at| {
            let value = |name: &str| {
                outline.child_attribute(at, name, "w:val").map(|value| value.into_owned())
            };
            let level = Level {
                format: value("w:numFmt").unwrap_or_else(|| "decimal".into()),
                text: value("w:lvlText").unwrap_or_default(),
                start: value("w:start").and_then(|start| start.parse().ok()).unwrap_or(1),
                suffix: value("w:suff").unwrap_or_default(),
                style: value("w:pStyle").unwrap_or_default(),
            };
            Some((number(outline, at, "w:ilvl")?, level))
        });
        self.levels.insert(id, levels.collect());
    }

    fn instance(&mut self, outline: &Outline<'_>, at: usize) {
        let Some(id) = number(outline, at, "w:numId") else { return };
        let Some(definition) = outline
            .child_attribute(at, "w:abstractNumId", "w:val")
            .and_then(|value| value.parse().ok())
        else {
            return;
        };
        let overrides = outline.children(at).filter_map(|at| {
            let start = outline.child_attribute(at, "w:startOverride", "w:val")?;
            Some((number(outline, at, "w:ilvl")?, start.parse().ok()?))
        });
        self.instances.insert(id, (definition, overrides.collect()));
    }

    /// The label of the next paragraph of a list; `style` is that of the paragraph.
    pub(super) fn next(
        &mut self,
        list: u64,
        level: Option<u64>,
        style: &str,
    ) -> Option<Label> {
        let (definition, overrides) = self.instances.get(&list)?;
        let levels = self.levels.get(definition)?;
        let styled =
            levels.iter().find(|(_, level)| !style.is_empty() && level.style == style);
        let at = level.or(styled.map(|(at, _)| *at)).unwrap_or(0);
        let level = levels.get(&at)?;
        if level.format == "bullet" {
            return Some(Label::Bullet);
        }
        let counts = self.counts.entry(*definition).or_default();
        if !self.begun.contains(&list) {
            self.begun.push(list);
            for (at, start) in overrides {
                counts.insert(*at, start.saturating_sub(1));
            }
        }
        let count = counts.entry(at).or_insert_with(|| level.start.saturating_sub(1));
        *count += 1;
        counts.retain(|other, _| *other <= at);
        if level.format == "none" {
            return None;
        }
        let mut text = level.text.clone();
        for (other, level) in levels.iter().filter(|(other, _)| **other <= at) {
            let count = counts.get(other).copied().unwrap_or(level.start);
            text =
                text.replace(&format!("%{}", other + 1), &written(count, &level.format));
        }
        let spaced =
            text.ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | ')'));
        if spaced && level.suffix != "nothing" {
            text.push(' ');
        }
        (!text.trim().is_empty()).then_some(Label::Number(text))
    }
}

fn number(outline: &Outline<'_>, at: usize, name: &str) -> Option<u64> {
    xml::attribute(outline.tag(at), name)?.parse().ok()
}

/// A number as one of Word's formats writes it.
fn written(count: u32, format: &str) -> String {
    let plain = || count.to_string();
    let nth = |from: char, most: u32| {
        (1..=most)
            .contains(&count)
            .then(|| char::from_u32(u32::from(from) + count - 1))
            .flatten()
    };
    let of = |list: &str| {
        let at = usize::try_from(count.checked_sub(1)?).ok()?;
        list.chars().nth(at)
    };
    match format {
        "chineseCounting"
        | "chineseCountingThousand"
        | "japaneseCounting"
        | "taiwaneseCounting"
        | "taiwaneseCountingThousand"
        | "ideographDigital"
        | "japaneseDigitalTenThousand"
        | "koreanCounting" => numerals::cn(&plain()).unwrap_or_else(plain),
        "chineseLegalSimplified" | "ideographLegalTraditional" => {
            numerals::cn_formal(&plain()).unwrap_or_else(plain)
        }
        "ideographTraditional" => {
            of("甲乙丙丁戊己庚辛壬癸").map_or_else(plain, String::from)
        }
        "ideographZodiac" => {
            of("子丑寅卯辰巳午未申酉戌亥").map_or_else(plain, String::from)
        }
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => {
            nth('①', 20).map_or_else(plain, String::from)
        }
        "decimalEnclosedParen" => nth('⑴', 20).map_or_else(plain, String::from),
        "decimalZero" => format!("{count:02}"),
        "upperLetter" => nth('A', 26).map_or_else(plain, String::from),
        "lowerLetter" => nth('a', 26).map_or_else(plain, String::from),
        "upperRoman" => numerals::roman(count.into()),
        "lowerRoman" => numerals::roman(count.into()).to_lowercase(),
        _ => plain(),
    }
}
