//! The record of a build, `manifest.json` beside its outputs: what each output was
//! made of, what it contains, and what was to be said about it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::output;
use super::shard::Shard;
use crate::diag::{Diagnostic, Diagnostics, Result, Text};
use crate::project::Digest;
use crate::text;

/// The record's file name, if the plan is not split.
pub const FILE: &str = "manifest.json";

/// What was built into one folder.
#[derive(Debug, Clone, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The version of huikan.
    pub huikan: String,
    /// The part of the plan that this is the record of, if it was split.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<Shard>,
    /// What the jobs of the whole plan are called, as a digest: shards of one plan
    /// have the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Digest>,
    /// The files of template packages that do not ship, by the package's digest.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub packages: BTreeMap<Digest, BTreeMap<String, Digest>>,
    /// The jobs, by [name](super::Job::name).
    pub jobs: BTreeMap<String, JobRecord>,
}

/// One job of a record.
#[derive(Debug, Clone, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobRecord {
    /// The edition.
    pub edition: String,
    /// The template package.
    pub template: String,
    /// What it was made of beside the files; nothing if that changed meanwhile.
    pub key: Option<Key>,
    /// The files of the project that it was made of, by path from the project.
    pub files: BTreeMap<String, Digest>,
    /// What it has written.
    pub outputs: Vec<OutputRecord>,
    /// Why the last attempt failed: then the outputs are of an earlier one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Diagnostic>,
    /// What is to be said about the outputs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Diagnostic>,
    /// How long it took to make, in milliseconds.
    pub milliseconds: u64,
}

/// What a job is made of beside its files.
#[derive(Debug, Clone, Eq, PartialEq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// The program.
    pub tool: Digest,
    /// The template package.
    pub package: Digest,
    /// The fonts that are not in the program.
    pub fonts: Digest,
    /// The output as huikan.toml and the command line want it.
    pub options: Digest,
    /// The row that the edition is, if it is one, and how it is read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<Digest>,
}

impl Key {
    /// One digest of all.
    pub fn digest(&self) -> Digest {
        let parts = [self.tool, self.package, self.fonts, self.options];
        let parts = parts.into_iter().chain(self.row).map(|part| part.to_string());
        let parts: Vec<String> = parts.collect();
        Digest::of_all(parts.iter().map(String::as_str))
    }
}

/// One file that a job has written.
#[derive(Debug, Clone, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutputRecord {
    /// The file, by path from the record's folder.
    pub file: String,
    /// Its content.
    pub sha256: Digest,
    /// Its size in bytes.
    pub bytes: u64,
    /// How many pages it has, if it has pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pages: Option<usize>,
}

impl JobRecord {
    /// Whether the outputs are those of the last attempt.
    pub fn is_made(&self) -> bool {
        self.errors.is_empty()
    }
}

impl Record {
    /// Reads the record of a folder; nothing if there is none.
    ///
    /// # Errors
    /// A file that cannot be read or is no record.
    pub fn load(path: &Path) -> Result<Option<Self>> {
        let shown = path.display();
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(None);
            }
            Err(error) => {
                return Err(Diagnostic::error(
                    "record/unreadable",
                    text!(
                        "读不了 `{shown}`（{error}）",
                        "cannot read `{shown}` ({error})"
                    ),
                )
                .into());
            }
        };
        let record: std::result::Result<Self, _> = serde_json::from_slice(&bytes);
        record.map(Some).map_err(|error| {
            let reason = Text::verbatim(error.to_string());
            let fault = Diagnostic::error(
                "record/damaged",
                text!("`{shown}` 不是生成记录", "`{shown}` is no record of a build"),
            );
            fault
                .note(reason)
                .hint(text!(
                    "删去它再运行 `huikan build`：没有变的输出不会重做",
                    "delete it and run `huikan build`: outputs that are right are kept"
                ))
                .into()
        })
    }

    /// Writes the record, at once or not at all.
    ///
    /// # Errors
    /// A folder that cannot be written.
    pub fn save(&mut self, path: &Path) -> Result<()> {
        self.huikan = env!("CARGO_PKG_VERSION").to_string();
        let used: Vec<Digest> = self
            .jobs
            .values()
            .filter_map(|job| job.key.as_ref().map(|key| key.package))
            .collect();
        self.packages.retain(|digest, _| used.contains(digest));
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        output::write(path, &bytes)
    }

    /// The records of the shards of one plan as one; each comes with its name. Those of
    /// whole plans are taken together if they agree.
    ///
    /// # Errors
    /// Records of different plans, shards that are missing, and jobs that two of them
    /// have made differently.
    pub fn merged(records: Vec<(String, Self)>) -> Result<Self> {
        let mut faults = Diagnostics::new();
        let mut whole = Self::default();
        let mut makers: BTreeMap<String, String> = BTreeMap::new();
        let mut shards = Vec::new();
        let plan = records.iter().find_map(|(_, record)| record.plan);
        for (name, record) in records {
            if record.plan.is_some() && record.plan != plan {
                faults.push(other_plan(&name));
            }
            shards.extend(record.shard);
            whole.packages.extend(record.packages);
            for (job, made) in record.jobs {
                let known = whole.jobs.get(&job);
                if known.is_some_and(|known| known.outputs != made.outputs) {
                    let other = makers.get(&job).cloned().unwrap_or_default();
                    faults.push(made_twice(&job, &other, &name));
                }
                makers.insert(job.clone(), name.clone());
                whole.jobs.insert(job, made);
            }
        }
        let of = shards.iter().map(|shard| shard.of).max().unwrap_or_default();
        let missing =
            (1..=of).filter(|number| shards.iter().all(|s| s.number != *number));
        let missing: Vec<String> =
            missing.map(|number| format!("{number}/{of}")).collect();
        if !missing.is_empty() {
            faults.push(no_shard(&missing));
        }
        faults.finish(whole).map(|merged| merged.value)
    }

    /// The file of the record in a folder.
    pub fn path(folder: &Path, shard: Option<Shard>) -> PathBuf {
        match shard {
            None => folder.join(FILE),
            Some(Shard { number, of }) => {
                folder.join(format!("manifest-{number}-of-{of}.json"))
            }
        }
    }
}

