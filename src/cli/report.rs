//! Results and diagnostics, for people on a terminal or for programs as JSON.
//!
//! What was made goes to standard output, what is to be said about it to
//! standard error; with `--message-format json` everything is one JSON object a
//! line on standard output.

use std::collections::HashSet;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::progress::Bar;
use super::{annotations, sarif};
use crate::build::interrupt::Interrupt;
use crate::build::session::Origin;
use crate::build::{Job, Timings};
use crate::check::parity::Parity;
use crate::data::prose::Change;
use crate::diag::{Diagnostic, Lang, Result, Severity, Style, Text, render};
use crate::text;

/// How to report.
#[derive(Debug, Copy, Clone)]
pub(super) struct ReportStyle {
    pub(super) lang: Lang,
    pub(super) style: Style,
    pub(super) form: Form,
}

/// Whom the reports are for.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub(super) enum Form {
    /// People.
    Human,
    /// Programs: a JSON object a line.
    Json,
    /// Code scanning: one document, when all is said.
    Sarif,
    /// GitHub: people, and a line for each diagnostic.
    Github,
}

/// How many outputs that have failed are named.
const MOST_FAILED: usize = 20;

/// Writes what happens, and counts it.
pub(super) struct Reporter {
    style: ReportStyle,
    errors: usize,
    warnings: usize,
    misused: bool,
    /// The names of the jobs that have failed.
    failed: Vec<String>,
    /// What was told in this run: several outputs of one dataset have its faults
    /// in common.
    told: HashSet<String>,
    /// What is told when all is said.
    kept: Vec<Diagnostic>,
    interrupted: bool,
    /// How far the run has come, if that is shown.
    bar: Bar,
}

impl Reporter {
    pub(super) fn new(style: ReportStyle) -> Self {
        Self {
            style,
            errors: 0,
            warnings: 0,
            misused: false,
            failed: Vec::new(),
            told: HashSet::new(),
            kept: Vec::new(),
            interrupted: false,
            bar: Bar::hidden(),
        }
    }

    /// The language of the reports.
    pub(super) fn lang(&self) -> Lang {
        self.style.lang
    }

    /// How many errors and warnings were reported.
    pub(super) fn counts(&self) -> (usize, usize) {
        (self.errors, self.warnings)
    }

    /// Whether an error was about the command line and not about the material.
    pub(super) fn was_misused(&self) -> bool {
        self.misused
    }

    /// Whether the user wanted the run to stop.
    pub(super) fn was_interrupted(&self) -> bool {
        self.interrupted
    }

    /// Reports diagnostics.
    pub(super) fn diagnostics(&mut self, list: &[Diagnostic]) {
        for diagnostic in list {
            let object = serde_json::to_value(diagnostic).unwrap_or_default();
            if !self.told.insert(object.to_string()) {
                continue;
            }
            self.misused |= diagnostic.code.starts_with("usage/");
            match diagnostic.severity {
                Severity::Error => self.errors += 1,
                Severity::Warning => self.warnings += 1,
            }
            match self.style.form {
                Form::Json => {
                    let mut shown = json!({ "kind": "diagnostic" });
                    merge(&mut shown, object);
                    self.object(&shown);
                }
                Form::Human => {
                    let text = render(diagnostic, self.style.lang, self.style.style);
                    self.say(&format!("{text}\n\n"));
                }
                Form::Github => {
                    let line = annotations::line(diagnostic, self.style.lang);
                    self.bar.aside(|| to_stdout(&line));
                }
                Form::Sarif => self.kept.push(diagnostic.clone()),
            }
        }
    }

    /// Whether the reports are JSON objects.
    fn is_json(&self) -> bool {
        self.style.form == Form::Json
    }

    /// Forgets what was told: a new run begins.
    pub(super) fn begin_anew(&mut self) {
        self.told.clear();
    }

    /// Reports the errors of something that failed; whether it did not.
    pub(super) fn errors_of<T>(&mut self, result: Result<T>) -> bool {
        if let Err(errors) = &result {
            self.diagnostics(errors.diagnostics());
        }
        result.is_ok()
    }

