//! Reads plain text and Markdown: lines, and what Markdown's marks say of them.
//!
//! Markdown is read line by line and not by its rules: what a paragraph is has to be
//! found out anyway, because manuscripts break lines where columns and pages ended.

use super::line::{self, Kind, Line, Look, Manuscript, Unit};

/// Reads a text.
pub fn read(text: &str) -> Manuscript {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let markdown = is_markdown(text);
    let mut reader = Reader { markdown, ..Reader::default() };
    for (index, raw) in split(text).enumerate() {
        reader.line(index + 1, raw);
    }
    Manuscript { lines: reader.lines, markdown, unit: Unit::Line }
}

/// The lines, whatever ends them.
fn split(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.split('\n').flat_map(|line| {
        // The line ends of old Macs.
        let line = line.strip_suffix('\r').unwrap_or(line);
        line.split(['\r', '\u{2028}', '\u{2029}', '\u{85}'])
    });
    let mut lines: Vec<&str> = lines.collect();
    while lines.last().is_some_and(|line| line.is_empty()) {
        lines.pop();
    }
    lines.into_iter()
}

/// Whether a text has marks that only Markdown has.
fn is_markdown(text: &str) -> bool {
    let mut fences = 0;
    for line in text.lines() {
        fences += usize::from(line.starts_with("```"));
        let strong = line.match_indices("**").count() >= 2;
        if heading(line).is_some() || strong || is_delimiter_row(line) || fences >= 2 {
            return true;
        }
    }
    false
}

/// The level and text of a heading of Markdown; the space behind `#` is often forgotten.
fn heading(line: &str) -> Option<(usize, &str)> {
    let line = line.strip_prefix("   ").unwrap_or(line).trim_start_matches(' ');
    let level = line.len() - line.trim_start_matches('#').len();
    let rest = line[level..].trim();
    let close = rest.trim_end_matches('#');
    let rest = if close.ends_with(' ') { close.trim_end() } else { rest };
    let spaced = line[level..].starts_with([' ', '\t', '\u{3000}']);
    let said = spaced || rest.starts_with(|c: char| !c.is_ascii());
    ((1..=6).contains(&level) && said && !rest.is_empty()).then_some((level, rest))
}

fn is_delimiter_row(line: &str) -> bool {
    let line = line.trim();
    line.contains("--")
        && line.contains('|')
        && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' '))
}

#[derive(Default)]
struct Reader {
    lines: Vec<Line>,
    markdown: bool,
    /// Whether a blank line was read.
    gap: bool,
    /// Whether a page has ended.
    page: bool,
    /// What ends the code that is being read.
    fence: Option<String>,
}

impl Reader {
    fn line(&mut self, number: usize, raw: &str) {
        self.page |= raw.contains('\u{c}');
        let raw = raw.trim_end_matches(['\u{c}', ' ', '\t', '\u{3000}', '\u{a0}']);
        let raw = raw.trim_start_matches(['\u{c}', '\u{feff}']);
        if let Some(fence) = &self.fence {
            let ends = raw.trim() == fence;
            self.add_to_last(raw);
            if ends {
                self.fence = None;
            }
            return;
        }
        if raw.trim().is_empty() || is_rule(raw) && !self.underlines(raw) {
            self.gap = true;
            return;
        }
        if self.markdown && self.markup(number, raw) {
            return;
        }
        let indent = line::indent(raw);
        let text = raw.trim();
        let item = ["- ", "* ", "+ ", "• ", "·  "]
            .iter()
            .find_map(|bullet| text.strip_prefix(bullet));
        let (text, kind) = match item {
            Some(text) => (text.trim(), Kind::Item),
            None => (text, Kind::Text),
        };
        // A line that is bold from end to end looks like a heading.
        let strong = text.strip_prefix("**").and_then(|text| text.strip_suffix("**"));
        let strong = strong
            .filter(|text| self.markdown && !text.contains('*') && !text.is_empty());
        let look = Look { indent, bold: strong.is_some(), ..Look::default() };
        let text = strong.unwrap_or(text);
        self.push(Line { kind, look, ..Line::text(number, text) });
    }

    fn push(&mut self, line: Line) {
        let (gap, page) = (std::mem::take(&mut self.gap), std::mem::take(&mut self.page));
        self.lines.push(Line { gap: gap || page, page, ..line });
    }

    /// Reads a line that has marks; whether it has.
    fn markup(&mut self, number: usize, raw: &str) -> bool {
        let text = raw.trim();
        if self.underlines(raw) {
            if let Some(last) = self.lines.last_mut() {
                last.kind = Kind::Heading(if text.starts_with('=') { 1 } else { 2 });
            }
            return true;
        }
        if let Some((level, text)) = heading(raw) {
            let kind = Kind::Heading(level);
            self.push(Line { kind, ..Line::text(number, text) });
            return true;
        }
        let fence = text.len() - text.trim_start_matches('`').len();
        if fence >= 3 {
            self.fence = Some("`".repeat(fence));
            self.push(Line { kind: Kind::Verbatim, ..Line::text(number, raw) });
            return true;
        }
        let first = text.chars().next();
        let picture = text.starts_with("![") && text.ends_with(')');
        let block = matches!(first, Some('|' | '>')) || picture || text.starts_with("[^");
        if block {
            let goes_on = !self.gap
                && !picture
                && self.lines.last().is_some_and(|last| {
                    last.kind == Kind::Verbatim && last.text.chars().next() == first
                });
            match goes_on {
                true => self.add_to_last(text),
                false => {
                    self.push(Line { kind: Kind::Verbatim, ..Line::text(number, text) });
                }
            }
        }
        block
    }

    fn add_to_last(&mut self, text: &str) {
        if let Some(last) = self.lines.last_mut() {
            last.text.push('\n');
            last.text.push_str(text);
        }
    }

    /// Whether a line underlines the one before it, which so is a heading.
    fn underlines(&self, raw: &str) -> bool {
        let text = raw.trim();
        let line = text.len() >= 3
            && (text.chars().all(|c| c == '=') || text.chars().all(|c| c == '-'));
        let above = self
            .lines
            .last()
            .is_some_and(|last| last.kind == Kind::Text && line::width(&last.text) <= 60);
        self.markdown && line && above && !self.gap
    }
}

/// Whether a line only draws one.
fn is_rule(raw: &str) -> bool {
    let text: String = raw.chars().filter(|c| !c.is_whitespace()).collect();
    let Some(first) = text.chars().next() else { return false };
    text.chars().count() >= 3
        && matches!(
            first,
            '-' | '=' | '*' | '_' | '—' | '─' | '~' | '·' | '…' | '＊' | '－'
        )
        && text.chars().all(|c| c == first)
}
