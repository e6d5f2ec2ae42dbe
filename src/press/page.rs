//! A page's boxes and how it is turned (ISO 32000-2, 7.7.3 and 14.11.2).

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::geometry::Rect;

/// A page of a PDF file.
#[derive(Debug, Clone)]
pub struct Page {
    /// Its object.
    pub id: ObjectId,
    /// The medium, in user space.
    pub media: Rect,
    /// What is shown of it.
    pub crop: Rect,
    /// Up to where it is printed, before it is trimmed.
    pub bleed: Rect,
    /// What is left after trimming.
    pub trim: Rect,
    /// By how many quarters it is turned clockwise when it is shown.
    pub quarters: u8,
    /// How many points a unit of user space is.
    pub unit: f64,
}

impl Page {
    /// The width of the trimmed page as it is shown, in points.
    pub fn width(&self) -> f64 {
        self.unit
            * if self.quarters.is_multiple_of(2) {
                self.trim.width()
            } else {
                self.trim.height()
            }
    }

    /// The height of the trimmed page as it is shown, in points.
    pub fn height(&self) -> f64 {
        self.unit
            * if self.quarters.is_multiple_of(2) {
                self.trim.height()
            } else {
                self.trim.width()
            }
    }
}

/// How far attributes are looked for in the nodes above a page.
const MOST_LEVELS: usize = 64;

/// An attribute of a page, its own or one of the nodes above it.
pub fn inherited<'d>(
    document: &'d Document,
    id: ObjectId,
    key: &[u8],
) -> Option<&'d Object> {
    let mut node = document.get_dictionary(id).ok()?;
    for _ in 0..MOST_LEVELS {
        if let Ok(found) = node.get_deref(key, document)
            && !found.is_null()
        {
            return Some(found);
        }
        node = node.get_deref(b"Parent", document).ok()?.as_dict().ok()?;
    }
    None
}

/// A4, which is what a page without a box is taken for, as viewers do.
const A4: Rect = Rect { left: 0.0, bottom: 0.0, right: 595.28, top: 841.89 };

/// The boxes of a page. A box that is missing or wrong is the next larger one.
pub fn read(document: &Document, id: ObjectId) -> Page {
    let named = |key: &[u8]| rect(document, inherited(document, id, key)?);
    let own = |key: &[u8]| {
        let page: &Dictionary = document.get_dictionary(id).ok()?;
        rect(document, page.get_deref(key, document).ok()?)
    };
    let media = named(b"MediaBox").unwrap_or(A4);
    let within = |inner: Option<Rect>, outer: Rect| {
        inner.and_then(|inner| inner.common(&outer)).unwrap_or(outer)
    };
    let crop = within(named(b"CropBox"), media);
    let trim = within(own(b"TrimBox").or(own(b"ArtBox")), crop);
    let bleed = match own(b"BleedBox") {
        Some(bleed) => within(Some(bleed), media).around(&trim),
        None => crop,
    };
    let turned =
        inherited(document, id, b"Rotate").and_then(|turned| turned.as_i64().ok());
    let quarters = turned.unwrap_or(0).div_euclid(90).rem_euclid(4);
    let unit = document
        .get_dictionary(id)
        .ok()
        .and_then(|page| number(page.get(b"UserUnit").ok()?));
    Page {
        id,
        media,
        crop,
        bleed,
        trim,
        quarters: u8::try_from(quarters).unwrap_or(0),
        unit: unit.filter(|unit| *unit > 0.0).unwrap_or(1.0),
    }
}

/// A number of either kind.
pub fn number(object: &Object) -> Option<f64> {
    match object {
        Object::Integer(number) => Some(*number as f64),
        Object::Real(number) => Some(f64::from(*number)),
        _ => None,
    }
}

/// A rectangle with an area.
fn rect(document: &Document, object: &Object) -> Option<Rect> {
    let corners = object.as_array().ok()?;
    let side = |index: usize| {
        let (_, side) = document.dereference(corners.get(index)?).ok()?;
        number(side).filter(|side| side.is_finite())
    };
    let rect = Rect::of_corners([side(0)?, side(1)?, side(2)?, side(3)?]);
    (rect.width() > 0.0 && rect.height() > 0.0).then_some(rect)
}
