//! The account of a Word document.
//!
//! - A table with a row that is marked as its head is a table; another may be there
//!   for layout, and its paragraphs count one by one.
//! - Tables of contents and the title above them are left out.

use super::account::{Account, Cell, Kind, Piece, Spot};
use super::is_contents_title;
use crate::docx::reading::{Block, Paragraph, Reading, Role, Table};

/// The account of a document.
pub fn account(reading: &Reading) -> Account {
    let mut teller = Teller { account: Account::default(), tables: 0 };
    teller.blocks(&reading.blocks, None);
    let Teller { mut account, .. } = teller;
    captions_below(&mut account.body);
    for note in &reading.notes {
        if let Some(first) = note.first() {
            let spot = Spot::Word(first.place.clone());
            account.notes.push(Piece::new(Kind::Note, &joined(note), spot));
        }
    }
    account
}

/// A caption above a picture is told after it, as one below: only tables have theirs
/// before them.
fn captions_below(body: &mut [Piece]) {
    let is_picture =
        |piece: Option<&Piece>| piece.is_some_and(|piece| piece.kind == Kind::Picture);
    let mut at = 0;
    while at + 1 < body.len() {
        let below = at > 0 && is_picture(body.get(at - 1));
        let above = body[at].kind == Kind::Caption && is_picture(body.get(at + 1));
        if above && !below {
            body.swap(at, at + 1);
            at += 1;
        }
        at += 1;
    }
}

struct Teller {
    account: Account,
    tables: usize,
}

impl Teller {
    /// Tells blocks; in a table for layout they are in its cell.
    fn blocks(&mut self, blocks: &[Block], cell: Option<Cell>) {
        let mut after_contents = false;
        for block in blocks {
            match block {
                Block::Paragraph(paragraph) => {
                    let contents = paragraph.role == Role::Contents;
                    if contents && !after_contents {
                        self.drop_contents_title();
                    }
                    after_contents = contents;
                    self.paragraph(paragraph, cell);
                }
                Block::Table(table) => {
                    after_contents = false;
                    self.table(table);
                }
            }
        }
    }

    fn drop_contents_title(&mut self) {
        let is_title = |piece: &Piece| is_contents_title(&piece.key);
        if self.account.body.last().is_some_and(is_title) {
            self.account.body.pop();
        }
    }

    fn paragraph(&mut self, paragraph: &Paragraph, cell: Option<Cell>) {
        let spot = || Spot::Word(paragraph.place.clone());
        for picture in &paragraph.pictures {
            self.account.push(Piece::new(Kind::Picture, picture, spot()));
        }
        let kind = match (paragraph.role, cell) {
            (Role::Contents, _) => return,
            (Role::Heading(level), _) => Kind::Heading(level),
            (Role::Caption, _) => Kind::Caption,
            (Role::Item, _) => Kind::Item,
            (Role::Text, Some(cell)) => Kind::Cell(cell),
            (Role::Text, None) => Kind::Paragraph,
        };
        let mut piece = Piece::new(kind, &paragraph.text, spot());
        piece.grid = cell.map(|cell| cell.table);
        self.account.push(piece);
    }

    fn table(&mut self, table: &Table) {
        self.tables += 1;
        let number = self.tables;
        for (cells, row) in table.rows.iter().zip(1..) {
            if let ([only], true, 1) = (cells.as_slice(), table.header, row)
                && self.caption(&only.blocks)
            {
                continue;
            }
            for cell in cells {
                let place =
                    Cell { table: number, row, column: cell.column, sure: table.header };
                match table.header {
                    true => self.cell(&cell.blocks, place),
                    false => self.blocks(&cell.blocks, Some(place)),
                }
            }
        }
    }

    /// A row of one cell whose paragraphs are all captions says what the table is.
    fn caption(&mut self, blocks: &[Block]) -> bool {
        let mut paragraphs = Vec::new();
        flatten(blocks, &mut paragraphs);
        let all = paragraphs.iter().all(|paragraph| paragraph.role == Role::Caption);
        let Some(first) = paragraphs.first().filter(|_| all) else { return false };
        let texts = paragraphs.iter().map(|paragraph| paragraph.text.as_str());
        let spot = Spot::Word(first.place.clone());
        let text: String = texts.collect();
        self.account.push(Piece::new(Kind::Caption, &text, spot));
        true
    }

    /// A cell of a table that is one: all its paragraphs are one piece.
    fn cell(&mut self, blocks: &[Block], place: Cell) {
        let mut paragraphs = Vec::new();
        flatten(blocks, &mut paragraphs);
        let Some(first) = paragraphs.first() else { return };
        let spot = || Spot::Word(first.place.clone());
        for picture in paragraphs.iter().flat_map(|paragraph| &paragraph.pictures) {
            self.account.push(Piece::new(Kind::Picture, picture, spot()));
        }
        let text: String =
            paragraphs.iter().map(|paragraph| paragraph.text.as_str()).collect();
        self.account.push(Piece::new(Kind::Cell(place), &text, spot()));
    }
}

fn flatten<'b>(blocks: &'b [Block], paragraphs: &mut Vec<&'b Paragraph>) {
    for block in blocks {
        match block {
            Block::Paragraph(paragraph) => paragraphs.push(paragraph),
            Block::Table(table) => {
                for cell in table.rows.iter().flatten() {
                    flatten(&cell.blocks, paragraphs);
                }
            }
        }
    }
}

fn joined(paragraphs: &[Paragraph]) -> String {
    paragraphs.iter().map(|paragraph| paragraph.text.as_str()).collect()
}
