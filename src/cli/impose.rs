//! The command `impose`: pages placed on sheets.

use std::path::Path;

use super::args::{ImposeArguments, TurnName};
use super::place::write;
use super::report::Reporter;
use crate::build::Artefact;
use crate::build::input::read;
use crate::data::import::splice;
use crate::diag::{Diagnostic, Diagnostics, Result};
use crate::press::document::Print;
use crate::press::geometry::Length;
use crate::press::impose::{self, Order, Scheme, Turn};
use crate::press::paper;
use crate::text;

/// Imposes a file, and writes the sheets with what else is asked for.
pub(super) fn run(
    folder: &Path,
    arguments: &ImposeArguments,
    reporter: &mut Reporter,
) -> Result<()> {
    let name = arguments.pages.display().to_string();
    let order = order(arguments, &name)?;
    let bytes = read(&folder.join(&arguments.pages))?;
    let print = Print::open(&name, &bytes, arguments.password.as_deref())?;
    let (pages, repaired) = (print.pages.len(), print.repaired);
    let plan = impose::plan(&print, &name, &order)?;
    let file = |path: &Path, bytes: Vec<u8>, pages: Option<usize>| Artefact {
        name: path.display().to_string(),
        bytes,
        pages,
    };
    let mut files = Vec::new();
    if let Some(path) = &arguments.diagram {
        files.push(file(path, impose::svg(&plan).into_bytes(), None));
    }
    if let Some(path) = &arguments.plan {
        let value = serde_json::to_value(&plan).unwrap_or_default();
        files.push(file(path, (splice::pretty(&value) + "\n").into_bytes(), None));
    }
    let sides = plan.sides().count();
    let sheets = impose::sheets(print, &plan, &order)?;
    let size = (bytes.len(), sheets.len());
    files.push(file(&arguments.sheets, sheets, Some(sides)));
    write(folder, &files, folder, reporter)?;
    if repaired {
        reporter.diagnostics(&[was_repaired(&name)]);
    }
    tell(&plan, pages, size, reporter);
    Ok(())
}

fn tell(
    plan: &impose::Plan,
    pages: usize,
    (before, after): (usize, usize),
    reporter: &mut Reporter,
) {
    let (sheets, blanks) = (plan.sheets.len(), plan.blanks);
    let (width, height) = (plan.width, plan.height);
    reporter.note(&text!(
        "{pages} 页拼在 {sheets} 张纸上（{width} × {height}），空 {blanks} 页；文件 {before} → {after} 字节",
        "{pages} pages on {sheets} sheets of {width} × {height}, blank pages: {blanks}; {before} → {after} bytes"
    ));
    if let Some(spine) = plan.spine {
        reporter.note(&text!("书脊宽 {spine}", "the spine is {spine} wide"));
    }
}

fn order(arguments: &ImposeArguments, name: &str) -> Result<Order> {
    let mut faults = Diagnostics::new();
    let scheme = faults.absorb(scheme(&arguments.scheme));
    let sheet = faults.absorb(sheet(&arguments.stock));
    let mut length = |option: &str, text: &str| faults.absorb(length(option, text));
    let paper = length("--paper", &arguments.paper);
    let bleed = length("--bleed", &arguments.bleed);
    let milling = length("--milling", &arguments.milling);
    let gutter = arguments.gutter.as_ref().map(|text| length("--gutter", text));
    let all = (scheme, sheet, paper, bleed, milling, gutter.unwrap_or_default());
    let (Some(scheme), Some(sheet), Some(paper), Some(bleed), Some(milling), gutter) =
        all
    else {
        return Err(faults.fail());
    };
    if faults.has_errors() {
        return Err(faults.fail());
    }
    Ok(Order {
        scheme,
        sheet,
        paper,
        bleed,
        gutter,
        milling,
        cover: arguments.cover,
        turn: match arguments.turn {
            TurnName::Sheetwise => Turn::Sheetwise,
            TurnName::WorkAndTurn => Turn::WorkAndTurn,
            TurnName::WorkAndTumble => Turn::WorkAndTumble,
        },
        marks: !arguments.no_marks,
        title: name.to_string(),
    })
}

fn length(option: &str, text: &str) -> Result<Length> {
    text.parse().map_err(|()| {
        Diagnostic::error(
            "usage/length",
            text!(
                "`{option}` 的 `{text}` 不是长度",
                "`{text}` of `{option}` is no length"
            ),
        )
        .hint(text!("写成 3mm、0.25in 或 8.5pt", "write 3mm, 0.25in or 8.5pt"))
        .into()
    })
}

fn sheet(name: &str) -> Result<(Length, Length)> {
    paper::size(name).ok_or_else(|| {
        let known: Vec<&str> = paper::names().collect();
        let (zh, en) = (known.join("、"), known.join(", "));
        Diagnostic::error(
            "usage/sheet",
            text!("没有 `{name}` 这种纸", "there is no sheet `{name}`"),
        )
        .hint(text!("可以写 {zh}，或 320x450mm", "there are {en}, or 320x450mm"))
        .into()
    })
}

/// A scheme as it is called: `saddle`, `perfect-16`, `2x2`, `stack-2x4`, …
fn scheme(name: &str) -> Result<Scheme> {
    let grid = |text: &str| {
        let (columns, rows) = text.split_once('x')?;
        let number = |text: &str| text.parse().ok().filter(|n| (1..=32).contains(n));
        Some((number(columns)?, number(rows)?))
    };
    let found = match name {
        "saddle" => Some(Scheme::Saddle),
        "perfect" => Some(Scheme::Perfect { signature: 16 }),
        "2-up" => Some(Scheme::NUp { columns: 2, rows: 1 }),
        "4-up" => Some(Scheme::NUp { columns: 2, rows: 2 }),
        "tri-fold" => Some(Scheme::TriFold),
        "z-fold" => Some(Scheme::ZFold),
        "gate-fold" => Some(Scheme::GateFold),
        _ => None,
    };
    let numbered = || match name.split_once('-') {
        Some(("perfect", signature)) => {
            Some(Scheme::Perfect { signature: signature.parse().ok()? })
        }
        Some(("stack", text)) => {
            grid(text).map(|(columns, rows)| Scheme::CutAndStack { columns, rows })
        }
        _ => grid(name).map(|(columns, rows)| Scheme::NUp { columns, rows }),
    };
    found.or_else(numbered).ok_or_else(|| {
        Diagnostic::error(
            "usage/scheme",
            text!("没有 `{name}` 这种拼法", "there is no scheme `{name}`"),
        )
        .hint(text!(
            "可以写 saddle、perfect-4（8、16、32）、2-up、4-up、3x2、stack-2x4、tri-fold、z-fold、gate-fold",
            "there are saddle, perfect-4 (8, 16, 32), 2-up, 4-up, 3x2, stack-2x4, tri-fold, z-fold, gate-fold"
        ))
        .into()
    })
}

fn was_repaired(name: &str) -> Diagnostic {
    Diagnostic::warning(
        "press/repaired",
        text!(
            "PDF 的对象表坏了，重建以后才读出来",
            "the PDF's table of objects was damaged and was made anew"
        ),
    )
    .at(crate::diag::Place::file(name))
    .hint(text!(
        "核对拼好的大版，最好请作者重新导出",
        "look the sheets through, or better have it exported again"
    ))
}
