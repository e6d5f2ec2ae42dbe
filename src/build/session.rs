//! One run into one folder: what is there is kept, what the cache has is taken from it,
//! the rest is made, and all of it is recorded.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use super::batch::Outcome;
use super::cache::{Cache, State};
use super::plan::{Comparison, Item, Plan, Reason, Step};
use super::record::{JobRecord, Key, OutputRecord, Record};
use super::shard::Shard;
use super::{Artefact, Job, Timings, Workshop, cache, output};
use crate::diag::{Diagnostic, Diagnostics, Errors, Result, Warned};
use crate::project::{Digest, Fingerprints};
use crate::text;

/// How a run treats what was made before.
#[derive(Debug, Clone, Default)]
pub struct Habits {
    /// Where outputs go.
    pub out: PathBuf,
    /// The cache; nothing for a run without.
    pub cache: Option<CacheChoice>,
    /// How large the cache may be, in bytes.
    pub largest_cache: u64,
    /// Whether everything is made, whatever is there.
    pub fresh: bool,
    /// Whether only what failed last time is made.
    pub only_failed: bool,
    /// The part of the plan that is made.
    pub shard: Option<Shard>,
    /// Whether nothing is written: it is only asked what there is to do.
    pub only_look: bool,
}

/// Which cache a run uses.
#[derive(Debug, Clone)]
pub struct CacheChoice {
    /// Its folder.
    pub folder: PathBuf,
    /// Whether the user named it, and is told if it cannot be used.
    pub named: bool,
}

impl CacheChoice {
    /// The cache of a project if nobody says.
    pub fn of_project(root: &Path) -> Self {
        Self { folder: root.join(cache::FOLDER), named: false }
    }
}

/// A file that is as it should be.
#[derive(Debug, Clone)]
pub struct Delivered {
    /// Where it is.
    pub path: PathBuf,
    /// How many pages it has, if it has pages.
    pub pages: Option<usize>,
}

/// How the outputs of a job came about.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub enum Origin {
    /// They were made and written.
    Made,
    /// They were taken from the cache.
    Restored,
    /// They were there.
    Kept,
}

impl Origin {
    /// The name, for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Made => "made",
            Self::Restored => "restored",
            Self::Kept => "kept",
        }
    }
}

/// What a job has delivered.
#[derive(Debug, Clone, Default)]
pub struct Delivery {
    /// Its files.
    pub files: Vec<Delivered>,
    /// How long the stages took; nothing if it was not made.
    pub timings: Option<Timings>,
}

/// A run into one folder, which nobody else writes meanwhile.
pub struct Session<'w> {
    workshop: &'w Workshop,
    habits: Habits,
    record_path: PathBuf,
    record: Mutex<Record>,
    /// The record as it is in its file.
    written: Option<Record>,
    cache: Option<Cache>,
    prints: Arc<Fingerprints>,
    tool: Digest,
    fonts: Digest,
    /// Held as long as the session.
    lock: Option<File>,
    /// How temporary files of this session begin.
    stage: String,
    /// What the jobs of the plan are made of, by name.
    keys: OnceLock<HashMap<String, Key>>,
}

/// The files of a template package, and their digest.
type Package = (Digest, Arc<BTreeMap<String, Digest>>);

impl<'w> Session<'w> {
    /// Opens a folder for a run. If another run writes it, `waiting` is called, and
    /// this one waits. A cache or a record that cannot be used is a warning.
    pub fn open(
        workshop: &'w Workshop,
        habits: Habits,
        waiting: impl FnOnce(),
    ) -> Warned<Self> {
        let mut notes = Diagnostics::new();
        let record_path = Record::path(&habits.out, habits.shard);
        let id = Digest::of_all([record_path.to_string_lossy().as_ref()]).to_string();
        let id = id.get(..16).unwrap_or_default();
        let lock = match habits.only_look {
            true => None,
            false => locked(workshop.project.root(), id, waiting),
        };
        let stage = format!(".huikan-{id}-");
        let cache =
            habits.cache.as_ref().and_then(|choice| match Cache::open(&choice.folder) {
                Ok(cache) => Some(cache),
                // Nobody asked for this one: a project may be read-only.
                Err(_) if !choice.named => None,
                Err(errors) => {
                    notes.extend(errors.into_vec().into_iter().map(mildly));
                    None
                }
            });
        let prints = workshop.prints.clone();
        if let Some(cache) = &cache {
            prints.recall(&cache.prints());
        }
        let record = match Record::load(&record_path) {
            Ok(record) => record,
            Err(errors) => {
                notes.extend(errors.into_vec().into_iter().map(mildly));
                None
            }
        };
        if !habits.only_look {
            output::remove_staged(&habits.out, &stage);
        }
        let fonts = workshop.settings.fonts.fingerprint(workshop.project.root(), &prints);
        let tool = tool(&prints);
        let session = Self {
            workshop,
            habits,
            record_path,
            record: Mutex::new(record.clone().unwrap_or_default()),
            written: record,
            cache,
            prints,
            tool,
            fonts,
            lock,
            stage,
            keys: OnceLock::new(),
        };
        Warned { value: session, warnings: notes.into_vec() }
    }

