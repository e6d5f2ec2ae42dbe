//! What differs, as diagnostics.

use super::account::{Account, Kind, Piece, Spot, shown};
use super::align::{Link, align};
use super::origin::Origins;
use crate::diag::{Diagnostic, Text};
use crate::text;

/// How many characters are shown around what differs, and of it.
const AROUND: usize = 12;
const WITHIN: usize = 36;

/// All differences of two accounts, the PDF's and the Word document's.
pub fn find(pdf: &Account, word: &Account, origins: &Origins<'_>) -> Vec<Diagnostic> {
    let body = Sides { pdf: &pdf.body, word: &word.body, origins };
    let notes = Sides { pdf: &pdf.notes, word: &word.notes, origins };
    let mut found = body.differences();
    found.extend(notes.differences());
    found
}

struct Sides<'a> {
    pdf: &'a [Piece],
    word: &'a [Piece],
    origins: &'a Origins<'a>,
}

impl Sides<'_> {
    fn differences(&self) -> Vec<Diagnostic> {
        let links = align(self.pdf, self.word);
        let mut found = Vec::new();
        // Where the piece before comes from, looked up when it is wanted.
        let mut before: Option<usize> = None;
        let mut last_cells = None;
        for link in links {
            let near = || before.and_then(|at| self.origins.find(&self.pdf[at].key, None));
            match &link {
                Link::Same(i, j) => {
                    found.extend(self.kinds(*i, *j, near));
                    found.extend(self.rows(*i, *j, last_cells, near));
                    last_cells = Some((*i, *j));
                }
                Link::Changed(i, j) => {
                    found.push(self.changed(*i, *j, near()));
                    last_cells = Some((*i, *j));
                }
                Link::Parted(a, b) if self.may_be_parted(a, b) => {}
                Link::Parted(a, b) => found.push(self.parted(a.clone(), b.clone(), near())),
                Link::Moved(i, j) => found.push(self.moved(*i, *j, near())),
                Link::First(i) => found.push(self.missing(&self.pdf[*i], near())),
                Link::Second(j) => found.push(self.missing(&self.word[*j], near())),
            }
            match link {
                Link::Same(i, _) | Link::Changed(i, _) | Link::First(i) => {
                    before = Some(i);
                }
                Link::Parted(a, _) => before = a.last(),
                Link::Moved(..) | Link::Second(_) => {}
            }
        }
        found
    }

    /// The same text, as another thing.
    fn kinds(
        &self,
        i: usize,
        j: usize,
        near: impl Fn() -> Option<usize>,
    ) -> Option<Diagnostic> {
        let (pdf, word) = (&self.pdf[i], &self.word[j]);
        if is_one_kind(pdf.kind, word.kind) {
            return None;
        }
        let (was, is) = (name(pdf.kind), name(word.kind));
        let (zh_was, zh_is, en_was, en_is) = (was.zh, is.zh, was.en, is.en);
        let message = text!(
            "在 PDF 里是{zh_was}，在 Word 稿里是{zh_is}",
            "{en_was} in the PDF is {en_is} in the Word draft"
        );
        let code = code(stronger(pdf.kind, word.kind));
        let fault = Diagnostic::error(code, message);
        Some(self.place(fault, &pdf.key, Some(pdf), Some(word), near()))
    }

    /// Cells that follow each other must be in one row on both sides, or in two.
    fn rows(
        &self,
        i: usize,
        j: usize,
        last: Option<(usize, usize)>,
        near: impl Fn() -> Option<usize>,
    ) -> Option<Diagnostic> {
        let (pdf, word) = (&self.pdf[i], &self.word[j]);
        let (Kind::Cell(a), Kind::Cell(b)) = (pdf.kind, word.kind) else { return None };
        let (last_i, last_j) = last.unwrap_or((i, j));
        let row_of = |kind: Kind, cell: super::account::Cell| match kind {
            Kind::Cell(last) => last.table == cell.table && last.row == cell.row,
            _ => false,
        };
        let pdf_row = row_of(self.pdf[last_i].kind, a);
        let word_row = row_of(self.word[last_j].kind, b);
        let column = a.column == b.column || !b.sure;
        if column && (pdf_row == word_row || last.is_none()) {
            return None;
        }
        let (row, column) = (a.row, a.column);
        let (word_row, word_column) = (b.row, b.column);
        let message = text!(
            "表格里的位置不一样：PDF 里是第 {row} 行第 {column} 列，Word 稿里是第 {word_row} 行第 {word_column} 列",
            "a cell is in row {row}, column {column} of its table in the PDF, in row {word_row}, column {word_column} in the Word draft"
        );
        let fault = Diagnostic::error("parity/cell", message);
        Some(self.place(fault, &pdf.key, Some(pdf), Some(word), near()))
    }

    fn changed(&self, i: usize, j: usize, near: Option<usize>) -> Diagnostic {
        let (pdf, word) = (&self.pdf[i], &self.word[j]);
        let what = name(stronger(pdf.kind, word.kind));
        let (zh, en) = (what.zh, what.en);
        let fault = Diagnostic::error(
            code(stronger(pdf.kind, word.kind)),
            text!(
                "{zh}在 PDF 里和 Word 稿里不一样",
                "{en} is not the same in the PDF and the Word draft"
            ),
        );
        let (first, second) = marked(&pdf.key, &word.key);
        let fault = fault.note(on(pdf, &first)).note(on(word, &second));
        let found = self.origins.find(&pdf.key, near);
        let (leaf, key) = match found {
            Some(leaf) => (Some(leaf), &pdf.key),
            None => (self.origins.find(&word.key, near), &word.key),
        };
        match leaf {
            Some(leaf) => fault.at(self.origins.place(leaf, key)),
            None => fault,
        }
    }

    fn missing(&self, piece: &Piece, near: Option<usize>) -> Diagnostic {
        let what = name(piece.kind);
        let (zh, en) = (what.zh, what.en);
        let message = match piece.place {
            Spot::Page(_) => {
                text!(
                    "{zh}在 PDF 里有，Word 稿里没有",
                    "{en} of the PDF is missing in the Word draft"
                )
            }
            Spot::Word(_) => {
                text!(
                    "{zh}在 Word 稿里有，PDF 里没有",
                    "{en} of the Word draft is missing in the PDF"
                )
            }
        };
        let fault = Diagnostic::error(code(piece.kind), message);
        self.place(fault, &piece.key, Some(piece), None, near)
    }

    fn moved(&self, i: usize, j: usize, near: Option<usize>) -> Diagnostic {
        let (pdf, word) = (&self.pdf[i], &self.word[j]);
        let what = name(stronger(pdf.kind, word.kind));
        let (zh, en) = (what.zh, what.en);
        let fault = Diagnostic::error(
            "parity/order",
            text!(
                "{zh}在 PDF 里和 Word 稿里的先后不一样",
                "{en} stands at another place in the Word draft than in the PDF"
            ),
        );
        self.place(fault, &pdf.key, Some(pdf), Some(word), near)
    }

    /// What a grid lays out side by side may be one line on the other side.
    fn may_be_parted(
        &self,
        a: &std::ops::Range<usize>,
        b: &std::ops::Range<usize>,
    ) -> bool {
        let in_grid = |pieces: &[Piece]| {
            pieces.len() == 1
                || pieces.first().is_some_and(|first| first.grid.is_some())
                    && pieces.windows(2).all(|two| two[0].grid == two[1].grid)
        };
        let plain = |pieces: &[Piece]| {
            pieces.iter().all(|piece| match piece.kind {
                Kind::Paragraph | Kind::Item => true,
                Kind::Cell(cell) => !cell.sure,
                _ => false,
            })
        };
        let (pdf, word) = (&self.pdf[a.clone()], &self.word[b.clone()]);
        in_grid(pdf) && in_grid(word) && plain(pdf) && plain(word)
    }

    fn parted(
        &self,
        a: std::ops::Range<usize>,
        b: std::ops::Range<usize>,
        near: Option<usize>,
    ) -> Diagnostic {
        let (n, m) = (a.len(), b.len());
        let (pdf, word) = (&self.pdf[a], &self.word[b]);
        let all = pdf.iter().chain(word).map(|piece| piece.kind);
        let kind = all.reduce(stronger).unwrap_or(Kind::Paragraph);
        let fault = Diagnostic::error(
            code(kind),
            text!(
                "同样的文字，PDF 里分成 {n} 段，Word 稿里分成 {m} 段",
                "the same text is in parts: {n} in the PDF, {m} in the Word draft"
            ),
        );
        let parts = |pieces: &[Piece]| {
            let parts: Vec<String> = pieces.iter().map(|piece| cut(&piece.key)).collect();
            parts.join(" ¶ ")
        };
        let (Some(first), Some(second)) = (pdf.first(), word.first()) else {
            return fault;
        };
        let fault = fault.note(on(first, &parts(pdf))).note(on(second, &parts(word)));
        match self.origins.find(&first.key, near) {
            Some(leaf) => fault.at(self.origins.place(leaf, &first.key)),
            None => fault,
        }
    }

    /// Says where the text stands in the outputs, and where it comes from.
    fn place(
        &self,
        mut fault: Diagnostic,
        key: &str,
        pdf: Option<&Piece>,
        word: Option<&Piece>,
        near: Option<usize>,
    ) -> Diagnostic {
        for piece in [pdf, word].into_iter().flatten() {
            fault = fault.note(on(piece, &cut(&piece.key)));
        }
        match self.origins.find(key, near) {
            Some(leaf) => fault.at(self.origins.place(leaf, key)),
            None => fault,
        }
    }
}

