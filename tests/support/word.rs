//! Word documents made by hand, and merged.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use std::sync::Arc;

use huikan::diag::{Diagnostic, Lang, Style, Text, render};
use huikan::docx::{self, Images, Template};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

pub const W: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
pub const R: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const KINDS: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";

/// A document in the making: parts in the order they were added.
#[derive(Clone)]
pub struct Word {
    parts: Vec<(String, Vec<u8>)>,
    /// Kinds of relationships of the body, with their targets.
    related: Vec<(&'static str, &'static str)>,
    types: String,
    removed: Vec<&'static str>,
}

/// A merged document and its warnings, or what is wrong.
pub type Outcome = Result<(Vec<u8>, Vec<Diagnostic>), Vec<Diagnostic>>;

impl Word {
    /// A document with a body; it has the styles `B` (paragraph), `S` (character)
    /// and `T` (table) and the numbering `1`.
    pub fn body(body: &str) -> Self {
        let styles = [("paragraph", "B"), ("character", "S"), ("table", "T")].map(
            |(kind, id)| {
                format!(
                    "<w:style w:type=\"{kind}\" w:styleId=\"{id}\"><w:name w:val=\"{id}\"/></w:style>"
                )
            },
        );
        let styles = format!("<w:styles xmlns:w=\"{W}\">{}</w:styles>", styles.concat());
        let numbering = format!(
            "<w:numbering xmlns:w=\"{W}\"><w:abstractNum w:abstractNumId=\"0\"/>\
             <w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num></w:numbering>"
        );
        let word = Self {
            parts: Vec::new(),
            related: Vec::new(),
            types: String::new(),
            removed: Vec::new(),
        };
        word.raw("word/document.xml", document(body))
            .typed("word/document.xml", "document.main+xml")
            .related_part("word/styles.xml", "styles", &styles)
            .related_part("word/numbering.xml", "numbering", &numbering)
    }

    /// With one more paragraph of text at the end of nothing.
    pub fn text(text: &str) -> Self {
        Self::body(&paragraph(text))
    }

    /// With a part of any bytes, in place of one of the same name.
    pub fn raw(mut self, name: &str, content: impl Into<Vec<u8>>) -> Self {
        self.parts.retain(|(existing, _)| existing != name);
        self.parts.push((name.to_owned(), content.into()));
        self
    }

    /// Without a part.
    pub fn without(mut self, name: &'static str) -> Self {
        self.removed.push(name);
        self
    }

    /// With a content type, by its last part, for a part.
    pub fn typed(mut self, name: &str, kind: &str) -> Self {
        self.types +=
            &format!("<Override PartName=\"/{name}\" ContentType=\"{KINDS}.{kind}\"/>");
        self
    }

    /// With a part that the body is related to, such as footnotes.
    pub fn related_part(
        self,
        name: &'static str,
        kind: &'static str,
        content: &str,
    ) -> Self {
        let mut word = self.raw(name, content).typed(name, &format!("{kind}+xml"));
        word.related.push((kind, name));
        word
    }

    /// All parts, those that hold the package together first.
    fn pack(&self) -> Vec<(String, Vec<u8>)> {
        let relations = |list: &[(&str, &str)]| {
            let all = list.iter().enumerate().map(|(index, (kind, target))| {
                format!(
                    "<Relationship Id=\"rId{}\" Type=\"{R}/{kind}\" Target=\"/{target}\"/>",
                    index + 1
                )
            });
            let all: String = all.collect();
            format!(
                "<Relationships xmlns=\"{PACKAGE}/relationships\">{all}</Relationships>"
            )
        };
        let types = format!(
            "<Types xmlns=\"{PACKAGE}/content-types\">\
             <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
             <Default Extension=\"xml\" ContentType=\"application/xml\"/>{}</Types>",
            self.types
        );
        let root = relations(&[("officeDocument", "word/document.xml")]);
        let mut parts: Vec<(String, Vec<u8>)> = [
            ("[Content_Types].xml", types),
            ("_rels/.rels", root),
            ("word/_rels/document.xml.rels", relations(&self.related)),
        ]
        .map(|(name, text)| (name.to_owned(), text.into_bytes()))
        .into();
        for (name, content) in &self.parts {
            parts.retain(|(existing, _)| existing != name);
            parts.push((name.clone(), content.clone()));
        }
        parts.retain(|(name, _)| !self.removed.contains(&name.as_str()));
        parts
    }

