//! Gives each page its cell: order, gaps, bleed, creep.

use std::collections::BTreeMap;

use super::folding::{self, Leaf};
use super::{Cell, Order, Plan, Scheme, Sheet, Side, Turn};
use crate::diag::{Diagnostic, Place, Result};
use crate::press::document::Print;
use crate::press::geometry::{Length, Rect};
use crate::press::page::Page;
use crate::press::paper;
use crate::text;

/// How much room marks need around the block of pages.
const MARKS: Length = Length::mm(6.0);

/// How far the content of inner pages may be moved without room for it.
const MOST_CREEP: Length = Length::mm(3.0);

/// How far sizes of pages may differ and be the same, in points.
const SLACK: f64 = 0.5;

/// Plans the sheets of a file that the user knows as `name`.
///
/// # Errors
/// Pages of several sizes, signatures that cannot be folded, sheets that are too small, and
/// creep that would move content into the back.
pub fn plan(print: &Print, name: &str, order: &Order) -> Result<Plan> {
    let planner = Planner { print, name, order };
    let mut plan = match order.scheme {
        Scheme::Saddle => planner.saddle(),
        Scheme::Perfect { signature } => planner.perfect(signature),
        Scheme::NUp { columns, rows } => planner.n_up(columns, rows),
        Scheme::CutAndStack { columns, rows } => planner.cut_and_stack(columns, rows),
        Scheme::TriFold => planner.leaflet(&[5, 6, 1], &[2, 3, 4]),
        Scheme::ZFold => planner.leaflet(&[4, 5, 1], &[2, 3, 6]),
        Scheme::GateFold => planner.leaflet(&[2, 6, 1], &[3, 4, 5]),
    }?;
    if order.turn != Turn::Sheetwise {
        planner.turned(&mut plan)?;
    }
    Ok(plan)
}

struct Planner<'a> {
    print: &'a Print,
    name: &'a str,
    order: &'a Order,
}

/// A block of cells of one size, and the gaps between them.
struct Block {
    width: f64,
    height: f64,
    /// The gaps behind each column and row but the last.
    across: Vec<f64>,
    along: Vec<f64>,
}

impl Block {
    fn columns(&self) -> usize {
        self.across.len() + 1
    }

    fn rows(&self) -> usize {
        self.along.len() + 1
    }

    fn total(&self) -> (f64, f64) {
        let across: f64 = self.across.iter().sum();
        let along: f64 = self.along.iter().sum();
        let (columns, rows) = (self.columns() as f64, self.rows() as f64);
        (columns * self.width + across, rows * self.height + along)
    }

    /// The cell of a column (from the left) and row (from above) in a block whose corner
    /// below left is there.
    fn cell(&self, (x, y): (f64, f64), column: usize, row: usize) -> Rect {
        let before: f64 = self.across[..column].iter().sum();
        let above: f64 = self.along[..row].iter().sum();
        let (_, height) = self.total();
        let left = x + column as f64 * self.width + before;
        let top = y + height - row as f64 * self.height - above;
        Rect { left, bottom: top - self.height, right: left + self.width, top }
    }

    /// How far a cell may be printed beyond its sides: half of the gaps beside it.
    fn bleed(&self, most: f64, column: usize, row: usize) -> [Length; 4] {
        let gap = |gaps: &[f64], before: Option<usize>| match before
            .and_then(|at| gaps.get(at))
        {
            Some(gap) => Length((gap / 2.0).min(most)),
            None => Length(most),
        };
        [
            gap(&self.across, column.checked_sub(1)),
            gap(&self.along, Some(row)),
            gap(&self.across, Some(column)),
            gap(&self.along, row.checked_sub(1)),
        ]
    }
}

