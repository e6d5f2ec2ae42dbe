//! Bitmaps: decoded once, and made what both engines print alike.

use std::io::Cursor;
use std::sync::Arc;

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{PixelType, Resizer};
use image::codecs::gif::GifDecoder;
use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::{CompressionType, FilterType, PngDecoder, PngEncoder};
use image::codecs::webp::WebPDecoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageBuffer, ImageDecoder, ImageEncoder, ImageResult};

use super::{Format, Remark, Seen, damaged};
use crate::text;

/// The longest side of what is printed, in pixels: that of A4 at 300 to the inch,
/// which still is 212 over A3.
const LONGEST: u32 = 3508;
/// Pictures with a side of at least this many pixels are made smaller. Those of
/// most cameras, up to 12 megapixels, are printed as they are.
const FAR_ABOVE: u32 = 4400;
/// Below this, the longer side is no more than an inch at 300 to the inch.
const SMALL: u32 = 300;
/// The most pixels that are decoded: more than cameras make.
const MOST_PIXELS: u64 = 150_000_000;
/// The most bytes that they may take.
const MOST_BYTES: u64 = 600_000_000;
/// The quality of what is written as JPEG; no eye sees a difference in print.
const QUALITY: u8 = 92;
/// The size of a pixel that is printed, in millimetres.
const PIXEL: f64 = 25.4 / 300.0;

type Decoder<'b> = Box<dyn ImageDecoder + 'b>;

/// What has to be done to a bitmap before it is printed.
struct Work {
    orientation: Orientation,
    profile: Option<Vec<u8>>,
    /// Whether its inks were converted.
    converted: bool,
    /// The format to write.
    target: Format,
}

/// Looks at a bitmap.
pub(super) fn look(bytes: &[u8], format: Format) -> Result<Seen, Remark> {
    let inks = match format {
        Format::Jpeg => jpeg_inks(bytes)?,
        _ => Inks::Light,
    };
    let mut decoder = open(bytes, format).map_err(|error| unreadable(&error))?;
    let (width, height) = decoder.dimensions();
    check_size(width, height, decoder.total_bytes())?;
    let work = Work {
        orientation: decoder.orientation().unwrap_or(Orientation::NoTransforms),
        profile: decoder.icc_profile().ok().flatten().filter(|icc| !icc.is_empty()),
        converted: inks == Inks::Print,
        target: target(bytes, format),
    };
    // Also where nothing is to be done: only a decoder finds a broken file.
    let picture =
        DynamicImage::from_decoder(decoder).map_err(|error| unreadable(&error))?;
    let mut remarks = Vec::new();
    remarks.extend(small(width, height));
    if work.converted {
        remarks.push(converted());
    }
    if !work.is_needed(&picture, format) {
        return Ok(Seen { format, made: None, remarks });
    }
    let target = work.target;
    let made = work.done(picture).map_err(|error| unreadable(&error))?;
    Ok(Seen { format: target, made: Some(made), remarks })
}

fn open(bytes: &[u8], format: Format) -> ImageResult<Decoder<'_>> {
    let file = Cursor::new(bytes);
    Ok(match format {
        Format::Jpeg => Box::new(JpegDecoder::new(file)?),
        Format::Gif => Box::new(GifDecoder::new(file)?),
        Format::WebP => Box::new(WebPDecoder::new(file)?),
        Format::Png | Format::Svg => Box::new(PngDecoder::new(file)?),
    })
}

/// Photographs stay JPEG; all else is written as PNG.
fn target(bytes: &[u8], format: Format) -> Format {
    let lossy = bytes.get(12..16) == Some(b"VP8 ");
    match format {
        Format::Jpeg => Format::Jpeg,
        Format::WebP if lossy => Format::Jpeg,
        _ => Format::Png,
    }
}

fn check_size(width: u32, height: u32, bytes: u64) -> Result<(), Remark> {
    let pixels = u64::from(width) * u64::from(height);
    if pixels <= MOST_PIXELS && bytes <= MOST_BYTES {
        return Ok(());
    }
    let (many, most) = (pixels / 1_000_000, MOST_PIXELS / 1_000_000);
    let in_chinese = |pixels: u64| format!("{:.1} 亿像素", pixels as f64 / 1e8);
    let (much, at_most) = (in_chinese(pixels), in_chinese(MOST_PIXELS));
    Err(Remark::new(
        "data/picture-too-large",
        text!(
            "{width}×{height} 像素，{much}，太大了，读不进来",
            "{width} × {height} pixels, {many} megapixels: too large to be read"
        ),
        text!(
            "最多 {at_most}；印满 A4 只要 3508×2480 像素，先缩小再放进来",
            "at most {most} megapixels; A4 takes 3508 × 2480 pixels: make it smaller first"
        ),
    ))
}