    /// Reports the errors of something that failed, or gives what it made.
    pub(super) fn absorb<T>(&mut self, result: Result<T>) -> Option<T> {
        result.map_err(|errors| self.diagnostics(errors.diagnostics())).ok()
    }

    /// Shows on a terminal how far a run has come. A single job is over before anybody
    /// could read it.
    pub(super) fn begin_progress(
        &mut self,
        total: usize,
        interrupt: &Arc<Interrupt>,
    ) -> Bar {
        if !self.is_json() && total > 1 {
            self.bar = Bar::shown(self.style.lang, total, Arc::clone(interrupt));
        }
        self.bar.clone()
    }

    /// Takes the bar off the terminal, and tells which of so many jobs have failed.
    pub(super) fn end_progress(&mut self, total: usize) {
        std::mem::replace(&mut self.bar, Bar::hidden()).end();
        self.failed(total);
    }

    /// What a job has made; otherwise its errors are reported, and that it has failed.
    pub(super) fn made<T>(&mut self, job: &Job, result: Result<T>) -> Option<T> {
        let code = match &result {
            Ok(_) => None,
            Err(errors) => errors.diagnostics().iter().find(|fault| fault.is_error()),
        };
        if let Some(code) = code.map(|fault| fault.code.to_string()) {
            self.failed.push(job.name());
            if self.is_json() {
                self.object(&json!({
                    "kind": "failed", "name": job.name(), "edition": job.edition.id,
                    "template": job.output.template, "code": code,
                }));
            }
        }
        self.absorb(result)
    }

    /// Takes note that the user wanted the run to stop.
    pub(super) fn interrupted(&mut self) {
        self.interrupted = true;
    }

    /// Reports which outputs have failed: what is wrong with a template is told once,
    /// and keeps many from being made.
    fn failed(&mut self, total: usize) {
        let names = std::mem::take(&mut self.failed);
        let count = names.len();
        // Of a single one, the errors say it.
        if self.is_json() || count == 0 || total < 2 {
            return;
        }
        let shown: Vec<String> = names.into_iter().take(MOST_FAILED).collect();
        let (zh, en) = (shown.join("、"), shown.join(", "));
        self.note(&match count > MOST_FAILED {
            true => text!("没有做成 {count} 份：{zh}……", "failed: {count}: {en} …"),
            false => text!("没有做成 {count} 份：{zh}", "failed: {count}: {en}"),
        });
    }

    /// Reports how many outputs were not made, if any.
    pub(super) fn undone(&mut self, left: usize) {
        if left == 0 {
            return;
        }
        if self.is_json() {
            return self.object(&json!({ "kind": "undone", "outputs": left }));
        }
        self.note(&match self.interrupted {
            true => text!(
                "中途停下，还有 {left} 份没有做",
                "stopped before the end, left undone: {left}"
            ),
            false => text!("还有 {left} 份没有做", "left undone: {left}"),
        });
    }

    /// Reports a file that is as it should be. People are not told of those that were so
    /// before.
    pub(super) fn wrote(
        &mut self,
        path: &Path,
        shown: &str,
        pages: Option<usize>,
        origin: Origin,
    ) {
        if self.is_json() {
            self.object(&json!({
                "kind": "output", "path": path, "pages": pages, "state": origin.name(),
            }));
            return;
        }
        if origin == Origin::Kept || self.style.form == Form::Sarif {
            return;
        }
        let pages = match (pages, self.style.lang) {
            (None, _) => String::new(),
            (Some(n), Lang::Zh) => format!("  {n} 页"),
            (Some(1), Lang::En) => "  1 page".to_string(),
            (Some(n), Lang::En) => format!("  {n} pages"),
        };
        self.bar.aside(|| to_stdout(&format!("{shown}{pages}\n")));
    }