    /// What there is to do for these jobs: asked once a session.
    pub fn plan(&self, jobs: Vec<Job>) -> Plan {
        let jobs = self.selected(jobs);
        let mut packages = HashMap::new();
        let mut items = Vec::new();
        for job in jobs {
            let package = packages
                .entry(job.output.template.clone())
                .or_insert_with(|| self.package(&job));
            let key = package.as_ref().map(|(digest, _)| self.key(&job, *digest));
            let files = package.as_ref().map(|(_, files)| files.clone());
            let step = self.step(&job, key.as_ref(), files.as_deref());
            items.push(Item { job, key, step });
        }
        let keyed =
            items.iter().filter_map(|item| Some((item.job.name(), item.key.clone()?)));
        self.keys.get_or_init(|| keyed.collect());
        if self.habits.only_failed {
            let failed = |item: &Item| item.step.reasons().contains(&Reason::Failed);
            items.retain(failed);
        }
        Plan { items }
    }

    fn selected(&self, jobs: Vec<Job>) -> Vec<Job> {
        let Some(shard) = self.habits.shard else { return jobs };
        let mut record = self.record();
        record.shard = Some(shard);
        let names: Vec<String> = jobs.iter().map(Job::name).collect();
        record.plan = Some(Digest::of_all(names.iter().map(String::as_str)));
        drop(record);
        let costs: Vec<u64> = jobs.iter().map(Job::cost).collect();
        let mine = shard.select(&costs);
        let mut mine = mine.into_iter().peekable();
        let kept = jobs
            .into_iter()
            .enumerate()
            .filter_map(|(index, job)| mine.next_if_eq(&index).map(|_| job));
        kept.collect()
    }

    fn step(
        &self,
        job: &Job,
        key: Option<&Key>,
        files: Option<&BTreeMap<String, Digest>>,
    ) -> Step {
        let mut reasons = match (key, files) {
            (Some(key), Some(files)) => self.reasons(job, key, files),
            // The job tells why its template cannot be used.
            _ => vec![Reason::New],
        };
        if self.habits.fresh {
            reasons = vec![Reason::Asked];
            return Step::Make(reasons);
        }
        if reasons.is_empty() {
            return Step::Keep;
        }
        let found = key
            .zip(self.cache.as_ref())
            .and_then(|(key, cache)| cache.find(key, |file| self.digest_of(file)));
        let denied = self.workshop.settings.deny_warnings;
        match found.filter(|state| !denied || state.warnings.is_empty()) {
            Some(state) => Step::Restore { state: Box::new(state), reasons },
            None => Step::Make(reasons),
        }
    }

    fn reasons(
        &self,
        job: &Job,
        key: &Key,
        files: &BTreeMap<String, Digest>,
    ) -> Vec<Reason> {
        let record = self.record();
        let Some(known) = record.jobs.get(&job.name()) else { return vec![Reason::New] };
        let then = known.key.as_ref().and_then(|key| record.packages.get(&key.package));
        let comparison = Comparison { record: known, key, package: (then, files) };
        let mut reasons = comparison.reasons(|file| self.digest_of(file));
        for written in &known.outputs {
            let file = written.file.clone();
            match self.prints.of(&self.habits.out.join(&file)) {
                Ok(now) if now == written.sha256 => {}
                Ok(_) => reasons.push(Reason::Altered { file }),
                Err(_) => reasons.push(Reason::Missing { file }),
            }
        }
        if self.workshop.settings.deny_warnings && !known.warnings.is_empty() {
            reasons.push(Reason::Warnings);
        }
        reasons
    }