/// Whether two kinds are the same thing, each in its own format.
fn is_one_kind(pdf: Kind, word: Kind) -> bool {
    match (pdf, word) {
        (Kind::Heading(a), Kind::Heading(b)) => a == b,
        (Kind::Cell(_), Kind::Cell(_)) => true,
        // A table without a head may be there for layout.
        (Kind::Paragraph | Kind::Item, Kind::Cell(cell)) => !cell.sure,
        (a, b) => std::mem::discriminant(&a) == std::mem::discriminant(&b),
    }
}

/// The kind that a difference is told as: a heading that is a paragraph on the
/// other side is a matter of headings.
fn stronger(a: Kind, b: Kind) -> Kind {
    let rank = |kind: &Kind| match kind {
        Kind::Heading(_) => 6,
        Kind::Note => 5,
        Kind::Picture => 4,
        Kind::Caption => 3,
        Kind::Cell(_) => 2,
        Kind::Item => 1,
        Kind::Paragraph => 0,
    };
    if rank(&b) > rank(&a) { b } else { a }
}

fn code(kind: Kind) -> &'static str {
    match kind {
        Kind::Heading(_) => "parity/heading",
        Kind::Paragraph => "parity/paragraph",
        Kind::Item => "parity/list",
        Kind::Cell(_) => "parity/cell",
        Kind::Caption => "parity/caption",
        Kind::Picture => "parity/picture",
        Kind::Note => "parity/footnote",
    }
}

