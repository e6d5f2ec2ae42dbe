//! Documents that a template includes or imports from: found, loaded and checked.
//!
//! The paths are literals, so everything is known when the template is compiled,
//! and what is wrong with an included document is told with the template's faults.

use std::collections::BTreeMap;
use std::hash::Hash;
use std::sync::Arc;

use siphasher::sip128::{Hasher128, SipHasher13};

use super::part::{Container, Part, Placed};
use super::tags::{self, Action, Scope};
use crate::diag::{Diagnostic, Diagnostics, Place, Text};
use crate::docx::graft::subdocument::Subdocument;
use crate::docx::language::faults;
use crate::text;

/// Where the documents that a template includes come from.
pub trait Documents {
    /// The bytes of a document by its path from the template's folder, such as
    /// `clauses/legal.docx` or `../legal.docx`; nothing if there is none, or why it
    /// may not be read.
    fn load(&self, path: &str) -> Result<Option<Arc<[u8]>>, Text>;

    /// The paths of the Word documents that there are, for suggestions.
    fn list(&self) -> Vec<String>;
}

/// No documents: every include is of a file that is missing.
#[derive(Debug, Copy, Clone, Default)]
pub struct NoDocuments;

impl Documents for NoDocuments {
    fn load(&self, _: &str) -> Result<Option<Arc<[u8]>>, Text> {
        Ok(None)
    }

    fn list(&self) -> Vec<String> {
        Vec::new()
    }
}

/// The statements that name other documents.
pub(crate) const KEYWORDS: [&str; 3] = ["include", "import", "from"];

/// What the names of programs of included documents begin with.
const PREFIX: &str = "include:";

/// The name of the program of an included document.
pub(crate) fn program_name(path: &str) -> String {
    format!("{PREFIX}{path}")
}

/// The name of the program of an included document's notes of a kind.
pub(crate) fn notes_name(path: &str, kind: &str) -> String {
    format!("{PREFIX}{path}#{kind}")
}

/// The program that a statement in another one means by a path.
pub(crate) fn join(written: &str, program: &str) -> String {
    let from = program.strip_prefix(PREFIX).unwrap_or("");
    let from = from.split_once('#').map_or(from, |(from, _)| from);
    match resolve(from, written) {
        Some(path) => program_name(&path),
        None => written.to_owned(),
    }
}

/// A path as seen from the folder of another; nothing if it is none. It may
/// begin with `..`.
fn resolve(from: &str, written: &str) -> Option<String> {
    if written.is_empty() || written.starts_with('/') || written.contains(['\\', ':']) {
        return None;
    }
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut path: Vec<&str> = Vec::new();
    for name in folder.split('/').chain(written.split('/')) {
        match (name, path.last()) {
            ("" | ".", _) => {}
            ("..", Some(last)) if *last != ".." => {
                path.pop();
            }
            (name, _) => path.push(name),
        }
    }
    let named = path.last().is_some_and(|last| *last != "..");
    named.then(|| path.join("/"))
}

/// What a statement that names other documents says.
#[derive(Debug, Clone, Eq, PartialEq)]
struct Inclusion {
    /// The paths as written; the first that is there counts.
    paths: Vec<String>,
    /// Whether none of them need be there.
    optional: bool,
    /// Whether the document is printed, and not only its macros are taken.
    printed: bool,
}

/// Reads a statement; nothing if its paths are not literals.
fn read(body: &str) -> Option<Inclusion> {
    let keyword = tags::keyword(body);
    let rest = body[keyword.len()..].trim_start();
    let (paths, rest) = match rest.strip_prefix(['[', '(']) {
        Some(list) => {
            let close = if rest.starts_with('[') { ']' } else { ')' };
            literals(list, close)?
        }
        None => {
            let (path, rest) = literal(rest)?;
            (vec![path], rest)
        }
    };
    let rest = rest.trim_start();
    let next = tags::keyword(rest);
    let ends = match keyword {
        "include" => matches!(next, "ignore" | "with" | "without") || rest.is_empty(),
        "import" => next == "as",
        _ => next == "import",
    };
    let mut words = rest.split_whitespace();
    let optional = keyword == "include" && words.any(|word| word == "ignore");
    ends.then_some(Inclusion { paths, optional, printed: keyword == "include" })
}

/// The string literal that a text begins with, and what comes after it.
fn literal(text: &str) -> Option<(String, &str)> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (inside, rest) = text[1..].split_once(quote)?;
    (!inside.contains('\\')).then(|| (inside.to_owned(), rest))
}

