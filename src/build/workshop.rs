//! What the jobs of a run share: project, fonts, settings.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use serde::{Deserialize, Serialize};

use crate::diag::{Diagnostics, Partial, Result};
use crate::docx;
use crate::pdf::{Engine, FontSearch, Fonts, Standards};
use crate::project::terms::Terms;
use crate::project::{Edition, Fingerprints, Format, Output, Project};

use super::{Job, schedule};

/// The resolution of PNG pages that nobody says, in pixels an inch.
const PPI: f64 = 144.0;

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
    /// Resolution of PNG pages, in pixels an inch, if the user says.
    pub ppi: Option<f64>,
    /// Where to look for fonts.
    pub fonts: FontSearch,
    /// Whether Word outputs are drafts with anchors or clean documents.
    pub word: docx::Purpose,
    /// Whether to compare the PDF and the Word draft of each job that can have both.
    pub parity: bool,
    /// Whether a job with warnings fails.
    pub deny_warnings: bool,
    /// Whether all rules are asked, not only those that a build asks.
    pub rules: bool,
    /// Whether anything is laid out; else jobs only find what is wrong.
    pub layout: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            template: None,
            formats: None,
            standards: Standards::default(),
            date: None,
            ppi: None,
            fonts: FontSearch::default(),
            word: docx::Purpose::Draft,
            parity: false,
            rules: false,
            deny_warnings: false,
            layout: true,
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
    /// Whether all cores have jobs of their own.
    crowded: AtomicBool,
    /// The editions whose texts were looked into.
    looked_into: Mutex<HashSet<String>>,
    terms: OnceLock<Result<Terms>>,
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
            crowded: AtomicBool::new(false),
            looked_into: Mutex::default(),
            terms: OnceLock::new(),
        }
    }

    /// Tells jobs to keep to one thread each: there are many of them.
    pub(super) fn crowd(&self) {
        self.crowded.store(true, Ordering::Relaxed);
    }

    /// Whether a job gains by doing several things at a time.
    pub(super) fn has_room(&self) -> bool {
        !self.crowded.load(Ordering::Relaxed)
    }

    /// Whether a job looks into the texts of its edition. A check does so in the first
    /// job of each; a build, where findings may keep an output from being made, in all
    /// or none.
    pub(super) fn looks_into(&self, edition: &Edition) -> bool {
        if !self.settings.rules {
            return self.project.manifest().policy.on_build;
        }
        let known = &self.looked_into;
        known.lock().unwrap_or_else(PoisonError::into_inner).insert(edition.id.clone())
    }

    /// Forgets what was looked into: datasets may have changed.
    pub(super) fn begin_anew(&self) {
        self.looked_into.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The words that the project uses.
    ///
    /// # Errors
    /// As [`Terms::load`].
    pub fn terms(&self) -> Result<&Terms> {
        self.terms.get_or_init(|| self.project.terms()).as_ref().map_err(Clone::clone)
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
    /// output of the manifest that is made of it, or with the template the user
    /// asked for. Names may be paths from `folder`; that of a file of rows means all
    /// editions in it.
    ///
    /// What is at fault is told and left out, and the others are made: editions of one
    /// name, what the manifest asks of datasets and they do not have, outputs that
    /// would have one file name.
    ///
    /// # Errors
    /// All names that are none.
    pub fn jobs(&self, names: &[String], folder: &Path) -> Result<Partial<Vec<Job>>> {
        let mut faults = Diagnostics::new();
        let editions = match names {
            [] => self.project.sound_editions().collect(&mut faults),
            names => self.project.select(names, folder)?,
        };
        let jobs = schedule::jobs(self, &editions).collect(&mut faults);
        Ok(Partial { value: jobs, faults })
    }

    /// The PDF standards that an output must meet: the command line's before its own.
    pub(super) fn standards(&self, output: &Output) -> Standards {
        match (&self.settings.standards, &output.settings.pdf_standard) {
            (Standards::WhenPossible, Some(own)) => Standards::Required(own.clone()),
            (asked, _) => asked.clone(),
        }
    }

    /// The resolution of an output's PNG pages, in pixels an inch.
    pub(super) fn ppi(&self, output: &Output) -> f64 {
        self.settings.ppi.or(output.settings.ppi).unwrap_or(PPI)
    }

    /// Whether an output's Word file is a draft or a clean document.
    pub(super) fn purpose(&self, output: &Output) -> docx::Purpose {
        match output.settings.anchors {
            Some(false) => docx::Purpose::Document,
            _ => self.settings.word,
        }
    }

    /// Where outputs go if the user does not say.
    pub fn default_out(&self) -> PathBuf {
        self.project.root().join(&self.project.manifest().out)
    }
}
