//! The command `diff`: what is different between two editions.

use std::fmt::Write;
use std::path::Path;

use super::args::DiffArguments;
use super::report::Reporter;
use crate::build::compare;
use crate::data::compare::{Comparison, FigureChange, PersonChange, TextChange};
use crate::diag::{Lang, Result, Text};
use crate::project::Project;
use crate::text;

/// Compares two editions and tells the result.
pub(super) fn run(
    folder: &Path,
    project: &Project,
    arguments: &DiffArguments,
    reporter: &mut Reporter,
) -> Result<()> {
    let old = project.edition(&arguments.old, folder)?;
    let new = project.edition(&arguments.new, folder)?;
    let compared = compare::compare(project, &old, &new)?;
    reporter.diagnostics(&compared.warnings);
    let comparison = compared.value;
    let mut value = serde_json::json!({ "kind": "comparison" });
    if let (Some(fields), Ok(serde_json::Value::Object(more))) =
        (value.as_object_mut(), serde_json::to_value(&comparison))
    {
        fields.extend(more);
    }
    reporter.answer(
        &Telling { lang: reporter.lang(), out: String::new() }.all(&comparison),
        &value,
    );
    if comparison.is_empty() {
        reporter.note(&text!("两届的数据一样", "the editions are the same"));
    }
    Ok(())
}

/// A comparison for people to read.
struct Telling {
    lang: Lang,
    out: String,
}

impl Telling {
    fn all(mut self, comparison: &Comparison) -> String {
        let Comparison { figures, people, texts } = comparison;
        self.part(&text!("关键数字", "Figures"), figures, Self::figure);
        self.part(&text!("人员", "People"), people, Self::person);
        self.part(&text!("文字", "Texts"), texts, Self::text);
        self.out
    }

    fn part<T>(&mut self, title: &Text, changes: &[T], tell: fn(&mut Self, &T)) {
        if changes.is_empty() {
            return;
        }
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        let _ = writeln!(self.out, "{} ({})", title.get(self.lang), changes.len());
        changes.iter().for_each(|change| tell(self, change));
    }

    fn figure(&mut self, change: &FigureChange) {
        let FigureChange { key, label, old, new, change, percent } = change;
        let name = if label.is_empty() { key } else { label };
        let _ = write!(self.out, "{} {name}\t", sign(old.as_ref(), new.as_ref()));
        let _ = match (old, new) {
            (Some(old), Some(new)) => write!(self.out, "{old} → {new}"),
            (old, new) => {
                write!(self.out, "{}", new.as_ref().or(old.as_ref()).map_or("", |v| v))
            }
        };
        let difference = [change, percent].into_iter().flatten().cloned();
        let difference = difference.collect::<Vec<_>>().join(", ");
        if !difference.is_empty() {
            let _ = write!(self.out, "\t{difference}");
        }
        self.out.push('\n');
    }

    fn person(&mut self, change: &PersonChange) {
        let PersonChange { list, name, old, new } = change;
        let said = match (old, new) {
            (Some(old), Some(new)) => format!("{old} → {new}"),
            (old, new) => new.as_ref().or(old.as_ref()).cloned().unwrap_or_default(),
        };
        let sign = sign(old.as_ref(), new.as_ref());
        let _ = writeln!(self.out, "{sign} {name}\t{said}\t{list}");
    }

    fn text(&mut self, change: &TextChange) {
        let TextChange { pointer, old, new } = change;
        let _ = writeln!(self.out, "{} {pointer}", sign(old.as_ref(), new.as_ref()));
        for (mark, text) in [("-", old), ("+", new)] {
            let lines = text.iter().flat_map(|text| text.lines());
            for line in lines.filter(|line| !line.trim().is_empty()) {
                let _ = writeln!(self.out, "    {mark} {}", shortened(line));
            }
        }
    }
}

/// `+` what is new, `-` what is gone, `~` what has changed.
fn sign<T>(old: Option<T>, new: Option<T>) -> char {
    match (old, new) {
        (None, _) => '+',
        (_, None) => '-',
        _ => '~',
    }
}

/// A long paragraph is known by its beginning.
fn shortened(line: &str) -> String {
    const LONGEST: usize = 100;
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_string(),
    }
}
