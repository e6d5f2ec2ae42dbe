//! Picture files: their formats and sizes, and bitmaps of vector pictures.

use std::hash::Hasher;
use std::sync::Arc;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg;
use siphasher::sip128::{Hasher128, SipHasher13};

use super::lettering::PictureFonts;
use crate::diag::Text;
use crate::docx::language::lengths::EMU_PER_INCH;
use crate::text;

/// The resolution of the bitmap beside a vector picture, in dots per inch: for
/// screens, because programs that print well print the vectors.
const RASTER_DPI: f64 = 120.0;
/// The longest side of such a bitmap, in pixels.
const LONGEST_SIDE: f64 = 4000.0;

/// The formats of picture files that Word shows.
#[derive(Debug, Copy, Clone, Eq, PartialEq, Hash)]
pub(crate) enum Format {
    /// Portable Network Graphics.
    Png,
    /// JPEG.
    Jpeg,
    /// Graphics Interchange Format.
    Gif,
    /// Scalable Vector Graphics.
    Svg,
}

impl Format {
    /// The extension of the part's name.
    pub(crate) fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpeg",
            Self::Gif => "gif",
            Self::Svg => "svg",
        }
    }

    /// The content type.
    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::Svg => "image/svg+xml",
        }
    }
}

/// A picture file and its natural size.
#[derive(Debug, Clone)]
pub(crate) struct Media {
    /// The file.
    pub(crate) bytes: Arc<[u8]>,
    /// Its format.
    pub(crate) format: Format,
    /// Its natural width and height in English Metric Units.
    pub(crate) natural: (f64, f64),
}

impl Media {
    /// Reads format and size of a picture file.
    pub(crate) fn read(bytes: Arc<[u8]>) -> Result<Self, Text> {
        let format = format(&bytes).ok_or_else(unknown)?;
        let natural = match format {
            Format::Png => png_size(&bytes),
            Format::Jpeg => jpeg_size(&bytes),
            Format::Gif => gif_size(&bytes),
            Format::Svg => Some(svg_size(&bytes)?),
        };
        let natural =
            natural.filter(|(w, h)| *w > 0.0 && *h > 0.0).ok_or_else(damaged)?;
        Ok(Self { bytes, format, natural })
    }

    /// Whether the side that nobody asked for is the long one of a slender picture,
    /// which may then be longer than the page.
    pub(crate) fn exceeds(&self, width: Option<f64>, height: Option<f64>) -> bool {
        let (w, h) = self.natural;
        (height.is_none() && h > w * SLENDER) || (width.is_none() && w > h * SLENDER)
    }

    /// The size to print at, in English Metric Units: the one that is missing
    /// follows from the proportions.
    pub(crate) fn size(&self, width: Option<f64>, height: Option<f64>) -> (u64, u64) {
        let (w, h) = self.natural;
        let (width, height) = match (width, height) {
            (Some(width), Some(height)) => (width, height),
            (Some(width), None) => (width, width * h / w),
            (None, Some(height)) => (height * w / h, height),
            (None, None) => (w, h),
        };
        let whole = |emu: f64| emu.round().clamp(1.0, 27_273_042_316_900.0) as u64;
        (whole(width), whole(height))
    }
}

/// How often the short side of a slender picture goes into the long one.
const SLENDER: f64 = 2.5;

/// A size made small enough for a room, in the same proportions.
pub(super) fn within((width, height): (u64, u64), room: (f64, f64)) -> (u64, u64) {
    let (w, h) = (width as f64, height as f64);
    let factor = (room.0 / w).min(room.1 / h).min(1.0);
    let whole = |emu: f64| (emu * factor).floor().max(1.0) as u64;
    (whole(w), whole(h))
}

/// A name for content: the same for the same bytes only.
pub(crate) fn name(bytes: &[u8], format: Format) -> String {
    let mut hasher = SipHasher13::new();
    hasher.write(bytes);
    let hash = hasher.finish128().as_u128();
    format!("{hash:032x}.{}", format.extension())
}

fn unknown() -> Text {
    text!("不是 PNG、JPEG、GIF 或 SVG 图片", "not a PNG, JPEG, GIF or SVG picture")
}

/// Why a picture that looked sound cannot be drawn.
pub(crate) fn damaged() -> Text {
    text!("图片已损坏", "the picture is damaged")
}

fn format(bytes: &[u8]) -> Option<Format> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => Some(Format::Png),
        [0xff, 0xd8, 0xff, ..] => Some(Format::Jpeg),
        [b'G', b'I', b'F', b'8', ..] => Some(Format::Gif),
        _ => {
            let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]);
            let markup = head.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']);
            (markup.starts_with('<') && markup.contains("<svg")).then_some(Format::Svg)
        }
    }
}

fn wide(bytes: &[u8], at: usize) -> Option<f64> {
    let bytes = bytes.get(at..at + 4)?;
    Some(f64::from(u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])))
}

fn short(bytes: &[u8], at: usize) -> Option<f64> {
    let bytes = bytes.get(at..at + 2)?;
    Some(f64::from(u16::from_be_bytes([bytes[0], bytes[1]])))
}

/// Pixels as English Metric Units, at a resolution in dots per inch.
fn from_pixels(width: f64, height: f64, dpi: (f64, f64)) -> (f64, f64) {
    let plausible = |dpi: f64| if (10.0..=5000.0).contains(&dpi) { dpi } else { 96.0 };
    (width * EMU_PER_INCH / plausible(dpi.0), height * EMU_PER_INCH / plausible(dpi.1))
}

