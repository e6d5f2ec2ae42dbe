//! The commands `check` and `rules`.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::PathBuf;

use serde_json::json;

use super::args::{CheckArguments, RulesArguments};
use super::build::Run;
use super::config;
use super::place::Place;
use super::report::Reporter;
use crate::build::batch::{self, Outcome};
use crate::build::{Job, Made, Workshop, mending};
use crate::check::catalogue;
use crate::check::fix::Mended;
use crate::check::parity::Parity;
use crate::check::template::unused_field::OfEditions;
use crate::diag::{Diagnostic, Level, Partial, Result, Rule, Severity, Warned};
use crate::text;

/// Finds what is wrong with editions and templates; with `--fix`, mends what can be.
pub(super) fn check(
    place: Place,
    arguments: &CheckArguments,
    reporter: &mut Reporter,
) -> Result<()> {
    let Place { folder, project } = place;
    let CheckArguments { select, run, parity, no_layout, fix, diff } = arguments;
    let means = config::means(run)?;
    let mut settings = config::settings(select, Some(72.0))?;
    settings.parity = *parity;
    settings.rules = true;
    settings.layout = !no_layout;
    reporter.diagnostics(&catalogue::unknown(&project.manifest().policy));
    let workshop = Workshop::new(project, settings);
    let Partial { value: jobs, faults } = workshop.jobs(&select.editions, &folder)?;
    reporter.diagnostics(&faults.into_vec());
    if *fix || *diff {
        let files = mending::mended(&workshop, &jobs);
        if *fix {
            mend(&files, reporter)?;
        }
        show(&files, *fix, *diff, reporter);
    }
    let run = Run::begin(jobs.len(), run, means, reporter);
    find(&workshop, &jobs, &run, *parity, reporter);
    if reporter.counts().0 == 0 {
        let checked = jobs.len();
        reporter
            .note(&text!("查了 {checked} 份，没有错误", "checked: {checked}, no errors"));
    }
    Ok(())
}

fn mend(files: &BTreeMap<PathBuf, Mended>, reporter: &mut Reporter) -> Result<()> {
    for (path, file) in files {
        mending::write(path, file)?;
        for (pointer, change) in &file.changes {
            reporter.mended(&file.name, pointer, change);
        }
    }
    Ok(())
}

fn show(
    files: &BTreeMap<PathBuf, Mended>,
    fix: bool,
    diff: bool,
    reporter: &mut Reporter,
) {
    for file in files.values().filter(|_| diff) {
        let shown = file.diff();
        reporter
            .answer(&shown, &json!({ "kind": "diff", "file": file.name, "diff": shown }));
    }
    let count: usize = files.values().map(|file| file.changes.len()).sum();
    reporter.note(&match fix {
        true => text!("改了 {count} 处", "mended: {count}"),
        false => {
            text!("加上 `--fix` 可以改 {count} 处", "can be mended with `--fix`: {count}")
        }
    });
}

fn find(
    workshop: &Workshop,
    jobs: &[Job],
    run: &Run,
    parity: bool,
    reporter: &mut Reporter,
) {
    let verdicts = |_: &Job, made: Outcome| {
        let verdict = |made: Made| (made.parity, made.fields);
        made.map(|made| Warned { value: verdict(made.value), warnings: made.warnings })
    };
    let mut printed = OfEditions::default();
    let batch = run.batch(workshop, jobs);
    let tally = batch::make_all(&batch, verdicts, |job, checked| {
        let checked = reporter.made(job, checked);
        if let Some(checked) = &checked {
            reporter.diagnostics(&checked.warnings);
            if parity {
                report_parity(job, checked.value.0.as_ref(), reporter);
            }
        }
        printed.add(&job.edition.id, checked.and_then(|checked| checked.value.1));
        ControlFlow::Continue(())
    });
    let policy = &workshop.project.manifest().policy;
    for (edition, found) in printed.told() {
        let weigh = |finding| policy.weigh(finding, true, &edition, None);
        let weighed: Vec<Diagnostic> = found.into_iter().filter_map(weigh).collect();
        reporter.diagnostics(&weighed);
    }
    run.end(&tally, reporter);
}

fn report_parity(job: &Job, parity: Option<&Parity>, reporter: &mut Reporter) {
    let output = job.output.file_name(&job.edition.id);
    match parity {
        Some(parity) => reporter.parity(job, parity),
        None => reporter.note(&text!(
            "{output}：模板只有一面，没有可比的",
            "{output}: the template has one side only, nothing to compare"
        )),
    }
}

/// Explains rules.
pub(super) fn rules(arguments: &RulesArguments, reporter: &mut Reporter) -> Result<()> {
    let lang = reporter.lang();
    let tell = |rule: &Rule| {
        json!({
            "kind": "rule", "id": rule.id,
            "level": match rule.level {
                Level::Allow => "allow",
                Level::Warn => "warn",
                Level::Deny => "deny",
            },
            "what": rule.what.get(lang), "why": rule.why.get(lang),
            "source": rule.source, "wrong": rule.wrong, "right": rule.right,
        })
    };
    if arguments.ids.is_empty() {
        let all: Vec<_> = catalogue::rules().map(tell).collect();
        reporter
            .answer(&catalogue::page(lang), &json!({ "kind": "rules", "rules": all }));
        return Ok(());
    }
    for id in &arguments.ids {
        match catalogue::find(id) {
            Some(rule) => reporter.answer(&catalogue::entry(rule, lang), &tell(rule)),
            None => {
                let fault = catalogue::no_rule(id);
                let severity = Severity::Error;
                reporter.diagnostics(&[Diagnostic { severity, ..fault }]);
            }
        }
    }
    Ok(())
}
