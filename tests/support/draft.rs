//! The paragraphs of a Word document.

use std::io::Read;
use std::path::Path;

use quick_xml::Reader;
use quick_xml::events::Event;

/// A paragraph: the id of its style and its text.
#[derive(Debug, Clone, Default)]
pub struct Paragraph {
    pub style: String,
    pub text: String,
}

/// The XML of a part.
pub fn part(document: &Path, name: &str) -> String {
    let file = std::fs::File::open(document).expect("a document");
    let mut archive = zip::ZipArchive::new(file).expect("a zip");
    let mut xml = String::new();
    archive.by_name(name).expect("the part").read_to_string(&mut xml).expect("UTF-8");
    xml
}

/// The paragraphs of a part that say something, in order.
pub fn paragraphs(document: &Path, name: &str) -> Vec<Paragraph> {
    let xml = part(document, name);
    let mut found = Vec::new();
    let (mut open, mut in_text) = (Paragraph::default(), false);
    let mut reader = Reader::from_str(&xml);
    loop {
        match reader.read_event().expect("sound XML") {
            Event::Start(tag) | Event::Empty(tag)
                if tag.name().as_ref() == b"w:pStyle" =>
            {
                let value = tag.try_get_attribute("w:val").expect("attributes");
                let value = value.expect("a style").value;
                open.style = String::from_utf8_lossy(&value).into_owned();
            }
            Event::Start(tag) => match tag.name().as_ref() {
                b"w:p" => open = Paragraph::default(),
                b"w:t" => in_text = true,
                _ => {}
            },
            Event::Text(text) if in_text => {
                open.text += &text.decode().expect("UTF-8");
            }
            Event::GeneralRef(name) if in_text => {
                let entity = format!("&{};", name.decode().expect("UTF-8"));
                open.text += &quick_xml::escape::unescape(&entity).expect("an entity");
            }
            Event::End(tag) => match tag.name().as_ref() {
                b"w:p" => found.push(std::mem::take(&mut open)),
                b"w:t" => in_text = false,
                _ => {}
            },
            Event::Eof => break,
            _ => {}
        }
    }
    found.retain(|paragraph| !paragraph.text.trim().is_empty());
    found
}