    /// Takes care of what need not be made, and says so of each job; gives the jobs that
    /// have to.
    pub fn settle(
        &self,
        plan: &Plan,
        mut told: impl FnMut(&Job, Origin, Result<Warned<Delivery>>),
    ) -> Vec<Job> {
        let mut jobs = Vec::new();
        for Item { job, key, step } in &plan.items {
            let restored = match (step, key) {
                (Step::Keep, _) => {
                    told(job, Origin::Kept, Ok(self.kept(job)));
                    continue;
                }
                (Step::Restore { state, .. }, Some(key)) => self.restore(job, key, state),
                _ => Ok(None),
            };
            match restored.transpose() {
                Some(restored) => told(job, Origin::Restored, restored),
                None => jobs.push(job.clone()),
            }
        }
        jobs
    }

    /// What is to be said of a job that is kept as it is.
    fn kept(&self, job: &Job) -> Warned<Delivery> {
        let record = self.record();
        let Some(known) = record.jobs.get(&job.name()) else {
            return Warned { value: Delivery::default(), warnings: Vec::new() };
        };
        let files = known.outputs.iter().map(|output| self.delivered(output)).collect();
        let delivery = Delivery { files, timings: None };
        Warned { value: delivery, warnings: known.warnings.clone() }
    }

    /// Takes the outputs of a job from the cache; nothing if they are damaged there.
    ///
    /// # Errors
    /// An output folder that cannot be written.
    fn restore(
        &self,
        job: &Job,
        key: &Key,
        state: &State,
    ) -> Result<Option<Warned<Delivery>>> {
        let Some(cache) = &self.cache else { return Ok(None) };
        let mut artefacts = Vec::new();
        for output in &state.outputs {
            let path = self.habits.out.join(&output.file);
            if self.prints.of(&path).is_ok_and(|there| there == output.sha256) {
                continue;
            }
            let Some(bytes) = cache.bytes(output.sha256) else { return Ok(None) };
            let (name, pages) = (output.file.clone(), output.pages);
            artefacts.push(Artefact { name, bytes, pages });
        }
        output::write_staged(&self.habits.out, &artefacts, &self.stage)?;
        cache.touch(key);
        let files = state.outputs.iter().map(|output| self.delivered(output)).collect();
        let warnings = state.warnings.clone();
        self.note(job, recorded(job, Some(key.clone()), state.clone()));
        Ok(Some(Warned { value: Delivery { files, timings: None }, warnings }))
    }

    /// Writes what a job has made, keeps it in the cache and records it.
    ///
    /// # Errors
    /// Those of the job, and of a folder that cannot be written.
    pub fn finish(&self, job: &Job, outcome: Outcome) -> Result<Warned<Delivery>> {
        let written = outcome.and_then(|made| {
            output::write_staged(&self.habits.out, &made.value.artefacts, &self.stage)?;
            Ok(made)
        });
        let made = written.map_err(|errors| self.failed(job, errors))?;
        let Warned { value: made, warnings } = made;
        let outputs: Vec<OutputRecord> = made.artefacts.iter().map(described).collect();
        let files = outputs.iter().map(|output| self.delivered(output)).collect();
        let milliseconds = u64::try_from(made.timings.total().as_millis());
        let milliseconds = milliseconds.unwrap_or(u64::MAX);
        // What has changed meanwhile is not known as made of what is there now.
        let package = self.package(job).map(|(digest, _)| digest);
        let key = self.keys.get().and_then(|keys| keys.get(&job.name())).cloned();
        let key = key.filter(|key| package == Some(key.package));
        let key = key.filter(|key| key.row == job.edition.row_digest());
        let read = made.reads.map(|reads| self.shown_files(reads));
        let key = key.filter(|_| read.is_some());
        let files_read = read.unwrap_or_default();
        let warned = warnings.clone();
        let state = State { files: files_read, outputs, warnings: warned, milliseconds };
        if let (Some(cache), Some(key)) = (&self.cache, &key) {
            let contents =
                made.artefacts.iter().map(|artefact| artefact.bytes.as_slice());
            // A full disk takes nothing away from what is written.
            let _ = cache.store(key, state.clone(), contents);
        }
        self.note(job, recorded(job, key, state));
        let timings = Some(made.timings);
        Ok(Warned { value: Delivery { files, timings }, warnings })
    }

