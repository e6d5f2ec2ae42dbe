//! What differs, as diagnostics.

use std::cmp::Ordering;

use super::account::{Account, Kind, Piece, Spot, shown};
use super::align::{Link, align};
use super::origin::Origins;
use crate::diag::{Diagnostic, Text};
use crate::text;

/// How many characters are shown around what differs, and of it.
const AROUND: usize = 12;
const WITHIN: usize = 36;

/// What differs.
#[derive(Debug, Clone, Default)]
pub struct Differences {
    /// The first differences, so many as were asked for.
    pub told: Vec<Diagnostic>,
    /// How many more there are. To tell where they come from would take its time.
    pub more: usize,
}

/// The differences of two accounts, the PDF's and the Word document's.
pub fn find(
    pdf: &Account,
    word: &Account,
    origins: &Origins<'_>,
    most: usize,
) -> Differences {
    let mut found = Differences::default();
    for (pdf, word) in [(&pdf.body, &word.body), (&pdf.notes, &word.notes)] {
        Sides { pdf, word, origins }.compare(most, &mut found);
    }
    found
}

struct Sides<'a> {
    pdf: &'a [Piece],
    word: &'a [Piece],
    origins: &'a Origins<'a>,
}

impl Sides<'_> {
    fn compare(&self, most: usize, found: &mut Differences) {
        // The last pieces that have a counterpart, and the last of the PDF.
        let (mut last, mut before) = (None, None);
        for link in align(self.pdf, self.word) {
            match found.told.len() < most {
                true => found.told.extend(self.told(&link, last, before)),
                false => found.more += usize::from(self.differs(&link)),
            }
            match link {
                Link::Same(i, j) | Link::Changed(i, j) => {
                    (last, before) = (Some((i, j)), Some(i));
                }
                Link::First(i) => before = Some(i),
                Link::Parted(a, _) => before = a.last(),
                Link::Moved(..) | Link::Second(_) => {}
            }
        }
    }

    /// Whether a link is a difference that would be told.
    fn differs(&self, link: &Link) -> bool {
        match link {
            Link::Same(i, j) => !is_one_kind(self.pdf[*i].kind, self.word[*j].kind),
            Link::Parted(a, b) => !self.may_be_parted(a, b),
            _ => true,
        }
    }

    fn told(
        &self,
        link: &Link,
        last: Option<(usize, usize)>,
        before: Option<usize>,
    ) -> Vec<Diagnostic> {
        // Where the piece before comes from, looked up when it is wanted.
        let near = || self.origins.find(&self.pdf[before?].key, None);
        let told = match link {
            Link::Same(i, j) => {
                let found = [self.kinds(*i, *j, near), self.rows(*i, *j, last, near)];
                return found.into_iter().flatten().collect();
            }
            Link::Parted(a, b) if self.may_be_parted(a, b) => return Vec::new(),
            Link::Parted(a, b) => self.parted(a.clone(), b.clone(), near()),
            Link::Changed(i, j) => self.changed(*i, *j, near()),
            Link::Moved(i, j) => self.moved(*i, *j, near()),
            Link::First(i) => self.missing(&self.pdf[*i], near()),
            Link::Second(j) => self.missing(&self.word[*j], near()),
        };
        vec![told]
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
        let kind = stronger(pdf.kind, word.kind);
        let fault = Diagnostic::error(code(kind), message);
        let fault = self.place(fault, &pdf.key, Some(pdf), Some(word), near());
        Some(fault.hint(what_makes(kind)))
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
        let fault = self.place(fault, &pdf.key, Some(pdf), Some(word), near());
        Some(fault.hint(text!(
            "两面的表格要有同样的行和列",
            "give the table the same rows and columns on both sides"
        )))
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
        let fault =
            match self.origins.is_said(&pdf.key).cmp(&self.origins.is_said(&word.key)) {
                Ordering::Greater => fault.hint(text!(
                    "数据里的和 PDF 一样，看看 main.docx",
                    "the dataset says what the PDF says: look at main.docx"
                )),
                Ordering::Less => fault.hint(text!(
                    "数据里的和 Word 稿一样，看看 main.typ",
                    "the dataset says what the Word draft says: look at main.typ"
                )),
                Ordering::Equal => fault.hint(text!(
                    "看看 main.typ 和 main.docx 各自印了什么",
                    "look at what main.typ and main.docx print here"
                )),
            };
        let sides = [&pdf.key, &word.key];
        let found =
            sides.iter().find_map(|key| Some((self.origins.find(key, near)?, key)));
        match found {
            Some((leaf, key)) => fault.at(self.origins.place(leaf, key)),
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
        let fault = self.place(fault, &piece.key, Some(piece), None, near);
        let hint = match (fault.place.is_some(), &piece.place) {
            (false, _) => text!(
                "数据里没有这些字，是模板自己的：两面都印，或者都不印",
                "the dataset does not have these words, they are the template's: print them on both sides or on neither"
            ),
            (true, Spot::Page(_)) => {
                text!("在 main.docx 里也印上它", "print it in main.docx, too")
            }
            (true, Spot::Word(_)) => {
                text!("在 main.typ 里也印上它", "print it in main.typ, too")
            }
        };
        fault.hint(hint)
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
        let fault = self.place(fault, &pdf.key, Some(pdf), Some(word), near);
        fault.hint(text!(
            "在 main.typ 和 main.docx 里按同样的先后印",
            "print it in the same place in main.typ and main.docx"
        ))
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
        let fault = fault.hint(text!(
            "两面同样分段；并排的各项，PDF 里用 `grid`，Word 里用没有标题行的表格或制表符",
            "part it alike on both sides; things side by side are a `grid` in the PDF, and in Word a table without a head row, or tabs"
        ));
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

/// What makes a text a thing of a kind, on both sides.
fn what_makes(kind: Kind) -> Text {
    match kind {
        Kind::Heading(_) => text!(
            "PDF 看 `heading` 的 `level`，Word 看段落样式的大纲级别",
            "in the PDF that is `level` of its `heading`, in Word the outline level of its style"
        ),
        Kind::Cell(_) => text!(
            "PDF 看是不是 `table`，Word 看表格有没有标题行",
            "in the PDF that is a `table`, in Word a table with a row marked as its head"
        ),
        Kind::Caption => text!(
            "PDF 看 `figure` 的 `caption` 或表头里通栏的一格，Word 看样式是不是题注",
            "in the PDF that is `caption` of a `figure` or a head cell over all columns, in Word a style based on Caption"
        ),
        Kind::Item => text!(
            "PDF 看 `list` 和 `enum`，Word 看段落有没有编号或项目符号",
            "in the PDF that is a `list` or `enum`, in Word a paragraph with numbering"
        ),
        Kind::Paragraph | Kind::Picture | Kind::Note => text!(
            "在 main.typ 和 main.docx 里用同样的结构",
            "use the same structure in main.typ and main.docx"
        ),
    }
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

/// Two texts with what differs between `【` and `】`, cut around it. Numbers and Latin
/// words differ as wholes.
fn marked(first: &str, second: &str) -> (String, String) {
    let (a, b): (Vec<char>, Vec<char>) =
        (first.chars().collect(), second.chars().collect());
    let within = |characters: &[char], at: usize| {
        let is_part =
            |c: Option<&char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || *c == '.');
        at > 0 && is_part(characters.get(at - 1)) && is_part(characters.get(at))
    };
    let mut start = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    while within(&a, start) || within(&b, start) {
        start -= 1;
    }
    let rest = a.len().min(b.len()) - start;
    let backwards = a.iter().rev().zip(b.iter().rev());
    let mut end = backwards.take_while(|(x, y)| x == y).count().min(rest);
    while within(&a, a.len() - end) || within(&b, b.len() - end) {
        end -= 1;
    }
    let show = |characters: &[char]| {
        let (from, to) = (start.saturating_sub(AROUND), characters.len() - end);
        let until = (to + AROUND).min(characters.len());
        let text = |range: &[char]| range.iter().collect::<String>();
        let (before, after) =
            (text(&characters[from..start]), text(&characters[to..until]));
        let head = if from > 0 { "…" } else { "" };
        let tail = if until < characters.len() { "…" } else { "" };
        format!("{head}{before}【{}】{after}{tail}", cut(&text(&characters[start..to])))
    };
    (show(&a), show(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(first: &str, second: &str) -> [String; 2] {
        marked(first, second).into()
    }

    #[test]
    fn what_differs_is_marked() {
        assert_eq!(shown("甲乙丙", "甲丁丙"), ["甲【乙】丙", "甲【丁】丙"]);
        assert_eq!(shown("甲丙", "甲乙丙"), ["甲【】丙", "甲【乙】丙"]);
        assert_eq!(shown("共6340家", "共6341家"), ["共【6340】家", "共【6341】家"]);
        assert_eq!(shown("1.25", "11.25"), ["【1.25】", "【11.25】"]);
        assert_eq!(shown("甲甲", "甲甲甲"), ["甲甲【】", "甲甲【甲】"]);
        let long = "长".repeat(40);
        let [first, _] = shown(&format!("{long}甲{long}"), &format!("{long}乙{long}"));
        assert_eq!(first, format!("…{0}【甲】{0}…", "长".repeat(AROUND)));
    }
}