impl Planner<'_> {
    fn pages(&self) -> usize {
        self.print.pages.len()
    }

    /// The gap between pages that are cut apart.
    fn gutter(&self) -> f64 {
        self.order.gutter.map_or(2.0 * self.order.bleed.0, |gutter| gutter.0)
    }

    /// The one size of all pages.
    fn size(&self) -> Result<(f64, f64)> {
        let first = &self.print.pages[0];
        let (width, height) = (first.width(), first.height());
        let alike = |page: &Page| {
            (page.width() - width).abs() <= SLACK
                && (page.height() - height).abs() <= SLACK
        };
        match self.print.pages.iter().all(alike) {
            true => Ok((width, height)),
            false => Err(several_sizes(self.name, &self.print.pages).into()),
        }
    }

    /// The sheet, on the side on which a block fits, with the block's corner.
    fn sheet(&self, (width, height): (f64, f64)) -> Result<((f64, f64), (f64, f64))> {
        let (short, long) = (self.order.sheet.0.0, self.order.sheet.1.0);
        let margin = if self.order.marks { MARKS.0.max(self.order.bleed.0) } else { 0.0 };
        let room = |(sheet_width, sheet_height): (f64, f64), margin: f64| {
            sheet_width + SLACK >= width + 2.0 * margin
                && sheet_height + SLACK >= height + 2.0 * margin
        };
        let ways =
            [(long.max(short), long.min(short)), (long.min(short), long.max(short))];
        // A sheet that has no room for marks is still printed if the pages fit.
        let fits = ways.into_iter().find(|way| room(*way, margin));
        let Some(sheet) = fits.or_else(|| ways.into_iter().find(|way| room(*way, 0.0)))
        else {
            return Err(self.too_small((width, height), margin).into());
        };
        Ok((sheet, ((sheet.0 - width) / 2.0, (sheet.1 - height) / 2.0)))
    }

    fn plan_of(&self, (width, height): (f64, f64), sheets: Vec<Sheet>) -> Plan {
        let cells = sheets.iter().flat_map(Sheet::sides).flat_map(|side| &side.cells);
        let blanks = cells.filter(|cell| cell.page.is_none()).count();
        Plan {
            scheme: self.order.scheme.name(),
            width: Length(width),
            height: Length(height),
            pages: self.pages(),
            blanks,
            spine: None,
            sheets,
        }
    }

    /// Sheets of two pages a side, put into each other.
    fn saddle(&self) -> Result<Plan> {
        let (first, last, cover) = self.inside()?;
        let count = last - first;
        let sheets = count.div_ceil(4);
        self.creep_fits(sheets.saturating_sub(1))?;
        let (width, height) = self.size()?;
        let block = Block { width, height, across: vec![0.0], along: Vec::new() };
        let (sheet, corner) = self.sheet(block.total())?;
        let page = |number: usize| (number <= count).then_some(number + first);
        let total = sheets * 4;
        let mut all = cover;
        for index in 0..sheets {
            let shift = index as f64 * self.order.paper.0;
            let side = |left: usize, right: usize| {
                let pages = [page(left), page(right)];
                self.spread(&block, corner, pages, shift)
            };
            all.push(Sheet {
                name: format!("{}", index + 1),
                front: side(total - 2 * index, 2 * index + 1),
                back: Some(side(2 * index + 2, total - 2 * index - 1)),
            });
        }
        Ok(self.plan_of(sheet, all))
    }

    /// Two pages beside each other, with the fold between them.
    fn spread(
        &self,
        block: &Block,
        corner: (f64, f64),
        pages: [Option<usize>; 2],
        shift: f64,
    ) -> Side {
        let cell = |column: usize| Cell {
            page: pages[column],
            rect: block.cell(corner, column, 0),
            upside_down: false,
            shift: Length(if column == 0 { shift } else { -shift }),
            bleed: block.bleed(self.order.bleed.0, column, 0),
            scale: 1.0,
        };
        let fold = Length(corner.0 + block.width + block.across[0] / 2.0);
        Side {
            cells: vec![cell(0), cell(1)],
            folds_across: vec![fold],
            folds_along: Vec::new(),
        }
    }

    /// The pages that are not the cover, from and up to, and the sheet of the cover.
    fn inside(&self) -> Result<(usize, usize, Vec<Sheet>)> {
        let count = self.pages();
        if !self.order.cover {
            return Ok((0, count, Vec::new()));
        }
        if count < 8 {
            return Err(no_cover(self.name, count).into());
        }
        let (width, height) = self.size()?;
        let spine = match self.order.scheme {
            Scheme::Perfect { .. } => self.spine(count - 4),
            _ => 0.0,
        };
        let block = Block { width, height, across: vec![spine], along: Vec::new() };
        let (_, corner) = self.sheet(block.total())?;
        let spread = |pages| {
            let mut side = self.spread(&block, corner, pages, 0.0);
            if spine > 0.0 {
                let middle = corner.0 + width;
                side.folds_across = vec![Length(middle), Length(middle + spine)];
            }
            side
        };
        let cover = Sheet {
            name: "cover".into(),
            front: spread([Some(count), Some(1)]),
            back: Some(spread([Some(2), Some(count - 1)])),
        };
        Ok((2, count - 2, vec![cover]))
    }

    /// How thick so many pages are.
    fn spine(&self, pages: usize) -> f64 {
        pages.div_ceil(2) as f64 * self.order.paper.0
    }

    fn creep_fits(&self, sheets_outside: usize) -> Result<()> {
        let creep = Length(sheets_outside as f64 * self.order.paper.0);
        let room = self.order.gutter.unwrap_or(MOST_CREEP);
        match creep > room {
            true => Err(too_much_creep(self.name, creep, room).into()),
            false => Ok(()),
        }
    }

    /// Signatures that are folded and gathered; the last ones are smaller if that leaves
    /// fewer pages empty.
    fn perfect(&self, signature: usize) -> Result<Plan> {
        if folding::folds(signature).is_none() {
            return Err(no_signature(signature).into());
        }
        let (first, last, cover) = self.inside()?;
        self.creep_fits(signature / 4 - 1)?;
        let count = last - first;
        let mut sheets = cover;
        let (mut at, mut number) = (0, 1);
        let mut size = (0.0, 0.0);
        while at < count {
            let left = count - at;
            let used = [4, 8, 16, 32]
                .into_iter()
                .find(|size| *size >= left || *size == signature);
            let used = used.unwrap_or(signature).min(signature);
            let page =
                |index: usize| (at + index < count).then_some(first + at + index + 1);
            let (sheet, done) = self.signature(used, number, &page)?;
            size = done;
            sheets.push(sheet);
            at += used;
            number += 1;
        }
        let mut plan = self.plan_of(size, sheets);
        plan.spine = self.order.cover.then(|| Length(self.spine(count)));
        Ok(plan)
    }

    fn signature(
        &self,
        pages: usize,
        number: usize,
        page: &dyn Fn(usize) -> Option<usize>,
    ) -> Result<(Sheet, (f64, f64))> {
        let folds = folding::folds(pages).unwrap_or_default();
        let (columns, rows) = folding::grid(folds);
        let (width, height) = self.size()?;
        // The back of the book is between each odd column and the one before it.
        let gap = |column: usize| match column % 2 {
            1 => 2.0 * self.order.milling.0,
            _ => self.gutter(),
        };
        let block = Block {
            width,
            height,
            across: (1..columns).map(gap).collect(),
            along: vec![self.gutter(); rows - 1],
        };
        let (sheet, corner) = self.sheet(block.total())?;
        let leaves = folding::fold(folds);
        let side = |front: bool| {
            let cell = |leaf: &Leaf| {
                let column = if front { columns - 1 - leaf.column } else { leaf.column };
                let index = if front { leaf.front } else { leaf.back };
                let shift = leaf.depth as f64 / 2.0 * self.order.paper.0;
                Cell {
                    page: page(index),
                    rect: block.cell(corner, column, leaf.row),
                    upside_down: leaf.upside_down,
                    shift: Length(if column % 2 == 0 { shift } else { -shift }),
                    bleed: block.bleed(self.order.bleed.0, column, leaf.row),
                    scale: 1.0,
                }
            };
            self.side_of(&block, corner, leaves.iter().map(cell).collect())
        };
        let sheet_of = Sheet {
            name: number.to_string(),
            front: side(true),
            back: Some(side(false)),
        };
        Ok((sheet_of, sheet))
    }

    /// Cells with folds in the middle of all gaps.
    fn side_of(&self, block: &Block, corner: (f64, f64), cells: Vec<Cell>) -> Side {
        let across = (1..block.columns()).map(|column| {
            let cell = block.cell(corner, column, 0);
            Length(cell.left - block.across[column - 1] / 2.0)
        });
        let along = (1..block.rows()).map(|row| {
            let cell = block.cell(corner, 0, row);
            Length(cell.top + block.along[row - 1] / 2.0)
        });
        Side { folds_across: across.collect(), folds_along: along.collect(), cells }
    }

    /// Pages in reading order, made smaller where they have to be.
    fn n_up(&self, columns: usize, rows: usize) -> Result<Plan> {
        let (width, height) = self.size()?;
        let gutter = self.order.gutter.map_or(0.0, |gutter| gutter.0);
        let (short, long) = (self.order.sheet.0.0, self.order.sheet.1.0);
        let margin = if self.order.marks { MARKS.0 } else { 0.0 };
        let scale_on = |(sheet_width, sheet_height): (f64, f64)| {
            let across = sheet_width - 2.0 * margin - gutter * (columns - 1) as f64;
            let along = sheet_height - 2.0 * margin - gutter * (rows - 1) as f64;
            (across / columns as f64 / width).min(along / rows as f64 / height).min(1.0)
        };
        let ways =
            [(short.min(long), short.max(long)), (short.max(long), short.min(long))];
        let best = ways.into_iter().max_by(|a, b| scale_on(*a).total_cmp(&scale_on(*b)));
        let sheet = best.unwrap_or((short, long));
        let scale = scale_on(sheet);
        if scale <= 0.05 {
            return Err(self.too_small((width, height), margin).into());
        }
        let block = Block {
            width: width * scale,
            height: height * scale,
            across: vec![gutter; columns - 1],
            along: vec![gutter; rows - 1],
        };
        let total = block.total();
        let corner = ((sheet.0 - total.0) / 2.0, (sheet.1 - total.1) / 2.0);
        let each = columns * rows;
        let side = |first: usize| {
            let cell = |index: usize| {
                let (column, row) = (index % columns, index / columns);
                let page = first + index + 1;
                let mut bleed = block.bleed(self.order.bleed.0, column, row);
                if gutter == 0.0 {
                    bleed = [Length::default(); 4];
                }
                Cell {
                    page: (page <= self.pages()).then_some(page),
                    rect: block.cell(corner, column, row),
                    upside_down: false,
                    shift: Length::default(),
                    bleed,
                    scale,
                }
            };
            Side { cells: (0..each).map(cell).collect(), ..Side::default() }
        };
        let sheets = (0..self.pages().div_ceil(each)).map(|index| Sheet {
            name: (index + 1).to_string(),
            front: side(index * each),
            back: None,
        });
        Ok(self.plan_of(sheet, sheets.collect()))
    }

    /// Leaves of two pages; those of one place on all sheets follow each other.
    fn cut_and_stack(&self, columns: usize, rows: usize) -> Result<Plan> {
        let (width, height) = self.size()?;
        let block = Block {
            width,
            height,
            across: vec![self.gutter(); columns - 1],
            along: vec![self.gutter(); rows - 1],
        };
        let (sheet, corner) = self.sheet(block.total())?;
        let places = columns * rows;
        let leaves = self.pages().div_ceil(2);
        let sheets = leaves.div_ceil(places);
        let side = |number: usize, front: bool| {
            let cell = |place: usize| {
                let (column, row) = (place % columns, place / columns);
                let column = if front { column } else { columns - 1 - column };
                let page = 2 * (place * sheets + number) + if front { 1 } else { 2 };
                Cell {
                    page: (page <= self.pages()).then_some(page),
                    rect: block.cell(corner, column, row),
                    upside_down: false,
                    shift: Length::default(),
                    bleed: block.bleed(self.order.bleed.0, column, row),
                    scale: 1.0,
                }
            };
            Side { cells: (0..places).map(cell).collect(), ..Side::default() }
        };
        let all = (0..sheets).map(|number| Sheet {
            name: (number + 1).to_string(),
            front: side(number, true),
            back: Some(side(number, false)),
        });
        Ok(self.plan_of(sheet, all.collect()))
    }

    /// One sheet of panels; each page is a panel of its own width.
    fn leaflet(&self, outside: &[usize], inside: &[usize]) -> Result<Plan> {
        let panels = outside.len() + inside.len();
        if self.pages() != panels {
            return Err(
                wrong_panels(self.name, self.order.scheme, panels, self.pages()).into()
            );
        }
        let height = self.print.pages[0].height();
        let width = |page: usize| self.print.pages[page - 1].width();
        let total = |row: &[usize]| row.iter().map(|page| width(*page)).sum::<f64>();
        let odd = self
            .print
            .pages
            .iter()
            .position(|page| (page.height() - height).abs() > SLACK);
        let mirrored = outside.iter().rev().zip(inside);
        let unlike =
            mirrored.clone().find(|(a, b)| (width(**a) - width(**b)).abs() > SLACK);
        if let Some(page) = odd.map(|index| index + 1).or(unlike.map(|(a, _)| *a)) {
            return Err(uneven_panel(self.name, page).into());
        }
        let (sheet, corner) = self.sheet((total(outside), height))?;
        let side = |row: &[usize]| {
            let mut left = corner.0;
            let mut side = Side::default();
            for (index, page) in row.iter().enumerate() {
                let right = left + width(*page);
                let end = |is_end: bool| {
                    if is_end { self.order.bleed } else { Length::default() }
                };
                side.cells.push(Cell {
                    page: Some(*page),
                    rect: Rect { left, bottom: corner.1, right, top: corner.1 + height },
                    upside_down: false,
                    shift: Length::default(),
                    bleed: [
                        end(index == 0),
                        self.order.bleed,
                        end(index + 1 == row.len()),
                        self.order.bleed,
                    ],
                    scale: 1.0,
                });
                if index + 1 < row.len() {
                    side.folds_across.push(Length(right));
                }
                left = right;
            }
            side
        };
        let sheets = vec![Sheet {
            name: "1".into(),
            front: side(outside),
            back: Some(side(inside)),
        }];
        Ok(self.plan_of(sheet, sheets))
    }

    /// Puts the front and the back of each sheet beside (or above) each other on a larger
    /// one, whose two sides are the same.
    fn turned(&self, plan: &mut Plan) -> Result<()> {
        let tumble = self.order.turn == Turn::WorkAndTumble;
        let (width, height) = (plan.width.0, plan.height.0);
        let size = if tumble { (width, 2.0 * height) } else { (2.0 * width, height) };
        for sheet in &mut plan.sheets {
            let Some(back) = sheet.back.take() else { continue };
            let front = std::mem::take(&mut sheet.front);
            let both = match tumble {
                // The back stands on its head, so that head meets head when it is tumbled.
                true => merged(
                    moved(&front, 0.0, 0.0),
                    moved(&headlong(&back, width, height), 0.0, height),
                ),
                false => merged(moved(&front, 0.0, 0.0), moved(&back, width, 0.0)),
            };
            sheet.front = both.clone();
            sheet.back = Some(both);
        }
        (plan.width, plan.height) = (Length(size.0), Length(size.1));
        Ok(())
    }

    fn too_small(&self, (width, height): (f64, f64), margin: f64) -> Diagnostic {
        let needed = (Length(width + 2.0 * margin), Length(height + 2.0 * margin));
        let (across, along) = needed;
        let (own_width, own_height) = self.order.sheet;
        let fits = paper::names().filter_map(|name| {
            let (short, long) = paper::size(name)?;
            let fit = |w: Length, h: Length| w >= across && h >= along;
            (fit(short, long) || fit(long, short)).then_some((name, short.0 * long.0))
        });
        let fits = fits.min_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(name, _)| name);
        let fault = Diagnostic::error(
            "press/sheet-too-small",
            text!(
                "纸张 {own_width} × {own_height} 放不下，要 {across} × {along}",
                "the sheet of {own_width} × {own_height} is too small: {across} × {along} are needed"
            ),
        )
        .at(Place::file(self.name));
        match fits {
            Some(name) => {
                fault.hint(text!("例如 `--sheet {name}`", "for example `--sheet {name}`"))
            }
            None => fault.hint(text!(
                "换一种拼法，或用更大的纸",
                "use another scheme, or a larger sheet"
            )),
        }
    }
}

