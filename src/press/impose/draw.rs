//! Makes the sheets.

use std::collections::BTreeMap;
use std::fmt::Write;

use lopdf::{Dictionary, Document, Object, ObjectId, SaveOptions, Stream, dictionary};

use super::{Cell, Order, Plan, Sheet, Side, marks};
use crate::diag::{Diagnostic, Diagnostics, Place, Result};
use crate::press::document::Print;
use crate::press::geometry::{Matrix, Rect};
use crate::press::page::{Page, inherited};
use crate::text;

/// The sheets as the bytes of a file.
pub(super) fn sheets(print: Print, plan: &Plan, order: &Order) -> Result<Vec<u8>> {
    let Print { mut document, pages, .. } = print;
    let forms = forms(&mut document, &pages, &order.title)?;
    let sides: Vec<(&Sheet, &Side)> = plan.sides().collect();
    let root = document.new_object_id();
    let ink = marks::ink(&mut document);
    let mut kids = Vec::new();
    // Marks are alike on most sides.
    let mut drawn: BTreeMap<String, ObjectId> = BTreeMap::new();
    for (index, (sheet, side)) in sides.iter().enumerate() {
        let back = index > 0 && std::ptr::eq(sides[index - 1].0, *sheet);
        let mut content = String::new();
        let mut used = Dictionary::new();
        for cell in &side.cells {
            let Some(number) = cell.page else { continue };
            if let (Some(page), Some(form)) = (pages.get(number - 1), forms.get(&number))
            {
                draw(&mut content, page, cell, number);
                used.set(format!("P{number}"), Object::Reference(*form));
            }
        }
        if order.marks {
            let (shared, own) = marks::draw(plan, sheet, side, back, order);
            content += &own;
            if !shared.is_empty() {
                let area = Rect::of_corners([0.0, 0.0, plan.width.0, plan.height.0]);
                let form = *drawn.entry(shared).or_insert_with_key(|shared| {
                    document.add_object(marked(shared, &area, ink))
                });
                content += "/M Do\n";
                used.set("M", Object::Reference(form));
            }
        }
        let contents = document.add_object(compressed(Dictionary::new(), content));
        let (width, height) = (plan.width.0, plan.height.0);
        let trim = trimmed(side).unwrap_or(Rect::of_corners([0.0, 0.0, width, height]));
        let page = document.add_object(dictionary! {
            "Type" => "Page",
            "Parent" => Object::Reference(root),
            "MediaBox" => boxed(&Rect::of_corners([0.0, 0.0, width, height])),
            "TrimBox" => boxed(&trim),
            "Contents" => Object::Reference(contents),
            "Resources" => dictionary! {
                "XObject" => used,
                "ColorSpace" => dictionary! { "All" => Object::Reference(ink) },
            },
        });
        kids.push(Object::Reference(page));
    }
    let count = i64::try_from(kids.len()).unwrap_or(i64::MAX);
    document.objects.insert(
        root,
        Object::Dictionary(
            dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count },
        ),
    );
    finish(document, root, order)
}

fn compressed(dictionary: Dictionary, content: impl Into<Vec<u8>>) -> Stream {
    let mut stream = Stream::new(dictionary, content.into());
    // What does not become smaller stays as it is.
    let _ = stream.compress();
    stream
}

/// Marks as a form that covers a sheet.
fn marked(content: &str, area: &Rect, ink: ObjectId) -> Stream {
    let dictionary = dictionary! {
        "Type" => "XObject",
        "Subtype" => "Form",
        "BBox" => boxed(area),
        "Resources" => dictionary! {
            "ColorSpace" => dictionary! { "All" => Object::Reference(ink) },
        },
    };
    compressed(dictionary, content)
}

fn finish(mut document: Document, root: ObjectId, order: &Order) -> Result<Vec<u8>> {
    let unsaved = |error: &dyn std::fmt::Display| {
        Diagnostic::error(
            "press/unsaved",
            text!("大版写不出来（{error}）", "the sheets cannot be written ({error})"),
        )
        .at(Place::file(order.title.clone()))
    };
    if let Ok(catalog) = document.catalog_mut() {
        // What leads to pages that are no more, or says what is no more so.
        let keys = [
            "Outlines",
            "Names",
            "Dests",
            "OpenAction",
            "PageLabels",
            "AcroForm",
            "Metadata",
            "StructTreeRoot",
            "MarkInfo",
            "Threads",
            "AA",
            "PageMode",
            "ViewerPreferences",
            "PieceInfo",
            "Collection",
            "Perms",
            "AF",
        ];
        for key in keys {
            catalog.remove(key.as_bytes());
        }
        catalog.set("Pages", Object::Reference(root));
    }
    document.trailer.remove(b"Encrypt");
    document.encryption_state = None;
    document.prune_objects();
    document.renumber_objects();
    let options =
        SaveOptions::builder().use_object_streams(true).use_xref_streams(true).build();
    let mut bytes = Vec::new();
    document.version = "1.7".into();
    document.save_with_options(&mut bytes, options).map_err(|error| unsaved(&error))?;
    Ok(bytes)
}