    /// The bytes of the file.
    pub fn bytes(&self) -> Vec<u8> {
        zip(&self.pack())
    }

    /// Merged with a dataset.
    pub fn merge(&self, data: &serde_json::Value) -> Outcome {
        merge(self.bytes(), data)
    }
}

/// Any entries as a zip file.
pub fn zip(entries: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        zip.start_file(name, SimpleFileOptions::default()).expect("an entry");
        zip.write_all(content).expect("its bytes");
    }
    zip.finish().expect("a zip file").into_inner()
}

/// A document part around a body.
pub fn document(body: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:document xmlns:w=\"{W}\" xmlns:r=\"{R}\" \
         xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" \
         xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\" \
         xmlns:w14=\"http://schemas.microsoft.com/office/word/2010/wordml\">\
         <w:body>{body}</w:body></w:document>"
    )
}

/// A paragraph of text.
pub fn paragraph(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

/// One red pixel, whatever is asked for.
pub struct OnePixel;

const GIF: &[u8] = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\x00\x00\x00\x00\x00,\
    \x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;";

impl Images for OnePixel {
    fn load(&self, _: &str) -> Result<Arc<[u8]>, Text> {
        Ok(GIF.into())
    }
}

struct NoImages;

impl Images for NoImages {
    fn load(&self, _: &str) -> Result<Arc<[u8]>, Text> {
        Err(Text { zh: "没有图片".into(), en: "no pictures here".into() })
    }
}

/// Merges the bytes of a template with a dataset.
pub fn merge(template: Vec<u8>, data: &serde_json::Value) -> Outcome {
    let compiled = Template::compile("t.docx", template).map_err(|e| e.into_vec())?;
    let mut warnings = compiled.warnings;
    let merged = compiled.value.render(data, &NoImages).map_err(|e| e.into_vec())?;
    warnings.extend(merged.warnings);
    Ok((merged.value, warnings))
}

/// What the lint says of a document.
pub fn faults(bytes: &[u8]) -> Vec<Diagnostic> {
    docx::check("o.docx", bytes.to_vec()).unwrap_or_else(|errors| errors.into_vec())
}

/// The entries of a package, unpacked.
pub fn entries(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).expect("a zip file");
    (0..zip.len())
        .map(|index| {
            let mut entry = zip.by_index(index).expect("an entry");
            let mut content = Vec::new();
            entry.read_to_end(&mut content).expect("its bytes");
            (entry.name().to_owned(), content)
        })
        .collect()
}

/// The inside of the body.
pub fn body_of(bytes: &[u8]) -> String {
    let document = entries(bytes).remove("word/document.xml").expect("a body");
    let document = String::from_utf8(document).expect("UTF-8");
    let start = document.find("<w:body>").expect("a body") + "<w:body>".len();
    let end = document.rfind("</w:body>").expect("its end");
    document[start..end].to_owned()
}

/// Holds a text against the snapshot of the test that calls.
#[macro_export]
macro_rules! golden {
    ($text:expr) => {
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!($text);
        })
    };
}

/// Diagnostics as they are printed, in both languages.
pub fn told(diagnostics: &[Diagnostic]) -> String {
    let mut told = String::new();
    for diagnostic in diagnostics {
        for lang in [Lang::Zh, Lang::En] {
            told += &render(diagnostic, lang, Style::Plain);
            told.push('\n');
        }
    }
    told
}
