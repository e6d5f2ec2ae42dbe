//! The last pass over a rendered part: what only the whole output shows.
//!
//! One pass over the tokens draws the pictures, tells Word where the East Asian
//! font is meant, keeps ids unique that a loop has repeated, and repairs what a
//! removed paragraph or row leaves behind (a cell without a paragraph, a table
//! without rows, half a bookmark). It also proves that the part is well-formed,
//! and has the [`lint`](super::lint) look at what it writes.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::escape;
use super::facts::Facts;
use super::grid::{self, MOST_COLUMNS};
use super::lint::{LONGEST_BOOKMARK, Lint, Survey};
use super::names::{self, Names};
use super::order::{self, Properties};
use super::render::{BROKEN, HINT, PICTURE, RESUMED};
use super::rules::Rule;
use super::xml::{self, Kind, Malformed, Tokens};

/// Marks a table whose columns a tag changes, so that its grid may be wrong.
pub(super) const GRID: char = '\u{3}';

/// Stands before a table of ours: one that followed another at once would be joined
/// with it.
pub(super) const APART: char = '\u{5}';

/// What rendering leaves in the text for this pass.
const MARKS: [char; 6] = [HINT, PICTURE, GRID, APART, BROKEN, RESUMED];

/// The ids of a document that must be unique across its parts.
#[derive(Debug)]
pub(super) struct Ids<'f> {
    /// The template, whose other parts have ids, too.
    facts: &'f Facts,
    drawings: HashSet<u64>,
    paragraphs: HashSet<String>,
    /// The names of bookmarks, in lower case.
    pub(super) bookmarks: HashSet<String>,
    controls: HashSet<String>,
    next: u64,
}

impl<'f> Ids<'f> {
    /// The ids of a template's parts that are not rendered.
    pub(super) fn new(facts: &'f Facts) -> Self {
        Self {
            facts,
            drawings: HashSet::new(),
            paragraphs: HashSet::new(),
            bookmarks: HashSet::new(),
            controls: HashSet::new(),
            next: 0,
        }
    }

    /// An id for a drawing: the wanted one if that is free.
    fn drawing(&mut self, wanted: Option<u64>) -> u64 {
        let known = &self.facts.known.drawings;
        free(
            |id| !known.contains(&id) && self.drawings.insert(id),
            &mut self.next,
            wanted,
        )
    }

    /// Whether a paragraph's id is seen for the first time.
    fn paragraph(&mut self, id: &str) -> bool {
        !self.facts.known.paragraphs.contains(id) && self.paragraphs.insert(id.to_owned())
    }

    /// Whether a bookmark's name is seen for the first time.
    fn bookmark(&mut self, name: &str) -> bool {
        let name = name.to_lowercase();
        !self.facts.known.bookmarks.contains(&name) && self.bookmarks.insert(name)
    }

    /// Whether a control's id is seen for the first time.
    fn control(&mut self, id: &str) -> bool {
        !self.facts.known.controls.contains(id) && self.controls.insert(id.to_owned())
    }
}

/// A number that `take` takes: the wanted one or the next one.
fn free(mut take: impl FnMut(u64) -> bool, next: &mut u64, wanted: Option<u64>) -> u64 {
    if let Some(wanted) = wanted.filter(|id| take(*id)) {
        return wanted;
    }
    loop {
        *next += 1;
        if take(*next) {
            return *next;
        }
    }
}

/// Finishes a part, and tells what was seen in it. `drawings` are the pictures by
/// number; nothing stands for one that could not be drawn.
pub(super) fn finish(
    xml: &str,
    drawings: &[Option<String>],
    ids: &mut Ids<'_>,
) -> Result<(String, Survey), Malformed> {
    let mut finisher = Finisher {
        out: String::with_capacity(xml.len() + xml.len() / 16),
        frames: Vec::new(),
        drawings,
        ids,
        bookmark_ids: HashSet::new(),
        open_bookmarks: HashMap::new(),
        next_bookmark: 0,
        pieces: Pieces::default(),
        lint: Lint::new(),
    };
    for token in Tokens::new(xml) {
        let token = token?;
        let raw = &xml[token.span.clone()];
        match token.kind {
            Kind::Start => finisher.open(token.name, raw),
            Kind::Empty => finisher.empty(token.name, raw),
            Kind::End => finisher.close(raw),
            Kind::Text => finisher.text(raw),
            Kind::Other => finisher.out.push_str(raw),
        }
    }
    Ok(finisher.finish())
}

