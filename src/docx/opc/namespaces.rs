//! Namespace prefixes that content brings along, declared where it goes.

use super::escape;
use super::relations;
use super::xml;

/// The namespace of `mc:Ignorable`.
const COMPATIBILITY: &str = "http://schemas.openxmlformats.org/markup-compatibility/2006";

/// The prefixes that a root declares, with their namespaces.
fn declared(root: &str) -> impl Iterator<Item = (&str, &str)> {
    xml::attributes(root)
        .filter_map(|(name, value)| Some((name.strip_prefix("xmlns:")?, &root[value])))
}

/// The namespace of a prefix.
fn namespace<'r>(root: &'r str, prefix: &str) -> Option<&'r str> {
    declared(root).find(|(known, _)| *known == prefix).map(|(_, namespace)| namespace)
}

/// The prefixes that readers may ignore.
fn ignorable(root: &str) -> Vec<String> {
    let value = xml::attribute(root, "mc:Ignorable");
    value.iter().flat_map(|value| value.split_whitespace()).map(str::to_owned).collect()
}

/// The declarations of prefixes that stand for something else where content of
/// the root `from` goes: they must be repeated on its outermost elements.
pub(crate) fn clashing(to: &str, from: &str) -> String {
    let clashes = declared(from)
        .filter(|(prefix, uri)| namespace(to, prefix).is_some_and(|known| known != *uri));
    clashes.map(|(prefix, uri)| format!(" xmlns:{prefix}=\"{uri}\"")).collect()
}

/// A part whose root declares what content of the root `from` needs.
pub(crate) fn declare(part: &str, from: &str, content: &str) -> String {
    let Some(token) = relations::root_tag(part) else { return part.to_owned() };
    let (before, root) = (&part[..token.span.start], &part[token.span.clone()]);
    let root = extend(root, from, content);
    format!("{before}{root}{}", &part[token.span.end..])
}

/// The start tag of a root with the prefixes that content of the root `from`
/// needs. What is there stays as it is.
fn extend(to: &str, from: &str, content: &str) -> String {
    let used = |prefix: &str| {
        content.contains(&format!("{prefix}:")) || is_required(content, prefix)
    };
    let mut added = String::new();
    for (prefix, uri) in declared(from) {
        if namespace(to, prefix).is_none() && used(prefix) {
            added.push_str(&format!(" xmlns:{prefix}=\"{uri}\""));
        }
    }
    let mut root = insert(to, &added);
    let known = ignorable(&root);
    let new: Vec<String> = ignorable(from)
        .into_iter()
        .filter(|prefix| {
            let same = namespace(&root, prefix) == namespace(from, prefix);
            same && !known.contains(prefix) && used(prefix)
        })
        .collect();
    if !new.is_empty() {
        root = ignore(&root, &new);
    }
    root
}

/// Whether a choice of `mc:AlternateContent` asks for a prefix.
fn is_required(content: &str, prefix: &str) -> bool {
    content.split("Requires=\"").skip(1).any(|rest| {
        let value = rest.split('"').next().unwrap_or_default();
        value.split_whitespace().any(|word| word == prefix)
    })
}

/// A start tag with further attributes.
fn insert(tag: &str, attributes: &str) -> String {
    let end = tag.trim_end_matches('>').trim_end_matches('/').trim_end().len();
    format!("{}{attributes}{}", &tag[..end], &tag[end..])
}

/// A root with more prefixes that readers may ignore.
fn ignore(root: &str, new: &[String]) -> String {
    let words = escape::escape_attribute(&new.join(" "));
    let value = xml::attributes(root).find(|(name, _)| *name == "mc:Ignorable");
    if let Some((_, value)) = value {
        let space = if value.is_empty() { "" } else { " " };
        return format!("{}{space}{words}{}", &root[..value.end], &root[value.end..]);
    }
    let declaration = match namespace(root, "mc") {
        Some(COMPATIBILITY) => String::new(),
        Some(_) => return root.to_owned(),
        None => format!(" xmlns:mc=\"{COMPATIBILITY}\""),
    };
    insert(root, &format!("{declaration} mc:Ignorable=\"{words}\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_is_declared() {
        let from = "<a xmlns:w=\"W\" xmlns:x=\"X\" xmlns:y=\"Y\" xmlns:z=\"Z\" \
            xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\" \
            mc:Ignorable=\"x y\">";
        let content = "<w:p x:id='1'><mc:Choice Requires=\"z q\"/></w:p>";
        let root = extend("<b xmlns:w=\"W\">", from, content);
        assert_eq!(
            root,
            "<b xmlns:w=\"W\" xmlns:x=\"X\" xmlns:z=\"Z\" \
             xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\" \
             mc:Ignorable=\"x\">"
        );
        assert_eq!(extend(&root, from, content), root);
        assert_eq!(clashing("<b xmlns:x=\"other\"/>", from), " xmlns:x=\"X\"");
    }
}
