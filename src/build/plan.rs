//! What a run would do, job by job, and why.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Job;
use super::cache::State;
use super::record::{JobRecord, Key};
use crate::diag::Text;
use crate::project::Digest;
use crate::text;

/// What there is to do, in the order of the editions.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// The jobs.
    pub items: Vec<Item>,
}

/// One job of a plan.
#[derive(Debug, Clone)]
pub struct Item {
    /// The job.
    pub job: Job,
    /// What it is made of beside its files; nothing if its template is none, which the
    /// job tells when it is made.
    pub key: Option<Key>,
    /// What is to be done.
    pub step: Step,
}

/// What is done about a job.
#[derive(Debug, Clone)]
pub enum Step {
    /// Nothing: its outputs are as they would be made.
    Keep,
    /// Its outputs are taken from the cache.
    Restore {
        /// What is in the cache.
        state: Box<State>,
        /// Why the outputs that are there do not do.
        reasons: Vec<Reason>,
    },
    /// It is made.
    Make(Vec<Reason>),
}

impl Step {
    /// The step's name, for programs.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Restore { .. } => "restore",
            Self::Make(_) => "make",
        }
    }

    /// Why something is done.
    pub fn reasons(&self) -> &[Reason] {
        match self {
            Self::Keep => &[],
            Self::Restore { reasons, .. } | Self::Make(reasons) => reasons,
        }
    }
}

/// Why the outputs that are there do not do.
#[derive(Debug, Clone, Eq, PartialEq, Serialize)]
#[serde(tag = "why", rename_all = "kebab-case")]
pub enum Reason {
    /// It was never made here.
    New,
    /// The user wants all of it made.
    Asked,
    /// The last attempt failed.
    Failed,
    /// It has warnings, which are not allowed now.
    Warnings,
    /// Something that it is made of changed while it was made.
    Unsettled,
    /// A file has changed: the dataset, one that it inherits from, a picture.
    Changed {
        /// The file, by path from the project.
        file: String,
    },
    /// A file is gone.
    Gone {
        /// The file, by path from the project.
        file: String,
    },
    /// A file of the template has changed.
    Template {
        /// The file; several are told one by one.
        file: String,
    },
    /// The row of the edition has changed.
    Row,
    /// The fonts have changed.
    Fonts,
    /// The output is wanted in another way: huikan.toml or the command line.
    Options,
    /// huikan itself is another one.
    Tool,
    /// An output is not there.
    Missing {
        /// The output, by path from the output folder.
        file: String,
    },
    /// An output is not as it was written.
    Altered {
        /// The output, by path from the output folder.
        file: String,
    },
}

impl Reason {
    /// The reason in words.
    pub fn words(&self) -> Text {
        match self {
            Self::New => text!("还没有做过", "never made"),
            Self::Asked => text!("要求重做", "asked for"),
            Self::Failed => text!("上次没有做成", "failed last time"),
            Self::Warnings => text!("有警告", "has warnings"),
            Self::Unsettled => {
                text!("上次做的时候文件有改动", "files changed while it was made")
            }
            Self::Changed { file } => text!("{file} 改了", "{file} has changed"),
            Self::Gone { file } => text!("{file} 不见了", "{file} is gone"),
            Self::Template { file } => {
                text!("模板 {file} 改了", "the template's {file} has changed")
            }
            Self::Row => text!("这一行改了", "its row has changed"),
            Self::Fonts => text!("字体改了", "the fonts have changed"),
            Self::Options => text!("选项改了", "the options have changed"),
            Self::Tool => text!("huikan 换了", "huikan itself has changed"),
            Self::Missing { file } => {
                text!("输出 {file} 不见了", "output {file} is missing")
            }
            Self::Altered { file } => {
                text!("输出 {file} 被改动过", "output {file} was altered")
            }
        }
    }
}

/// How a job that was made before differs from one that is made now.
pub(super) struct Comparison<'a> {
    pub(super) record: &'a JobRecord,
    pub(super) key: &'a Key,
    /// The files of the package that the record is about, and of today's.
    pub(super) package:
        (Option<&'a BTreeMap<String, Digest>>, &'a BTreeMap<String, Digest>),
}

impl Comparison<'_> {
    /// The reasons to make it again, apart from its outputs. `digest` tells the digest
    /// of a file of the project.
    pub(super) fn reasons(
        &self,
        mut digest: impl FnMut(&str) -> Option<Digest>,
    ) -> Vec<Reason> {
        let mut reasons = Vec::new();
        if !self.record.is_made() {
            reasons.push(Reason::Failed);
        }
        for (file, then) in &self.record.files {
            match digest(file) {
                Some(now) if now == *then => {}
                Some(_) => reasons.push(Reason::Changed { file: file.clone() }),
                None => reasons.push(Reason::Gone { file: file.clone() }),
            }
        }
        let Some(then) = &self.record.key else {
            if self.record.is_made() {
                reasons.push(Reason::Unsettled);
            }
            return reasons;
        };
        if then.package != self.key.package {
            reasons.extend(self.template_reasons());
        }
        let parts = [
            (then.row != self.key.row, Reason::Row),
            (then.fonts != self.key.fonts, Reason::Fonts),
            (then.options != self.key.options, Reason::Options),
            (then.tool != self.key.tool, Reason::Tool),
        ];
        reasons.extend(parts.into_iter().filter_map(|(new, why)| new.then_some(why)));
        reasons
    }

    fn template_reasons(&self) -> Vec<Reason> {
        let empty = BTreeMap::new();
        let (then, now) = (self.package.0.unwrap_or(&empty), self.package.1);
        let changed = now.iter().filter(|(file, digest)| then.get(*file) != Some(digest));
        let gone = then.keys().filter(|file| !now.contains_key(*file));
        let mut files: Vec<String> =
            changed.map(|(file, _)| file).chain(gone).cloned().collect();
        if files.is_empty() {
            files.push(self.record.template.clone());
        }
        files.into_iter().map(|file| Reason::Template { file }).collect()
    }
}
