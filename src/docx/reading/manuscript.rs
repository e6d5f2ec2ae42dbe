//! A Word document as lines of a manuscript.

use std::collections::HashMap;

use super::numbers::{Label, Numbers};
use super::{Block, NOTE, Paragraph, Role, Table, related};
use crate::data::import::manuscript::{
    Kind, Line, Look, Manuscript, Unit, escape, markdown_table, pictures_left,
};
use crate::diag::{Diagnostic, Place, Result, Warned};
use crate::docx::opc::package::Package;
use crate::docx::opc::relations::{self, Mode};
use crate::docx::opc::xml;
use crate::text;

/// A document as a manuscript, and its pictures.
#[derive(Debug)]
pub struct Document {
    /// The lines.
    pub manuscript: Manuscript,
    /// The files of pictures: their paths as the lines name them, and their bytes.
    pub pictures: Vec<(String, Vec<u8>)>,
}

/// Reads the bytes of a document that diagnostics call `name`. Its pictures will be in
/// `folder`, called `stem` with numbers.
///
/// # Errors
/// `docx/not-a-docx` and the like if it is no readable Word document.
pub fn read(
    name: &str,
    bytes: Vec<u8>,
    folder: &str,
    stem: &str,
) -> Result<Warned<Document>> {
    let reading = super::read(name, bytes.clone())?;
    let package = Package::open(name, bytes)?;
    let numbers = related(&package, "/numbering");
    let numbers = numbers.and_then(|part| package.text(&part).ok().flatten());
    let targets = package.text(&relations::part_of(&package.main))?.unwrap_or_default();
    let targets =
        relations::all(&targets).into_iter().filter(|r| r.mode == Mode::Internal);
    let mut reader = Reader {
        package: &package,
        targets: targets.map(|relation| (relation.id, relation.target)).collect(),
        numbers: numbers.map(|xml| Numbers::read(&xml)).unwrap_or_default(),
        folder,
        stem,
        lines: Vec::new(),
        pictures: Vec::new(),
        paths: HashMap::new(),
        markdown: !reading.notes.is_empty(),
        notes: 0,
        gap: false,
        page: false,
        left: 0,
    };
    reader.blocks(&reading.blocks);
    reader.notes(&reading.notes);
    let mut warnings = Vec::new();
    if is_tracked(&package)? {
        warnings.push(tracked().at(Place::file(name)));
    }
    if reader.left > 0 {
        warnings.push(pictures_left(reader.left).at(Place::file(name)));
    }
    let Reader { lines, pictures, markdown, .. } = reader;
    let manuscript = Manuscript { lines, markdown, unit: Unit::Paragraph };
    Ok(Warned { value: Document { manuscript, pictures }, warnings })
}

/// Whether a document has changes that nobody has accepted yet.
fn is_tracked(package: &Package) -> Result<bool> {
    let body = package.text(&package.main)?.unwrap_or_default();
    let changes = ["w:ins", "w:del", "w:moveFrom", "w:moveTo"];
    Ok(changes.iter().any(|element| {
        let open = format!("<{element} ");
        xml::mentions(&body, element) && body.contains(&open)
    }))
}

struct Reader<'r> {
    package: &'r Package,
    targets: HashMap<String, String>,
    numbers: Numbers,
    folder: &'r str,
    stem: &'r str,
    lines: Vec<Line>,
    pictures: Vec<(String, Vec<u8>)>,
    /// The paths of parts that are pictures.
    paths: HashMap<String, String>,
    markdown: bool,
    /// How many notes were referred to.
    notes: usize,
    gap: bool,
    page: bool,
    /// How many pictures could not be taken out.
    left: usize,
}

