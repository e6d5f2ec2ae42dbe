//! `verify` and `manifest`: records of builds, proved and put together.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::args::{ManifestAction, ManifestArguments, RunArguments, VerifyArguments};
use super::build::Run;
use super::config::Means;
use super::place::Place;
use super::report::Reporter;
use crate::build::record::{self, Record};
use crate::build::session::Origin;
use crate::build::{Settings, Workshop, batch, verify as proof};
use crate::diag::{Diagnostic, Diagnostics, Result};
use crate::text;

pub(super) fn verify(
    place: Place,
    arguments: &VerifyArguments,
    reporter: &mut Reporter,
) -> Result<()> {
    let Place { folder, project } = place;
    let own = project.root().join(&project.manifest().out);
    let named: Vec<PathBuf> = match arguments.records.is_empty() {
        true => vec![own.clone()],
        false => arguments.records.iter().map(|named| folder.join(named)).collect(),
    };
    let settings =
        Settings { date: super::config::source_date()?, ..Settings::default() };
    let workshop = Workshop::new(project, settings);
    let mut outputs = 0;
    for named in named {
        let path = if named.is_dir() { named.join(record::FILE) } else { named };
        let Some(record) = reporter.absorb(load(&path)) else { continue };
        let folder = path.parent().unwrap_or(Path::new("."));
        outputs += record.jobs.values().map(|job| job.outputs.len()).sum::<usize>();
        reporter.diagnostics(&proof::outputs(&record, folder));
        // The files of a record that came from elsewhere are not here.
        if folder == own {
            let root = workshop.project.root();
            reporter.diagnostics(&proof::inputs(&record, root, &workshop.prints));
        }
        if arguments.rebuild {
            rebuild(&workshop, &record, reporter)?;
        }
    }
    let well = reporter.counts().0 == 0;
    reporter.answer("", &json!({ "kind": "verified", "outputs": outputs, "well": well }));
    if well {
        reporter.note(&text!(
            "{outputs} 个输出文件都和记录相同",
            "outputs that are what their record says: {outputs}"
        ));
    }
    Ok(())
}

/// Makes all jobs of a record again and compares what they make.
fn rebuild(workshop: &Workshop, record: &Record, reporter: &mut Reporter) -> Result<()> {
    let jobs = workshop.jobs(&[], workshop.project.root())?;
    let jobs: Vec<_> = jobs
        .value
        .into_iter()
        .filter(|job| record.jobs.contains_key(&job.name()))
        .collect();
    let arguments = RunArguments::default();
    let run = Run::begin(jobs.len(), &arguments, Means::default(), reporter);
    let tally = batch::make_all(
        &run.batch(workshop, &jobs),
        |job, made| proof::made_again(record, job, made),
        |job, compared| {
            if let Some(faults) = reporter.made(job, compared) {
                reporter.diagnostics(&faults);
            }
            ControlFlow::Continue(())
        },
    );
    run.end(&tally, reporter);
    Ok(())
}

pub(super) fn manifest(
    place: &Place,
    arguments: &ManifestArguments,
    reporter: &mut Reporter,
) -> Result<()> {
    let ManifestAction::Merge { parts, merged: target } = &arguments.action;
    let mut faults = Diagnostics::new();
    let mut read = Vec::new();
    for named in parts {
        let record = faults.absorb(load(&place.folder.join(named)));
        read.extend(record.map(|record| (named.display().to_string(), record)));
    }
    let merged = faults.absorb(Record::merged(read));
    let (Some(mut merged), false) = (merged, faults.has_errors()) else {
        return Err(faults.fail());
    };
    let path = place.folder.join(target);
    merged.save(&path)?;
    reporter.wrote(&path, &target.display().to_string(), None, Origin::Made);
    Ok(())
}

fn load(path: &Path) -> Result<Record> {
    let shown = path.display();
    Record::load(path)?.ok_or_else(|| {
        Diagnostic::error(
            "record/none",
            text!("没有生成记录 `{shown}`", "there is no record of a build `{shown}`"),
        )
        .hint(text!("先运行 `huikan build`", "run `huikan build` first"))
        .into()
    })
}