fn unreadable(error: &image::ImageError) -> Remark {
    let cause = error.to_string();
    if let image::ImageError::Unsupported(_) = error {
        return Remark::new(
            "data/picture-format",
            text!("这种图片不能印：{cause}", "a kind that is not printed: {cause}"),
            text!(
                "用看图软件打开，另存为普通的 JPEG 或 PNG",
                "open it and save it as plain JPEG or PNG"
            ),
        );
    }
    let cut = cause.to_ascii_lowercase();
    if ["insufficientinput", "unexpected end", "unexpectedeof", "failed to fill", "eof"]
        .iter()
        .any(|end| cut.contains(end))
    {
        return cut_off();
    }
    // The decoders' words begin with the format and go on to their own data.
    let cause = cause.split_once(": ").map_or(&*cause, |(_, cause)| cause);
    let cause = cause.split(" while decoding ").next().unwrap_or_default();
    damaged(text!("图片已损坏：{cause}", "the picture is damaged: {cause}"))
}

fn cut_off() -> Remark {
    damaged(text!(
        "图片不完整，后面的部分没有拷全",
        "the picture is cut off: its last part is missing"
    ))
}

fn small(width: u32, height: u32) -> Option<Remark> {
    if width.max(height) >= SMALL {
        return None;
    }
    let millimetres = (f64::from(width) * PIXEL).max(0.1);
    let shown = format!("{millimetres:.1}");
    Some(Remark::new(
        "data/picture-small",
        text!(
            "只有 {width}×{height} 像素，按 300 ppi 只够印 {shown} 毫米宽，再大就发虚",
            "only {width} × {height} pixels: {shown} mm wide at 300 ppi, blurred if larger"
        ),
        text!(
            "换一张大的：印 80 毫米宽至少要 945 像素宽",
            "take a larger one: 80 mm want 945 pixels"
        ),
    ))
}

fn converted() -> Remark {
    Remark::new(
        "data/picture-colours",
        text!(
            "是 CMYK 四色图，已换算成 RGB，颜色会比原来鲜一些",
            "a CMYK picture: converted to RGB, with colours somewhat brighter"
        ),
        text!(
            "要颜色准，用修图软件按它的色彩配置文件转成 sRGB 另存",
            "for exact colours, convert it to sRGB by its own profile and save it"
        ),
    )
}

impl Work {
    fn is_needed(&self, picture: &DynamicImage, format: Format) -> bool {
        let deep = picture.color().bytes_per_pixel() > picture.color().channel_count();
        self.orientation != Orientation::NoTransforms
            || self.converted
            || format == Format::WebP
            || deep
            || picture.width().max(picture.height()) >= FAR_ABOVE
    }

    /// The file that is printed.
    fn done(self, picture: DynamicImage) -> ImageResult<Arc<[u8]>> {
        let picture = with_bytes(picture, self.target);
        let mut picture = match picture.width().max(picture.height()) >= FAR_ABOVE {
            true => reduced(picture),
            false => picture,
        };
        picture.apply_orientation(self.orientation);
        // The profile of inks that are no longer there says nothing.
        let profile = self.profile.filter(|_| !self.converted);
        match self.target {
            Format::Jpeg => write_jpeg(&picture, profile),
            _ => write_png(&picture, profile),
        }
    }
}

/// A byte for each channel; JPEG has no transparency.
fn with_bytes(picture: DynamicImage, target: Format) -> DynamicImage {
    let color = picture.color();
    match (color.has_color(), color.has_alpha() && target != Format::Jpeg) {
        (false, false) => DynamicImage::ImageLuma8(picture.into_luma8()),
        (false, true) => DynamicImage::ImageLumaA8(picture.into_luma_alpha8()),
        (true, false) => DynamicImage::ImageRgb8(picture.into_rgb8()),
        (true, true) => DynamicImage::ImageRgba8(picture.into_rgba8()),
    }
}

