//! The account of a PDF, from its tags.
//!
//! - What stands directly in a `Div` or a cell without a `P` around it is a
//!   paragraph, too: Typst writes `Span` with the placement of a block for it.
//! - A grid is written as nested `Div`s, a table as `Table`.
//! - A head row of a table that is one cell across is its caption: that is how a
//!   caption is repeated, with 续 before it, on the next page.
//! - A caption is told after what it belongs to.
//! - Labels (`Lbl`) of lists and notes are numbers that Word counts by itself.
//! - Contents (`TOC`), artifacts and the text of drawings are left out; a drawing
//!   is told by its alternative text.

use super::account::{Account, Cell, Kind, Piece, Spot};
use super::is_contents_title;
use crate::docx::reading::NOTE;
use crate::pdf::reading::{Child, Element, Span};

/// The account of the tags of a PDF.
pub fn account(root: &Element) -> Account {
    let mut teller = Teller::default();
    teller.flow(root, Kind::Paragraph);
    teller.account
}

#[derive(Default)]
struct Teller {
    account: Account,
    tables: usize,
    grids: usize,
    /// The grid that is being told, if any.
    grid: Option<usize>,
    /// The page of the last text, for what has none of its own.
    page: usize,
}

/// Text that is being gathered.
#[derive(Default)]
struct Gathered {
    text: String,
    page: Option<usize>,
}

/// How a tag takes part in the text around it.
enum Part {
    Inline,
    Block,
    Table,
    List,
    Figure,
    Note,
    Heading(usize),
    Nothing,
    Contents,
}

fn part(element: &Element) -> Part {
    let level = |name: &str| name.strip_prefix('H')?.parse::<usize>().ok();
    match element.role.as_str() {
        "Table" => Part::Table,
        "L" => Part::List,
        "Figure" | "Formula" => Part::Figure,
        "Note" | "FENote" => Part::Note,
        "H" => Part::Heading(1),
        "Lbl" | "Artifact" => Part::Nothing,
        "TOC" => Part::Contents,
        "Span" if element.placement.as_deref() == Some("Block") => Part::Block,
        "Span" | "Em" | "Strong" | "Sub" | "Link" | "Reference" | "Quote" | "Code"
        | "Annot" | "Ruby" | "RB" | "Warichu" | "WT" | "BibEntry" => Part::Inline,
        "RT" | "RP" | "WP" => Part::Nothing,
        role => level(role).map_or(Part::Block, Part::Heading),
    }
}

impl Teller {
    /// Tells the content of a tag in order: text that is not in a block of its own
    /// is a piece of the kind given; the kind goes to the first piece only if it is
    /// an item's.
    fn flow(&mut self, element: &Element, kind: Kind) {
        let mut kind = kind;
        let mut text = Gathered::default();
        self.walk(element, &mut text, &mut kind);
        self.close(&mut text, &mut kind);
    }

    fn walk(&mut self, element: &Element, text: &mut Gathered, kind: &mut Kind) {
        let mut captions = Vec::new();
        let mut before = None;
        for child in &element.children {
            match child {
                Child::Span(span) => self.say(span, text),
                Child::Element(inner) if inner.role == "Caption" => captions.push(inner),
                Child::Element(inner) => {
                    mark(before, inner, text);
                    self.child(inner, text, kind);
                }
                Child::Object => {}
            }
            before = Some(child);
        }
        // Typst writes a caption before what it belongs to, wherever it stands.
        for caption in captions {
            self.close(text, kind);
            self.whole(caption, Kind::Caption);
        }
    }

    fn child(&mut self, inner: &Element, text: &mut Gathered, kind: &mut Kind) {
        match part(inner) {
            Part::Nothing => return,
            Part::Inline => return self.walk(inner, text, kind),
            Part::Note => return self.note(inner),
            _ => self.close(text, kind),
        }
        match part(inner) {
            Part::Heading(level) => self.heading(inner, level),
            Part::Table => self.table(inner),
            Part::List => self.list(inner),
            Part::Figure => self.figure(inner),
            Part::Contents => self.contents(),
            _ => self.block(inner, kind),
        }
    }

    /// Ends a piece of text.
    fn close(&mut self, text: &mut Gathered, kind: &mut Kind) {
        let gathered = std::mem::take(text);
        let spot = Spot::Page(gathered.page.unwrap_or(self.page) + 1);
        let mut piece = Piece::new(*kind, &gathered.text, spot);
        piece.grid = self.grid;
        if !piece.key.is_empty() && *kind == Kind::Item {
            *kind = Kind::Paragraph;
        }
        self.account.push(piece);
    }

    fn block(&mut self, element: &Element, kind: &mut Kind) {
        let outer = self.grid;
        if element.role == "Div" && outer.is_none() {
            self.grids += 1;
            self.grid = Some(self.grids);
        }
        let mut text = Gathered::default();
        self.walk(element, &mut text, kind);
        self.close(&mut text, kind);
        self.grid = outer;
    }

    /// All the text of a tag as one piece; notes, pictures and tables in it are
    /// told as well.
    fn whole(&mut self, element: &Element, kind: Kind) {
        let mut text = Gathered::default();
        self.gather(element, &mut text);
        let spot = Spot::Page(text.page.unwrap_or(self.page) + 1);
        let mut piece = Piece::new(kind, &text.text, spot);
        piece.grid = self.grid;
        self.account.push(piece);
    }

