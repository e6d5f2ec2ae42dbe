//! Pictures: what a template asks for, and the drawing that Word shows.

use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr, Value};
use minijinja::{Error, ErrorKind};

use super::arguments::{Arguments, Signature};
use super::faults::{self, Explained};
use super::lengths;
use super::print;
use crate::docx::opc::escape;
use crate::text;

/// A picture as the function `image` makes it.
#[derive(Debug, Clone)]
pub(crate) struct Picture {
    /// The virtual path.
    pub(crate) path: String,
    /// Whether it is made as small as the text around it is wide.
    pub(crate) fits: bool,
    /// The width in English Metric Units, if asked for.
    pub(crate) width: Option<f64>,
    /// The height in English Metric Units, if asked for.
    pub(crate) height: Option<f64>,
    /// The alternative text.
    pub(crate) alt: String,
    /// Where it leads, if it is a link.
    pub(crate) link: Option<String>,
}

impl Picture {
    /// Whether both sides are asked for.
    pub(crate) fn is_sized(&self) -> bool {
        self.width.is_some() && self.height.is_some()
    }
}

impl Object for Picture {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }
}

/// `image(path, width, height, alt)`.
pub(crate) const SIGNATURE: Signature =
    Signature::new("image", &["path", "width", "height", "alt"], 1);

/// A picture. Lengths are texts such as `"79mm"`, or numbers of millimetres.
pub(crate) fn image(arguments: &Arguments) -> Result<Value, Error> {
    let path = arguments.value(0);
    let Some(path) = path.as_str() else {
        return Err(Explained::new(
            "docx/image-path",
            text!(
                "`image` 的第一个参数应当是图片的路径",
                "`image` needs the path of a picture"
            ),
        )
        .into());
    };
    let alt = arguments.given(3);
    let picture = Picture {
        path: path.to_owned(),
        fits: false,
        width: length(arguments, 1)?,
        height: length(arguments, 2)?,
        alt: alt.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned(),
        link: None,
    };
    Ok(Value::from_object(picture))
}

fn length(arguments: &Arguments, at: usize) -> Result<Option<f64>, Error> {
    let Some(value) = arguments.given(at) else { return Ok(None) };
    let length = lengths::of(&value);
    if length.is_none() {
        let written = faults::shown(&print::text(&value));
        let explained = Explained::new(
            "docx/image-size",
            text!("`{written}` 不是长度", "`{written}` is not a length"),
        );
        return Err(Error::from(explained));
    }
    Ok(length)
}

impl From<Explained> for Error {
    fn from(explained: Explained) -> Self {
        Self::new(ErrorKind::InvalidOperation, explained.message.en.clone())
            .with_source(explained)
    }
}

/// What is printed of a picture: relationship ids, size in English Metric Units.
#[derive(Debug, Clone)]
pub(crate) struct Drawing<'a> {
    /// The relationship to the bitmap.
    pub(crate) bitmap: &'a str,
    /// The relationship to the vector original, if there is one.
    pub(crate) vector: Option<&'a str>,
    /// Width and height in English Metric Units.
    pub(crate) size: (u64, u64),
    /// The alternative text.
    pub(crate) alt: &'a str,
    /// The relationship to where it leads, if it is a link.
    pub(crate) link: Option<&'a str>,
    /// The file's name, for the reader's selection pane.
    pub(crate) name: &'a str,
}

impl Drawing<'_> {
    /// The `w:drawing` element. The id of its properties is made unique later.
    pub(crate) fn write(&self) -> String {
        let (width, height) = self.size;
        let alt = escape::escape_attribute(self.alt);
        let name = escape::escape_attribute(self.name);
        let bitmap = self.bitmap;
        let vector = self.vector.map_or(String::new(), vector);
        let link = self.link.map_or(String::new(), link);
        format!(
            "<w:drawing><wp:inline xmlns:wp=\"{WP}\" distT=\"0\" distB=\"0\" distL=\"0\" \
             distR=\"0\"><wp:extent cx=\"{width}\" cy=\"{height}\"/>\
             <wp:docPr id=\"1\" name=\"{name}\" descr=\"{alt}\">{link}</wp:docPr>\
             <wp:cNvGraphicFramePr><a:graphicFrameLocks xmlns:a=\"{A}\" \
             noChangeAspect=\"1\"/></wp:cNvGraphicFramePr>\
             <a:graphic xmlns:a=\"{A}\"><a:graphicData uri=\"{PIC}\">\
             <pic:pic xmlns:pic=\"{PIC}\"><pic:nvPicPr><pic:cNvPr id=\"0\" name=\"{name}\" \
             descr=\"{alt}\">{link}</pic:cNvPr><pic:cNvPicPr/></pic:nvPicPr>\
             <pic:blipFill><a:blip xmlns:r=\"{R}\" r:embed=\"{bitmap}\">{vector}</a:blip>\
             <a:stretch><a:fillRect/></a:stretch></pic:blipFill>\
             <pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"{width}\" cy=\"{height}\"/>\
             </a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr>\
             </pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>"
        )
    }
}

const WP: &str = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing";
const A: &str = "http://schemas.openxmlformats.org/drawingml/2006/main";
const PIC: &str = "http://schemas.openxmlformats.org/drawingml/2006/picture";
const R: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const SVG: &str = "http://schemas.microsoft.com/office/drawing/2016/SVG/main";

/// What makes a drawing a link.
fn link(id: &str) -> String {
    format!("<a:hlinkClick xmlns:a=\"{A}\" xmlns:r=\"{R}\" r:id=\"{id}\"/>")
}

/// The extension that points to the vector original.
fn vector(id: &str) -> String {
    format!(
        "<a:extLst><a:ext uri=\"{{96DAC541-7B7A-43D3-8B79-37D633B846F1}}\">\
         <asvg:svgBlip xmlns:asvg=\"{SVG}\" r:embed=\"{id}\"/></a:ext></a:extLst>"
    )
}