fn name(kind: Kind) -> Text {
    match kind {
        Kind::Heading(level) => {
            text!("第 {level} 级标题", "a heading of level {level}")
        }
        Kind::Paragraph => text!("段落", "a paragraph"),
        Kind::Item => text!("列表的一项", "an item of a list"),
        Kind::Cell(_) => text!("表格的一格", "a cell of a table"),
        Kind::Caption => text!("图表标题", "a caption"),
        Kind::Picture => text!("图片", "a picture"),
        Kind::Note => text!("脚注", "a footnote"),
    }
}

/// A text with the place where it stands.
fn on(piece: &Piece, words: &str) -> Text {
    let words = shown(words);
    match &piece.place {
        Spot::Page(page) => {
            text!("PDF 第 {page} 页：{words}", "PDF page {page}: {words}")
        }
        Spot::Word(place) => {
            let (part, paragraph) = (place.part.rsplit('/').next(), place.paragraph);
            let part = match part {
                Some("document.xml") | None => String::new(),
                Some(other) => format!(" {other}"),
            };
            match place.cell {
                Some((row, column)) => text!(
                    "Word{part} 第 {paragraph} 段（表格第 {row} 行第 {column} 格）：{words}",
                    "Word{part} paragraph {paragraph} (table row {row}, cell {column}): {words}"
                ),
                None => text!(
                    "Word{part} 第 {paragraph} 段：{words}",
                    "Word{part} paragraph {paragraph}: {words}"
                ),
            }
        }
    }
}

/// The beginning of a long text, and its end.
fn cut(words: &str) -> String {
    let characters: Vec<char> = words.chars().collect();
    if characters.len() <= WITHIN + AROUND {
        return words.to_string();
    }
    let (head, tail) = (&characters[..WITHIN], &characters[characters.len() - AROUND..]);
    head.iter().chain(&['…']).chain(tail).collect()
}

/// Two texts with what differs between `【` and `】`, cut around it.
fn marked(first: &str, second: &str) -> (String, String) {
    let (a, b): (Vec<char>, Vec<char>) =
        (first.chars().collect(), second.chars().collect());
    let same = |pairs: &mut dyn Iterator<Item = (&char, &char)>| {
        pairs.take_while(|(x, y)| x == y).count()
    };
    let start = same(&mut a.iter().zip(&b));
    let rest = a.len().min(b.len()) - start;
    let end = same(&mut a.iter().rev().zip(b.iter().rev())).min(rest);
    let show = |characters: &[char]| {
        let (from, to) = (start.saturating_sub(AROUND), characters.len() - end);
        let until = (to + AROUND).min(characters.len());
        let text = |range: &[char]| range.iter().collect::<String>();
        let (before, after) = (text(&characters[from..start]), text(&characters[to..until]));
        let head = if from > 0 { "…" } else { "" };
        let tail = if until < characters.len() { "…" } else { "" };
        format!("{head}{before}【{}】{after}{tail}", cut(&text(&characters[start..to])))
    };
    (show(&a), show(&b))
}