/// The string literals of a list up to its end, and what comes after it.
fn literals(mut text: &str, close: char) -> Option<(Vec<String>, &str)> {
    let mut all = Vec::new();
    loop {
        let (path, rest) = literal(text.trim_start())?;
        all.push(path);
        text = rest.trim_start();
        text = text.strip_prefix(',').unwrap_or(text).trim_start();
        if let Some(rest) = text.strip_prefix(close) {
            return Some((all, rest));
        }
    }
}

/// The documents that a template includes, and those that they include.
pub(crate) struct Loader<'l> {
    documents: &'l dyn Documents,
    /// The template's name.
    file: &'l str,
    /// The namespace of the template's body, which every document must have.
    namespace: &'l str,
    /// The number of each document by path; none for one that is not there or
    /// cannot be used.
    found: BTreeMap<String, Option<usize>>,
    /// The documents by number.
    loaded: Vec<Subdocument>,
    /// The paths of the documents that are being read.
    open: Vec<String>,
    /// The faults in the order in which they were found.
    diagnostics: Diagnostics,
    /// The template's bytes and those of all documents go into it.
    hasher: SipHasher13,
}

impl<'l> Loader<'l> {
    /// A loader for a template of a name, whose own bytes are hashed already.
    pub(crate) fn new(
        documents: &'l dyn Documents,
        file: &'l str,
        namespace: &'l str,
        hasher: SipHasher13,
    ) -> Self {
        let own = file.rsplit(['/', '\\']).next().unwrap_or(file);
        Self {
            documents,
            file,
            namespace,
            found: BTreeMap::new(),
            loaded: Vec::new(),
            open: vec![own.to_owned()],
            diagnostics: Diagnostics::new(),
            hasher,
        }
    }

    /// The documents, and a hash of all that was read; faults go to `diagnostics`.
    pub(crate) fn finish(
        self,
        diagnostics: &mut Diagnostics,
    ) -> (Vec<Subdocument>, u128) {
        diagnostics.extend(self.diagnostics.into_vec());
        (self.loaded, self.hasher.finish128().as_u128())
    }

    /// Loads what the tags of a part of the template ask for.
    pub(crate) fn gather(&mut self, part: &Part<'_>) {
        self.gather_from(part, self.file, "");
    }

    fn gather_from(&mut self, part: &Part<'_>, file: &str, from: &str) {
        for placed in &part.tags {
            let statement = placed.tag.action == Action::Statement;
            if statement && KEYWORDS.contains(&tags::keyword(&placed.tag.body)) {
                let place = part.place(file, placed.unit, placed.tag.range.clone());
                self.statement(part, placed, &place, from);
            }
        }
    }

    fn statement(&mut self, part: &Part<'_>, placed: &Placed, place: &Place, from: &str) {
        let written = &part.units[placed.unit].text[placed.tag.range.clone()];
        let written = faults::shown(written);
        let Some(inclusion) = read(&placed.tag.body) else {
            self.diagnostics
                .push(no_literal(&written, &placed.tag.body).at(place.clone()));
            return;
        };
        let container = part.units[placed.unit].container;
        let alone =
            (container, placed.tag.scope) == (Container::Paragraph, Scope::Paragraph);
        if inclusion.printed && !alone {
            let fault = not_a_paragraph(&written, &placed.tag.body);
            self.diagnostics.push(fault.at(place.clone()));
            return;
        }
        let mut there = false;
        for path in &inclusion.paths {
            let Some(path) = resolve(from, path) else {
                self.diagnostics.push(no_path(path).at(place.clone()));
                return;
            };
            there |= self.document(&path, place);
        }
        if !there && !inclusion.optional {
            self.missing(&inclusion.paths, from, place);
        }
    }

    /// Loads a document unless it is there; whether the file exists.
    fn document(&mut self, path: &str, place: &Place) -> bool {
        if let Some(at) = self.open.iter().position(|open| open == path) {
            let mut chain = self.open[at..].to_vec();
            chain.push(path.to_owned());
            self.diagnostics.push(circle(&chain).at(place.clone()));
            return true;
        }
        if let Some(found) = self.found.get(path) {
            return found.is_some();
        }
        let bytes = match self.documents.load(path) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => {
                self.found.insert(path.to_owned(), None);
                return false;
            }
            Err(cause) => {
                self.diagnostics.push(unreadable(path, &cause).at(place.clone()));
                return true;
            }
        };
        (path, &bytes).hash(&mut self.hasher);
        let file = self.shown(path);
        let opened = Subdocument::open(&file, path, &bytes, self.namespace);
        let Some(document) = self.diagnostics.absorb(opened) else { return true };
        let document = document.collect(&mut self.diagnostics);
        self.found.insert(path.to_owned(), Some(self.loaded.len()));
        let text = document.text.clone();
        let main = document.package.main.clone();
        self.loaded.push(document);
        self.open.push(path.to_owned());
        if let Ok(part) = Part::read(&main, &text) {
            self.gather_from(&part, &file, path);
        }
        self.open.pop();
        true
    }

    /// How the user knows a document: in the folder of the template.
    fn shown(&self, path: &str) -> String {
        match self.file.rfind(['/', '\\']) {
            Some(end) => format!("{}{path}", &self.file[..=end]),
            None => path.to_owned(),
        }
    }

    fn missing(&mut self, paths: &[String], from: &str, place: &Place) {
        let path = paths.first().map(String::as_str).unwrap_or_default();
        let mut known = self.documents.list();
        known.retain(|known| !self.open.contains(known));
        let wanted = resolve(from, path).unwrap_or_default();
        let near = faults::nearest(&wanted, known.iter().map(String::as_str));
        let fault = missing(path).at(place.clone());
        self.diagnostics.push(match near {
            Some(near) => {
                fault.hint(text!("是不是 `{near}`？", "did you mean `{near}`?"))
            }
            None if known.is_empty() || known.len() > MOST_LISTED => fault,
            None => {
                let (zh, en) = (known.join("、"), known.join(", "));
                fault.hint(text!("现有：{zh}", "there are: {en}"))
            }
        });
    }
}

