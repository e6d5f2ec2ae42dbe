//! What the jobs of a run share: project, fonts, settings.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use crate::diag::{Diagnostic, Diagnostics, Result};
use crate::docx;
use crate::pdf::{Engine, FontSearch, Fonts, Standards};
use crate::project::{Edition, Fingerprints, Format, Output, Project};
use crate::text;

use super::Job;

/// What the user asked for, beyond the manifest.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Settings {
    /// Only this template.
    pub template: Option<String>,
    /// These formats and not the manifest's.
    pub formats: Option<Vec<Format>>,
    /// Which PDF standards to meet.
    pub standards: Standards,
    /// The day that counts as today and goes into metadata: `SOURCE_DATE_EPOCH`.
    pub date: Option<(i32, u8, u8)>,
    /// Resolution of PNG pages, in pixels an inch.
    pub ppi: f64,
    /// Where to look for fonts.
    pub fonts: FontSearch,
    /// Whether Word outputs are drafts with anchors or clean documents.
    pub word: docx::Purpose,
    /// Whether to compare the PDF and the Word draft of each job that can have both.
    pub parity: bool,
    /// Whether a job with warnings fails.
    pub deny_warnings: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            template: None,
            formats: None,
            standards: Standards::default(),
            date: None,
            ppi: 144.0,
            fonts: FontSearch::default(),
            word: docx::Purpose::Draft,
            parity: false,
            deny_warnings: false,
        }
    }
}

/// The shared state of a run. Fonts are read when the first page is laid out:
/// a run that only makes Word drafts never touches them.
pub struct Workshop {
    /// The project.
    pub project: Project,
    /// What the user asked for.
    pub settings: Settings,
    /// What files contained when they were read.
    pub prints: Arc<Fingerprints>,
    engine: OnceLock<Result<Arc<Engine>>>,
    picture_fonts: OnceLock<docx::PictureFonts>,
}

impl Workshop {
    /// A workshop for a project.
    pub fn new(project: Project, settings: Settings) -> Self {
        Self {
            project,
            settings,
            prints: Arc::default(),
            engine: OnceLock::new(),
            picture_fonts: OnceLock::new(),
        }
    }

    /// Typst's library and the fonts.
    ///
    /// # Errors
    /// As [`Fonts::load`].
    pub fn engine(&self) -> Result<Arc<Engine>> {
        let load = || {
            let fonts = Fonts::load(&self.settings.fonts, self.project.root())?;
            Ok(Arc::new(Engine::new(fonts)))
        };
        self.engine.get_or_init(load).clone()
    }

    /// The fonts for words in vector pictures; none where there are no fonts.
    pub fn picture_fonts(&self) -> docx::PictureFonts {
        let make = || {
            let engine = self.engine().ok()?;
            let (files, id) = engine.fonts().files();
            Some(docx::PictureFonts::new(files, id))
        };
        self.picture_fonts.get_or_init(|| make().unwrap_or_default()).clone()
    }

    /// The jobs for the named editions (all, if none is named): each with every
    /// output of the manifest, or with the template the user asked for. Names
    /// may be paths from `folder`.
    ///
    /// # Errors
    /// All names that are none.
    pub fn jobs(&self, names: &[String], folder: &Path) -> Result<Vec<Job>> {
        let mut faults = Diagnostics::new();
        let editions: Vec<Edition> = match names {
            [] => faults.absorb(self.project.editions()).unwrap_or_default(),
            names => names
                .iter()
                .filter_map(|name| faults.absorb(self.project.edition(name, folder)))
                .collect(),
        };
        let outputs = self.outputs();
        let jobs = editions.iter().flat_map(|edition| {
            outputs
                .iter()
                .map(|output| Job { edition: edition.clone(), output: output.clone() })
        });
        let jobs: Vec<Job> = jobs.collect();
        faults.extend(same_files(&jobs));
        faults.finish(jobs).map(|found| found.value)
    }

    fn outputs(&self) -> Vec<Output> {
        let all = &self.project.manifest().outputs;
        let mut outputs: Vec<Output> = match &self.settings.template {
            None => all.clone(),
            Some(name) => {
                let named = all.iter().filter(|output| output.template == *name);
                let named: Vec<Output> = named.cloned().collect();
                match named.is_empty() {
                    true => vec![Output::of(name)],
                    false => named,
                }
            }
        };
        if let Some(formats) = &self.settings.formats {
            outputs.iter_mut().for_each(|output| output.formats.clone_from(formats));
        }
        outputs
    }

    /// Where outputs go if the user does not say.
    pub fn default_out(&self) -> PathBuf {
        self.project.root().join(&self.project.manifest().out)
    }
}

/// Jobs that would write the same file: the second would overwrite the first.
fn same_files(jobs: &[Job]) -> Vec<Diagnostic> {
    let mut seen = HashSet::new();
    let mut faults = Vec::new();
    for job in jobs {
        let stem = job.output.file_name(&job.edition.id);
        for format in &job.output.formats {
            let file = format!("{stem}.{}", format.extension());
            if !seen.insert(file.clone()) {
                let fault = Diagnostic::error(
                    "output/same-name",
                    text!("有两份输出都叫 `{file}`", "two outputs are called `{file}`"),
                );
                faults.push(fault.hint(text!(
                    "在 huikan.toml 的 `file` 里用上 {{edition}} 和 {{template}}",
                    "use {{edition}} and {{template}} in `file` of huikan.toml"
                )));
            }
        }
    }
    faults
}