    /// Records that a job has failed, and says so of outputs of earlier runs.
    fn failed(&self, job: &Job, errors: Errors) -> Errors {
        let mut record = self.record();
        let known = record.jobs.remove(&job.name());
        let (files, outputs) =
            known.map_or_else(Default::default, |known| (known.files, known.outputs));
        let state = State { files, outputs, warnings: Vec::new(), milliseconds: 0 };
        let there = |output: &&OutputRecord| self.habits.out.join(&output.file).is_file();
        let old: Vec<&OutputRecord> = state.outputs.iter().filter(there).collect();
        let mut list = errors.into_vec();
        let told = list.clone();
        if !old.is_empty() {
            list.push(outdated(&old));
        }
        let failed = JobRecord { errors: told, ..recorded(job, None, state) };
        record.jobs.insert(job.name(), failed);
        let mut faults = Diagnostics::new();
        faults.extend(list);
        faults.fail()
    }

    /// Ends the run and writes the record. If `whole`, all jobs are planned: the files
    /// of others, which were written by earlier runs, are returned, by path from the
    /// output folder, and those that are as they were written are deleted if `prune`.
    ///
    /// # Errors
    /// A folder that cannot be written.
    pub fn close(self, plan: &Plan, whole: bool, prune: bool) -> Result<Vec<String>> {
        let mut record = std::mem::take(&mut *self.record());
        let mut leftovers = Vec::new();
        if whole && !self.habits.only_failed {
            leftovers = self.forget(plan, &mut record, prune);
        }
        self.describe_packages(plan, &mut record);
        if self.written.as_ref() != Some(&record) {
            record.save(&self.record_path)?;
        }
        if let Some(cache) = self.cache {
            if let Some(prints) = self.prints.saved() {
                // Without it the files are only hashed once more.
                let _ = output::write(&cache.prints(), &prints);
            }
            cache.close(self.habits.largest_cache);
        }
        if let Some(lock) = self.lock {
            let _ = lock.unlock();
        }
        Ok(leftovers)
    }

    /// Takes jobs out of the record that are not planned any more and have left
    /// nothing; gives what the others have left.
    fn forget(&self, plan: &Plan, record: &mut Record, prune: bool) -> Vec<String> {
        let names: HashSet<String> =
            plan.items.iter().map(|item| item.job.name()).collect();
        let (planned, others): (Vec<_>, Vec<_>) = std::mem::take(&mut record.jobs)
            .into_iter()
            .partition(|(n, _)| names.contains(n));
        record.jobs = planned.into_iter().collect();
        let outputs = record.jobs.values().flat_map(|job| &job.outputs);
        let claimed: HashSet<String> =
            outputs.map(|output| output.file.clone()).collect();
        let mut leftovers = Vec::new();
        for (name, mut job) in others {
            job.outputs.retain(|output| !claimed.contains(&output.file));
            job.outputs.retain(|output| self.is_left(output, prune));
            if !job.outputs.is_empty() {
                leftovers.extend(job.outputs.iter().map(|output| output.file.clone()));
                record.jobs.insert(name, job);
            }
        }
        leftovers
    }

    /// Whether an output that nobody makes any more is there, and stays.
    fn is_left(&self, output: &OutputRecord, prune: bool) -> bool {
        let path = self.habits.out.join(&output.file);
        match self.prints.of(&path) {
            Err(_) => false,
            Ok(digest) if prune && digest == output.sha256 => {
                std::fs::remove_file(&path).is_err()
            }
            Ok(_) => true,
        }
    }

    fn describe_packages(&self, plan: &Plan, record: &mut Record) {
        let mut seen = HashSet::new();
        for item in &plan.items {
            if seen.insert(&item.job.output.template)
                && let Some((digest, files)) = self.package(&item.job)
                && !files.is_empty()
            {
                record.packages.insert(digest, files.as_ref().clone());
            }
        }
    }