fn boxed(rect: &Rect) -> Object {
    Object::Array(rect.corners().iter().map(|side| Object::Real(*side as f32)).collect())
}

/// All pages of a side together.
fn trimmed(side: &Side) -> Option<Rect> {
    let mut rects = side.cells.iter().map(|cell| cell.rect);
    let first = rects.next()?;
    Some(rects.fold(first, |all, rect| all.around(&rect)))
}

/// Each page as a form, by number.
fn forms(
    document: &mut Document,
    pages: &[Page],
    name: &str,
) -> Result<BTreeMap<usize, ObjectId>> {
    let mut faults = Diagnostics::new();
    let mut forms = BTreeMap::new();
    // Pages may share what they show.
    let mut known: BTreeMap<(Vec<ObjectId>, String), ObjectId> = BTreeMap::new();
    for (index, page) in pages.iter().enumerate() {
        let number = index + 1;
        match form(document, page) {
            Some(stream) => {
                let key =
                    (document.get_page_contents(page.id), format!("{:?}", stream.dict));
                let form =
                    *known.entry(key).or_insert_with(|| document.add_object(stream));
                forms.insert(number, form);
            }
            None => faults.push(
                Diagnostic::error(
                    "press/page",
                    text!(
                        "第 {number} 页的内容读不出来",
                        "the content of page {number} cannot be read"
                    ),
                )
                .at(Place::file(name)),
            ),
        }
    }
    match faults.is_empty() {
        true => Ok(forms),
        false => Err(faults.fail()),
    }
}

fn form(document: &Document, page: &Page) -> Option<Stream> {
    let own = document.get_dictionary(page.id).ok()?;
    let mut stream = contents(document, page.id)?;
    // Its own stay a reference, so that pages share them.
    let resources = own.get(b"Resources").ok();
    let resources = resources.or_else(|| inherited(document, page.id, b"Resources"));
    let none = || Object::Dictionary(Dictionary::new());
    stream.dict.set("Type", "XObject");
    stream.dict.set("Subtype", "Form");
    stream.dict.set("BBox", boxed(&page.media));
    stream.dict.set("Resources", resources.cloned().unwrap_or_else(none));
    if let Ok(group) = own.get(b"Group") {
        stream.dict.set("Group", group.clone());
    }
    Some(stream)
}

/// The content of a page. A single stream stays as it is written.
fn contents(document: &Document, id: ObjectId) -> Option<Stream> {
    let parts: Vec<ObjectId> = document.get_page_contents(id);
    if let [part] = parts.as_slice() {
        return document.get_object(*part).ok()?.as_stream().ok().cloned();
    }
    let mut all = Vec::new();
    for part in &parts {
        let stream = document.get_object(*part).ok()?.as_stream().ok()?;
        all.extend(stream.get_plain_content().ok()?);
        all.push(b'\n');
    }
    Some(compressed(Dictionary::new(), all))
}

/// Draws a page in its cell.
fn draw(content: &mut String, page: &Page, cell: &Cell, number: usize) {
    let [left, below, right, above] = cell.bleed.map(|bleed| bleed.0);
    let clip = cell.rect.grown(left, below, right, above);
    let [a, b, c, d, e, f] = placed(page, cell).0;
    // Formatting into a string cannot fail.
    let _ = writeln!(
        content,
        "q {:.3} {:.3} {:.3} {:.3} re W n {a:.6} {b:.6} {c:.6} {d:.6} {e:.4} {f:.4} cm /P{number} Do Q",
        clip.left,
        clip.bottom,
        clip.width(),
        clip.height(),
    );
}

/// What takes a page's user space to its cell: upright, trimmed to the cell, and moved by
/// the creep.
fn placed(page: &Page, cell: &Cell) -> Matrix {
    let scale = page.unit * cell.scale;
    let scaled = Matrix([scale, 0.0, 0.0, scale, 0.0, 0.0]);
    let quarters = (4 - page.quarters) % 4 + if cell.upside_down { 2 } else { 0 };
    let turned = scaled.then(&Matrix::turned(quarters));
    let trim = turned.rect(&page.trim);
    // A page that is a little off is centred.
    let x = cell.rect.left + (cell.rect.width() - trim.width()) / 2.0 - trim.left;
    let y = cell.rect.bottom + (cell.rect.height() - trim.height()) / 2.0 - trim.bottom;
    turned.then(&Matrix::moved(x + cell.shift.0, y))
}
