//! The variables and blocks around a tag, as far as they tell where its value
//! is taken from.

use std::collections::HashSet;

use super::blocks::{self, Nesting};
use super::part::Part;
use super::paths;
use super::tags::{self, Scope};

/// A variable that no context has; it stands for the root of the data.
const ROOT: &str = "__huikan_root";

/// A block around the current tag.
#[derive(Debug)]
struct Block {
    keyword: String,
    /// The variable and the path of a loop over the data.
    items: Option<(String, String)>,
    /// Whether what is printed inside becomes a text that is computed on.
    captures: bool,
}

/// What is known at a tag of a program, passing through its statements in order.
#[derive(Debug, Default)]
pub(crate) struct Scopes {
    /// Names that the program gives values to.
    assigned: HashSet<String>,
    open: Vec<Block>,
}

impl Scopes {
    /// Notes the names that a statement gives values to.
    pub(crate) fn assign(&mut self, body: &str) {
        let keyword = tags::keyword(body);
        let rest = &body[keyword.len()..];
        let names = match keyword {
            "for" => rest.split(" in ").next(),
            "set" | "with" | "macro" | "call" | "import" | "from" => Some(rest),
            _ => None,
        };
        let names = names.unwrap_or_default();
        let words = names.split(|c: char| !c.is_alphanumeric() && c != '_');
        self.assigned.extend(words.filter(|word| !word.is_empty()).map(str::to_owned));
    }

    /// Enters or leaves a block.
    pub(crate) fn pass(&mut self, body: &str, scope: Scope) {
        match blocks::nesting(body) {
            Nesting::Opens => {
                let keyword = tags::keyword(body).to_owned();
                let items = paths::simple_loop(body)
                    .map(|(name, path)| (name.to_owned(), path.to_owned()));
                let captures = match keyword.as_str() {
                    "filter" => true,
                    "set" | "macro" | "call" => !Part::is_block(scope),
                    _ => false,
                };
                self.open.push(Block { keyword, items, captures });
            }
            Nesting::Closes => {
                self.open.pop();
            }
            _ => {}
        }
    }

    /// Whether what is printed here becomes a text that is computed on.
    pub(crate) fn captured(&self) -> bool {
        self.open.iter().any(|block| block.captures)
    }

    /// Where the value of an expression is taken from, as further arguments: the
    /// value around it and its key there.
    pub(crate) fn origin(&self, body: &str) -> Option<String> {
        let path = paths::read(body)?;
        if let Some(parent) = path.parent {
            return Some(format!(", {parent}, {}", path.key()));
        }
        if !self.assigned.contains(path.root) {
            return Some(format!(", {ROOT}, {}", path.key()));
        }
        // `loop` is that of the innermost loop.
        let innermost = self.open.iter().rfind(|block| block.keyword == "for")?;
        let (name, items) = innermost.items.as_ref()?;
        (name == path.root).then(|| format!(", {items}, loop.index0"))
    }
}