/// The picture with sides of no more than [`LONGEST`]; as it is, should that fail.
fn reduced(picture: DynamicImage) -> DynamicImage {
    let kind = match picture {
        DynamicImage::ImageLuma8(_) => PixelType::U8,
        DynamicImage::ImageLumaA8(_) => PixelType::U8x2,
        DynamicImage::ImageRgba8(_) => PixelType::U8x4,
        _ => PixelType::U8x3,
    };
    let (width, height) = (picture.width(), picture.height());
    let longest = f64::from(width.max(height));
    let side = |side: u32| {
        (f64::from(side) * f64::from(LONGEST) / longest).round().max(1.0) as u32
    };
    let (w, h) = (side(width), side(height));
    let mut small = Image::new(w, h, kind);
    let done = ImageRef::new(width, height, picture.as_bytes(), kind)
        .is_ok_and(|from| Resizer::new().resize(&from, &mut small, None).is_ok());
    let pixels = small.into_vec();
    let made = match kind {
        PixelType::U8 => {
            ImageBuffer::from_raw(w, h, pixels).map(DynamicImage::ImageLuma8)
        }
        PixelType::U8x2 => {
            ImageBuffer::from_raw(w, h, pixels).map(DynamicImage::ImageLumaA8)
        }
        PixelType::U8x4 => {
            ImageBuffer::from_raw(w, h, pixels).map(DynamicImage::ImageRgba8)
        }
        _ => ImageBuffer::from_raw(w, h, pixels).map(DynamicImage::ImageRgb8),
    };
    made.filter(|_| done).unwrap_or(picture)
}

fn write_jpeg(
    picture: &DynamicImage,
    profile: Option<Vec<u8>>,
) -> ImageResult<Arc<[u8]>> {
    let mut file = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut file, QUALITY);
    if let Some(profile) = profile {
        // One that does not fit into the file is left out.
        let _ = encoder.set_icc_profile(profile);
    }
    encoder.encode_image(picture)?;
    Ok(file.into())
}

fn write_png(picture: &DynamicImage, profile: Option<Vec<u8>>) -> ImageResult<Arc<[u8]>> {
    let mut file = Vec::new();
    let mut encoder = PngEncoder::new_with_quality(
        &mut file,
        CompressionType::Default,
        FilterType::Adaptive,
    );
    if let Some(profile) = profile {
        let _ = encoder.set_icc_profile(profile);
    }
    picture.write_with_encoder(encoder)?;
    Ok(file.into())
}

/// What the numbers of a JPEG mean.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
enum Inks {
    /// Light: grey or colours.
    Light,
    /// The four inks of print.
    Print,
}

/// Walks over the segments of a JPEG. Decoders fill up what is missing with grey,
/// so that the end has to be looked for here.
fn jpeg_inks(bytes: &[u8]) -> Result<Inks, Remark> {
    let (mut at, mut adobe, mut inks) = (2, false, Inks::Light);
    while let Some([0xff, marker]) = bytes.get(at..at + 2) {
        if *marker == 0xff {
            at += 1;
            continue;
        }
        let Some([high, low]) = bytes.get(at + 2..at + 4) else { break };
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        let segment = bytes.get(at + 4..).unwrap_or_default();
        match marker {
            0xee => adobe |= segment.starts_with(b"Adobe"),
            0xc0..=0xc2 if segment.get(5) == Some(&4) => inks = Inks::Print,
            0xda => return ended(bytes.get(at + 2..).unwrap_or_default(), adobe, inks),
            _ => {}
        }
        at += 2 + length.max(2);
    }
    Err(cut_off())
}

/// What follows the beginning of the pixels: the end of the picture, somewhere.
fn ended(scan: &[u8], adobe: bool, inks: Inks) -> Result<Inks, Remark> {
    if memchr::memmem::find(scan, &[0xff, 0xd9]).is_none() {
        return Err(cut_off());
    }
    match inks {
        Inks::Print if !adobe => Err(Remark::new(
            "data/picture-format",
            text!(
                "是 CMYK 四色 JPEG，却没有说明正反，颜色说不准",
                "a CMYK JPEG that does not say whether its inks are inverted"
            ),
            text!(
                "用修图软件转成 sRGB，另存为 JPEG",
                "convert it to sRGB and save it as JPEG"
            ),
        )),
        inks => Ok(inks),
    }
}
