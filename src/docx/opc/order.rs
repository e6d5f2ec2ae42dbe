//! The order in which the schema wants the children of an element.
//!
//! Fragments are built without regard to it, and inherit properties from the
//! place they are printed at; here both become one element that Word accepts.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::xml::{self, Outline};

/// The children of each element in schema order, names without prefix.
static CHILDREN: LazyLock<HashMap<&'static str, Vec<&'static str>>> =
    LazyLock::new(|| {
        serde_json::from_str(include_str!("child-order.json")).unwrap_or_default()
    });

/// The children of an element in schema order, by names without prefix.
pub(crate) fn children(parent: &str) -> &'static [&'static str] {
    let local = parent.strip_prefix("w:").unwrap_or(parent);
    CHILDREN.get(local).map_or(&[], Vec::as_slice)
}

/// The position of a child in its parent. Children that the schema does not
/// know (extensions) come last.
pub(crate) fn rank(parent: &str, child: &str) -> usize {
    let local = |name: &str| name.strip_prefix("w:").map(str::to_owned);
    let order = local(parent).and_then(|parent| CHILDREN.get(parent.as_str()));
    match (order, local(child)) {
        (Some(order), Some(child)) => {
            order.iter().position(|name| **name == *child).unwrap_or(usize::MAX)
        }
        _ => usize::MAX,
    }
}

/// The children of a properties element: name and bytes.
#[derive(Debug, Clone, Default, Eq, PartialEq)]
pub(crate) struct Properties(Vec<(String, String)>);

impl Properties {
    /// Reads a `w:pPr`, `w:rPr` or the like; anything unreadable is empty.
    pub(crate) fn read(raw: &str) -> Self {
        let Ok(outline) = Outline::read(raw) else { return Self::default() };
        Self(
            outline
                .children(0)
                .map(|at| {
                    (outline.elements[at].name.to_owned(), outline.raw(at).to_owned())
                })
                .collect(),
        )
    }

    /// The same without some children.
    pub(crate) fn without(mut self, names: &[&str]) -> Self {
        self.0.retain(|(name, _)| !names.contains(&name.as_str()));
        self
    }

    /// Whether there is a child of a name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(found, _)| found == name)
    }

    /// Adds one child; one of the same name gives way, fonts are merged.
    pub(crate) fn set(&mut self, name: &str, raw: String) {
        match self.0.iter_mut().find(|(existing, _)| existing == name) {
            Some((_, existing)) if name == "w:rFonts" => {
                *existing = merge_attributes(existing, &raw);
            }
            Some((_, existing)) => *existing = raw,
            None => self.0.push((name.to_owned(), raw)),
        }
    }

    /// The children: names and bytes.
    pub(crate) fn children(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, raw)| (name.as_str(), raw.as_str()))
    }

    /// Puts a child in the place of one of the same name.
    pub(crate) fn replace(&mut self, name: &str, raw: String) {
        match self.0.iter_mut().find(|(existing, _)| existing == name) {
            Some((_, existing)) => *existing = raw,
            None => self.0.push((name.to_owned(), raw)),
        }
    }

    /// These properties with others on top of them.
    pub(crate) fn with(&self, above: &Self) -> Self {
        let mut merged = self.clone();
        for (name, raw) in &above.0 {
            merged.set(name, raw.clone());
        }
        merged
    }

    /// The element, children in schema order; nothing if it has none.
    pub(crate) fn write(&self, element: &str) -> String {
        if self.0.is_empty() {
            return String::new();
        }
        let mut children: Vec<&(String, String)> = self.0.iter().collect();
        children.sort_by_key(|(name, _)| rank(element, name));
        let inside: String = children.iter().map(|(_, raw)| raw.as_str()).collect();
        format!("<{element}>{inside}</{element}>")
    }
}

/// An empty element with the attributes of two; those of the second win.
fn merge_attributes(below: &str, above: &str) -> String {
    let mut merged: Vec<(&str, &str)> = Vec::new();
    for tag in [below, above] {
        for (name, value) in xml::attributes(tag) {
            let value = &tag[value];
            match merged.iter_mut().find(|(existing, _)| *existing == name) {
                Some(existing) => existing.1 = value,
                None => merged.push((name, value)),
            }
        }
    }
    // An explicit font gives way to nothing: the theme's would win over it.
    let explicit: Vec<&str> = xml::attributes(above).map(|(name, _)| name).collect();
    merged.retain(|(name, _)| {
        name.strip_suffix("Theme")
            .is_none_or(|slot| !explicit.contains(&slot) || explicit.contains(name))
    });
    let attributes: String =
        merged.iter().map(|(name, value)| format!(" {name}=\"{value}\"")).collect();
    format!("<w:rFonts{attributes}/>")
}

