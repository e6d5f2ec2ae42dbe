//! The plan as a picture for people: each side with its pages, as it is printed.

use std::fmt::Write;

use super::{Plan, Side};

/// How wide a side is drawn, in pixels.
const WIDTH: f64 = 320.0;
/// The room between sides.
const APART: f64 = 28.0;
/// How many sides stand beside each other: a sheet's front and back.
const COLUMNS: usize = 2;

/// The plan as an SVG picture.
pub fn svg(plan: &Plan) -> String {
    let scale = WIDTH / plan.width.0;
    let height = plan.height.0 * scale;
    let rows = plan.sheets.len();
    let total_width = COLUMNS as f64 * (WIDTH + APART) + APART;
    let total_height = rows as f64 * (height + APART * 1.5) + APART;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{total_width:.0}\" height=\"{total_height:.0}\" font-family=\"sans-serif\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
    );
    for (row, sheet) in plan.sheets.iter().enumerate() {
        let y = APART + row as f64 * (height + APART * 1.5);
        for (column, side) in sheet.sides().enumerate() {
            let x = APART + column as f64 * (WIDTH + APART);
            let label = if column == 0 { "A" } else { "B" };
            let _ = writeln!(
                out,
                "<text x=\"{x:.1}\" y=\"{:.1}\" font-size=\"12\">{} {label}</text>",
                y - 6.0,
                escaped(&sheet.name)
            );
            draw(&mut out, plan, side, (x, y), scale);
        }
    }
    out + "</svg>\n"
}

fn draw(out: &mut String, plan: &Plan, side: &Side, (x, y): (f64, f64), scale: f64) {
    let (width, height) = (plan.width.0 * scale, plan.height.0 * scale);
    let _ = writeln!(
        out,
        "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"#f6f4ee\" stroke=\"#888\"/>"
    );
    for cell in &side.cells {
        let left = x + cell.rect.left * scale;
        let top = y + height - cell.rect.top * scale;
        let (w, h) = (cell.rect.width() * scale, cell.rect.height() * scale);
        let _ = writeln!(
            out,
            "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{w:.1}\" height=\"{h:.1}\" fill=\"#fff\" stroke=\"#c33\" stroke-width=\"0.7\"/>"
        );
        let (cx, cy) = (left + w / 2.0, top + h / 2.0);
        let turn = if cell.upside_down {
            format!(" transform=\"rotate(180 {cx:.1} {cy:.1})\"")
        } else {
            String::new()
        };
        let words = cell.page.map_or("—".to_string(), |page| page.to_string());
        let size = (h * 0.3).min(w * 0.4);
        let _ = writeln!(
            out,
            "<g{turn}><text x=\"{cx:.1}\" y=\"{:.1}\" font-size=\"{size:.1}\" text-anchor=\"middle\">{words}</text><path d=\"M{:.1} {:.1}h{:.1}\" stroke=\"#36c\" stroke-width=\"2\"/></g>",
            cy + size * 0.35,
            left + w * 0.2,
            top + h * 0.08,
            w * 0.6,
        );
    }
    for fold in &side.folds_across {
        let at = x + fold.0 * scale;
        let _ = writeln!(
            out,
            "<path d=\"M{at:.1} {y:.1}v{height:.1}\" stroke=\"#36c\" stroke-dasharray=\"5 4\"/>"
        );
    }
    for fold in &side.folds_along {
        let at = y + height - fold.0 * scale;
        let _ = writeln!(
            out,
            "<path d=\"M{x:.1} {at:.1}h{width:.1}\" stroke=\"#36c\" stroke-dasharray=\"5 4\"/>"
        );
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