    /// Reports how the PDF and the Word draft of an edition compare.
    pub(super) fn parity(&mut self, job: &Job, parity: &Parity) {
        self.diagnostics(&parity.differences);
        let same = parity.differences.is_empty();
        if self.is_json() {
            let mut object = json!({
                "kind": "parity", "edition": job.edition.id,
                "template": job.output.template, "same": same,
            });
            merge(&mut object, serde_json::to_value(parity.counts).unwrap_or_default());
            return self.object(&object);
        }
        let Text { zh, en } = parity.counts.words();
        let verdict = match same {
            true => text!("PDF 和 Word 稿相同", "PDF and Word draft say the same"),
            false => text!("PDF 和 Word 稿不同", "PDF and Word draft differ"),
        };
        let (zh_verdict, en_verdict) = (verdict.zh, verdict.en);
        let output = job.output.file_name(&job.edition.id);
        self.note(&text!(
            "{output}：{zh_verdict}。比较了{zh}",
            "{output}: {en_verdict}. Compared: {en}"
        ));
    }

    /// Reports how long the stages of a job took.
    pub(super) fn timings(&mut self, edition: &str, timings: &Timings) {
        let stages = [
            ("load", timings.load),
            ("resolve", timings.resolve),
            ("fonts", timings.fonts),
            ("compile", timings.compile),
            ("export", timings.export),
            ("merge", timings.merge),
        ];
        let milliseconds = |time: Duration| time.as_secs_f64() * 1000.0;
        if self.is_json() {
            let mut object = json!({ "kind": "timings", "edition": edition });
            for (name, time) in stages {
                object[name] = milliseconds(time).into();
            }
            self.object(&object);
        } else {
            let list: Vec<String> = stages
                .iter()
                .map(|(name, time)| format!("{name} {:.1} ms", milliseconds(*time)))
                .collect();
            self.say(&format!("{edition}: {}\n", list.join(", ")));
        }
    }

    /// Reports a text of a dataset that was mended, or that can be.
    pub(super) fn mended(&mut self, file: &str, pointer: &str, change: &Change) {
        let Change { slip, before, after } = change;
        let id = slip.rule.id;
        if self.is_json() {
            return self.object(&json!({
                "kind": "change", "file": file, "pointer": pointer, "rule": id,
                "before": before, "after": after, "reason": change.reason(),
            }));
        }
        let reason = change.reason().get(self.style.lang);
        let (before, after) = (before.replace('\n', "⏎"), after.replace('\n', "⏎"));
        self.say(&format!("{file} {pointer}  {before} → {after}  {reason} [{id}]\n"));
    }

    /// Says something in passing, to people only.
    pub(super) fn note(&mut self, words: &Text) {
        if !self.is_json() {
            self.say(&format!("{}\n", words.get(self.style.lang)));
        }
    }

    /// Prints the answer to a question: a text for people, a value for programs.
    pub(super) fn answer(&mut self, words: &str, value: &Value) {
        match self.style.form {
            Form::Json => self.object(value),
            Form::Human | Form::Github => self.bar.aside(|| to_stdout(words)),
            Form::Sarif => self.say(words),
        }
    }

    /// Tells programs, and them only, a fact.
    pub(super) fn fact(&mut self, value: &Value) {
        if self.style.form == Form::Json {
            self.object(value);
        }
    }

    /// The last line of a run that had something to say.
    pub(super) fn summary(&mut self) {
        if self.style.form == Form::Sarif {
            let document = sarif::document(&self.kept, self.style.lang);
            return to_stdout(&format!("{document:#}\n"));
        }
        let (errors, warnings) = self.counts();
        if self.is_json() || errors + warnings == 0 {
            return;
        }
        self.note(&text!(
            "{errors} 处错误，{warnings} 处警告",
            "errors: {errors}, warnings: {warnings}"
        ));
    }

    fn object(&mut self, value: &Value) {
        self.bar.aside(|| to_stdout(&format!("{value}\n")));
    }

    /// Writes to standard error, above the bar.
    fn say(&self, words: &str) {
        self.bar.aside(|| to_stderr(words));
    }
}

fn merge(object: &mut Value, more: Value) {
    if let (Value::Object(into), Value::Object(more)) = (object, more) {
        into.extend(more);
    }
}

/// Writes to standard output; a closed pipe is the reader's wish, not a fault.
pub(super) fn to_stdout(words: &str) {
    let _ = std::io::stdout().lock().write_all(words.as_bytes());
}

/// Writes to standard error.
pub(super) fn to_stderr(words: &str) {
    let _ = std::io::stderr().lock().write_all(words.as_bytes());
}