/// An open element.
struct Frame<'a> {
    name: &'a str,
    /// Where it begins in the output.
    start: usize,
    /// Whether it is a control that has lost its row or cell.
    hollow: bool,
    /// Whether it is a run with text that needs the East Asian font.
    hinted: bool,
    /// Whether it is a run that shows something.
    shown: bool,
    /// Whether it is a run that an anchor interrupts, or the rest of one.
    broken: bool,
    /// See `broken`.
    resumed: bool,
    /// The columns of a cell, a row, or the widest row of a table.
    columns: usize,
    /// Where the grid of a table is in the output.
    grid: Option<Range<usize>>,
    /// Whether the grid must be made to fit the rows.
    regrid: bool,
}

impl<'a> Frame<'a> {
    fn new(name: &'a str, start: usize) -> Self {
        Self {
            name,
            start,
            hollow: false,
            hinted: false,
            shown: false,
            broken: false,
            resumed: false,
            columns: usize::from(name == "w:tc"),
            grid: None,
            regrid: false,
        }
    }
}

struct Finisher<'a, 'i, 'f> {
    out: String,
    frames: Vec<Frame<'a>>,
    drawings: &'i [Option<String>],
    ids: &'i mut Ids<'f>,
    bookmark_ids: HashSet<u64>,
    /// The new ids of open bookmarks by their old ones.
    open_bookmarks: HashMap<String, Vec<u64>>,
    next_bookmark: u64,
    pieces: Pieces,
    lint: Lint<'static>,
}

/// The pieces of a run that anchors interrupted, up to here.
#[derive(Debug, Default)]
struct Pieces {
    /// Where they begin in the output.
    starts: Vec<usize>,
    /// Whether there is a run that goes on.
    open: bool,
    /// Whether one of them has text that needs the East Asian font: as in a
    /// run that is not interrupted, all of them take it.
    hinted: bool,
}

impl<'a> Finisher<'a, '_, '_> {
    fn open(&mut self, name: &'a str, raw: &str) {
        let start = self.out.len();
        self.tag(name, raw);
        self.lint.open(name, &self.out[start..]);
        self.frames.push(Frame::new(name, start));
    }

    fn empty(&mut self, name: &'a str, raw: &str) {
        if matches!(name, "w:tbl" | "w:tr" | "w:tc" | "w:sdtContent") {
            let open = raw.trim_end_matches("/>");
            self.open(name, &format!("{open}>"));
            return self.close(&format!("</{name}>"));
        }
        let start = self.out.len();
        self.tag(name, raw);
        if self.out.len() == start {
            return;
        }
        self.lint.empty(name, &self.out[start..]);
        self.note(name);
        match name {
            "w:gridSpan" => self.span(raw, "w:tc"),
            "w:gridBefore" | "w:gridAfter" => self.span(raw, "w:tr"),
            "w:tblGrid" => self.note_grid(self.out.len() - raw.len()),
            _ => {}
        }
    }