fn moved(side: &Side, x: f64, y: f64) -> Side {
    let mut side = side.clone();
    for cell in &mut side.cells {
        cell.rect = cell.rect.grown(-x, -y, x, y);
    }
    side.folds_across.iter_mut().for_each(|fold| fold.0 += x);
    side.folds_along.iter_mut().for_each(|fold| fold.0 += y);
    side
}

/// A side turned by half a turn.
fn headlong(side: &Side, width: f64, height: f64) -> Side {
    let mut side = side.clone();
    for cell in &mut side.cells {
        let Rect { left, bottom, right, top } = cell.rect;
        cell.rect = Rect::of_corners([
            width - left,
            height - bottom,
            width - right,
            height - top,
        ]);
        cell.upside_down = !cell.upside_down;
        cell.shift = Length(-cell.shift.0);
        let [left, below, right, above] = cell.bleed;
        cell.bleed = [right, above, left, below];
    }
    side.folds_across.iter_mut().for_each(|fold| fold.0 = width - fold.0);
    side.folds_along.iter_mut().for_each(|fold| fold.0 = height - fold.0);
    side
}

fn merged(mut one: Side, other: Side) -> Side {
    one.cells.extend(other.cells);
    one.folds_across.extend(other.folds_across);
    one.folds_along.extend(other.folds_along);
    one
}

