//! The last pass over a rendered part: what only the whole output shows.
//!
//! One pass over the tokens draws the pictures, tells Word where the East Asian
//! font is meant, keeps ids unique that a loop has repeated, and repairs what a
//! removed paragraph or row leaves behind (a cell without a paragraph, a table
//! without rows, half a bookmark). It also proves that the part is well-formed,
//! and has the [`lint`](super::lint) look at what it writes.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::facts::Facts;
use super::grid::{self, MOST_COLUMNS};
use super::lint::{LONGEST_BOOKMARK, Lint, Survey};
use super::names::{self, Id, Names};
use super::rules::Rule;
use crate::docx::opc::escape;
use crate::docx::opc::order::{self, Properties};
use crate::docx::opc::xml::{self, Kind, Malformed, Tokens};
use crate::docx::render::marks::{APART, BROKEN, GRID, HINT, PICTURE, RESUMED};

/// What rendering leaves in the text for this pass.
const MARKS: [char; 6] = [HINT, PICTURE, GRID, APART, BROKEN, RESUMED];

/// The ids of a document that must be unique across its parts.
#[derive(Debug)]
pub(crate) struct Ids<'f> {
    /// The template, whose other parts have ids, too.
    facts: &'f Facts,
    drawings: HashSet<u64>,
    paragraphs: HashSet<String>,
    /// The names of bookmarks, in lower case.
    pub(crate) bookmarks: HashSet<String>,
    controls: HashSet<String>,
    next: u64,
}

impl<'f> Ids<'f> {
    /// The ids of a template's parts that are not rendered.
    pub(crate) fn new(facts: &'f Facts) -> Self {
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
pub(crate) fn finish(
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
        counts: HashMap::new(),
        pieces: Pieces::default(),
        lint: Lint::new(),
    };
    let names = Names::get();
    for token in Tokens::new(xml) {
        let token = token?;
        let raw = &xml[token.span.clone()];
        match token.kind {
            Kind::Start => finisher.open(names.id(token.name), raw),
            Kind::Empty => finisher.empty(names.id(token.name), raw),
            Kind::End => finisher.close(raw),
            Kind::Text => finisher.text(raw),
            Kind::Other => finisher.out.push_str(raw),
        }
    }
    Ok(finisher.finish())
}

/// An open element.
struct Frame {
    id: Id,
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

impl Frame {
    fn new(id: Id, start: usize) -> Self {
        Self {
            id,
            start,
            hollow: false,
            hinted: false,
            shown: false,
            broken: false,
            resumed: false,
            columns: usize::from(id == names::CELL),
            grid: None,
            regrid: false,
        }
    }
}

struct Finisher<'i, 'f> {
    out: String,
    frames: Vec<Frame>,
    drawings: &'i [Option<String>],
    ids: &'i mut Ids<'f>,
    bookmark_ids: HashSet<u64>,
    /// The new ids of open bookmarks by their old ones.
    open_bookmarks: HashMap<String, Vec<u64>>,
    next_bookmark: u64,
    /// The last number given to bookmarks of one name.
    counts: HashMap<String, usize>,
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

impl Finisher<'_, '_> {
    fn open(&mut self, id: Id, raw: &str) {
        let start = self.out.len();
        self.tag(id, raw);
        self.lint.open(id, &self.out[start..]);
        self.frames.push(Frame::new(id, start));
    }

    fn empty(&mut self, id: Id, raw: &str) {
        if matches!(id, names::TABLE | names::ROW | names::CELL | names::CONTENT) {
            let (open, name) = (raw.trim_end_matches("/>"), Names::get().name(id));
            self.open(id, &format!("{open}>"));
            return self.close(&format!("</{name}>"));
        }
        let start = self.out.len();
        self.tag(id, raw);
        if self.out.len() == start {
            return;
        }
        self.lint.empty(id, &self.out[start..]);
        self.note(id);
        match id {
            names::GRID_SPAN => self.span(raw, names::CELL),
            names::GRID_BEFORE | names::GRID_AFTER => self.span(raw, names::ROW),
            names::TABLE_GRID => self.note_grid(self.out.len() - raw.len()),
            _ => {}
        }
    }

    /// The innermost open element of a name.
    fn around(&mut self, id: Id) -> Option<&mut Frame> {
        self.frames.iter_mut().rev().find(|frame| frame.id == id)
    }

    /// Counts the columns that a cell spans or a row leaves out.
    fn span(&mut self, raw: &str, of: Id) {
        let columns = xml::attribute(raw, "w:val").and_then(|value| value.parse().ok());
        let columns: usize = columns.unwrap_or(0).min(MOST_COLUMNS);
        if let Some(frame) = self.around(of) {
            match of {
                names::CELL => frame.columns = columns.max(1),
                _ => frame.columns += columns,
            }
        }
    }

    fn note_grid(&mut self, start: usize) {
        let end = self.out.len();
        if let Some(table) = self.frames.last_mut().filter(|f| f.id == names::TABLE) {
            table.grid = Some(start..end);
        }
    }

    /// Counts the columns of a cell or row for what is around it, and mends
    /// the grid of a table.
    fn count(&mut self, frame: &Frame) {
        match frame.id {
            names::CELL => {
                if let Some(row) = self.around(names::ROW) {
                    row.columns += frame.columns;
                }
            }
            names::ROW => {
                if let Some(table) = self.around(names::TABLE) {
                    table.columns = table.columns.max(frame.columns);
                }
            }
            names::TABLE_GRID => self.note_grid(frame.start),
            names::TABLE if frame.regrid => {
                if let Some(grid) = frame.grid.clone() {
                    let mended = grid::fit(&self.out[grid.clone()], frame.columns);
                    self.out.replace_range(grid, &mended);
                }
            }
            _ => {}
        }
    }

