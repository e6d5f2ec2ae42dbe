//! The filter `wordwrap`: a text in lines of a width, as Python breaks them.

use minijinja::value::Kwargs;
use minijinja::{Error, Value};

use super::print;

/// How lines are broken.
struct Wrapping {
    width: usize,
    long_words: bool,
    hyphens: bool,
}

/// The parameters of the filter, in Jinja's order.
pub(crate) const PARAMETERS: [&str; 4] =
    ["width", "break_long_words", "wrapstring", "break_on_hyphens"];

/// The filter; line breaks that the text has stay.
pub(crate) fn wordwrap(value: &Value, given: &Kwargs) -> Result<String, Error> {
    let width: Option<usize> = given.get("width")?;
    let long_words: Option<bool> = given.get("break_long_words")?;
    let between: Option<&str> = given.get("wrapstring")?;
    let hyphens: Option<bool> = given.get("break_on_hyphens")?;
    given.assert_all_used()?;
    let wrapping = Wrapping {
        width: width.unwrap_or(79).max(1),
        long_words: long_words.unwrap_or(true),
        hyphens: hyphens.unwrap_or(true),
    };
    let text = print::text(value);
    let lines: Vec<String> = text
        .lines()
        .map(|line| wrapping.lines(line).join(between.unwrap_or("\n")))
        .collect();
    Ok(lines.join(between.unwrap_or("\n")))
}

impl Wrapping {
    fn lines(&self, text: &str) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = Vec::new();
        let mut length = 0;
        for mut chunk in self.chunks(text) {
            loop {
                if chunk[0].is_whitespace() && length == 0 && !lines.is_empty() {
                    break;
                }
                if length + chunk.len() <= self.width {
                    length += chunk.len();
                    line.append(&mut chunk);
                    break;
                }
                if chunk.len() > self.width && !chunk[0].is_whitespace() {
                    let end = match self.long_words {
                        true => self.cut(&chunk, self.width - length),
                        false if length == 0 => chunk.len(),
                        false => 0,
                    };
                    let rest = chunk.split_off(end);
                    line.append(&mut chunk);
                    chunk = rest;
                }
                finish(&mut line, &mut lines);
                length = 0;
                if chunk.is_empty() {
                    break;
                }
            }
        }
        finish(&mut line, &mut lines);
        lines
    }

    /// Where a word that is too long is cut.
    fn cut(&self, chunk: &[char], space: usize) -> usize {
        let hyphen = chunk[..space].iter().rposition(|c| *c == '-');
        match hyphen.filter(|_| self.hyphens) {
            Some(at) if chunk[..at].iter().any(|c| *c != '-') => at + 1,
            _ => space,
        }
    }

    /// Words and the spaces between them; words end at their hyphens, too.
    fn chunks(&self, text: &str) -> Vec<Vec<char>> {
        let all: Vec<char> = text.chars().collect();
        let mut chunks: Vec<Vec<char>> = Vec::new();
        for (at, c) in all.iter().enumerate() {
            let begins = at == 0
                || all[at - 1].is_whitespace() != c.is_whitespace()
                || (self.hyphens && hyphenates(&all, at));
            match chunks.last_mut().filter(|_| !begins) {
                Some(chunk) => chunk.push(*c),
                None => chunks.push(vec![*c]),
            }
        }
        chunks
    }
}

/// Whether a word may be broken before a place: after a hyphen between letters.
fn hyphenates(all: &[char], at: usize) -> bool {
    let letter = |at: Option<usize>| {
        let c = at.and_then(|at| all.get(at));
        c.is_some_and(|c| c.is_alphabetic() || *c == '_')
    };
    let is_hyphen = |at: Option<usize>| at.and_then(|at| all.get(at)) == Some(&'-');
    let before = |count| at.checked_sub(count);
    let (second, third) = (before(2), before(3));
    let first_part =
        letter(second) && (letter(third) || is_hyphen(third) && letter(before(4)));
    let next = if is_hyphen(Some(at + 1)) { at + 2 } else { at + 1 };
    is_hyphen(before(1)) && first_part && letter(Some(at)) && letter(Some(next))
}

/// Ends a line, without the spaces at its end.
fn finish(line: &mut Vec<char>, lines: &mut Vec<String>) {
    let text: String = line.drain(..).collect();
    let text = text.trim_end();
    if !text.is_empty() {
        lines.push(text.to_owned());
    }
}
