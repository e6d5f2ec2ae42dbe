//! Laid-out pages as text: what they say, in which faces, where.

use std::collections::BTreeMap;
use std::fmt::Write;

use typst::foundations::NativeElement;
use typst::introspection::Tag;
use typst::layout::{Abs, Frame, FrameItem, Point, Transform};
use typst::model::HeadingElem;
use typst::text::TextItem;
use typst_layout::PagedDocument;

/// A run of text and the point where its baseline starts, from the page's corner.
pub struct Run<'a> {
    pub item: &'a TextItem,
    pub at: Point,
    /// Whether its baseline is not level.
    pub turned: bool,
    /// How much narrower than its font it is set.
    pub narrow: f64,
}

/// The runs of a page, in reading order.
pub fn runs(frame: &Frame) -> Vec<Run<'_>> {
    fn walk<'a>(frame: &'a Frame, outer: Transform, found: &mut Vec<Run<'a>>) {
        for (at, item) in frame.items() {
            match item {
                FrameItem::Text(item) => {
                    let (turned, narrow) = (outer.ky.get() != 0.0, outer.sx.get());
                    found.push(Run { item, at: at.transform(outer), turned, narrow });
                }
                FrameItem::Group(group) => {
                    let inner = Transform::translate(at.x, at.y);
                    let inner = outer.pre_concat(inner).pre_concat(group.transform);
                    walk(&group.frame, inner, found);
                }
                _ => {}
            }
        }
    }
    let mut found = Vec::new();
    walk(frame, Transform::identity(), &mut found);
    found
}

/// The text of a page, a line for each change of the baseline.
pub fn text(frame: &Frame) -> String {
    let mut text = String::new();
    let mut last = None;
    for run in runs(frame) {
        let line = (run.at.y.to_pt() * 2.0).round() as i64;
        if last.is_some_and(|last| last != line) {
            text.push('\n');
        }
        text += run.item.text.as_str();
        last = Some(line);
    }
    text
}

/// The whole text of a document.
pub fn whole_text(document: &PagedDocument) -> String {
    document.pages().iter().map(|page| text(&page.frame) + "\n").collect()
}

/// Pages with size, faces and text, and the outline: what a golden holds.
pub fn describe(document: &PagedDocument) -> String {
    let mut shown = String::new();
    for (index, page) in document.pages().iter().enumerate() {
        let size = page.frame.size();
        let millimetres = |length: Abs| length.to_mm().round();
        let _ = writeln!(
            shown,
            "== page {}: {} x {} mm",
            index + 1,
            millimetres(size.x),
            millimetres(size.y)
        );
        for (face, characters) in faces(&page.frame) {
            let _ = writeln!(shown, "{face}: {characters}");
        }
        let _ = writeln!(shown, "{}\n", text(&page.frame).replace('\u{2060}', ""));
    }
    let _ = writeln!(shown, "== outline");
    for (level, words) in headings(document) {
        let _ = writeln!(shown, "{}{words}", "  ".repeat(level - 1));
    }
    shown
}

/// The headings of a document with their levels.
pub fn headings(document: &PagedDocument) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for page in document.pages() {
        outline(&page.frame, &mut found);
    }
    found
}

/// The faces of a page with their sizes and how many characters are set in each.
fn faces(frame: &Frame) -> BTreeMap<String, usize> {
    let mut faces = BTreeMap::new();
    for Run { item, .. } in runs(frame) {
        let info = item.font.font().info();
        let weight = info.variant.weight.to_number();
        let name = format!("{} {weight} {:.1} pt", info.family, item.size.to_pt());
        *faces.entry(name).or_default() += item.text.chars().count();
    }
    faces
}

fn outline(frame: &Frame, found: &mut Vec<(usize, String)>) {
    for (_, item) in frame.items() {
        match item {
            FrameItem::Group(group) => outline(&group.frame, found),
            FrameItem::Tag(Tag::Start(content, _))
                if content.elem() == HeadingElem::ELEM =>
            {
                if let Some(heading) = content.to_packed::<HeadingElem>() {
                    let fixed =
                        heading.level.as_option().and_then(|level| level.custom());
                    let level = fixed.or(*heading.depth.as_option());
                    let level = level.map_or(1, std::num::NonZeroUsize::get);
                    found.push((level, heading.body.plain_text().to_string()));
                }
            }
            _ => {}
        }
    }
}

/// Where the drawn emphasis dots of a page begin.
pub fn dots(frame: &Frame) -> Vec<Point> {
    let mut found = Vec::new();
    for (at, item) in frame.items() {
        match item {
            FrameItem::Group(group) => {
                found.extend(dots(&group.frame).iter().map(|dot| *dot + *at));
            }
            FrameItem::Shape(shape, _) => {
                let round = shape.stroke.as_ref().is_some_and(|s| s.dash.is_some());
                found.extend(round.then_some(*at));
            }
            _ => {}
        }
    }
    found
}
