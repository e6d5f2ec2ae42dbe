//! An outline, put where a schema has room for it.

use serde_json::{Map, Value, json};

use super::ledger::{self, Change, Piece};
use super::line::Kind;
use super::outline::{Outline, Part, Role, Section, Words};
use super::render;
use super::slots::{Form, Slot, Slots};
use crate::data::json::pointer_join;
use crate::diag::{Diagnostic, Errors};
use crate::text;

/// A dataset, and where each letter in it came from.
pub(super) struct Filled {
    pub(super) value: Value,
    /// The pieces of each string, by its pointer.
    leaves: Vec<(String, Vec<Piece>)>,
}

impl Filled {
    /// The pieces of all strings.
    pub(super) fn pieces(&self) -> Vec<Piece> {
        self.leaves.iter().flat_map(|(_, pieces)| pieces).cloned().collect()
    }

    /// Whether each string of the dataset says what its pieces say, and each has some.
    pub(super) fn check_leaves(&self) -> Result<(), Diagnostic> {
        let mut strings = Vec::new();
        leaves(&self.value, "", &mut strings);
        let said: Vec<(String, String)> =
            strings.into_iter().map(|(at, text)| (at, ledger::letters(text))).collect();
        let mut known: Vec<(String, String)> = self
            .leaves
            .iter()
            .map(|(at, pieces)| {
                (
                    at.clone(),
                    pieces.iter().map(|piece| ledger::letters(&piece.text)).collect(),
                )
            })
            .collect();
        known.sort();
        let mut said = said;
        said.sort();
        let wrong = said.iter().find(|leaf| !known.contains(leaf));
        let missing = known.iter().find(|leaf| !said.contains(leaf));
        match wrong.or(missing) {
            None => Ok(()),
            Some((at, _)) => Err(Diagnostic::error(
                "import/letters",
                text!(
                    "核对没有通过：`{at}` 的文字和原稿对不上",
                    "the proof failed: the text of `{at}` is not that of the manuscript"
                ),
            )),
        }
    }
}

