//! What a file is, told by its bytes: a name says nothing.

use super::{Remark, damaged};
use crate::diag::Text;
use crate::text;

/// The formats that are printed.
#[derive(Debug, Copy, Clone, Eq, PartialEq, Hash)]
pub enum Format {
    /// Portable Network Graphics.
    Png,
    /// JPEG.
    Jpeg,
    /// Graphics Interchange Format.
    Gif,
    /// WebP, which Word does not show: it is printed as one of the others.
    WebP,
    /// Scalable Vector Graphics.
    Svg,
}

impl Format {
    /// The usual extension.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Gif => "gif",
            Self::WebP => "webp",
            Self::Svg => "svg",
        }
    }

    /// Whether Typst takes a file with such an extension for one of this format.
    pub fn is_called(self, extension: &str) -> bool {
        extension == self.extension() || (self == Self::Jpeg && extension == "jpeg")
    }
}

/// How a format that is not printed becomes one that is.
#[derive(Debug, Copy, Clone)]
enum Way {
    /// Pixels: save it as JPEG or PNG.
    Save,
    /// A phone's photograph.
    Phone,
    /// A drawing: save it as SVG.
    Vector,
    /// A film: take a picture of it.
    Film,
    /// An archive or a document: take the picture out.
    Unpack,
    /// A page of the web, saved in the place of its picture.
    Download,
}

/// The format of a picture file.
pub(super) fn of(bytes: &[u8]) -> Result<Format, Remark> {
    if bytes.is_empty() {
        return Err(damaged(text!("文件是空的，0 字节", "the file is empty: 0 bytes")));
    }
    bitmap(bytes)
        .or_else(|| is_svg(bytes).then_some(Format::Svg))
        .ok_or_else(|| not_printed(bytes))
}

/// Whether the bytes begin as those of a bitmap that is printed.
pub(super) fn is_bitmap(bytes: &[u8]) -> bool {
    bitmap(bytes).is_some()
}

fn bitmap(bytes: &[u8]) -> Option<Format> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => Some(Format::Png),
        [0xff, 0xd8, 0xff, ..] => Some(Format::Jpeg),
        [b'G', b'I', b'F', b'8', ..] => Some(Format::Gif),
        _ if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") => {
            Some(Format::WebP)
        }
        _ => None,
    }
}

/// The beginning of a text, without white space before it.
fn head(bytes: &[u8]) -> String {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]);
    head.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']).to_ascii_lowercase()
}

fn is_svg(bytes: &[u8]) -> bool {
    let head = head(bytes);
    let is_page = head.starts_with("<!doctype html") || head.starts_with("<html");
    head.starts_with('<') && head.contains("<svg") && !is_page
}

fn not_printed(bytes: &[u8]) -> Remark {
    let (zh, en, way) = foreign(bytes);
    Remark::new("data/picture-format", text!("是{zh}", "it is {en}"), way.advice())
}

/// What a file is that is not printed.
fn foreign(bytes: &[u8]) -> (&'static str, &'static str, Way) {
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    let at = |at: usize, magic: &[u8]| {
        bytes.get(at..).is_some_and(|rest| rest.starts_with(magic))
    };
    if at(4, b"ftyp") {
        return box_file(bytes.get(8..12).unwrap_or_default());
    }
    let known: [(bool, &'static str, &'static str, Way); 15] = [
        (
            starts(b"II*\0") || starts(b"MM\0*"),
            " TIFF（或相机的 RAW）图片",
            "a TIFF (or raw camera) picture",
            Way::Save,
        ),
        (starts(b"BM"), " BMP 图片", "a BMP picture", Way::Save),
        (starts(b"8BPS"), " Photoshop 文件（PSD）", "a Photoshop file (PSD)", Way::Save),
        (starts(&[0, 0, 1, 0]), "图标文件（ICO）", "an icon (ICO)", Way::Save),
        (
            starts(&[0xff, 0x0a]) || at(4, b"JXL "),
            " JPEG XL 图片",
            "a JPEG XL picture",
            Way::Save,
        ),
        (
            at(4, b"jP  ") || starts(&[0xff, 0x4f, 0xff, 0x51]),
            " JPEG 2000 图片",
            "a JPEG 2000 picture",
            Way::Save,
        ),
        (starts(b"%PDF"), " PDF 文件", "a PDF file", Way::Vector),
        (
            starts(b"%!PS") || starts(&[0xc5, 0xd0, 0xd3, 0xc6]),
            " EPS（PostScript）图",
            "an EPS (PostScript) drawing",
            Way::Vector,
        ),
        (
            starts(&[1, 0, 0, 0]) && at(40, b" EMF"),
            " EMF 图",
            "an EMF drawing",
            Way::Vector,
        ),
        (starts(&[0xd7, 0xcd, 0xc6, 0x9a]), " WMF 图", "a WMF drawing", Way::Vector),
        (
            starts(&[0x1f, 0x8b]),
            " gzip 压缩文件（或 SVGZ）",
            "a gzip archive (or SVGZ)",
            Way::Unpack,
        ),
        (
            starts(b"PK\x03\x04"),
            "压缩包或 Office 文件",
            "an archive or an Office document",
            Way::Unpack,
        ),
        (starts(b"Rar!") || starts(b"7z\xbc\xaf"), "压缩包", "an archive", Way::Unpack),
        (
            starts(&[0xd0, 0xcf, 0x11, 0xe0]),
            "旧版 Office 文件",
            "an old Office document",
            Way::Unpack,
        ),
        (
            head(bytes).starts_with("<!doctype html") || head(bytes).starts_with("<html"),
            "网页",
            "a web page",
            Way::Download,
        ),
    ];
    match known.into_iter().find(|(is, ..)| *is) {
        Some((_, zh, en, way)) => (zh, en, way),
        None if is_text(bytes) => ("文本文件", "a text file", Way::Download),
        None => ("认不出的文件", "a file of an unknown kind", Way::Save),
    }
}

