//! Relationships of a part and content types of a package: read, and extended
//! without disturbing what is there.

use std::collections::{BTreeMap, BTreeSet};

use super::escape;
use super::xml::{self, Kind, Token, Tokens};

/// The namespace of relationship types.
const TYPES: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
/// The namespace of a relationships part.
const NAMESPACE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";

/// Where a relationship leads.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub(crate) enum Mode {
    /// To a part of the package.
    Internal,
    /// Out of the package.
    External,
}

/// The relationships of one part.
#[derive(Debug, Clone, Default)]
pub(crate) struct Relations {
    xml: String,
    taken: BTreeSet<String>,
    added: Vec<String>,
    known: BTreeMap<(String, String), String>,
    /// The targets inside the package that were added.
    parts: Vec<String>,
    next: usize,
}

impl Relations {
    /// Reads a relationships part; nothing is an empty one.
    pub(crate) fn read(xml: Option<String>) -> Self {
        let xml = xml.unwrap_or_else(|| part(""));
        let taken = tags(&xml, "Relationship")
            .filter_map(|tag| xml::attribute(tag, "Id").map(|id| id.to_lowercase()))
            .collect();
        Self { taken, xml, next: 1, ..Self::default() }
    }

    /// The id of a relationship, made if there is none of ours to the target.
    /// `kind` is the last segment of the type.
    pub(crate) fn add(&mut self, kind: &str, target: &str, mode: Mode) -> String {
        self.add_typed(&format!("{TYPES}/{kind}"), target, mode)
    }

    /// The same for a relationship of any type, given in full.
    pub(crate) fn add_typed(&mut self, kind: &str, target: &str, mode: Mode) -> String {
        let key = (kind.to_owned(), target.to_owned());
        if let Some(id) = self.known.get(&key) {
            return id.clone();
        }
        let id = self.free_id();
        if mode == Mode::Internal {
            self.parts.push(target.to_owned());
        }
        let (kind, target) = (kind.to_owned(), target.to_owned());
        let relation = Relation { id: id.clone(), kind, target, mode };
        self.added.push(relation.write());
        self.known.insert(key, id.clone());
        id
    }

    fn free_id(&mut self) -> String {
        loop {
            let id = format!("rId{}", self.next);
            self.next += 1;
            if self.taken.insert(id.to_lowercase()) {
                return id;
            }
        }
    }

    /// Whether there is a relationship of an id.
    pub(crate) fn has(&self, id: &str) -> bool {
        self.taken.contains(&id.to_lowercase())
    }

    /// The targets inside the package that were added.
    pub(crate) fn added_parts(&self) -> &[String] {
        &self.parts
    }

    /// The target of the first relationship, the part's own or a new one, whose
    /// type ends so.
    pub(crate) fn target(&self, kind: &str) -> Option<String> {
        let new = |(found, target): &(String, String)| {
            found.ends_with(kind).then(|| target.clone())
        };
        target(&self.xml, kind).or_else(|| self.known.keys().find_map(new))
    }

    /// The relationship of an id, the part's own or a new one.
    pub(crate) fn relation(&self, id: &str) -> Option<Relation> {
        let added = part(&self.added.concat());
        all(&added).into_iter().chain(all(&self.xml)).find(|relation| relation.id == id)
    }

    /// The extended part, or nothing if nothing was added.
    pub(crate) fn write(&self) -> Option<String> {
        let added = self.added.concat();
        (!added.is_empty()).then(|| insert(&self.xml, "Relationships", &added))
    }
}

/// The part that a relationships part belongs to; the root of the package is
/// the part of no name.
pub(crate) fn owner_of(part: &str) -> Option<String> {
    let (folder, name) = part.strip_suffix(".rels")?.rsplit_once('/')?;
    let folder = folder.strip_suffix("_rels")?;
    Some(format!("{folder}{name}"))
}

/// The targets inside the package of all relationships.
pub(crate) fn targets(xml: &str) -> impl Iterator<Item = String> {
    let internal = |tag: &&str| {
        xml::attribute(tag, "TargetMode").is_none_or(|mode| mode != "External")
    };
    tags(xml, "Relationship")
        .filter(internal)
        .filter_map(|tag| xml::attribute(tag, "Target").map(|target| target.into_owned()))
}

/// The name of the relationships part of a part.
pub(crate) fn part_of(part: &str) -> String {
    match part.rsplit_once('/') {
        Some((folder, name)) => format!("{folder}/_rels/{name}.rels"),
        None => format!("_rels/{part}.rels"),
    }
}

