//! What a laid-out document has to say about its dataset: what did not fit.

use std::collections::BTreeSet;

use typst::foundations::{Content, Dict, Label, Selector, Value};
use typst::introspection::Introspector;
use typst::layout::{Abs, Em, Frame, FrameItem, Point, Size, Transform};
use typst::text::TextItem;
use typst::utils::PicoStr;
use typst_layout::PagedDocument;

use crate::diag::{Diagnostic, Place, Text};
use crate::project::Resolved;
use crate::project::resolve::find_text;
use crate::text;

/// The label that templates give to what they found (`finding` and `fault` in
/// `/huikan.typ`).
const LABEL: &str = "huikan-finding";

/// What the templates found, and warnings of text that leaves its page.
pub fn told(document: &PagedDocument, resolved: &Resolved) -> Vec<Diagnostic> {
    let mut told = of_templates(document, resolved);
    told.extend(outside(document, resolved));
    told
}

fn of_templates(document: &PagedDocument, resolved: &Resolved) -> Vec<Diagnostic> {
    let Some(label) = Label::new(PicoStr::intern(LABEL)) else { return Vec::new() };
    let found = document.introspector().query(&Selector::Label(label));
    let found: Vec<Dict> = found.iter().filter_map(fields).collect();
    // Layout may find the same more than once.
    let codes: BTreeSet<(String, String)> = found
        .iter()
        .filter_map(|fields| Some((words(fields, "code")?, words(fields, "at")?)))
        .collect();
    let coded = codes.into_iter().filter_map(|(code, at)| match code.as_str() {
        "table-too-wide" => Some(table_too_wide(resolved.dataset.place(&at))),
        _ => None,
    });
    let mut told: Vec<Diagnostic> = coded.collect();
    for fields in &found {
        let own = worded(fields, resolved);
        told.extend(own.filter(|own| !told.contains(own)));
    }
    told
}

fn fields(content: &Content) -> Option<Dict> {
    match content.field_by_name("value").ok()? {
        Value::Dict(fields) => Some(fields),
        _ => None,
    }
}

fn words(fields: &Dict, name: &str) -> Option<String> {
    fields.get(name).ok()?.clone().cast().ok()
}

/// A finding whose words are the template's own.
fn worded(fields: &Dict, resolved: &Resolved) -> Option<Diagnostic> {
    let both = |value: &Value| match value {
        Value::Dict(both) => {
            Some(Text { zh: words(both, "zh")?, en: words(both, "en")? })
        }
        _ => None,
    };
    let message = both(fields.get("message").ok()?)?;
    let mut told = match words(fields, "severity").as_deref() {
        Some("warning") => Diagnostic::warning("template/fault", message),
        _ => Diagnostic::error("template/fault", message),
    };
    told.place = words(fields, "at").map(|at| resolved.dataset.place(&at));
    if let Ok(Value::Array(hints)) = fields.get("hints") {
        told.hints.extend(hints.iter().filter_map(both));
    }
    Some(told)
}

fn table_too_wide(place: Place) -> Diagnostic {
    Diagnostic::warning(
        "layout/table-too-wide",
        text!(
            "表格里的字太长，最小的字号、分成几段也排不下，会伸出栏外",
            "words of a table stand out of their columns, even in the smallest type and in parts"
        ),
    )
    .at(place)
    .hint(text!(
        "把长的词分开写，或少用几层嵌套",
        "write long words with spaces or hyphens, or nest the table less deeply"
    ))
}

/// Text that is not wholly on its page, the first of each page.
fn outside(document: &PagedDocument, resolved: &Resolved) -> Vec<Diagnostic> {
    let pages = document.pages().iter().enumerate();
    let found = pages.filter_map(|(index, page)| {
        let size = page.frame.size();
        let text = first_outside(&page.frame, size, Transform::identity())?;
        Some((index + 1, text))
    });
    found.map(|(page, words)| off_page(page, &words, resolved)).collect()
}

fn off_page(page: usize, words: &str, resolved: &Resolved) -> Diagnostic {
    let shown: String = words.chars().take(20).collect();
    let warning = Diagnostic::warning(
        "layout/off-page",
        text!(
            "第 {page} 面上的“{shown}”有一部分在纸外",
            "part of `{shown}` on page {page} is off the sheet"
        ),
    );
    let warning = match find_text(&resolved.dataset, words.trim()) {
        Some(pointer) => warning.at(resolved.dataset.place(&pointer)),
        None => warning,
    };
    warning.hint(text!(
        "改短一些，或让它可以分行",
        "make it shorter, or let it break over lines"
    ))
}

/// How far a text reaches. The last glyph of a justified line may be stretched, which
/// is not seen.
fn length(text: &TextItem) -> Abs {
    let Some(last) = text.glyphs.last() else { return Abs::zero() };
    let more = last.x_advance.max(Em::one()) - Em::one();
    text.width() - more.at(text.size)
}

/// How far outside does not count, in points: white space of glyphs, and rounding.
const SLACK: f64 = 3.0;

fn first_outside(frame: &Frame, page: Size, outer: Transform) -> Option<String> {
    frame.items().find_map(|(at, item)| match item {
        FrameItem::Group(group) => {
            let inner = outer.pre_concat(Transform::translate(at.x, at.y));
            first_outside(&group.frame, page, inner.pre_concat(group.transform))
        }
        FrameItem::Text(text) => {
            let ends = [Point::zero(), Point::with_x(length(text))];
            let off =
                ends.into_iter().map(|end| (*at + end).transform(outer)).any(|end| {
                    let inside = |at: Abs, most: Abs| {
                        (-SLACK..=most.to_pt() + SLACK).contains(&at.to_pt())
                    };
                    !inside(end.x, page.x) || !inside(end.y, page.y)
                });
            let seen = text.text.chars().any(|c| !c.is_whitespace());
            (off && seen).then(|| text.text.to_string())
        }
        FrameItem::Shape(..)
        | FrameItem::Image(..)
        | FrameItem::Link(..)
        | FrameItem::Tag(_) => None,
    })
}
