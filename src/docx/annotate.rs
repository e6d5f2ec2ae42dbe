//! What is wrong with a template, written beside its paragraphs as Word comments.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::opc::escape;
use super::opc::package::Package;
use super::opc::xml::Outline;
use super::render::draft::Draft;
use super::render::notes::{self, Kind};
use super::render::numbering::Definitions;
use crate::diag::{self, Diagnostic, Lang, Place, Severity};
use crate::text;

/// Who signs the comments.
const AUTHOR: &str = " w:author=\"huikan\" w:initials=\"hk\"";

/// A copy of a template, given by the name that diagnostics call it and its
/// bytes, with a comment for each diagnostic at the paragraph that it is about.
/// What is wrong in headers, notes and properties, where Word has no comments, is
/// told at the first paragraph of the body, with its place.
///
/// Fails as [`Template::compile`](super::Template::compile) does if the file is no
/// Word document or its body cannot be read.
pub fn annotate(
    name: &str,
    bytes: Vec<u8>,
    faults: &[Diagnostic],
    lang: Lang,
) -> diag::Result<Vec<u8>> {
    let package = Package::open(name, bytes)?;
    let main = package.main.clone();
    let mut draft = Draft::new(&package, &Arc::new(Definitions::read(&package)));
    let body = draft.text(&main)?.unwrap_or_default().into_owned();
    let outline = Outline::read(&body).map_err(|fault| {
        super::opc::package::malformed(&main, &fault.cause).at(Place::file(name))
    })?;
    let mut comments: BTreeMap<usize, Vec<i64>> = BTreeMap::new();
    for fault in faults {
        let inside = comment(fault, (name, &main), lang);
        let id = notes::add(&mut draft, Kind::Comment, AUTHOR, &inside)?;
        comments.entry(paragraph(fault, (name, &main))).or_default().push(id);
    }
    let annotated = beside(&outline, &comments);
    draft.put(&main, annotated);
    draft.write()
}

/// The number of the body's paragraph that a diagnostic is told at, from 1; the
/// body is a part of a file.
fn paragraph(fault: &Diagnostic, body: (&str, &str)) -> usize {
    let place = fault.place.as_ref().filter(|place| is_in(place, body));
    place.and_then(|place| place.word.as_ref()).map_or(1, |word| word.paragraph)
}

/// Whether a place is in a part of a file, and not in an included one.
fn is_in(place: &Place, (file, part): (&str, &str)) -> bool {
    place.file == file && place.word.as_ref().is_some_and(|word| word.part == part)
}

/// The paragraphs of a comment: what is wrong, where if it is not here, and what
/// to do.
fn comment(fault: &Diagnostic, body: (&str, &str), lang: Lang) -> String {
    let title = match fault.severity {
        Severity::Error => text!("错误", "error"),
        Severity::Warning => text!("警告", "warning"),
    };
    let (title, message) = (title.get(lang), fault.message.get(lang));
    let mut lines = vec![format!("{title}[{}]: {message}", fault.code)];
    if let Some(place) = &fault.place {
        let here = is_in(place, body);
        lines.extend((!here).then(|| diag::locate(place, lang)));
        let tag = place.excerpt.as_ref().and_then(|it| it.text.get(it.mark.clone()));
        lines.extend(tag.map(str::to_owned));
    }
    lines.extend(fault.notes.iter().map(|note| note.get(lang).to_owned()));
    lines.extend(fault.hints.iter().map(|hint| format!("→ {}", hint.get(lang))));
    let paragraph = |line: &String| {
        let line = escape::escape(line);
        format!("<w:p><w:r><w:t xml:space=\"preserve\">{line}</w:t></w:r></w:p>")
    };
    lines.iter().map(paragraph).collect()
}

/// A body with comments at paragraphs, by their numbers.
fn beside(outline: &Outline<'_>, comments: &BTreeMap<usize, Vec<i64>>) -> String {
    let mut edits: Vec<(usize, String)> = Vec::new();
    let paragraphs = outline.elements.iter().enumerate().filter(|(_, e)| e.name == "w:p");
    for (number, (at, element)) in (1..).zip(paragraphs) {
        let Some(ids) = comments.get(&number) else { continue };
        if element.close == element.span.end {
            continue;
        }
        let properties = outline.child(at, "w:pPr");
        let start =
            properties.map_or(element.open.end, |at| outline.elements[at].span.end);
        let (mut starts, mut ends) = (String::new(), String::new());
        for id in ids {
            starts.push_str(&format!("<w:commentRangeStart w:id=\"{id}\"/>"));
            ends.push_str(&format!(
                "<w:commentRangeEnd w:id=\"{id}\"/><w:r><w:commentReference w:id=\"{id}\"/></w:r>"
            ));
        }
        edits.push((start, starts));
        edits.push((element.close, ends));
    }
    edits.sort_by_key(|(at, _)| *at);
    let mut out = String::with_capacity(outline.xml.len() + edits.len() * 128);
    let mut at = 0;
    for (position, markup) in edits {
        out.push_str(&outline.xml[at..position]);
        out.push_str(&markup);
        at = position;
    }
    out.push_str(&outline.xml[at..]);
    out
}