    /// Tells the element around that it has a child.
    fn note(&mut self, id: Id) {
        if let Some(frame) = self.frames.last_mut() {
            frame.shown |= !matches!(id, names::RUN_PROPERTIES | names::TEXT);
        }
    }

    fn close(&mut self, raw: &str) {
        let (Some(frame), Some(level)) = (self.frames.pop(), self.lint.top()) else {
            return;
        };
        match frame.id {
            names::TABLE | names::ROW if !level.filled => {
                return self.remove(frame.start);
            }
            names::CONTROL if frame.hollow => return self.remove(frame.start),
            names::CELL if !level.ends_with_paragraph() => self.add(names::PARAGRAPH),
            names::HEADER
            | names::FOOTER
            | names::TEXT_BOX
            | names::FOOTNOTE
            | names::ENDNOTE
            | names::COMMENT
                if !level.filled =>
            {
                self.add(names::PARAGRAPH);
            }
            names::CONTENT if !level.filled && !self.fill() => {
                self.out.push_str(raw);
                return self.lint.retract();
            }
            _ => {}
        }
        self.out.push_str(raw);
        if level.disordered {
            self.sort(&frame);
        }
        match frame.id {
            names::RUN if !self.run(&frame) => return self.lint.retract(),
            names::PARAGRAPH => self.end_pieces(),
            _ => {}
        }
        self.lint.close();
        self.note(frame.id);
        self.count(&frame);
    }

    /// Adds an element without content.
    fn add(&mut self, id: Id) {
        let name = Names::get().name(id);
        let tag = format!("<{name}/>");
        self.lint.empty(id, &tag);
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
        let mut around = self.frames.iter().rev().map(|frame| frame.id);
        let home = around.find(|id| {
            !matches!(
                *id,
                names::CONTROL | names::CONTENT | names::CUSTOM_XML | names::SMART_TAG
            )
        });
        match home {
            Some(names::TABLE | names::ROW) => {
                if let Some(control) = self.frames.last_mut() {
                    control.hollow = true;
                }
                return false;
            }
            Some(
                names::BODY
                | names::CELL
                | names::HEADER
                | names::FOOTER
                | names::TEXT_BOX
                | names::FOOTNOTE
                | names::ENDNOTE
                | names::COMMENT,
            ) => self.add(names::PARAGRAPH),
            _ => self.add(names::RUN),
        }
        true
    }

    /// Puts the children of properties into order, unless the template has them
    /// in disorder itself.
    fn sort(&mut self, frame: &Frame) {
        let name = Names::get().name(frame.id);
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
    fn run(&mut self, frame: &Frame) -> bool {
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
        if !raw.bytes().any(is_control) {
            self.show();
            self.lint.text(raw);
            self.out.push_str(raw);
            return;
        }
        if raw.contains(APART) {
            if self.lint.top().is_some_and(|level| level.ends_with_table()) {
                self.add(names::PARAGRAPH);
            }
            self.out.extend(raw.chars().filter(|c| *c != APART));
            return;
        }
        if raw.contains(GRID) {
            if let Some(table) = self.around(names::TABLE) {
                table.regrid = true;
            }
            self.out.extend(raw.chars().filter(|c| *c != GRID));
            return;
        }
        if let Some(run) = self.around(names::RUN) {
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
        if frames.next().is_some_and(|text| text.id == names::TEXT)
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

    fn is_in(&self, id: Id) -> bool {
        self.frames.last().is_some_and(|frame| frame.id == id)
    }

    /// Writes a start tag, its ids made unique.
    fn tag(&mut self, id: Id, raw: &str) {
        match id {
            names::DRAWING_PROPERTIES => {
                let wanted = xml::attribute(raw, "id").and_then(|id| id.parse().ok());
                let id = self.ids.drawing(wanted);
                self.replaced(raw, &[("id", &id.to_string())]);
            }
            names::BOOKMARK_START => self.bookmark_start(raw),
            names::BOOKMARK_END => self.bookmark_end(raw),
            names::ID if self.is_in(names::CONTROL_PROPERTIES) => {
                // A control without an id gets one from Word.
                let id = xml::attribute(raw, "w:val").unwrap_or_default();
                if self.ids.control(&id) || !raw.ends_with("/>") {
                    self.out.push_str(raw);
                }
            }
            names::PARAGRAPH | names::ROW => self.paragraph(raw),
            names::FIELD if self.is_stray(raw) => {}
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
        if self.ids.bookmark(name) {
            return name.to_owned();
        }
        // A loop may have made a great many already.
        let mut count = self.counts.get(name).copied().unwrap_or(1);
        loop {
            count += 1;
            let suffix = format!("_{count}");
            let keep = LONGEST_BOOKMARK.saturating_sub(suffix.len());
            let unique = name.chars().take(keep).collect::<String>() + &suffix;
            if self.ids.bookmark(&unique) {
                self.counts.insert(name.to_owned(), count);
                return unique;
            }
        }
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

/// Whether a byte is a control character that XML forbids: a mark of rendering.
fn is_control(byte: u8) -> bool {
    byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r')
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
