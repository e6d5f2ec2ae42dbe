//! The element names that the lint knows, as small numbers.
//!
//! Every start tag of every output is looked up here, so a name is found by one
//! hash and one comparison, and all that the lint asks about it is in one entry.

use std::sync::LazyLock;

use crate::docx::opc::order;

/// The number of a name; 0 is any name that is not listed.
pub(crate) type Id = u16;

macro_rules! names {
    ($($constant:ident = $name:literal),* $(,)?) => {
        /// The names with a constant, numbered from 1.
        const NAMED: &[&str] = &[$($name),*];
        names!(@ 1; $($constant = $name,)*);
    };
    (@ $number:expr; $constant:ident = $name:literal, $($rest:tt)*) => {
        #[doc = $name]
        pub(crate) const $constant: Id = $number;
        names!(@ $number + 1; $($rest)*);
    };
    (@ $number:expr;) => {};
}

names! {
    PARAGRAPH = "w:p",
    RUN = "w:r",
    BODY = "w:body",
    HEADER = "w:hdr",
    FOOTER = "w:ftr",
    TEXT_BOX = "w:txbxContent",
    GRID_SPAN = "w:gridSpan",
    GRID_BEFORE = "w:gridBefore",
    GRID_AFTER = "w:gridAfter",
    TEXT = "w:t",
    DELETED_TEXT = "w:delText",
    INSTRUCTION = "w:instrText",
    DELETED_INSTRUCTION = "w:delInstrText",
    FIELD_DATA = "w:fldData",
    FIELD = "w:fldChar",
    TABLE = "w:tbl",
    ROW = "w:tr",
    CELL = "w:tc",
    CONTROL = "w:sdt",
    CONTENT = "w:sdtContent",
    CUSTOM_XML = "w:customXml",
    SMART_TAG = "w:smartTag",
    DELETED = "w:del",
    PARAGRAPH_STYLE = "w:pStyle",
    RUN_STYLE = "w:rStyle",
    TABLE_STYLE = "w:tblStyle",
    NUMBERING = "w:numId",
    TAG = "w:tag",
    ALIAS = "w:alias",
    ID = "w:id",
    BOOKMARK_START = "w:bookmarkStart",
    BOOKMARK_END = "w:bookmarkEnd",
    FOOTNOTE = "w:footnote",
    ENDNOTE = "w:endnote",
    COMMENT = "w:comment",
    FOOTNOTE_REFERENCE = "w:footnoteReference",
    ENDNOTE_REFERENCE = "w:endnoteReference",
    COMMENT_REFERENCE = "w:commentReference",
    COMMENT_START = "w:commentRangeStart",
    COMMENT_END = "w:commentRangeEnd",
    HYPERLINK = "w:hyperlink",
    PARAGRAPH_PROPERTIES = "w:pPr",
    RUN_PROPERTIES = "w:rPr",
    TABLE_PROPERTIES = "w:tblPr",
    TABLE_GRID = "w:tblGrid",
    ROW_EXCEPTIONS = "w:tblPrEx",
    ROW_PROPERTIES = "w:trPr",
    CELL_PROPERTIES = "w:tcPr",
    SECTION = "w:sectPr",
    CONTROL_PROPERTIES = "w:sdtPr",
    CONTROL_END_PROPERTIES = "w:sdtEndPr",
    CUSTOM_XML_PROPERTIES = "w:customXmlPr",
    SMART_TAG_PROPERTIES = "w:smartTagPr",
    DRAWING_PROPERTIES = "wp:docPr",
    CHOICE = "mc:Choice",
    ALTERNATE = "mc:AlternateContent",
    FALLBACK = "mc:Fallback",
}

