//! Marks outside of the pages: where to cut and fold, register and ink.

use std::fmt::Write;

use lopdf::{Document, Object, ObjectId, Stream, dictionary};

use super::{Order, Plan, Sheet, Side};
use crate::press::geometry::{Length, Rect};

/// How long marks are.
const LENGTH: Length = Length::mm(4.0);
/// How far they are from the bleed.
const APART: Length = Length::mm(0.5);
/// How thick they are, in points (0.25 pt is the thinnest line that prints).
const LINE: f64 = 0.25;

/// The ink of marks: a separation that is on all plates (ISO 32000-2, 8.6.6.4).
pub(super) fn ink(document: &mut Document) -> ObjectId {
    let function = Stream::new(
        dictionary! {
            "FunctionType" => 4,
            "Domain" => vec![0.into(), 1.into()],
            "Range" => vec![0.into(), 1.into(), 0.into(), 1.into(), 0.into(), 1.into(), 0.into(), 1.into()],
        },
        b"{ dup dup dup }".to_vec(),
    );
    let function = document.add_object(function);
    document.add_object(Object::Array(vec![
        "Separation".into(),
        "All".into(),
        "DeviceCMYK".into(),
        Object::Reference(function),
    ]))
}

/// The marks of a side: those that most sides have in common, and its slug.
pub(super) fn draw(
    plan: &Plan,
    sheet: &Sheet,
    side: &Side,
    back: bool,
    order: &Order,
) -> (String, String) {
    let mut rects = side.cells.iter().map(|cell| cell.rect);
    let Some(first) = rects.next() else { return Default::default() };
    let block = rects.fold(first, |all, rect| all.around(&rect));
    let pen = || Pen { content: String::new(), plan, block, bleed: order.bleed.0 };
    let mut shared = pen();
    shared.begin();
    shared.crop(side);
    shared.folds(side);
    shared.registration();
    shared.end();
    shared.bars();
    let mut own = pen();
    own.slug(&slug(plan, sheet, back, order));
    (shared.content, own.content)
}

/// What the slug says, in the characters that it can draw.
fn slug(plan: &Plan, sheet: &Sheet, back: bool, order: &Order) -> String {
    let side = if back { "B" } else { "A" };
    let count = plan.sheets.len();
    let title: String = order.title.chars().filter(char::is_ascii).collect();
    format!("{title}  {}  {}/{count} {side}", plan.scheme, sheet.name)
}

struct Pen<'a> {
    content: String,
    plan: &'a Plan,
    /// All pages together.
    block: Rect,
    bleed: f64,
}

