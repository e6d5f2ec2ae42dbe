//! The command `merge`: the Word engine alone.

use std::path::Path;
use std::sync::Arc;

use serde_json::json;

use super::args::MergeArguments;
use super::place::write;
use super::report::Reporter;
use crate::build::Artefact;
use crate::build::batch::Progress;
use crate::build::merge::{self, Context};
use crate::diag::{self, Diagnostic, Diagnostics, Lang, Result, locate};
use crate::docx::{Purpose, Template};
use crate::text;

/// Merges contexts into a template, lists what the template asks for, or writes
/// what is wrong with it into a copy.
pub(super) fn run(
    folder: &Path,
    arguments: &MergeArguments,
    reporter: &mut Reporter,
) -> Result<()> {
    let mut merging = Merging { folder, arguments, reporter, told: Vec::new() };
    let merged = merging.merge();
    if let Err(errors) = merged {
        merging.tell(errors.diagnostics());
    }
    match &arguments.annotate {
        Some(target) => merging.annotate(target),
        None => Ok(()),
    }
}

/// A merge on its way.
struct Merging<'m> {
    folder: &'m Path,
    arguments: &'m MergeArguments,
    reporter: &'m mut Reporter,
    /// What was reported so far.
    told: Vec<Diagnostic>,
}

impl Merging<'_> {
    fn tell(&mut self, diagnostics: &[Diagnostic]) {
        self.reporter.diagnostics(diagnostics);
        self.told.extend_from_slice(diagnostics);
    }

    fn merge(&mut self) -> Result<()> {
        let arguments = self.arguments;
        let purpose = if arguments.anchors { Purpose::Draft } else { Purpose::Document };
        let mut faults = Diagnostics::new();
        let template = faults.absorb(merge::template(&arguments.word_template, purpose));
        let contexts =
            faults.absorb(merge::contexts(&arguments.contexts, arguments.each));
        let (Some(template), Some(contexts)) = (template, contexts) else {
            return Err(faults.fail());
        };
        let template = template.collect(&mut faults);
        let contexts = contexts.collect(&mut faults);
        self.tell(&faults.into_vec());
        if arguments.inspect {
            inspect(&template, self.reporter);
        }
        if contexts.is_empty() {
            return Ok(());
        }
        self.merge_all(&template, &contexts)
    }

    fn merge_all(&mut self, template: &Template, contexts: &[Context]) -> Result<()> {
        let arguments = self.arguments;
        let pattern = arguments.draft.as_deref().unwrap_or(Path::new("{name}.docx"));
        let names = merge::names(contexts, &pattern.to_string_lossy())?;
        let file = arguments.word_template.file_name().unwrap_or_default();
        let id = arguments.anchors.then(|| file.to_string_lossy());
        let bar = self.reporter.begin_progress(contexts.len(), &Arc::default());
        let mut progress = Progress::of(contexts.len());
        for (context, name) in contexts.iter().zip(names) {
            let merged = merge::merge(template, context, id.as_deref(), name);
            let written = merged.and_then(|merged| {
                self.tell(&merged.warnings);
                write(self.folder, &[merged.value], self.folder, self.reporter)
            });
            progress.add(1, written.is_err());
            bar.show(&progress);
            if let Err(errors) = written {
                self.tell(errors.diagnostics());
            }
        }
        self.reporter.end_progress(0);
        Ok(())
    }

    /// Writes what was told into a copy of the template.
    fn annotate(&mut self, target: &Path) -> Result<()> {
        let (template, lang) = (&self.arguments.word_template, self.reporter.lang());
        let Some(bytes) = merge::annotated(template, &self.told, lang)? else {
            self.reporter.note(&text!(
                "模板没有要批注的问题",
                "there is nothing to annotate in the template"
            ));
            return Ok(());
        };
        let name = target.to_string_lossy().into_owned();
        let copy = Artefact { name, bytes, pages: None };
        write(self.folder, &[copy], self.folder, self.reporter)
    }
}

fn inspect(template: &Template, reporter: &mut Reporter) {
    for (tag, place) in template.tags() {
        let shown = locate(place, reporter.lang());
        reporter.answer(
            &format!("{shown}\t{tag}\n"),
            &json!({ "kind": "tag", "tag": tag, "place": place }),
        );
    }
    let own = template.tags().next().map(|(_, place)| place.file.as_str());
    for (name, places) in template.names() {
        let lang = reporter.lang();
        // The file is not said where it is the one that was asked about.
        let inside = |place: &&diag::Place| {
            let shown = locate(place, lang);
            let own = own.filter(|own| *own == place.file);
            own.and_then(|own| shown.strip_prefix(own))
                .map_or(shown.clone(), |rest| rest.trim_start_matches(": ").to_owned())
        };
        let mut shown: Vec<String> = places.iter().map(inside).collect();
        shown.dedup();
        let separator = if lang == Lang::Zh { "；" } else { "; " };
        reporter.answer(
            &format!("{name}\t{}\n", shown.join(separator)),
            &json!({ "kind": "name", "name": name, "places": places }),
        );
    }
}