/// Tags that mark a point or the ends of a range and may stand between anything.
const MARKS: [&str; 18] = [
    "w:bookmarkStart",
    "w:bookmarkEnd",
    "w:commentRangeStart",
    "w:commentRangeEnd",
    "w:permStart",
    "w:permEnd",
    "w:proofErr",
    "w:moveFromRangeStart",
    "w:moveFromRangeEnd",
    "w:moveToRangeStart",
    "w:moveToRangeEnd",
    "w:customXmlInsRangeStart",
    "w:customXmlInsRangeEnd",
    "w:customXmlDelRangeStart",
    "w:customXmlDelRangeEnd",
    "w:customXmlMoveFromRangeStart",
    "w:customXmlMoveFromRangeEnd",
    "w:customXmlMoveToRangeStart",
];

/// Elements that name relationships.
const RELATED: [&str; 6] = [
    "w:headerReference",
    "w:footerReference",
    "w:altChunk",
    "w:subDoc",
    "w:control",
    "w:printerSettings",
];

/// Elements that only have elements inside.
const WRAPPERS: [&str; 9] = [
    "w:document",
    "w:footnotes",
    "w:endnotes",
    "w:comments",
    "w:ins",
    "w:moveFrom",
    "w:moveTo",
    "w:drawing",
    "w:fldSimple",
];

/// Elements that only describe the one around them.
const PROPERTIES: [Id; 12] = [
    PARAGRAPH_PROPERTIES,
    RUN_PROPERTIES,
    TABLE_PROPERTIES,
    TABLE_GRID,
    ROW_EXCEPTIONS,
    ROW_PROPERTIES,
    CELL_PROPERTIES,
    SECTION,
    CONTROL_PROPERTIES,
    CONTROL_END_PROPERTIES,
    CUSTOM_XML_PROPERTIES,
    SMART_TAG_PROPERTIES,
];

/// The order of children where it is more than a list: the names that come
/// first, whether everything else follows, and the names that come last.
const STRUCTURES: [(&str, &[&str], &[&str]); 7] = [
    ("w:body", &[], &["w:sectPr"]),
    ("w:p", &["w:pPr"], &[]),
    ("w:r", &["w:rPr"], &[]),
    ("w:tbl", &["w:tblPr", "w:tblGrid"], &[]),
    ("w:tr", &["w:tblPrEx", "w:trPr"], &[]),
    ("w:tc", &["w:tcPr"], &[]),
    ("w:sdt", &["w:sdtPr", "w:sdtEndPr", "w:sdtContent"], &[]),
];

/// The properties whose children have an order that Word minds.
const SORTED: [&str; 11] = [
    "w:pPr",
    "w:rPr",
    "w:sectPr",
    "w:tblPr",
    "w:tcPr",
    "w:trPr",
    "w:numPr",
    "w:tblBorders",
    "w:tcBorders",
    "w:pBdr",
    "w:tblCellMar",
];

/// Whether the children of an element can simply be put into order.
pub(crate) fn is_sorted(parent: &str) -> bool {
    SORTED.contains(&parent)
}

/// What the lint does with an element, as flags.
pub(crate) mod class {
    /// Its start tag says something.
    pub(in crate::docx) const TOLD: u8 = 1;
    /// It may be empty, or must not be.
    pub(in crate::docx) const CONTAINER: u8 = 2;
    /// It only describes the element around it, or marks a place.
    pub(in crate::docx) const ASIDE: u8 = 4;
    /// It holds text.
    pub(in crate::docx) const TEXTUAL: u8 = 8;
    /// It belongs to WordprocessingML.
    pub(in crate::docx) const WORD: u8 = 16;
    /// It is a block, or may hold blocks in the place of its parent.
    pub(in crate::docx) const BLOCK: u8 = 64;
    /// It marks a point or the end of a range.
    pub(in crate::docx) const MARK: u8 = 32;
}

/// What is known of one name.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Entry {
    /// See [`class`].
    pub(crate) class: u8,
    /// Its row in the table of ranks; 0 if the order of its children is free.
    pub(crate) row: u8,
}

/// The table of names.
#[derive(Debug)]
pub(crate) struct Names {
    names: Vec<String>,
    entries: [Entry; MOST],
    keys: Vec<Key>,
    /// Numbers by hash; 0 is a free place.
    places: Vec<Id>,
    /// For each row the rank of each name as a child; 0 if it may stand anywhere.
    ranks: [Ranks; ROWS],
    rows: usize,
}

