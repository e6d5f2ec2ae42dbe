//! Statements that open and close: are they balanced, and in matching places?

use super::tags;

/// What a statement does to the nesting.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub(crate) enum Nesting {
    /// Opens a block that `end…` closes.
    Opens,
    /// Separates the branches of a block.
    Divides,
    /// Closes a block.
    Closes,
    /// Stands alone.
    Stands,
    /// Is no statement that a Word template can have.
    Unknown,
}

/// The statements that open a block.
pub(crate) const OPENING: [&str; 9] =
    ["for", "if", "with", "macro", "call", "filter", "set", "autoescape", "block"];

/// The statements that stand alone.
pub(crate) const STANDING: [&str; 7] =
    ["set", "do", "break", "continue", "include", "import", "from"];

/// What a statement does to the nesting.
pub(crate) fn nesting(body: &str) -> Nesting {
    let keyword = tags::keyword(body);
    match keyword {
        "else" | "elif" => Nesting::Divides,
        "set" if assignment(body).is_some() => Nesting::Stands,
        _ if OPENING.contains(&keyword) => Nesting::Opens,
        _ if STANDING.contains(&keyword) => Nesting::Stands,
        _ => match keyword.strip_prefix("end") {
            Some(opened) if OPENING.contains(&opened) => Nesting::Closes,
            _ => Nesting::Unknown,
        },
    }
}

/// Where the `=` of a `set` is that has a value of its own, and so is no block.
pub(crate) fn assignment(body: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in body.char_indices() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if matches!(c, '"' | '\'') => quote = Some(c),
            None if c == '=' => return Some(at),
            None if c == '|' => return None,
            None => {}
        }
    }
    None
}

/// A statement with the place that it stands in.
#[derive(Debug, Copy, Clone)]
pub(crate) struct Statement<'a> {
    /// The tag's number.
    pub(crate) tag: usize,
    /// What it says.
    pub(crate) body: &'a str,
    /// The elements around it as a number: equal for equal names.
    pub(crate) path: usize,
    /// The table cell that it stands in.
    pub(crate) cell: Option<usize>,
}

/// What is wrong with the nesting of statements. Numbers are those of the tags.
#[derive(Debug, Clone, Eq, PartialEq)]
pub(crate) enum Fault {
    /// A block is never closed.
    NeverClosed {
        /// The tag that opens it.
        tag: usize,
    },
    /// A tag closes or divides a block that is not open.
    NeverOpened {
        /// The tag.
        tag: usize,
        /// The innermost block that is open instead.
        open: Option<usize>,
    },
    /// A block is opened in one place of the document's structure and divided
    /// or closed in another, so that cutting or repeating it would break it.
    Crossed {
        /// The tag that opens it.
        open: usize,
        /// The tag that divides or closes it.
        tag: usize,
    },
    /// A block is opened in one table cell and closed in another.
    AcrossCells {
        /// The tag that opens it.
        open: usize,
        /// The tag that closes it.
        tag: usize,
    },
}

/// Checks the statements of a part, given in the order of the output.
pub(crate) fn check(statements: &[Statement<'_>]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut open: Vec<&Statement<'_>> = Vec::new();
    for statement in statements {
        match nesting(statement.body) {
            Nesting::Opens => open.push(statement),
            Nesting::Divides => match open.last() {
                Some(block) if divides(block.body) => {
                    faults.extend(crossed(block, statement));
                }
                _ => faults.push(Fault::NeverOpened { tag: statement.tag, open: None }),
            },
            Nesting::Closes => close(statement, &mut open, &mut faults),
            Nesting::Stands | Nesting::Unknown => {}
        }
    }
    faults.extend(open.iter().map(|block| Fault::NeverClosed { tag: block.tag }));
    faults
}

fn divides(body: &str) -> bool {
    matches!(tags::keyword(body), "if" | "for")
}

fn close<'s, 'a>(
    statement: &'s Statement<'a>,
    open: &mut Vec<&'s Statement<'a>>,
    faults: &mut Vec<Fault>,
) {
    let wanted = &tags::keyword(statement.body)[3..];
    let found = open.iter().rposition(|block| tags::keyword(block.body) == wanted);
    let Some(found) = found else {
        let innermost = open.last().map(|block| block.tag);
        faults.push(Fault::NeverOpened { tag: statement.tag, open: innermost });
        return;
    };
    for block in open.drain(found + 1..) {
        faults.push(Fault::NeverClosed { tag: block.tag });
    }
    if let Some(block) = open.pop() {
        faults.extend(crossed(block, statement).or_else(|| across(block, statement)));
    }
}

fn across(open: &Statement<'_>, tag: &Statement<'_>) -> Option<Fault> {
    (open.cell != tag.cell).then_some(Fault::AcrossCells { open: open.tag, tag: tag.tag })
}

fn crossed(open: &Statement<'_>, tag: &Statement<'_>) -> Option<Fault> {
    (open.path != tag.path).then_some(Fault::Crossed { open: open.tag, tag: tag.tag })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(bodies: &[(&str, usize)]) -> Vec<Fault> {
        let statements: Vec<_> = bodies
            .iter()
            .enumerate()
            .map(|(tag, (body, path))| Statement { tag, body, path: *path, cell: None })
            .collect();
        check(&statements)
    }

    #[test]
    fn balance() {
        assert_eq!(
            faults(&[
                ("for a in b", 1),
                ("if c", 2),
                ("else", 2),
                ("endif", 2),
                ("endfor", 1)
            ]),
            []
        );
        assert_eq!(faults(&[("set x = 1", 1), ("set y", 1), ("endset", 1)]), []);
        assert_eq!(
            faults(&[("for a in b", 1), ("if c", 1), ("endfor", 1)]),
            [Fault::NeverClosed { tag: 1 }]
        );
        assert_eq!(faults(&[("endif", 1)]), [Fault::NeverOpened { tag: 0, open: None }]);
        assert_eq!(
            faults(&[("if a", 1), ("endif", 2)]),
            [Fault::Crossed { open: 0, tag: 1 }]
        );
    }
}
