//! Which face each text of a document is set in, as far as East Asian characters go.

use std::collections::HashMap;

use super::{outline, related};
use crate::diag::Result;
use crate::docx::opc::package::Package;
use crate::docx::opc::xml::{self, Outline};

/// A text in one face.
#[derive(Debug, Clone, Eq, PartialEq)]
pub struct Lettering {
    /// The face of its East Asian characters.
    pub face: String,
    /// What it says.
    pub text: String,
}

/// How long a chain of `basedOn` may be.
const LONGEST_CHAIN: usize = 64;

/// The texts of the body and the notes of a document that diagnostics call `name`, in
/// order; those whose face is not told are left out.
///
/// # Errors
/// `docx/not-a-docx` and the like if it is no readable Word document.
pub fn faces(name: &str, bytes: Vec<u8>) -> Result<Vec<Lettering>> {
    let package = Package::open(name, bytes)?;
    let part = |kind: &str| {
        let part = related(&package, kind)?;
        Some((part.clone(), package.text(&part).ok()??))
    };
    let theme = part("/theme").map_or_else(HashMap::new, |(_, xml)| theme(&xml));
    let styles = part("/styles")
        .map_or_else(Styles::default, |(_, xml)| Styles::read(&xml, &theme));
    let mut found = Vec::new();
    let body = package.text(&package.main)?.map(|xml| (package.main.clone(), xml));
    for (part, xml) in [body, part("/footnotes"), part("/endnotes")].into_iter().flatten()
    {
        let outline = outline(name, &part, &xml)?;
        letter(&outline, &styles, &theme, &mut found);
    }
    Ok(found)
}

/// The East Asian faces of a theme, by the names that documents call them.
fn theme(xml: &str) -> HashMap<&'static str, String> {
    let mut faces = HashMap::new();
    let Ok(outline) = Outline::read(xml) else { return faces };
    for (element, name) in
        [("a:majorFont", "majorEastAsia"), ("a:minorFont", "minorEastAsia")]
    {
        let font =
            (0..outline.elements.len()).find(|at| outline.elements[*at].name == element);
        let Some(font) = font else { continue };
        let own = outline.child_attribute(font, "a:ea", "typeface");
        let simplified = outline.children(font).find(|at| {
            xml::attribute(outline.tag(*at), "script").as_deref() == Some("Hans")
        });
        let simplified =
            simplified.and_then(|at| xml::attribute(outline.tag(at), "typeface"));
        let face = own.filter(|face| !face.is_empty()).or(simplified);
        faces.extend(face.map(|face| (name, face.into_owned())));
    }
    faces
}

/// The face that an element's `w:rPr` names.
fn named(
    outline: &Outline<'_>,
    element: usize,
    theme: &HashMap<&'static str, String>,
) -> Option<String> {
    let fonts = outline.child(outline.child(element, "w:rPr")?, "w:rFonts")?;
    let tag = outline.tag(fonts);
    let themed = xml::attribute(tag, "w:eastAsiaTheme");
    let themed = themed.and_then(|name| theme.get(name.as_ref()).cloned());
    themed.or_else(|| xml::attribute(tag, "w:eastAsia").map(|face| face.into_owned()))
}

#[derive(Default)]
struct Styles {
    /// The face of each style, and what it is based on.
    own: HashMap<String, (Option<String>, Option<String>)>,
    /// The default paragraph style.
    normal: Option<String>,
    default: Option<String>,
}

impl Styles {
    fn read(xml: &str, theme: &HashMap<&'static str, String>) -> Self {
        let Ok(outline) = Outline::read(xml) else { return Self::default() };
        let defaults = outline.child(0, "w:docDefaults");
        let run = defaults.and_then(|at| outline.child(at, "w:rPrDefault"));
        let default = run.and_then(|at| named(&outline, at, theme));
        let mut styles = Self { default, ..Self::default() };
        for at in outline.children(0).filter(|at| outline.elements[*at].name == "w:style")
        {
            let tag = outline.tag(at);
            let Some(id) = xml::attribute(tag, "w:styleId") else { continue };
            let is = |name, value| xml::attribute(tag, name).as_deref() == Some(value);
            if is("w:default", "1") && is("w:type", "paragraph") {
                styles.normal = Some(id.to_string());
            }
            let based = outline.child_attribute(at, "w:basedOn", "w:val");
            let face = named(&outline, at, theme);
            styles.own.insert(id.into_owned(), (face, based.map(|b| b.into_owned())));
        }
        styles
    }

    /// The face of a style or of what it is based on.
    fn face(&self, id: &str) -> Option<&str> {
        let mut at = self.own.get(id);
        for _ in 0..LONGEST_CHAIN {
            let (face, based) = at?;
            if face.is_some() {
                return face.as_deref();
            }
            at = self.own.get(based.as_deref()?);
        }
        None
    }
}

/// The texts of a part.
fn letter(
    outline: &Outline<'_>,
    styles: &Styles,
    theme: &HashMap<&'static str, String>,
    into: &mut Vec<Lettering>,
) {
    let is_run = |at: &usize| outline.elements[*at].name == "w:r";
    for run in (0..outline.elements.len()).filter(is_run) {
        let texts: String = outline
            .children(run)
            .filter(|at| outline.elements[*at].name == "w:t")
            .map(|at| outline.text(at))
            .collect();
        if texts.is_empty() {
            continue;
        }
        let style = |element: usize, properties: &str, name: &str| {
            let properties = outline.child(element, properties)?;
            outline.child_attribute(properties, name, "w:val")
        };
        let of_run = || styles.face(&style(run, "w:rPr", "w:rStyle")?);
        let paragraph = outline.enclosing(run, "w:p");
        let of_paragraph = || {
            let id = paragraph.and_then(|at| style(at, "w:pPr", "w:pStyle"));
            styles.face(id.as_deref().or(styles.normal.as_deref())?)
        };
        let face = named(outline, run, theme).or_else(|| {
            let face = of_run().or_else(of_paragraph).or(styles.default.as_deref());
            face.map(str::to_owned)
        });
        match (face, into.last_mut()) {
            (Some(face), Some(last)) if last.face == face => last.text.push_str(&texts),
            (Some(face), _) => into.push(Lettering { face, text: texts }),
            (None, _) => {}
        }
    }
}