fn other_plan(name: &str) -> Diagnostic {
    Diagnostic::error(
        "record/other-plan",
        text!("`{name}` 属于另一个计划", "`{name}` is of another plan"),
    )
    .hint(text!(
        "各份要用同样的 huikan.toml、数据文件和选项来做",
        "make all parts with the same huikan.toml, datasets and options"
    ))
}

fn made_twice(job: &str, first: &str, second: &str) -> Diagnostic {
    Diagnostic::error(
        "record/made-twice",
        text!(
            "`{first}` 和 `{second}` 里的 `{job}` 不同",
            "`{job}` is not the same in `{first}` and `{second}`"
        ),
    )
    .hint(text!("重做其中一份，再合并", "make one of the parts again, and merge then"))
}

fn no_shard(missing: &[String]) -> Diagnostic {
    let (zh, en) = (missing.join("、"), missing.join(", "));
    Diagnostic::error(
        "record/no-shard",
        text!("缺少这几份的记录：{zh}", "records of these parts are missing: {en}"),
    )
    .hint(text!(
        "用 `huikan build --shard {en}` 做出来",
        "make them: `huikan build --shard {en}`"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(shard: &str, jobs: &[(&str, &str)]) -> Record {
        let made = |(name, content): &(&str, &str)| {
            let output = OutputRecord {
                file: format!("{name}.pdf"),
                sha256: Digest::of(content.as_bytes()),
                bytes: 1,
                pages: None,
            };
            let job = JobRecord {
                edition: name.to_string(),
                template: "own".into(),
                key: None,
                files: BTreeMap::new(),
                outputs: vec![output],
                errors: Vec::new(),
                warnings: Vec::new(),
                milliseconds: 1,
            };
            (name.to_string(), job)
        };
        Record {
            shard: shard.parse().ok(),
            plan: Some(Digest::of(b"plan")),
            jobs: jobs.iter().map(made).collect(),
            ..Record::default()
        }
    }

    fn codes(records: Vec<Record>) -> Vec<String> {
        let named = records.into_iter().enumerate();
        let named = named.map(|(n, record)| (format!("{n}.json"), record)).collect();
        match Record::merged(named) {
            Ok(whole) => whole.jobs.into_keys().collect(),
            Err(errors) => {
                errors.diagnostics().iter().map(|d| d.code.to_string()).collect()
            }
        }
    }

    #[test]
    fn shards_are_one_record_again() {
        let (first, second) =
            (record("1/2", &[("a", "1")]), record("2/2", &[("b", "2")]));
        assert_eq!(codes(vec![first.clone(), second.clone()]), ["a", "b"]);
        assert_eq!(codes(vec![first.clone()]), ["record/no-shard"]);
        let other = Record { plan: Some(Digest::of(b"other")), ..second };
        assert_eq!(codes(vec![first.clone(), other]), ["record/other-plan"]);
        let twice = record("2/2", &[("a", "other")]);
        assert_eq!(codes(vec![first, twice]), ["record/made-twice"]);
    }
}