/// How many files a hint lists.
const MOST_LISTED: usize = 8;

fn no_literal(written: &str, body: &str) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        "docx/include-path",
        text!(
            "`{written}` 里的路径要直接写成带引号的文字",
            "the path in `{written}` must be a quoted text"
        ),
    );
    match tags::keyword(body) {
        "include" => diagnostic.hint(text!(
            "合并时才知道是哪个文件，写 `{{{{p subdoc(…) }}}}`",
            "for a file that is chosen when merging, write `{{{{p subdoc(…) }}}}`"
        )),
        _ => diagnostic,
    }
}

fn not_a_paragraph(written: &str, body: &str) -> Diagnostic {
    Diagnostic::error(
        "docx/include-place",
        text!(
            "`{written}` 引入整段内容，应当取代一个段落",
            "`{written}` brings paragraphs, so it must replace one"
        ),
    )
    .hint(text!(
        "写作 `{{%p {body} %}}`，独占一段",
        "write `{{%p {body} %}}`, alone in a paragraph"
    ))
}

fn no_path(path: &str) -> Diagnostic {
    Diagnostic::error(
        "docx/include-path",
        text!("`{path}` 不是可用的路径", "`{path}` is not a path that can be used"),
    )
    .hint(text!(
        "从模板所在的文件夹写起，用 `/` 分隔",
        "write it from the template's folder, with `/` between names"
    ))
}

fn missing(path: &str) -> Diagnostic {
    Diagnostic::error(
        "docx/include-missing",
        text!("找不到要引入的文件 `{path}`", "the file `{path}` does not exist"),
    )
}

fn unreadable(path: &str, cause: &Text) -> Diagnostic {
    let (zh, en) = (&cause.zh, &cause.en);
    Diagnostic::error(
        "docx/include-path",
        text!("引入不了 `{path}`（{zh}）", "failed to include `{path}` ({en})"),
    )
}

fn circle(chain: &[String]) -> Diagnostic {
    let chain = chain.join(" → ");
    Diagnostic::error(
        "docx/include-circle",
        text!(
            "文件互相引入，没有尽头：{chain}",
            "files include each other without end: {chain}"
        ),
    )
    .hint(text!("去掉其中一处引入", "remove one of the includes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements() {
        let paths = |body| read(body).map(|inclusion| inclusion.paths);
        assert_eq!(paths("include 'a.docx'"), Some(vec!["a.docx".into()]));
        let both = read("include [\"a\", 'b',] ignore missing with context");
        let both = both.expect("literals");
        assert_eq!((both.paths.len(), both.optional, both.printed), (2, true, true));
        assert_eq!(paths("import \"m.docx\" as m"), Some(vec!["m.docx".into()]));
        assert_eq!(paths("from \"m.docx\" import a, b as c").map(|p| p.len()), Some(1));
        for dynamic in
            ["include x", "include 'a' ~ x", "include ['a', x]", "include 'a' if b"]
        {
            assert_eq!(read(dynamic), None, "{dynamic}");
        }
    }

    #[test]
    fn paths() {
        assert_eq!(resolve("", "a/./b.docx").as_deref(), Some("a/b.docx"));
        assert_eq!(resolve("a/b.docx", "../c.docx").as_deref(), Some("c.docx"));
        assert_eq!(resolve("a/b.docx", "../../c.docx").as_deref(), Some("../c.docx"));
        for bad in ["", "/a", "C:a", "a\\b", "..", "http://a/b"] {
            assert_eq!(resolve("", bad), None, "{bad}");
        }
    }
}