/// How many pages of a size are named.
const MOST_NAMED: usize = 8;

fn several_sizes(name: &str, pages: &[Page]) -> Diagnostic {
    let mut sizes: BTreeMap<(i64, i64), Vec<usize>> = BTreeMap::new();
    for (index, page) in pages.iter().enumerate() {
        let round = |length: f64| (length / SLACK).round() as i64;
        let size = (round(page.width()), round(page.height()));
        sizes.entry(size).or_default().push(index + 1);
    }
    let mut fault = Diagnostic::error(
        "press/page-sizes",
        text!(
            "各页大小不同，不能拼在一起",
            "the pages are of several sizes and cannot be imposed together"
        ),
    )
    .at(Place::file(name));
    for ((width, height), pages) in sizes {
        let [width, height] = [width, height].map(|side| Length(side as f64 * SLACK));
        let named: Vec<String> =
            pages.iter().take(MOST_NAMED).map(usize::to_string).collect();
        let dots = if pages.len() > MOST_NAMED { "…" } else { "" };
        let (zh, en) = (named.join("、"), named.join(", "));
        fault = fault.note(text!(
            "{width} × {height}：第 {zh}{dots} 页",
            "{width} × {height}: pages {en}{dots}"
        ));
    }
    fault.hint(text!("把各页做成一样大", "make all pages of one size"))
}

