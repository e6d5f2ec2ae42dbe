//! How a job is bound, folded and cut.

use crate::press::geometry::Length;

/// How pages are put on sheets.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub enum Scheme {
    /// Sheets folded once, put into each other and stitched through the fold (骑马订).
    Saddle,
    /// Folded signatures of so many pages, gathered and glued at the back (胶装).
    Perfect {
        /// 4, 8, 16 or 32.
        signature: usize,
    },
    /// Pages in reading order, so many across and down, made smaller to fit.
    NUp {
        /// Across.
        columns: usize,
        /// Down.
        rows: usize,
    },
    /// Cards or leaves: the sheets are cut, and the stacks put on each other are in order.
    CutAndStack {
        /// Across.
        columns: usize,
        /// Down.
        rows: usize,
    },
    /// One sheet folded to three panels, the right one inwards first (荷包折).
    TriFold,
    /// One sheet folded to three panels, in a zigzag (风琴折).
    ZFold,
    /// One sheet with two doors of half the width (对门折).
    GateFold,
}

/// How the back of a sheet is printed.
#[derive(Debug, Copy, Clone, Eq, PartialEq, Default)]
pub enum Turn {
    /// With plates of its own (正反版).
    #[default]
    Sheetwise,
    /// With the same plates, the sheet turned over its short side (左右翻, 自翻版).
    WorkAndTurn,
    /// With the same plates, the sheet turned over its long side (天地翻, 滚翻版).
    WorkAndTumble,
}

/// What is wanted.
#[derive(Debug, Clone)]
pub struct Order {
    /// How it is bound.
    pub scheme: Scheme,
    /// The sheets' width and height; they are used on their side if that fits.
    pub sheet: (Length, Length),
    /// How thick the paper is: what inner sheets stand out by.
    pub paper: Length,
    /// How far pages are printed beyond their trim, at most.
    pub bleed: Length,
    /// The gap between pages that are cut apart; twice the bleed if nobody says.
    pub gutter: Option<Length>,
    /// How much is milled off the back of signatures.
    pub milling: Length,
    /// Whether the first two and the last two pages are a cover of its own.
    pub cover: bool,
    /// How the back is printed.
    pub turn: Turn,
    /// Whether marks are drawn.
    pub marks: bool,
    /// What the slug says beside the sheet's name.
    pub title: String,
}

impl Scheme {
    /// Its name, as the command line has it.
    pub fn name(self) -> String {
        match self {
            Self::Saddle => "saddle".into(),
            Self::Perfect { signature } => format!("perfect-{signature}"),
            Self::NUp { columns, rows } => format!("{columns}x{rows}"),
            Self::CutAndStack { columns, rows } => format!("stack-{columns}x{rows}"),
            Self::TriFold => "tri-fold".into(),
            Self::ZFold => "z-fold".into(),
            Self::GateFold => "gate-fold".into(),
        }
    }
}