/// An element with its children in schema order.
pub(crate) fn sorted(raw: &str) -> String {
    let Ok(outline) = Outline::read(raw) else { return raw.to_owned() };
    let root = &outline.elements[0];
    let mut children: Vec<usize> = outline.children(0).collect();
    children.sort_by_key(|at| rank(root.name, outline.elements[*at].name));
    let inside: String = children.into_iter().map(|at| outline.raw(at)).collect();
    format!("{}{inside}{}", outline.tag(0), &raw[root.close..root.span.end])
}

/// The properties that a fragment inherits from the place it is printed at.
#[derive(Debug, Clone, Default)]
pub(crate) struct Inherited {
    /// For every paragraph.
    pub(crate) paragraph: Properties,
    /// For every run.
    pub(crate) run: Properties,
}

/// A built element with its children in schema order, below it the properties
/// that it inherits, without generated ids. Unreadable markup gives nothing.
pub(crate) fn arrange(built: &str, inherited: &Inherited) -> String {
    let Ok(outline) = Outline::read(built) else { return String::new() };
    let mut out = String::with_capacity(built.len() * 2);
    write(&outline, 0, inherited, &mut out);
    out
}

fn write(outline: &Outline<'_>, at: usize, inherited: &Inherited, out: &mut String) {
    let element = &outline.elements[at];
    match element.name {
        "w:p" => {
            out.push_str("<w:p>");
            let own = own_properties(outline, at, "w:pPr").without(&["w:rPr"]);
            out.push_str(&inherited.paragraph.with(&own).write("w:pPr"));
            write_children(outline, at, "w:pPr", inherited, out);
            out.push_str("</w:p>");
        }
        "w:r" => {
            out.push_str("<w:r>");
            let own = own_properties(outline, at, "w:rPr");
            out.push_str(&inherited.run.with(&own).write("w:rPr"));
            for child in outline.children(at) {
                if outline.elements[child].name != "w:rPr" {
                    out.push_str(outline.raw(child));
                }
            }
            out.push_str("</w:r>");
        }
        _ if element.close == element.span.end => out.push_str(outline.raw(at)),
        _ => {
            out.push_str(outline.tag(at));
            write_children(outline, at, "", inherited, out);
            out.push_str(&outline.xml[element.close..element.span.end]);
        }
    }
}

fn write_children(
    outline: &Outline<'_>,
    at: usize,
    except: &str,
    inherited: &Inherited,
    out: &mut String,
) {
    for child in outline.children(at) {
        if outline.elements[child].name != except {
            write(outline, child, inherited, out);
        }
    }
}

fn own_properties(outline: &Outline<'_>, at: usize, name: &str) -> Properties {
    outline
        .child(at, name)
        .map_or_else(Properties::default, |child| Properties::read(outline.raw(child)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorted_and_merged() {
        let inherited = Inherited {
            paragraph: Properties::read("<w:pPr><w:jc w:val='left'/></w:pPr>"),
            run: Properties::read(
                "<w:rPr><w:rFonts w:ascii='A' w:eastAsiaTheme='m'/><w:sz w:val='20'/></w:rPr>",
            ),
        };
        let built = "<w:p w14:paraId=\"1\"><w:pPr><w:pStyle w:val=\"Q\"/><w:rPr /></w:pPr>\
            <w:r><w:rPr><w:b /><w:rFonts w:eastAsia=\"K\"/></w:rPr><w:t>x</w:t></w:r></w:p>";
        assert_eq!(
            arrange(built, &inherited),
            "<w:p><w:pPr><w:pStyle w:val=\"Q\"/><w:jc w:val='left'/></w:pPr>\
            <w:r><w:rPr><w:rFonts w:ascii=\"A\" w:eastAsia=\"K\"/><w:b />\
            <w:sz w:val='20'/></w:rPr><w:t>x</w:t></w:r></w:p>"
        );
    }
}