impl Reader<'_> {
    fn blocks(&mut self, blocks: &[Block]) {
        let mut goes_on = false;
        for block in blocks {
            match block {
                Block::Paragraph(paragraph) => {
                    goes_on = self.paragraph(paragraph, goes_on);
                }
                Block::Table(table) => self.table(table),
            }
        }
    }

    /// Reads a paragraph; whether the next one goes on with it.
    fn paragraph(&mut self, paragraph: &Paragraph, goes_on: bool) -> bool {
        let manner = &paragraph.manner;
        self.page |= manner.page;
        let label = manner.list.and_then(|(list, level)| {
            let said = !paragraph.text.trim().is_empty();
            said.then(|| self.numbers.next(list, level, &manner.style)).flatten()
        });
        let text = self.words(&paragraph.text);
        let texts: Vec<&str> = match paragraph.role {
            Role::Heading(_) => vec![text.trim()],
            _ => text.split('\n').map(str::trim).collect(),
        };
        let number = paragraph.place.paragraph;
        let mut first = true;
        for text in texts.into_iter().filter(|text| !text.is_empty()) {
            if goes_on
                && first
                && let Some(last) = self.lines.last_mut()
            {
                last.text.push_str(text);
                first = false;
                continue;
            }
            let kind = match (paragraph.role, &label) {
                (Role::Heading(level), _) => Kind::Heading(level),
                (Role::Contents, _) => Kind::Contents,
                (Role::Caption, _) => Kind::Caption,
                (_, Some(Label::Bullet)) if first => Kind::Item,
                _ => Kind::Text,
            };
            let label = match &label {
                Some(Label::Number(label)) if first => label.clone(),
                _ => String::new(),
            };
            let text = match kind {
                Kind::Heading(_) => text.replace('\n', " "),
                _ => text.to_string(),
            };
            let look = Look {
                bold: manner.bold,
                centred: manner.centred,
                size: manner.size,
                indent: if first { indent(manner.indent, manner.size) } else { 0 },
            };
            let look = if manner.centred { Look { indent: 0, ..look } } else { look };
            self.push(Line { kind, look, label, ..Line::text(number, text) });
            first = false;
        }
        if paragraph.text.trim().is_empty() && paragraph.pictures.is_empty() {
            self.gap = true;
        }
        self.show(paragraph);
        manner.runs_on && !first
    }

    fn push(&mut self, line: Line) {
        let (gap, page) = (std::mem::take(&mut self.gap), std::mem::take(&mut self.page));
        self.lines.push(Line { gap: gap || page, page, ..line });
    }

    /// The text of a paragraph; notes are Markdown's, and so the rest is, too.
    fn words(&mut self, text: &str) -> String {
        if !self.markdown {
            return text.to_string();
        }
        let mut words = String::new();
        for (index, part) in text.split(NOTE).enumerate() {
            if index > 0 {
                self.notes += 1;
                words.push_str(&format!("[^{}]", self.notes));
            }
            words.push_str(&escape(part));
        }
        words
    }

    fn notes(&mut self, notes: &[Vec<Paragraph>]) {
        let number = self.lines.last().map_or(1, |line| line.number);
        for (index, note) in notes.iter().enumerate() {
            let words: Vec<String> =
                note.iter().map(|paragraph| escape(paragraph.text.trim())).collect();
            let text = format!("[^{}]: {}", index + 1, words.join(" "));
            self.gap = true;
            self.push(Line { kind: Kind::Verbatim, ..Line::text(number, text) });
        }
    }

    /// The pictures of a paragraph.
    fn show(&mut self, paragraph: &Paragraph) {
        let embeds = &paragraph.manner.embeds;
        for (alt, embed) in paragraph.pictures.iter().zip(embeds) {
            let Some(path) = embed.as_deref().and_then(|id| self.picture(id)) else {
                self.left += 1;
                continue;
            };
            let text = alt.split_whitespace().collect::<Vec<_>>().join(" ");
            let kind = Kind::Picture { path };
            self.push(Line { kind, ..Line::text(paragraph.place.paragraph, text) });
        }
    }

    /// The path of a picture, which is taken out of the document.
    fn picture(&mut self, id: &str) -> Option<String> {
        let part = relations::resolve(&self.package.main, self.targets.get(id)?);
        if let Some(path) = self.paths.get(&part) {
            return Some(path.clone());
        }
        let ending = part.rsplit_once('.')?.1.to_lowercase();
        if !matches!(ending.as_str(), "png" | "jpg" | "jpeg" | "gif" | "webp" | "svg") {
            return None;
        }
        let bytes = self.package.bytes(&part).ok().flatten()?;
        let (folder, stem) = (self.folder, self.stem);
        let stem: String =
            stem.chars().map(|c| if c.is_whitespace() { '-' } else { c }).collect();
        let path = format!("{folder}/{stem}-{}.{ending}", self.pictures.len() + 1);
        self.pictures.push((path.clone(), bytes));
        self.paths.insert(part, path.clone());
        Some(path)
    }

    fn table(&mut self, table: &Table) {
        let columns = |row: &Vec<super::Cell>| row.last().map_or(0, |cell| cell.column);
        let widest = table.rows.iter().map(columns).max().unwrap_or(0);
        if widest <= 1 || table.rows.len() <= 1 && !table.header {
            // A frame for layout.
            let cells = table.rows.iter().flatten();
            return cells.for_each(|cell| self.blocks(&cell.blocks));
        }
        let mut rows = Vec::new();
        let mut inner = Vec::new();
        for row in &table.rows {
            let mut cells = vec![String::new(); widest];
            for cell in row {
                if let Some(text) = cells.get_mut(cell.column - 1) {
                    *text = self.cell(&cell.blocks, &mut inner);
                }
            }
            rows.push(cells);
        }
        let number = table.rows.iter().flatten().find_map(|cell| number(&cell.blocks));
        let text = markdown_table(&rows);
        self.gap = true;
        self.push(Line { kind: Kind::Verbatim, ..Line::text(number.unwrap_or(1), text) });
        self.gap = true;
        for paragraph in inner {
            self.show(&paragraph);
        }
    }

    /// The text of a cell; paragraphs with pictures are kept for later.
    fn cell(&mut self, blocks: &[Block], pictured: &mut Vec<Paragraph>) -> String {
        let mut texts = Vec::new();
        for block in blocks {
            match block {
                Block::Paragraph(paragraph) => {
                    let words = match self.markdown {
                        true => self.words(&paragraph.text),
                        false => escape(&paragraph.text),
                    };
                    let words: Vec<&str> = words.split_whitespace().collect();
                    texts.push(words.join(" "));
                    if !paragraph.pictures.is_empty() {
                        pictured.push(paragraph.clone());
                    }
                }
                Block::Table(table) => {
                    for cell in table.rows.iter().flatten() {
                        texts.push(self.cell(&cell.blocks, pictured));
                    }
                }
            }
        }
        texts.retain(|text| !text.is_empty());
        texts.join(" ")
    }
}

fn number(blocks: &[Block]) -> Option<usize> {
    blocks.iter().find_map(|block| match block {
        Block::Paragraph(paragraph) => Some(paragraph.place.paragraph),
        Block::Table(_) => None,
    })
}

/// An indent in half-width characters.
fn indent(points: f64, size: f64) -> usize {
    let half = if size > 0.0 { size / 2.0 } else { 5.0 };
    (points / half).round().clamp(0.0, 40.0) as usize
}

fn tracked() -> Diagnostic {
    Diagnostic::warning(
        "import/tracked-changes",
        text!(
            "文档里有没接受的修订，按全部接受来读",
            "the document has tracked changes; it was read as if all were accepted"
        ),
    )
    .hint(text!(
        "要保留某处原文，先在 Word 里拒绝那处修订，再导入",
        "to keep an old wording, reject that change in Word and import it again"
    ))
}