    /// The innermost open element of a name.
    fn around(&mut self, name: &str) -> Option<&mut Frame<'a>> {
        self.frames.iter_mut().rev().find(|frame| frame.name == name)
    }

    /// Counts the columns that a cell spans or a row leaves out.
    fn span(&mut self, raw: &str, of: &str) {
        let columns = xml::attribute(raw, "w:val").and_then(|value| value.parse().ok());
        let columns: usize = columns.unwrap_or(0).min(MOST_COLUMNS);
        if let Some(frame) = self.around(of) {
            match of {
                "w:tc" => frame.columns = columns.max(1),
                _ => frame.columns += columns,
            }
        }
    }

    fn note_grid(&mut self, start: usize) {
        let end = self.out.len();
        if let Some(table) = self.frames.last_mut().filter(|f| f.name == "w:tbl") {
            table.grid = Some(start..end);
        }
    }

    /// Counts the columns of a cell or row for what is around it, and mends
    /// the grid of a table.
    fn count(&mut self, frame: &Frame<'a>) {
        match frame.name {
            "w:tc" => {
                if let Some(row) = self.around("w:tr") {
                    row.columns += frame.columns;
                }
            }
            "w:tr" => {
                if let Some(table) = self.around("w:tbl") {
                    table.columns = table.columns.max(frame.columns);
                }
            }
            "w:tblGrid" => self.note_grid(frame.start),
            "w:tbl" if frame.regrid => {
                if let Some(grid) = frame.grid.clone() {
                    let mended = grid::fit(&self.out[grid.clone()], frame.columns);
                    self.out.replace_range(grid, &mended);
                }
            }
            _ => {}
        }
    }

    /// Tells the element around that it has a child.
    fn note(&mut self, name: &'a str) {
        if let Some(frame) = self.frames.last_mut() {
            frame.shown |= !matches!(name, "w:rPr" | "w:t");
        }
    }

    fn close(&mut self, raw: &str) {
        let (Some(frame), Some(level)) = (self.frames.pop(), self.lint.top()) else {
            return;
        };
        match frame.name {
            "w:tbl" | "w:tr" if !level.filled => return self.remove(frame.start),
            "w:sdt" if frame.hollow => return self.remove(frame.start),
            "w:tc" if !level.ends_with_paragraph() => self.add("w:p"),
            "w:hdr" | "w:ftr" | "w:txbxContent" | "w:footnote" | "w:endnote"
            | "w:comment"
                if !level.filled =>
            {
                self.add("w:p");
            }
            "w:sdtContent" if !level.filled && !self.fill() => {
                self.out.push_str(raw);
                return self.lint.retract();
            }
            _ => {}
        }
        self.out.push_str(raw);
        if level.disordered {
            self.sort(&frame);
        }
        match frame.name {
            "w:r" if !self.run(&frame) => return self.lint.retract(),
            "w:p" => self.end_pieces(),
            _ => {}
        }
        self.lint.close();
        self.note(frame.name);
        self.count(&frame);
    }

    /// Adds an element without content.
    fn add(&mut self, name: &str) {
        let tag = format!("<{name}/>");
        self.lint.empty(name, &tag);
        self.out.push_str(&tag);
    }

    /// Removes the element that begins at a position. What begins or ends at a
    /// mark inside of it is elsewhere: the marks stay.
    fn remove(&mut self, start: usize) {
        self.lint.retract();
        let cut = self.out.split_off(start);
        let names = Names::get();
        for token in Tokens::new(&cut).map_while(Result::ok) {
            let entry = names.entry(names.id(token.name));
            if entry.class & names::class::MARK != 0 {
                self.out.push_str(&cut[token.span]);
            }
        }
    }

    /// Gives an empty control the content that its place asks for. Where that
    /// would be a row or a cell, it gets none, and goes.
    fn fill(&mut self) -> bool {
        let around = self.frames.iter().rev().map(|frame| frame.name);
        let home = around.into_iter().find(|name| {
            !matches!(*name, "w:sdt" | "w:sdtContent" | "w:customXml" | "w:smartTag")
        });
        match home {
            Some("w:tbl" | "w:tr") => {
                if let Some(control) = self.frames.last_mut() {
                    control.hollow = true;
                }
                return false;
            }
            Some(
                "w:body" | "w:tc" | "w:hdr" | "w:ftr" | "w:txbxContent" | "w:footnote"
                | "w:endnote" | "w:comment",
            ) => self.add("w:p"),
            _ => self.add("w:r"),
        }
        true
    }

    /// Puts the children of properties into order, unless the template has them
    /// in disorder itself.
    fn sort(&mut self, frame: &Frame<'a>) {
        let name = frame.name;
        if !names::is_sorted(name) || self.ids.facts.has_disorder(name) {
            return;
        }
        let sorted = order::sorted(&self.out[frame.start..]);
        self.out.truncate(frame.start);
        self.out.push_str(&sorted);
        self.lint.sorted(name);
    }

    /// The part and what was seen in it.
    fn finish(self) -> (String, Survey) {
        let open: HashSet<u64> = self.open_bookmarks.into_values().flatten().collect();
        let out = match open.is_empty() {
            true => self.out,
            false => close_bookmarks(&self.out, &open),
        };
        (out, self.lint.finish())
    }

    /// Finishes a run; tells whether it is kept. A piece of a run of which
    /// nothing is left is not.
    fn run(&mut self, frame: &Frame<'a>) -> bool {
        if frame.broken && !frame.resumed {
            self.end_pieces();
            self.pieces.open = true;
        }
        self.pieces.hinted |= frame.hinted;
        let kept = frame.shown || !(frame.broken || frame.resumed);
        match (kept, self.pieces.open) {
            (false, _) => self.out.truncate(frame.start),
            (true, true) => self.pieces.starts.push(frame.start),
            (true, false) if frame.hinted => self.hint(frame.start),
            (true, false) => {}
        }
        if frame.resumed && !frame.broken {
            self.end_pieces();
        }
        kept
    }

    /// Ends the run that anchors interrupted.
    fn end_pieces(&mut self) {
        let pieces = std::mem::take(&mut self.pieces);
        // From the last to the first: a hint moves what follows it.
        for start in pieces.starts.into_iter().rev().filter(|_| pieces.hinted) {
            self.hint(start);
        }
    }

    fn text(&mut self, raw: &str) {
        if !raw.bytes().any(|byte| byte < 8) {
            self.show();
            self.lint.text(raw);
            self.out.push_str(raw);
            return;
        }
        if raw.contains(APART) {
            if self.lint.top().is_some_and(|level| level.ends_with_table()) {
                self.add("w:p");
            }
            self.out.extend(raw.chars().filter(|c| *c != APART));
            return;
        }
        if raw.contains(GRID) {
            if let Some(table) = self.around("w:tbl") {
                table.regrid = true;
            }
            self.out.extend(raw.chars().filter(|c| *c != GRID));
            return;
        }
        if let Some(run) = self.around("w:r") {
            run.hinted |= raw.contains(HINT);
            run.broken |= raw.contains(BROKEN);
            run.resumed |= raw.contains(RESUMED);
            run.shown |= raw.contains(|c| !MARKS.contains(&c));
        }
        for (index, piece) in raw.split(PICTURE).enumerate() {
            if index % 2 == 0 {
                let start = self.out.len();
                self.out.extend(piece.chars().filter(|c| !MARKS.contains(c)));
                self.lint.text(&self.out[start..]);
            } else if let Some(Some(drawing)) =
                piece.parse().ok().and_then(|number: usize| self.drawings.get(number))
            {
                self.drawing(drawing);
            }
        }
    }

    /// Notes that the run around has text.
    fn show(&mut self) {
        let mut frames = self.frames.iter_mut().rev();
        if frames.next().is_some_and(|text| text.name == "w:t")
            && let Some(run) = frames.next()
        {
            run.shown = true;
        }
    }

    /// Writes a drawing of ours with an id of its own.
    fn drawing(&mut self, drawing: &str) {
        let id = self.ids.drawing(None);
        let docpr = format!("<wp:docPr id=\"{id}\"");
        let drawing = drawing.replacen("<wp:docPr id=\"1\"", &docpr, 1);
        self.lint.markup(&drawing);
        self.out.push_str(&drawing);
    }

    /// Gives the run that begins at a position the East Asian font.
    fn hint(&mut self, start: usize) {
        let run = self.out.split_off(start);
        let body = run.find('>').map_or(run.len(), |end| end + 1);
        let (open, rest) = run.split_at(body);
        let end = rest.find("</w:rPr>").map(|end| end + "</w:rPr>".len());
        let properties = end.filter(|_| rest.starts_with("<w:rPr>")).unwrap_or(0);
        let mut merged = Properties::read(&rest[..properties]);
        merged.set("w:rFonts", "<w:rFonts w:hint=\"eastAsia\"/>".to_owned());
        self.out.push_str(open);
        self.out.push_str(&merged.write("w:rPr"));
        self.out.push_str(&rest[properties..]);
    }

    /// Writes a start tag, its ids made unique.
    fn tag(&mut self, name: &str, raw: &str) {
        match name {
            "wp:docPr" => {
                let wanted = xml::attribute(raw, "id").and_then(|id| id.parse().ok());
                let id = self.ids.drawing(wanted);
                self.replaced(raw, &[("id", &id.to_string())]);
            }
            "w:bookmarkStart" => self.bookmark_start(raw),
            "w:bookmarkEnd" => self.bookmark_end(raw),
            "w:id" if self.frames.last().is_some_and(|frame| frame.name == "w:sdtPr") => {
                // A control without an id gets one from Word.
                let id = xml::attribute(raw, "w:val").unwrap_or_default();
                if self.ids.control(&id) || !raw.ends_with("/>") {
                    self.out.push_str(raw);
                }
            }
            "w:p" | "w:tr" => self.paragraph(raw),
            "w:fldChar" if self.is_stray(raw) => {}
            _ => self.out.push_str(raw),
        }
    }

    /// A paragraph or row: the second of the same id gives its id up.
    fn paragraph(&mut self, raw: &str) {
        match xml::attribute(raw, "w14:paraId") {
            Some(id) if !self.ids.paragraph(&id) => {
                let mut at = 0;
                for (name, value) in xml::attributes(raw) {
                    if matches!(name, "w14:paraId" | "w14:textId") {
                        let start = value.start - name.len() - 2;
                        self.out.push_str(raw[at..start].trim_end());
                        at = value.end + 1;
                    }
                }
                self.out.push_str(&raw[at..]);
            }
            _ => self.out.push_str(raw),
        }
    }

    /// Whether a tag ends or divides a field that has not begun: what is left
    /// of the field is its result, as plain text.
    fn is_stray(&self, raw: &str) -> bool {
        let kind = xml::attribute(raw, "w:fldCharType");
        !self.lint.in_field()
            && raw.ends_with("/>")
            && matches!(kind.as_deref(), Some("separate" | "end"))
            && !self.ids.facts.has(Rule::OpenField, "end")
    }

    fn bookmark_start(&mut self, raw: &str) {
        let old = xml::attribute(raw, "w:id").unwrap_or_default().into_owned();
        let seen = &mut self.bookmark_ids;
        let wanted = old.parse().ok();
        let id = free(|id| seen.insert(id), &mut self.next_bookmark, wanted);
        self.open_bookmarks.entry(old).or_default().push(id);
        let name = xml::attribute(raw, "w:name").unwrap_or_default();
        let name = self.bookmark_name(&name);
        self.replaced(raw, &[("w:id", &id.to_string()), ("w:name", &name)]);
    }

    /// A bookmark's name, numbered if it was there already.
    fn bookmark_name(&mut self, name: &str) -> String {
        let mut unique = name.to_owned();
        let mut count = 1;
        while !self.ids.bookmark(&unique) {
            count += 1;
            let suffix = format!("_{count}");
            let keep = LONGEST_BOOKMARK - suffix.len();
            unique = name.chars().take(keep).collect::<String>() + &suffix;
        }
        unique
    }

    fn bookmark_end(&mut self, raw: &str) {
        let old = xml::attribute(raw, "w:id").unwrap_or_default();
        let open = self.open_bookmarks.get_mut(old.as_ref());
        // The end of a bookmark whose beginning is gone, goes too.
        if let Some(id) = open.and_then(Vec::pop) {
            self.replaced(raw, &[("w:id", &id.to_string())]);
        }
    }

    /// Writes a tag with the values of some attributes replaced.
    fn replaced(&mut self, raw: &str, values: &[(&str, &str)]) {
        let mut at = 0;
        for (name, value) in xml::attributes(raw) {
            if let Some((_, new)) = values.iter().find(|(wanted, _)| *wanted == name) {
                self.out.push_str(&raw[at..value.start]);
                if xml::decode(&raw[value.clone()]) == *new {
                    self.out.push_str(&raw[value.clone()]);
                } else {
                    self.out.push_str(&escape::escape_attribute(new));
                }
                at = value.end;
            }
        }
        self.out.push_str(&raw[at..]);
    }
}

/// A part with bookmarks ended where they begin, for want of an end.
fn close_bookmarks(xml: &str, open: &HashSet<u64>) -> String {
    let mut out = String::with_capacity(xml.len() + 64 * open.len());
    for token in Tokens::new(xml).map_while(Result::ok) {
        let raw = &xml[token.span];
        out.push_str(raw);
        if token.name != "w:bookmarkStart" || token.kind == Kind::End {
            continue;
        }
        let id = xml::attribute(raw, "w:id").and_then(|id| id.parse().ok());
        if let Some(id) = id.filter(|id| open.contains(id)) {
            out.push_str(&format!("<w:bookmarkEnd w:id=\"{id}\"/>"));
        }
    }
    out
}