fn leaves<'v>(value: &'v Value, pointer: &str, found: &mut Vec<(String, &'v str)>) {
    match value {
        Value::String(text) => found.push((pointer.to_string(), text)),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                leaves(item, &pointer_join(pointer, &index.to_string()), found);
            }
        }
        Value::Object(fields) => {
            for (key, field) in fields {
                leaves(field, &pointer_join(pointer, key), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Puts an outline into a dataset.
///
/// # Errors
/// A schema without room for text.
pub(super) fn fill(
    outline: &Outline,
    slots: &Slots,
    changes: &mut Vec<Change>,
) -> Result<Filled, Errors> {
    if !slots.takes_text() {
        return Err(no_room().into());
    }
    let mut filler = Filler {
        value: Value::Object(Map::new()),
        leaves: Vec::new(),
        markdown: outline.markdown,
        changes,
    };
    filler.root(outline, slots);
    Ok(Filled { value: filler.value, leaves: filler.leaves })
}

struct Filler<'c> {
    value: Value,
    leaves: Vec<(String, Vec<Piece>)>,
    markdown: bool,
    changes: &'c mut Vec<Change>,
}

impl Filler<'_> {
    fn root(&mut self, outline: &Outline, slots: &Slots) {
        let placed = |role| slots.find(role).is_some();
        let mut lead: Vec<Part> = Vec::new();
        for line in outline.front.iter().filter(|line| !placed(line.role)) {
            lead.push(Part { kind: Kind::Text, words: line.words.clone() });
        }
        lead.extend(outline.lead.iter().cloned());
        let sectioned = placed(Role::Sections);
        let own_lead = placed(Role::Lead) || sectioned && placed(Role::Body);
        let mut all = outline.sections.clone();
        if !own_lead && sectioned && !lead.is_empty() {
            let first =
                Section { parts: std::mem::take(&mut lead), ..Section::default() };
            all.insert(0, first);
        }
        // A text without sections is led to nothing: it is a section itself, if there
        // have to be some.
        for slot in &slots.slots {
            match slot.role {
                Role::Lead => self.text(&slot.pointer, slot.form, &lead, &[], 0),
                Role::Sections => self.sections(slot, "", &all, 1),
                Role::Body if sectioned => {
                    if !placed(Role::Lead) {
                        self.text(&slot.pointer, slot.form, &lead, &[], 0);
                    }
                }
                Role::Body => {
                    let before = if own_lead { &[][..] } else { &lead[..] };
                    self.text(&slot.pointer, slot.form, before, &outline.sections, 1);
                }
                Role::Closing => {
                    self.text(&slot.pointer, slot.form, &outline.closing, &[], 0);
                }
                Role::Signature => self.lines(slot, &outline.signature),
                Role::SignedDate => {
                    if let Some(words) = &outline.signed {
                        self.line(&slot.pointer, words);
                    }
                }
                role => {
                    let line = outline.front.iter().find(|line| line.role == role);
                    if let Some(line) = line {
                        self.line(&slot.pointer, &line.words);
                    }
                }
            }
        }
    }

    /// Puts a plain line at a pointer.
    fn line(&mut self, pointer: &str, words: &Words) {
        let text = match self.markdown {
            true => render::plain(&words.text),
            false => words.text.clone(),
        };
        if text.is_empty() {
            return;
        }
        let piece = words.piece(text.clone());
        self.put(pointer, text.into(), vec![piece]);
    }

    fn lines(&mut self, slot: &Slot, lines: &[Words]) {
        match slot.form {
            Form::Lines | Form::Riches => {
                for (index, words) in lines.iter().enumerate() {
                    self.line(&pointer_join(&slot.pointer, &index.to_string()), words);
                }
            }
            _ if !lines.is_empty() => {
                let text: Vec<&str> =
                    lines.iter().map(|words| words.text.as_str()).collect();
                let pieces = lines.iter().map(|words| words.piece(words.text.clone()));
                let pieces = pieces.collect();
                self.put(&slot.pointer, text.join("\u{3000}").into(), pieces);
            }
            _ => {}
        }
    }

    fn put(&mut self, pointer: &str, value: Value, pieces: Vec<Piece>) {
        set(&mut self.value, pointer, value);
        self.leaves.push((pointer.to_string(), pieces));
    }

    /// Puts running text at a pointer, with sections as headings in it.
    fn text(
        &mut self,
        pointer: &str,
        form: Form,
        parts: &[Part],
        sections: &[Section],
        level: usize,
    ) {
        let mut all: Vec<Part> = parts.to_vec();
        headed(
            sections,
            level.max(1),
            form == Form::Rich || form == Form::Riches,
            self.markdown,
            &mut all,
        );
        if all.is_empty() {
            return;
        }
        for part in &all {
            self.note_picture(part);
        }
        let pieces = |parts: &[Part]| parts.iter().map(piece).collect();
        match form {
            Form::Rich | Form::Objects => {
                let text = render::parts(&all, self.markdown);
                self.put(pointer, text.into(), pieces(&all));
            }
            Form::Line => {
                let texts: Vec<String> =
                    all.iter().map(|part| piece(part).text).collect();
                self.put(pointer, texts.join("\n\n").into(), pieces(&all));
            }
            Form::Lines | Form::Riches => {
                for (index, part) in all.iter().enumerate() {
                    let text = match form {
                        Form::Riches => {
                            render::parts(std::slice::from_ref(part), self.markdown)
                        }
                        _ => piece(part).text,
                    };
                    let at = pointer_join(pointer, &index.to_string());
                    self.put(&at, text.into(), vec![piece(part)]);
                }
            }
        }
    }

    fn sections(
        &mut self,
        slot: &Slot,
        around: &str,
        sections: &[Section],
        level: usize,
    ) {
        let Some(items) = &slot.items else { return };
        for (index, section) in sections.iter().enumerate() {
            let list = format!("{around}{}", slot.pointer);
            let at = pointer_join(&list, &index.to_string());
            self.section(items, &at, section, level);
        }
    }

    fn section(&mut self, slots: &Slots, at: &str, section: &Section, level: usize) {
        let has = |role| slots.find(role).is_some();
        let pictured = has(Role::Pictures);
        let (pictures, mut parts) = match pictured {
            true => pictures(section),
            false => (Vec::new(), section.parts.clone()),
        };
        let titles = section.label.iter().chain(&section.title);
        let mut titles: Vec<Words> = titles.cloned().collect();
        let label = has(Role::Label).then(|| section.label.clone()).flatten();
        if label.is_some() {
            titles.remove(0);
        }
        if !has(Role::Heading) {
            let lines = titles.drain(..).map(|words| Part { kind: Kind::Text, words });
            parts.splice(0..0, lines);
        }
        let mut below = section.sections.clone();
        if pictured {
            below.iter_mut().for_each(without_pictures);
        }
        let (body, nested) = (has(Role::Body), has(Role::Sections));
        if nested && !body && !parts.is_empty()
            || nested && !body && below.is_empty() && !parts.is_empty()
        {
            let parts = std::mem::take(&mut parts);
            below.insert(0, Section { parts, ..Section::default() });
        }
        for slot in &slots.slots {
            let pointer = format!("{at}{}", slot.pointer);
            match slot.role {
                Role::Label => label.iter().for_each(|words| self.line(&pointer, words)),
                Role::Heading => self.title(&pointer, &titles),
                Role::Body if nested => self.text(&pointer, slot.form, &parts, &[], 1),
                Role::Body => self.text(&pointer, slot.form, &parts, &below, 1),
                Role::Sections => self.sections(slot, at, &below, level + 1),
                Role::Pictures => self.pictures(slot, &pointer, &pictures),
                _ => {}
            }
        }
    }

    /// Puts a title at a pointer; a label that has no place of its own is a part of it.
    fn title(&mut self, pointer: &str, titles: &[Words]) {
        let texts: Vec<String> = titles
            .iter()
            .map(|words| match self.markdown {
                true => render::plain(&words.text),
                false => words.text.clone(),
            })
            .collect();
        if texts.iter().all(String::is_empty) {
            return;
        }
        let pieces =
            titles.iter().zip(&texts).map(|(words, text)| words.piece(text.clone()));
        let pieces = pieces.collect();
        self.put(pointer, texts.join("\u{3000}").into(), pieces);
    }

    fn pictures(
        &mut self,
        slot: &Slot,
        pointer: &str,
        pictures: &[(Part, Option<Words>)],
    ) {
        let Some(items) = &slot.items else { return };
        for (index, (picture, caption)) in pictures.iter().enumerate() {
            let at = pointer_join(pointer, &index.to_string());
            let Kind::Picture { path } = &picture.kind else { continue };
            let alt = Words { line: picture.words.line, ..picture.words.clone() };
            for slot in &items.slots {
                let pointer = format!("{at}{}", slot.pointer);
                match (slot.role, caption) {
                    (Role::Pictures, _) => {
                        self.added(picture, path);
                        let piece = picture.words.piece(path.clone());
                        self.put(&pointer, json!(path), vec![piece]);
                    }
                    (_, Some(caption)) => self.line(&pointer, caption),
                    (_, None) if !alt.text.is_empty() => {
                        self.added(picture, &alt.text);
                        let piece = alt.piece(alt.text.clone());
                        self.put(&pointer, json!(alt.text), vec![piece]);
                    }
                    _ => {}
                }
            }
        }
    }

    fn note_picture(&mut self, part: &Part) {
        if let Kind::Picture { path } = &part.kind {
            let text = format!("{}{path}", part.words.text);
            self.added(part, &text);
        }
    }

    /// Notes the letters of a picture's path, which the manuscript does not have.
    fn added(&mut self, part: &Part, text: &str) {
        let reason = text!("图片在文件里", "the picture is in a file");
        let change = Change::new("import/picture", part.words.line, reason)
            .words("", text)
            .letters(part.words.at, "", text);
        self.changes.push(change);
    }
}

/// What a part adds to the letters of a string.
fn piece(part: &Part) -> Piece {
    match &part.kind {
        Kind::Picture { path } => part.words.piece(format!("{}{path}", part.words.text)),
        _ => part.words.piece(part.words.text.clone()),
    }
}

/// Sections as headings and what is below them.
fn headed(
    sections: &[Section],
    level: usize,
    rich: bool,
    markdown: bool,
    parts: &mut Vec<Part>,
) {
    for section in sections {
        let words = section.label.iter().chain(&section.title);
        let mut words = words.cloned();
        if let Some(first) = words.next() {
            let mark = if rich {
                format!("{} ", "#".repeat(level.min(4)))
            } else {
                String::new()
            };
            let write = |text: &str| match markdown || !rich {
                true => text.to_string(),
                false => render::escape(text),
            };
            let mut text = format!("{mark}{}", write(&first.text));
            for more in words {
                text.push('\u{3000}');
                text.push_str(&write(&more.text));
            }
            let kind = if rich { Kind::Verbatim } else { Kind::Text };
            parts.push(Part { kind, words: Words { text, ..first } });
        }
        parts.extend(section.parts.iter().cloned());
        headed(&section.sections, level + 1, rich, markdown, parts);
    }
}

/// The pictures of a section and of those in it, with their captions, and what else
/// stands before its own sections.
fn pictures(section: &Section) -> (Vec<(Part, Option<Words>)>, Vec<Part>) {
    let (mut found, mut rest) = (Vec::new(), Vec::new());
    let mut parts = section.parts.iter().peekable();
    while let Some(part) = parts.next() {
        if !matches!(part.kind, Kind::Picture { .. }) {
            rest.push(part.clone());
            continue;
        }
        let caption = parts.next_if(|next| next.kind == Kind::Caption);
        found.push((part.clone(), caption.map(|caption| caption.words.clone())));
    }
    for inner in &section.sections {
        found.extend(pictures(inner).0);
    }
    (found, rest)
}

fn without_pictures(section: &mut Section) {
    section.parts = pictures(section).1;
    section.sections.iter_mut().for_each(without_pictures);
}

/// Sets the value at a pointer; objects and lists around it are made.
fn set(value: &mut Value, pointer: &str, new: Value) {
    let mut at = value;
    let tokens: Vec<String> = crate::data::json::pointer_tokens(pointer).collect();
    for token in &tokens {
        at = match token.parse::<usize>() {
            Ok(index) => {
                if !at.is_array() {
                    *at = json!([]);
                }
                let Value::Array(items) = at else { return };
                while items.len() <= index {
                    items.push(Value::Null);
                }
                &mut items[index]
            }
            Err(_) => {
                if !at.is_object() {
                    *at = json!({});
                }
                let Value::Object(fields) = at else { return };
                fields.entry(token.clone()).or_insert(Value::Null)
            }
        };
    }
    *at = new;
}

fn no_room() -> Diagnostic {
    Diagnostic::error(
        "import/no-room",
        text!(
            "这个模板的数据里没有放正文的字段",
            "the template's dataset has no field for text"
        ),
    )
    .hint(text!(
        "换一个模板，或在它的 schema.json 里用 `x-huikan-import` 标出来（见 docs/schema.md）",
        "take another template, or mark one in its schema.json with `x-huikan-import` (see docs/schema.md)"
    ))
}