/// How many elements can have an order of their children, the free one included.
const ROWS: usize = 32;

/// The rank of each name as a child of one.
type Ranks = [u8; MOST];

/// How many names there can be: a power of two, so that no number is out of bounds.
const MOST: usize = 512;

/// How many places there are: a power of two, sparsely filled.
const PLACES: usize = 2048;

static NAMES: LazyLock<Names> = LazyLock::new(Names::build);

impl Names {
    /// The table.
    pub(crate) fn get() -> &'static Self {
        &NAMES
    }

    /// The number of a qualified name.
    pub(crate) fn id(&self, name: &str) -> Id {
        let key = Key::of(name);
        let mut place = key.place();
        loop {
            let id = self.places[place];
            if id == 0 || (self.keys[usize::from(id)] == key && self.is(id, name)) {
                return id;
            }
            place = (place + 1) % PLACES;
        }
    }

    /// Whether a name of the same key is the one of a number.
    fn is(&self, id: Id, name: &str) -> bool {
        name.len() <= Key::WHOLE || self.names[usize::from(id)] == name
    }

    /// What is known of a name.
    pub(crate) fn entry(&self, id: Id) -> Entry {
        self.entries[usize::from(id) % MOST]
    }

    /// The name of a number.
    pub(crate) fn name(&self, id: Id) -> &str {
        &self.names[usize::from(id)]
    }

    /// The rank of a child in a row.
    pub(crate) fn rank(&self, row: u8, child: Id) -> u8 {
        self.ranks[usize::from(row) % ROWS][usize::from(child) % MOST]
    }

    fn build() -> Self {
        let mut names = Self {
            names: vec![String::new()],
            keys: vec![Key::default()],
            entries: [Entry::default(); MOST],
            places: vec![0; PLACES],
            ranks: [[0; MOST]; ROWS],
            rows: 1,
        };
        for name in NAMED.iter().chain(&MARKS).chain(&WRAPPERS).chain(&RELATED) {
            names.add(name);
        }
        for parent in SORTED {
            names.add(parent);
            for child in order::children(parent) {
                names.add(&format!("w:{child}"));
            }
        }
        names.classify();
        names.rank_all();
        names
    }

    fn add(&mut self, name: &str) {
        if self.id(name) != 0 {
            return;
        }
        let key = Key::of(name);
        let mut place = key.place();
        while self.places[place] != 0 {
            place = (place + 1) % PLACES;
        }
        // There are a few hundred names.
        self.places[place] = self.names.len() as Id;
        self.names.push(name.to_owned());
        self.keys.push(key);
        let word = if name.starts_with("w:") { class::WORD } else { 0 };
        self.entries[self.names.len() - 1] = Entry { class: word, row: 0 };
    }

    fn class(&mut self, id: Id, flags: u8) {
        self.entries[usize::from(id)].class |= flags;
    }

    fn classify(&mut self) {
        // Names that are not listed may be of elements that name relationships.
        for id in [0, PARAGRAPH, DELETED_TEXT, FIELD, DELETED]
            .into_iter()
            .chain(PARAGRAPH_STYLE..=HYPERLINK)
            .chain([DRAWING_PROPERTIES, FALLBACK])
        {
            self.class(id, class::TOLD);
        }
        for id in [TABLE, ROW, CELL, CONTENT, DELETED, FALLBACK] {
            self.class(id, class::CONTAINER);
        }
        for id in [TEXT, DELETED_TEXT, INSTRUCTION, DELETED_INSTRUCTION, FIELD_DATA] {
            self.class(id, class::TEXTUAL);
        }
        let wrappers = [CONTROL, CONTENT, CUSTOM_XML, SMART_TAG];
        let alternatives = [ALTERNATE, CHOICE, FALLBACK];
        for id in [PARAGRAPH, TABLE].into_iter().chain(wrappers).chain(alternatives) {
            self.class(id, class::BLOCK);
        }
        for name in RELATED {
            self.class(self.id(name), class::TOLD);
        }
        for id in PROPERTIES {
            self.class(id, class::ASIDE);
        }
        for name in MARKS {
            self.class(self.id(name), class::ASIDE | class::MARK);
        }
    }

    fn rank_all(&mut self) {
        for parent in SORTED {
            let mut row = [0; MOST];
            for (rank, child) in (1..).zip(order::children(parent)) {
                row[usize::from(self.id(&format!("w:{child}")))] = rank;
            }
            self.add_row(parent, row);
        }
        // Headers and footers may be told in any order.
        let header = usize::from(self.id("w:headerReference"));
        let footer = usize::from(self.id("w:footerReference"));
        let section =
            &mut self.ranks[usize::from(self.entries[usize::from(SECTION)].row)];
        section[header] = section[footer];
        for (parent, first, last) in STRUCTURES {
            let mut row: Ranks = std::array::from_fn(|id| self.between(id));
            for (rank, child) in (1..).zip(first) {
                row[usize::from(self.id(child))] = rank;
            }
            for child in last {
                row[usize::from(self.id(child))] = u8::MAX;
            }
            self.add_row(parent, row);
        }
    }

    /// The rank of a name where properties come first and something else last.
    fn between(&self, id: usize) -> u8 {
        let marks = self.entries[id].class & class::MARK != 0;
        if marks || id == 0 { 0 } else { u8::MAX - 1 }
    }

    fn add_row(&mut self, parent: &str, row: Ranks) {
        let number = self.rows;
        let parent = usize::from(self.id(parent));
        self.entries[parent].row = number as u8;
        self.ranks[number] = row;
        self.rows += 1;
    }
}