/// A file of the family of MP4, told by its brand.
fn box_file(brand: &[u8]) -> (&'static str, &'static str, Way) {
    match brand {
        b"heic" | b"heix" | b"hevc" | b"heim" | b"heis" | b"mif1" | b"msf1" => {
            ("手机的 HEIC 照片", "a HEIC photograph", Way::Phone)
        }
        b"avif" | b"avis" => (" AVIF 图片", "an AVIF picture", Way::Save),
        b"crx " => ("相机的 RAW 照片", "a raw camera photograph", Way::Save),
        _ => ("视频", "a video", Way::Film),
    }
}

/// Whether it reads as text, in UTF-8 or in an older encoding.
fn is_text(bytes: &[u8]) -> bool {
    let sample = &bytes[..bytes.len().min(1024)];
    !sample.iter().any(|byte| matches!(byte, 0..=8 | 14..=26 | 28..=31))
}

impl Way {
    fn advice(self) -> Text {
        match self {
            Self::Save => text!(
                "用看图或修图软件打开，照片另存为 JPEG，图样、截屏另存为 PNG",
                "open it with a picture program; save photographs as JPEG, drawings as PNG"
            ),
            Self::Phone => text!(
                "在手机或电脑的“照片”里导出为 JPEG；以后拍照可把相机格式设为“兼容性最佳”",
                "export it as JPEG from Photos; set the camera to “Most Compatible” from now on"
            ),
            Self::Vector => text!(
                "用 Inkscape 或 Illustrator 打开，另存为 SVG；或导出为 300 ppi 的 PNG",
                "open it with Inkscape or Illustrator and save it as SVG, or export a PNG at 300 ppi"
            ),
            Self::Film => {
                text!("截取其中一帧，存为 JPEG", "save one frame of it as JPEG")
            }
            Self::Unpack => text!(
                "打开它，把里面的图片另存为 JPEG、PNG 或 SVG",
                "open it and save the picture in it as JPEG, PNG or SVG"
            ),
            Self::Download => text!(
                "没有下载到图片本身：在图片上点右键“图片另存为”，再换上",
                "the picture itself was not saved: save the image again from where it is shown"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_by_their_bytes() {
        let told = |bytes: &[u8]| match of(bytes) {
            Ok(format) => format.extension().to_string(),
            Err(fault) => fault.what.en,
        };
        for (bytes, kind) in [
            (&b""[..], "the file is empty: 0 bytes"),
            (b"\x89PNG", "png"),
            (b"RIFF\0\0\0\0WEBPVP8 ", "webp"),
            (b"RIFF\0\0\0\0WAVEfmt ", "it is a file of an unknown kind"),
            (b"\xef\xbb\xbf <?xml version='1.0'?><svg/>", "svg"),
            (b"<!DOCTYPE html><html><svg/>", "it is a web page"),
            (b"\0\0\0\x18ftypheic", "it is a HEIC photograph"),
            (b"\0\0\0\x18ftypqt  ", "it is a video"),
            (b"%PDF-1.7", "it is a PDF file"),
            (b"II*\0", "it is a TIFF (or raw camera) picture"),
            ("照片".as_bytes(), "it is a text file"),
            (b"\0\0", "it is a file of an unknown kind"),
        ] {
            assert_eq!(told(bytes), kind);
        }
    }
}