/// The part that a target leads to, seen from the part that has the relationship;
/// the root of the package is the part of no name.
pub(crate) fn resolve(part: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let folder = part.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut path: Vec<&str> = folder.split('/').filter(|name| !name.is_empty()).collect();
    for name in target.split('/') {
        match name {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            name => path.push(name),
        }
    }
    path.join("/")
}

/// The target of the first relationship whose type ends so.
pub(crate) fn target(xml: &str, kind: &str) -> Option<String> {
    tags(xml, "Relationship")
        .find(|tag| {
            xml::attribute(tag, "Type").is_some_and(|found| found.ends_with(kind))
        })
        .and_then(|tag| xml::attribute(tag, "Target").map(|target| target.into_owned()))
}

/// A relationship as a part says it.
#[derive(Debug, Clone, Eq, PartialEq)]
pub(crate) struct Relation {
    /// Its id.
    pub(crate) id: String,
    /// Its type in full.
    pub(crate) kind: String,
    /// Where it leads, as written.
    pub(crate) target: String,
    /// Whether that is a part of the package.
    pub(crate) mode: Mode,
}

impl Relation {
    /// The relationship as an element.
    pub(crate) fn write(&self) -> String {
        let [id, kind, target] = [&self.id, &self.kind, &self.target]
            .map(|text| escape::escape_attribute(text));
        let mode = match self.mode {
            Mode::Internal => "",
            Mode::External => " TargetMode=\"External\"",
        };
        format!("<Relationship Id=\"{id}\" Type=\"{kind}\" Target=\"{target}\"{mode}/>")
    }
}

/// All relationships of a relationships part.
pub(crate) fn all(xml: &str) -> Vec<Relation> {
    let read = |tag: &str| {
        let value = |name| xml::attribute(tag, name).map(|value| value.into_owned());
        let mode = match value("TargetMode").as_deref() {
            Some("External") => Mode::External,
            _ => Mode::Internal,
        };
        let (id, kind) = (value("Id")?, value("Type")?);
        Some(Relation { id, kind, target: value("Target")?, mode })
    };
    tags(xml, "Relationship").filter_map(read).collect()
}

/// A relationships part that holds these relationships.
pub(crate) fn part_with(relations: &[Relation]) -> String {
    part(&relations.iter().map(Relation::write).collect::<String>())
}

/// A relationships part with elements in it.
fn part(inside: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
         <Relationships xmlns=\"{NAMESPACE}\">{inside}</Relationships>"
    )
}

/// A part's name as a target, seen from another part.
pub(crate) fn target_from(part: &str, to: &str) -> String {
    let folder: Vec<&str> = part.split('/').collect();
    let (_, folder) = folder.split_last().unwrap_or((&"", &[]));
    let path: Vec<&str> = to.split('/').collect();
    let shared = folder.iter().zip(&path).take_while(|(a, b)| a == b).count();
    let shared = shared.min(path.len().saturating_sub(1));
    let up = std::iter::repeat_n("..", folder.len() - shared);
    up.chain(path[shared..].iter().copied()).collect::<Vec<_>>().join("/")
}

/// The content types of a package.
#[derive(Debug, Clone, Default)]
pub(crate) struct ContentTypes {
    xml: String,
    defaults: BTreeMap<String, String>,
    overrides: BTreeMap<String, String>,
    /// New types by extension.
    added: BTreeMap<String, String>,
    /// New types by part, such as `/word/comments.xml`.
    declared: BTreeMap<String, String>,
}

impl ContentTypes {
    /// Reads the content types part.
    pub(crate) fn read(xml: String) -> Self {
        let pairs = |element: &str, key: &str| -> BTreeMap<String, String> {
            tags(&xml, element)
                .filter_map(|tag| {
                    let key = xml::attribute(tag, key)?.to_ascii_lowercase();
                    Some((key, xml::attribute(tag, "ContentType")?.into_owned()))
                })
                .collect()
        };
        let defaults = pairs("Default", "Extension");
        let overrides = pairs("Override", "PartName");
        Self { xml, defaults, overrides, ..Self::default() }
    }

    /// The content type of a part.
    pub(crate) fn of(&self, part: &str) -> Option<&str> {
        let exact = format!("/{part}");
        let name = exact.to_ascii_lowercase();
        let own = || self.overrides.get(&name);
        let extension = || {
            let extension = name.rsplit_once('.')?.1;
            self.defaults.get(extension).or_else(|| self.added.get(extension))
        };
        let declared = self.declared.get(&exact);
        declared.or_else(own).or_else(extension).map(String::as_str)
    }

