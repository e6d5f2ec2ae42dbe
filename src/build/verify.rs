//! The proof that outputs are what their record says: by their digests, by what they
//! were made of, and by making them again.

use std::path::Path;

use super::record::{JobRecord, OutputRecord, Record};
use super::{Job, Made};
use crate::diag::{Diagnostic, Result, Text, Warned};
use crate::project::{Digest, Fingerprints};
use crate::text;

/// The outputs of a record that are missing or altered, by reading all of them, and
/// those of earlier runs whose job has failed since.
pub fn outputs(record: &Record, folder: &Path) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    for job in record.jobs.values() {
        if !job.is_made() {
            faults.push(failed(job));
        }
        faults.extend(job.outputs.iter().filter_map(|output| altered(output, folder)));
    }
    faults
}

/// The outputs whose files are not as they were when they were made; `root` is the
/// folder of the project.
pub fn inputs(record: &Record, root: &Path, prints: &Fingerprints) -> Vec<Diagnostic> {
    let stale = |job: &JobRecord| {
        let mut reasons = Vec::new();
        for (file, then) in &job.files {
            match prints.of(&root.join(file)) {
                Ok(now) if now == *then => {}
                Ok(_) => reasons.push(text!("{file} 改了", "{file} has changed")),
                Err(_) => reasons.push(text!("{file} 不见了", "{file} is gone")),
            }
        }
        (job.is_made() && !reasons.is_empty()).then(|| outdated(job, reasons))
    };
    record.jobs.values().filter_map(stale).collect()
}

/// What is different between a job's outputs in the record and those that it makes
/// now.
///
/// # Errors
/// Those of the job.
pub fn made_again(
    record: &Record,
    job: &Job,
    made: Result<Warned<Made>>,
) -> Result<Vec<Diagnostic>> {
    let made = made?.value;
    let Some(known) = record.jobs.get(&job.name()) else {
        return Ok(vec![not_recorded(job)]);
    };
    let mut faults = Vec::new();
    for output in &known.outputs {
        let now = made.artefacts.iter().find(|artefact| artefact.name == output.file);
        if now.map(|artefact| Digest::of(&artefact.bytes)) != Some(output.sha256) {
            faults.push(different(&output.file));
        }
    }
    Ok(faults)
}

fn altered(output: &OutputRecord, folder: &Path) -> Option<Diagnostic> {
    let file = &output.file;
    let bytes = match std::fs::read(folder.join(file)) {
        Ok(bytes) => bytes,
        Err(error) => {
            let fault = Diagnostic::error(
                "verify/missing",
                text!(
                    "输出 `{file}` 读不了（{error}）",
                    "cannot read the output `{file}` ({error})"
                ),
            );
            return Some(fault.hint(again()));
        }
    };
    let now = Digest::of(&bytes);
    (now != output.sha256).then(|| {
        let (then, written, size) = (output.sha256, output.bytes, bytes.len());
        Diagnostic::error(
            "verify/altered",
            text!(
                "输出 `{file}` 和记录不同",
                "the output `{file}` is not what was written"
            ),
        )
        .note(text!(
            "记录是 {then}（{written} 字节），现在是 {now}（{size} 字节）",
            "recorded {then} ({written} bytes), now {now} ({size} bytes)"
        ))
        .hint(again())
    })
}

fn failed(job: &JobRecord) -> Diagnostic {
    let (edition, template) = (&job.edition, &job.template);
    let fault = Diagnostic::error(
        "verify/failed",
        text!(
            "`{edition}` 的 {template} 上次没有做成",
            "{template} of `{edition}` failed when it was last made"
        ),
    );
    fault.hint(text!(
        "看看错误：`huikan build --only failed`",
        "see the errors: `huikan build --only failed`"
    ))
}

fn outdated(job: &JobRecord, reasons: Vec<Text>) -> Diagnostic {
    let (edition, template) = (&job.edition, &job.template);
    let mut fault = Diagnostic::error(
        "verify/outdated",
        text!(
            "`{edition}` 的 {template} 做好以后，材料有改动",
            "what {template} of `{edition}` was made of has changed since"
        ),
    );
    fault.notes = reasons;
    fault.hint(again())
}

fn different(file: &str) -> Diagnostic {
    Diagnostic::error(
        "verify/differs",
        text!("再做一次，`{file}` 和记录不同", "made again, `{file}` is not the same"),
    )
    .hint(text!(
        "看看数据、模板、字体、选项和 huikan 是不是都和当时一样：`huikan plan` 会说",
        "see whether data, template, fonts, options and huikan are those of then: `huikan plan` tells"
    ))
}

fn not_recorded(job: &Job) -> Diagnostic {
    let name = job.name();
    Diagnostic::error(
        "verify/not-recorded",
        text!("记录里没有 `{name}`", "`{name}` is not in the record"),
    )
    .hint(again())
}

fn again() -> Text {
    text!("再运行 `huikan build`", "run `huikan build` again")
}