    /// The digest of a job's template package and of its files, by name.
    fn package(&self, job: &Job) -> Option<Package> {
        let package = self.workshop.project.package(&job.output.template).ok()?;
        let files = package.fingerprint(&self.prints).ok()?;
        let parts: Vec<String> = std::iter::once(package.recipe.name.clone())
            .chain(files.iter().map(|(file, digest)| format!("{file} {digest}")))
            .collect();
        let digest = Digest::of_all(parts.iter().map(String::as_str));
        Some((digest, Arc::new(files)))
    }

    fn key(&self, job: &Job, package: Digest) -> Key {
        let settings = &self.workshop.settings;
        let options = [
            job.edition.id.clone(),
            job.edition.shown.to_string(),
            format!("{:?}", job.output),
            format!("{:?}", settings.standards),
            format!("{:?} {:?} {:?}", settings.date, settings.ppi, settings.word),
            self.checks(),
        ];
        let options = Digest::of_all(options.iter().map(String::as_str));
        let row = job.edition.row_digest();
        Key { tool: self.tool, package, fonts: self.fonts, options, row }
    }

    /// What decides whether findings keep an output from being made.
    fn checks(&self) -> String {
        let policy = &self.workshop.project.manifest().policy;
        // A list that cannot be read is told by the jobs that need it.
        let terms = self.workshop.terms().ok().filter(|_| policy.on_build);
        format!("{} {terms:?}", policy.key())
    }

    /// The digest of a file of the project, as it is now.
    fn digest_of(&self, file: &str) -> Option<Digest> {
        self.prints.of(&self.workshop.project.root().join(file)).ok()
    }

    fn shown_files(&self, reads: BTreeMap<PathBuf, Digest>) -> BTreeMap<String, Digest> {
        let shown = |(path, digest): (PathBuf, Digest)| {
            (self.workshop.project.shown(&path), digest)
        };
        reads.into_iter().map(shown).collect()
    }

    fn delivered(&self, output: &OutputRecord) -> Delivered {
        Delivered { path: self.habits.out.join(&output.file), pages: output.pages }
    }

    fn note(&self, job: &Job, known: JobRecord) {
        self.record().jobs.insert(job.name(), known);
    }

    fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The record of a job that has made something.
fn recorded(job: &Job, key: Option<Key>, state: State) -> JobRecord {
    let State { files, outputs, warnings, milliseconds } = state;
    JobRecord {
        edition: job.edition.id.clone(),
        template: job.output.template.clone(),
        key,
        files,
        outputs,
        errors: Vec::new(),
        warnings,
        milliseconds,
    }
}

fn described(artefact: &Artefact) -> OutputRecord {
    OutputRecord {
        file: artefact.name.clone(),
        sha256: Digest::of(&artefact.bytes),
        bytes: artefact.bytes.len() as u64,
        pages: artefact.pages,
    }
}

fn mildly(mut fault: Diagnostic) -> Diagnostic {
    fault.severity = crate::diag::Severity::Warning;
    fault
}

fn outdated(old: &[&OutputRecord]) -> Diagnostic {
    let names: Vec<&str> = old.iter().map(|output| output.file.as_str()).collect();
    let (zh, en) = (names.join("、"), names.join(", "));
    Diagnostic::warning(
        "output/outdated",
        text!(
            "输出文件夹里的 {zh} 还是以前做的",
            "{en} in the output folder is of an earlier run"
        ),
    )
    .hint(text!(
        "改好错误再做，先不要拿去印",
        "mend the errors and build again before it is printed"
    ))
}

/// The program itself: another one may make other outputs.
fn tool(prints: &Fingerprints) -> Digest {
    let program = std::env::current_exe().ok();
    let digest = program.and_then(|program| prints.of(&program).ok());
    digest.unwrap_or_else(|| Digest::of(env!("CARGO_PKG_VERSION").as_bytes()))
}

/// The lock of one record, if something can be locked here.
fn locked(root: &Path, id: &str, waiting: impl FnOnce()) -> Option<File> {
    let folder = root.join(".huikan/locks");
    std::fs::create_dir_all(&folder).ok()?;
    let file = File::options().create(true).append(true).open(folder.join(id)).ok()?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => {
            waiting();
            let _ = file.lock();
        }
        Ok(()) | Err(TryLockError::Error(_)) => {}
    }
    Some(file)
}