/// A name as numbers: its length, its first and its last bytes.
#[derive(Debug, Clone, Copy, Default, Eq, PartialEq)]
struct Key {
    first: u64,
    last: u64,
    length: usize,
}

impl Key {
    /// The length up to which a key is the whole name.
    const WHOLE: usize = 16;

    fn of(name: &str) -> Self {
        let bytes = name.as_bytes();
        let (first, last) = match (bytes.first_chunk(), bytes.last_chunk()) {
            (Some(first), Some(last)) => {
                (u64::from_le_bytes(*first), u64::from_le_bytes(*last))
            }
            _ => match (bytes.first_chunk(), bytes.last_chunk()) {
                (Some(first), Some(last)) => {
                    (u32::from_le_bytes(*first).into(), u32::from_le_bytes(*last).into())
                }
                _ => (bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)), 0),
            },
        };
        Self { first, last, length: bytes.len() }
    }

    fn place(self) -> usize {
        const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
        let mixed = self.first ^ self.last.rotate_left(29) ^ self.length as u64;
        (mixed.wrapping_mul(ODD) >> 53) as usize % PLACES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found() {
        let names = Names::get();
        for name in NAMED.iter().chain(&MARKS) {
            assert_eq!(names.name(names.id(name)), *name);
        }
        assert_eq!(names.id("w:t"), TEXT);
        assert_eq!(names.id("mc:Fallback"), FALLBACK);
        assert_eq!(names.id("w:unknown"), 0);
        assert!(names.names.len() < MOST && names.rows <= ROWS);
        for (parent, ..) in STRUCTURES {
            assert_ne!(names.id(parent), 0, "{parent}");
        }
    }

    #[test]
    fn ranks_follow_the_schema() {
        let names = Names::get();
        let rank = |parent: &str, child: &str| {
            names.rank(names.entry(names.id(parent)).row, names.id(child))
        };
        assert!(rank("w:pPr", "w:pStyle") < rank("w:pPr", "w:jc"));
        assert!(rank("w:tbl", "w:tblGrid") < rank("w:tbl", "w:tr"));
        assert!(rank("w:body", "w:p") < rank("w:body", "w:sectPr"));
        assert_eq!(rank("w:tbl", "w:bookmarkStart"), 0);
        let section = rank("w:sectPr", "w:headerReference");
        assert_eq!(section, rank("w:sectPr", "w:footerReference"));
    }
}