    fn heading(&mut self, element: &Element, level: usize) {
        self.whole(element, Kind::Heading(level));
    }

    fn gather(&mut self, element: &Element, text: &mut Gathered) {
        let mut before = None;
        for child in &element.children {
            match child {
                Child::Span(span) => self.say(span, text),
                Child::Element(inner) => {
                    mark(before, inner, text);
                    match part(inner) {
                        Part::Nothing | Part::Contents => {}
                        Part::Note => self.note(inner),
                        Part::Figure => self.figure(inner),
                        _ => self.gather(inner, text),
                    }
                }
                Child::Object => {}
            }
            before = Some(child);
        }
    }

    fn say(&mut self, span: &Span, text: &mut Gathered) {
        text.page = text.page.or(Some(span.page));
        text.text.push_str(&span.text);
        self.page = span.page;
    }

    fn note(&mut self, element: &Element) {
        // A note may have a note: it comes after.
        let at = self.account.notes.len();
        let mut text = Gathered::default();
        self.gather(element, &mut text);
        let spot = Spot::Page(text.page.unwrap_or(self.page) + 1);
        self.account.notes.insert(at, Piece::new(Kind::Note, &text.text, spot));
    }

    fn list(&mut self, list: &Element) {
        for item in elements(list) {
            match item.role.as_str() {
                "LI" => self.flow(item, Kind::Item),
                "Caption" => self.whole(item, Kind::Caption),
                _ => self.flow(item, Kind::Paragraph),
            }
        }
    }

    fn figure(&mut self, figure: &Element) {
        let alt = figure.alt.as_deref().unwrap_or_default();
        let spot = Spot::Page(first_page(figure).unwrap_or(self.page) + 1);
        self.account.push(Piece::new(Kind::Picture, alt, spot));
        match alt {
            "" => self.flow(figure, Kind::Paragraph),
            _ => {
                let inside = elements(figure);
                for caption in inside.filter(|inner| inner.role == "Caption") {
                    self.whole(caption, Kind::Caption);
                }
            }
        }
    }

    /// The title of the contents goes with them.
    fn contents(&mut self) {
        let is_title = |piece: &Piece| is_contents_title(&piece.key);
        if self.account.body.last().is_some_and(is_title) {
            self.account.body.pop();
        }
    }

    fn table(&mut self, table: &Element) {
        self.tables += 1;
        for caption in elements(table).filter(|inner| inner.role == "Caption") {
            self.whole(caption, Kind::Caption);
        }
        let mut rows = Vec::new();
        gather_rows(table, &mut rows);
        let width = width(&rows);
        let mut grid = Occupied::default();
        let mut number = 0;
        for row in rows {
            let cells: Vec<&Element> = elements(row).collect();
            if let [only] = cells[..]
                && number == 0
                && only.role == "TH"
                && only.spans.1 >= width
                && width > 1
            {
                self.whole(only, Kind::Caption);
                continue;
            }
            number += 1;
            grid.next_row();
            for cell in cells {
                let column = grid.place(cell.spans);
                let place = Cell { table: self.tables, row: number, column, sure: true };
                self.whole(cell, Kind::Cell(place));
            }
        }
    }
}

/// Typst writes a note behind its mark: one without a mark is not referred to.
fn mark(before: Option<&Child>, inner: &Element, text: &mut Gathered) {
    let is_mark =
        |child: &Child| matches!(child, Child::Element(label) if label.role == "Lbl");
    if matches!(part(inner), Part::Note) && before.is_some_and(is_mark) {
        text.text.push(NOTE);
    }
}

fn elements(parent: &Element) -> impl Iterator<Item = &Element> {
    parent.children.iter().filter_map(|child| match child {
        Child::Element(element) => Some(element),
        Child::Span(_) | Child::Object => None,
    })
}

fn first_page(element: &Element) -> Option<usize> {
    element.children.iter().find_map(|child| match child {
        Child::Span(span) => Some(span.page),
        Child::Element(inner) => first_page(inner),
        Child::Object => None,
    })
}

fn gather_rows<'e>(parent: &'e Element, rows: &mut Vec<&'e Element>) {
    for inner in elements(parent) {
        match inner.role.as_str() {
            "TR" => rows.push(inner),
            "Caption" => {}
            _ => gather_rows(inner, rows),
        }
    }
}

/// How many columns the rows have.
fn width(rows: &[&Element]) -> usize {
    let widths = rows.iter().map(|row| elements(row).map(|cell| cell.spans.1).sum());
    widths.max().unwrap_or(0)
}

/// The columns that cells of the rows above reach down into.
#[derive(Default)]
struct Occupied {
    /// For each column, how many rows it is still taken.
    taken: Vec<usize>,
    column: usize,
}

impl Occupied {
    fn next_row(&mut self) {
        self.column = 0;
        for rows in &mut self.taken {
            *rows = rows.saturating_sub(1);
        }
    }

    /// The column, from 1, of the next cell of the row.
    fn place(&mut self, (rows, columns): (usize, usize)) -> usize {
        while self.taken.get(self.column).is_some_and(|rows| *rows > 0) {
            self.column += 1;
        }
        let first = self.column;
        // A damaged file may ask for any number.
        self.column = first + columns.clamp(1, 1000);
        if self.taken.len() < self.column {
            self.taken.resize(self.column, 0);
        }
        self.taken[first..self.column].fill(rows);
        first + 1
    }
}