impl Pen<'_> {
    fn put(&mut self, operators: &str) {
        self.content.push_str(operators);
        self.content.push('\n');
    }

    fn begin(&mut self) {
        self.put(&format!("q /All CS 1 SCN {LINE} w"));
    }

    fn end(&mut self) {
        self.put("Q");
    }

    fn line(&mut self, (x0, y0): (f64, f64), (x1, y1): (f64, f64)) {
        self.put(&format!("{x0:.3} {y0:.3} m {x1:.3} {y1:.3} l S"));
    }

    /// Where a mark begins and ends outside of the block, from the block's side.
    fn span(&self) -> (f64, f64) {
        let start = self.bleed + APART.0;
        (start, start + LENGTH.0)
    }

    /// A mark on each side for every side of a cell, none of them inside of the block.
    fn crop(&mut self, side: &Side) {
        let (near, far) = self.span();
        let Rect { left, bottom, right, top } = self.block;
        for x in
            sides(side.cells.iter().flat_map(|cell| [cell.rect.left, cell.rect.right]))
        {
            self.line((x, top + near), (x, top + far));
            self.line((x, bottom - near), (x, bottom - far));
        }
        for y in
            sides(side.cells.iter().flat_map(|cell| [cell.rect.bottom, cell.rect.top]))
        {
            self.line((left - near, y), (left - far, y));
            self.line((right + near, y), (right + far, y));
        }
    }

    /// Broken lines where the sheet is folded.
    fn folds(&mut self, side: &Side) {
        let (near, far) = self.span();
        let Rect { left, bottom, right, top } = self.block;
        self.put("[2 1.5] 0 d");
        for fold in &side.folds_across {
            self.line((fold.0, top + near), (fold.0, top + far + 3.0));
            self.line((fold.0, bottom - near), (fold.0, bottom - far - 3.0));
        }
        for fold in &side.folds_along {
            self.line((left - near, fold.0), (left - far - 3.0, fold.0));
            self.line((right + near, fold.0), (right + far + 3.0, fold.0));
        }
        self.put("[] 0 d");
    }

    /// Crosses in circles, off the middle so that they do not meet fold marks.
    fn registration(&mut self) {
        let (near, far) = self.span();
        let middle = f64::midpoint(near, far);
        let Rect { left, bottom, right, top } = self.block;
        let (x, y) = (left + (right - left) * 0.4, bottom + (top - bottom) * 0.4);
        for (x, y) in [
            (x, top + middle),
            (x, bottom - middle),
            (left - middle, y),
            (right + middle, y),
        ] {
            self.cross(x, y);
        }
    }

    fn cross(&mut self, x: f64, y: f64) {
        const RADIUS: f64 = 4.0;
        self.line((x - RADIUS * 1.4, y), (x + RADIUS * 1.4, y));
        self.line((x, y - RADIUS * 1.4), (x, y + RADIUS * 1.4));
        // A circle of four curves.
        let k = RADIUS * 0.552_284_75;
        let mut path = format!("{:.3} {y:.3} m", x + RADIUS);
        for (sx, sy) in [(1.0, 1.0), (-1.0, 1.0), (-1.0, -1.0), (1.0, -1.0)] {
            let turn: f64 = sx * sy;
            let (c1, c2, end) = if turn > 0.0 {
                (
                    (x + sx * RADIUS, y + sy * k),
                    (x + sx * k, y + sy * RADIUS),
                    (x, y + sy * RADIUS),
                )
            } else {
                (
                    (x + sx * k, y + sy * RADIUS),
                    (x + sx * RADIUS, y + sy * k),
                    (x + sx * RADIUS, y),
                )
            };
            let _ = write!(
                path,
                " {:.3} {:.3} {:.3} {:.3} {:.3} {:.3} c",
                c1.0, c1.1, c2.0, c2.1, end.0, end.1
            );
        }
        self.put(&format!("{path} S"));
    }

    /// Patches of the inks and of halves of them, at the foot.
    fn bars(&mut self) {
        const PATCH: f64 = 10.0;
        let inks = [
            "1 0 0 0",
            "0 1 0 0",
            "0 0 1 0",
            "0 0 0 1",
            "1 1 0 0",
            "1 0 1 0",
            "0 1 1 0",
            ".5 0 0 0",
            "0 .5 0 0",
            "0 0 .5 0",
            "0 0 0 .5",
            ".5 .4 .4 0",
        ];
        let (near, far) = self.span();
        let size = PATCH.min(far - near);
        let y = self.block.bottom - near - size;
        let start = self.block.left + self.block.width() * 0.55;
        if y < 0.0 || start + PATCH * inks.len() as f64 > self.block.right {
            return;
        }
        for (index, ink) in inks.iter().enumerate() {
            let x = start + index as f64 * PATCH;
            self.put(&format!("q {ink} k {x:.3} {y:.3} {PATCH:.3} {size:.3} re f Q"));
        }
    }

    /// The slug, above the block at its left.
    fn slug(&mut self, words: &str) {
        let (near, _) = self.span();
        let y = self.block.top + near + 2.0;
        if y + STROKES_HEIGHT > self.plan.height.0 {
            return;
        }
        let mut x = self.block.left + 6.0;
        let most = self.block.left + self.block.width() * 0.36;
        self.put("q /All CS 1 SCN 0.35 w 1 J 1 j");
        for c in words.chars() {
            if x > most {
                break;
            }
            for stroke in strokes(c) {
                self.put(&polyline(stroke, x, y));
            }
            x += STROKES_HEIGHT * 0.72;
        }
        self.put("Q");
    }
}

/// Sides without those that fall together.
fn sides(sides: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut all: Vec<f64> = sides.collect();
    all.sort_by(f64::total_cmp);
    all.dedup_by(|a, b| (*a - *b).abs() < 0.05);
    all
}

/// How high the slug's characters are, in points.
const STROKES_HEIGHT: f64 = 6.0;

fn polyline(stroke: &str, x: f64, y: f64) -> String {
    let unit = STROKES_HEIGHT / 4.0;
    let mut path = String::new();
    let points = stroke.as_bytes().chunks_exact(2);
    for (index, point) in points.enumerate() {
        let at = |byte: u8| f64::from(byte.saturating_sub(b'0')) * unit;
        let operator = if index == 0 { "m" } else { "l" };
        let _ = write!(
            path,
            "{:.2} {:.2} {operator} ",
            x + at(point[0]) * 0.8,
            y + at(point[1])
        );
    }
    path + "S"
}

/// A character as strokes on a grid of 2 by 4, so that slugs need no font: each pair of
/// digits is a point.
fn strokes(c: char) -> Vec<&'static str> {
    let strokes = match c.to_ascii_uppercase() {
        '0' | 'O' => "0024240000-0004242000",
        '1' => "031410-0020",
        '2' => "042422020020",
        '3' => "04242000-0222",
        '4' => "040222-2420",
        '5' => "240402222000",
        '6' => "240400202202",
        '7' => "042410",
        '8' => "0024040020-0222-2420-0424",
        '9' => "222404022220",
        'A' => "0003142320-0222",
        'B' => "00041423120223-021221200000",
        'C' => "24040020",
        'D' => "0004142321100000",
        'E' => "24040020-0212",
        'F' => "240400-0212",
        'G' => "240400202212",
        'H' => "0004-2024-0222",
        'I' => "1014-0424-0020",
        'J' => "24201001",
        'K' => "0004-2402-0220",
        'L' => "040020",
        'M' => "0004122420",
        'N' => "00042024",
        'P' => "0004242202",
        'Q' => "0004242000-1120",
        'R' => "0004242202-1220",
        'S' => "2404022220-0020",
        'T' => "0424-1014",
        'U' => "04002024",
        'V' => "041024",
        'W' => "0400122024",
        'X' => "0024-0420",
        'Y' => "041224-1210",
        'Z' => "04240020",
        '-' => "0222",
        '_' => "0020",
        '/' => "0024",
        '.' => "1011",
        _ => return Vec::new(),
    };
    strokes.split('-').collect()
}