fn no_cover(name: &str, count: usize) -> Diagnostic {
    Diagnostic::error(
        "press/no-cover",
        text!(
            "只有 {count} 页，分不出封面和内文",
            "{count} pages are too few for a cover and an inside"
        ),
    )
    .at(Place::file(name))
    .hint(text!("封面用第一、二页和最后两页，内文至少四页", "the cover are the first two and the last two pages, and the inside has four at least"))
}

fn no_signature(signature: usize) -> Diagnostic {
    Diagnostic::error(
        "usage/signature",
        text!(
            "折不出 {signature} 页的书帖",
            "no signature of {signature} pages can be folded"
        ),
    )
    .hint(text!("可以是 4、8、16、32 页", "it can have 4, 8, 16 or 32"))
}

fn too_much_creep(name: &str, creep: Length, room: Length) -> Diagnostic {
    Diagnostic::error(
        "press/creep",
        text!(
            "最里面一张要挪 {creep}，超过了留的 {room}，内容会挤进订口",
            "the innermost sheet has to be moved by {creep}, more than the room of {room}: its content would run into the fold"
        ),
    )
    .at(Place::file(name))
    .hint(text!(
        "纸薄一些，改用胶装，或用 `--gutter` 说订口留了多少",
        "use thinner paper or perfect binding, or say with `--gutter` how much room there is"
    ))
}

fn wrong_panels(name: &str, scheme: Scheme, panels: usize, pages: usize) -> Diagnostic {
    let scheme = scheme.name();
    Diagnostic::error(
        "press/panels",
        text!(
            "{scheme} 要 {panels} 页，每页一个折面；文件有 {pages} 页",
            "{scheme} takes {panels} pages, one for each panel; the file has {pages}"
        ),
    )
    .at(Place::file(name))
    .hint(text!(
        "每个折面做成一页，第一页是封面",
        "make each panel a page, the first one is the front"
    ))
}

fn uneven_panel(name: &str, page: usize) -> Diagnostic {
    Diagnostic::error(
        "press/panels",
        text!(
            "第 {page} 页的大小和它背面的折面不同",
            "page {page} is not of the size of the panel behind it"
        ),
    )
    .at(Place::file(name))
    .hint(text!(
        "正反两面的折面要一样宽、一样高",
        "panels behind each other are of one width and height"
    ))
}