    /// Declares the content type of an extension unless there is one.
    pub(crate) fn add(&mut self, extension: &str, kind: &str) {
        if !self.defaults.contains_key(extension) {
            self.added.insert(extension.to_owned(), kind.to_owned());
        }
    }

    /// Declares the content type of one part.
    pub(crate) fn declare(&mut self, part: &str, kind: &str) {
        if self.of(part) != Some(kind) {
            self.declared.insert(format!("/{part}"), kind.to_owned());
        }
    }

    /// The extended part, or nothing if nothing was added.
    pub(crate) fn write(&self) -> Option<String> {
        let mut added = String::new();
        for (extension, kind) in &self.added {
            added.push_str(&format!(
                "<Default Extension=\"{extension}\" ContentType=\"{kind}\"/>"
            ));
        }
        for (part, kind) in &self.declared {
            let part = escape::escape_attribute(part);
            added.push_str(&format!(
                "<Override PartName=\"{part}\" ContentType=\"{kind}\"/>"
            ));
        }
        (!added.is_empty()).then(|| insert(&self.xml, "Types", &added))
    }
}

/// The start tags of a local name, whatever their prefix.
fn tags<'a>(xml: &'a str, local: &'a str) -> impl Iterator<Item = &'a str> {
    Tokens::new(xml).map_while(Result::ok).filter_map(move |token| {
        let name = token.name.rsplit(':').next();
        let opens = matches!(token.kind, Kind::Start | Kind::Empty);
        (opens && name == Some(local)).then(|| &xml[token.span])
    })
}

/// Puts elements at the end of the root element, whose prefix they take over.
fn insert(xml: &str, root: &str, markup: &str) -> String {
    let prefix = root_tag(xml).and_then(|token| token.name.strip_suffix(root));
    match prefix.unwrap_or_default() {
        "" => append(xml, markup),
        prefix => append(xml, &markup.replace('<', &format!("<{prefix}"))),
    }
}

/// The start tag of the root element.
pub(crate) fn root_tag(xml: &str) -> Option<Token<'_>> {
    Tokens::new(xml)
        .map_while(Result::ok)
        .find(|token| matches!(token.kind, Kind::Start | Kind::Empty))
}

/// Puts markup at the end of the root element.
pub(crate) fn append(xml: &str, markup: &str) -> String {
    let Some(token) = root_tag(xml) else { return xml.to_owned() };
    if token.kind == Kind::Empty {
        let open = xml[token.span.clone()].trim_end_matches("/>");
        let rest = &xml[token.span.end..];
        return format!(
            "{}{open}>{markup}</{}>{rest}",
            &xml[..token.span.start],
            token.name
        );
    }
    match xml.rfind("</") {
        Some(end) => format!("{}{markup}{}", &xml[..end], &xml[end..]),
        None => xml.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_do_not_collide() {
        let xml = "<Relationships><Relationship Id=\"rId1\" Type=\"t\" Target=\"a\"/></Relationships>";
        let mut relations = Relations::read(Some(xml.to_owned()));
        assert_eq!(relations.write(), None);
        assert_eq!(relations.add("hyperlink", "http://a?b&c", Mode::External), "rId2");
        assert_eq!(relations.add("hyperlink", "http://a?b&c", Mode::External), "rId2");
        let written = relations.write().expect("valid");
        assert!(written.starts_with(&xml[..xml.len() - 16]), "{written}");
        assert!(written.contains("http://a?b&amp;c"));
    }

    #[test]
    fn targets_are_relative() {
        let targets = [
            ("word/document.xml", "word/media/a.png", "media/a.png"),
            ("word/charts/c.xml", "word/embeddings/b.xlsx", "../embeddings/b.xlsx"),
            ("word/document.xml", "customXml/i.xml", "../customXml/i.xml"),
            ("document.xml", "a.xml", "a.xml"),
        ];
        for (part, to, target) in targets {
            assert_eq!(target_from(part, to), target);
            assert_eq!(resolve(part, target), to);
        }
    }

    #[test]
    fn empty_root_is_opened() {
        let mut types = ContentTypes::read("<Types x=\"y\"/>".to_owned());
        types.add("png", "image/png");
        let expected = "<Types x=\"y\"><Default Extension=\"png\" ContentType=\"image/png\"/></Types>";
        assert_eq!(types.write().expect("valid"), expected);
    }
}