fn png_size(bytes: &[u8]) -> Option<(f64, f64)> {
    let (width, height) = (wide(bytes, 16)?, wide(bytes, 20)?);
    let mut dpi = (96.0, 96.0);
    let mut at = 8;
    while let (Some(length), Some(kind)) = (wide(bytes, at), bytes.get(at + 4..at + 8)) {
        if kind == b"pHYs" && bytes.get(at + 16) == Some(&1) {
            // A metre has no whole number of inches: 72 dpi is stored as 2835.
            let dpi_of = |at| wide(bytes, at).map(|metre| (metre * 0.0254).round());
            dpi = (dpi_of(at + 8)?, dpi_of(at + 12)?);
        }
        if kind == b"IDAT" {
            break;
        }
        at = at.checked_add(12)?.checked_add(length as usize)?;
    }
    Some(from_pixels(width, height, dpi))
}

fn jpeg_size(bytes: &[u8]) -> Option<(f64, f64)> {
    let mut dpi = (96.0, 96.0);
    let mut at = 2;
    loop {
        while *bytes.get(at)? == 0xff {
            at += 1;
        }
        let marker = bytes[at];
        at += 1;
        match marker {
            0x01 | 0xd0..=0xd8 => continue,
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                return Some(from_pixels(
                    short(bytes, at + 5)?,
                    short(bytes, at + 3)?,
                    dpi,
                ));
            }
            0xe0 if bytes.get(at + 2..at + 6)? == b"JFIF" => {
                let scale = match bytes.get(at + 9)? {
                    1 => 1.0,
                    2 => 2.54,
                    _ => 0.0,
                };
                dpi = (short(bytes, at + 10)? * scale, short(bytes, at + 12)? * scale);
            }
            _ => {}
        }
        at += (short(bytes, at)? as usize).max(2);
    }
}

fn gif_size(bytes: &[u8]) -> Option<(f64, f64)> {
    let side = |at: usize| {
        let bytes = bytes.get(at..at + 2)?;
        Some(f64::from(u16::from_le_bytes([bytes[0], bytes[1]])))
    };
    Some(from_pixels(side(6)?, side(8)?, (96.0, 96.0)))
}

/// Parsed once for its size and once more for its bitmap, so it is remembered.
#[comemo::memoize]
fn parse_svg(bytes: &[u8], fonts: &PictureFonts) -> Result<Arc<usvg::Tree>, Text> {
    let mut options =
        usvg::Options { fontdb: fonts.database(), ..usvg::Options::default() };
    // A picture reads no other files.
    options.image_href_resolver.resolve_string = Box::new(|_, _| None);
    usvg::Tree::from_data(bytes, &options).map(Arc::new).map_err(|error| {
        let cause = error.to_string();
        text!("SVG 图片有误（{cause}）", "the SVG picture is faulty ({cause})")
    })
}

fn svg_size(bytes: &[u8]) -> Result<(f64, f64), Text> {
    let size = parse_svg(bytes, &PictureFonts::default())?.size();
    let emu = EMU_PER_INCH / 96.0;
    Ok((f64::from(size.width()) * emu, f64::from(size.height()) * emu))
}

/// The bitmap of a vector picture as a PNG file, for a printed size in English
/// Metric Units.
#[comemo::memoize]
pub(crate) fn rasterise(
    svg: Arc<[u8]>,
    size: (u64, u64),
    fonts: &PictureFonts,
) -> Result<Arc<[u8]>, Text> {
    let tree = parse_svg(&svg, fonts)?;
    let pixels = |emu: u64| emu as f64 / EMU_PER_INCH * RASTER_DPI;
    let (width, height) = (pixels(size.0), pixels(size.1));
    let shrink = (LONGEST_SIDE / width.max(height)).min(1.0);
    let whole = |side: f64| (side * shrink).round().max(1.0) as u32;
    let mut pixmap = Pixmap::new(whole(width), whole(height)).ok_or_else(damaged)?;
    let scale = Transform::from_scale(
        pixmap.width() as f32 / tree.size().width(),
        pixmap.height() as f32 / tree.size().height(),
    );
    resvg::render(&tree, scale, &mut pixmap.as_mut());
    encode(pixmap).ok_or_else(damaged)
}

/// Whether a vector picture may have words.
pub(crate) fn has_words(svg: &[u8]) -> bool {
    let mark = b"<text";
    let prefixed = b":text";
    svg.windows(mark.len()).any(|bytes| bytes == mark || bytes == prefixed)
}

/// A bitmap as a PNG file; without an alpha channel where it needs none.
fn encode(pixmap: Pixmap) -> Option<Arc<[u8]>> {
    let (width, height) = (pixmap.width(), pixmap.height());
    // Premultiplied by an alpha of one, colours are what they are.
    let opaque = pixmap.data().chunks_exact(4).all(|pixel| pixel[3] == u8::MAX);
    let (colour, data) = if opaque {
        let mut rgb = Vec::with_capacity(pixmap.data().len() / 4 * 3);
        for pixel in pixmap.data().chunks_exact(4) {
            rgb.extend_from_slice(&pixel[..3]);
        }
        (png::ColorType::Rgb, rgb)
    } else {
        (png::ColorType::Rgba, pixmap.take_demultiplied())
    };
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width, height);
    encoder.set_color(colour);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    // Drawings are flat: the one filter does as well as trying all of them.
    encoder.set_filter(png::Filter::Up);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(&data).ok()?;
    writer.finish().ok()?;
    Some(out.into())
}
