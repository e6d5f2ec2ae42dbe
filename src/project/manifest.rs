//! `huikan.toml`: the editions of a project and what is built from them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::condition::Condition;
use super::globs::Globs;
use super::manifest_fault::{
    file_faults, nested, no_file, no_glob, no_standard, pointer_fault,
};
use super::output::{self, Output, Profile};
use super::pattern;
use super::policy::{Exception, Policy};
use super::written::{self, File, Word, Words};
use crate::diag::{Diagnostic, Diagnostics, Place, Result, SLIP, nearest};
use crate::text;

pub use super::manifest_fault::standards;

/// The manifest's file name.
pub const FILE: &str = "huikan.toml";

/// What `huikan.toml` says.
#[derive(Debug, Clone)]
pub struct Manifest {
    /// The project's name, for people.
    pub name: String,
    /// The globs of the datasets, relative to the project.
    pub editions: Globs,
    /// Where outputs go, relative to the project.
    pub out: String,
    /// What is built from each edition.
    pub outputs: Vec<Rule>,
    /// What editions are that are rows of a file.
    pub rows: Rows,
    /// How findings weigh.
    pub policy: Policy,
}

/// One `[[output]]`: what is made of which editions.
#[derive(Debug, Clone)]
pub struct Rule {
    /// What is made.
    pub output: Output,
    /// The parts that are printed, as JSON pointers with `*` for all items of a
    /// list; the whole dataset if there are none.
    pub from: Vec<String>,
    /// Whether there is a job for each part: `from` is a list, or has a `*`.
    pub in_parts: bool,
    /// The names of the editions that it is made of.
    pub editions: Globs,
    /// What has to be true of an edition.
    pub when: Option<Condition>,
    /// How it is made, each a job of its own; one job if there are none.
    pub profiles: Vec<(String, Profile)>,
}

/// `[rows]`: editions that are rows of a file.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    /// The dataset that each row is laid over, relative to the project, and where
    /// that is said.
    pub extends: Option<(PathBuf, Place)>,
    /// The name of an edition, with fields of its row as placeholders, and where that
    /// is said.
    pub name: Option<(String, Place)>,
}

impl Default for Manifest {
    fn default() -> Self {
        Self {
            name: String::new(),
            editions: default_editions(),
            out: "out".into(),
            outputs: vec![Rule::of("handout")],
            rows: Rows::default(),
            policy: Policy::default(),
        }
    }
}

impl Rule {
    /// A template in the default formats, of all editions.
    pub fn of(template: &str) -> Self {
        Self {
            output: Output::of(template),
            from: Vec::new(),
            in_parts: false,
            editions: Globs::default(),
            when: None,
            profiles: Vec::new(),
        }
    }

    /// The fields of the dataset that the file name uses, as JSON pointers.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        pattern::placeholders(&self.output.file).filter(|name| name.starts_with('/'))
    }

    /// Whether its parts can only be told from the dataset.
    pub fn counts_items(&self) -> bool {
        self.from.iter().any(|from| has_star(from))
    }
}

/// Whether a pointer stands for all items of a list.
pub fn has_star(pointer: &str) -> bool {
    pointer.split('/').any(|token| token == "*")
}

fn default_editions() -> Globs {
    let mut globs = Globs::default();
    // It is one.
    let _ = globs.push("data/*.json");
    globs
}

impl Manifest {
    /// Reads a manifest and the files that it includes.
    ///
    /// # Errors
    /// Files that cannot be read, the first fault of the TOML of each, and all
    /// faults of what they say.
    pub fn load(path: &Path) -> Result<Self> {
        let (file, manifest) = File::read::<written::Manifest>(path, FILE)?;
        let written::Manifest {
            name,
            editions,
            out,
            outputs,
            include,
            profiles,
            rows,
            check,
        } = manifest;
        let mut faults = Diagnostics::new();
        let root = path.parent().unwrap_or(Path::new(""));
        let own = written::Included { outputs, profiles, rows, include: None };
        let mut files = vec![(file, own)];
        if let Some(include) = include {
            let more = included(root, &files[0].0, &include, &mut faults);
            files.extend(more);
        }
        let mut reading = Reading { faults: &mut faults, profiles: BTreeMap::new() };
        for (file, said) in &files {
            reading.profiles(file, &said.profiles);
        }
        let mut outputs = Vec::new();
        for (file, said) in &files {
            outputs.extend(said.outputs.iter().map(|output| reading.rule(file, output)));
        }
        if outputs.is_empty() {
            outputs.push(Rule::of("handout"));
        }
        let rows = reading.rows(&files);
        let editions = match editions {
            Some(words) => reading.globs(&files[0].0, &words, "project/editions"),
            None => default_editions(),
        };
        let policy = reading.policy(&files[0].0, &check);
        let out = out.unwrap_or("out".into());
        let manifest = Self { name, editions, out, outputs, rows, policy };
        match faults.has_errors() {
            false => Ok(manifest),
            true => Err(in_order(faults, &files).fail()),
        }
    }
}

/// Faults by file, in the order of the files, and by place.
fn in_order(faults: Diagnostics, files: &[(File, written::Included)]) -> Diagnostics {
    let mut faults = faults.into_vec();
    faults.sort_by_key(|fault| {
        let place = fault.place.as_ref();
        // A file whose TOML could not be read is not among them.
        let known =
            place.map(|place| files.iter().position(|(f, _)| f.name() == place.file));
        let position = place.and_then(|place| place.position);
        (
            known.flatten().unwrap_or(files.len()),
            position.map(|position| (position.line, position.column)),
        )
    });
    let mut sorted = Diagnostics::new();
    sorted.extend(faults);
    sorted
}

/// The files that `include` names.
fn included(
    root: &Path,
    file: &File,
    include: &Words,
    faults: &mut Diagnostics,
) -> Vec<(File, written::Included)> {
    let mut paths: Vec<PathBuf> = Vec::new();
    for word in &include.list {
        let absolute =
            format!("{}/{}", glob::Pattern::escape(&root.to_string_lossy()), word.text);
        let found: Vec<PathBuf> = match glob::glob(&absolute) {
            Ok(found) => found.flatten().filter(|path| path.is_file()).collect(),
            Err(error) => {
                faults.push(no_glob("project/manifest", word, file, &error));
                continue;
            }
        };
        if found.is_empty() && !word.text.contains(['*', '?', '[']) {
            faults.push(no_file(&word.text, file.place(word)));
        }
        if found.contains(&root.join(FILE)) {
            faults.push(nested(file.place(word)));
        }
        paths.extend(found.into_iter().filter(|path| *path != root.join(FILE)));
    }
    paths.sort();
    paths.dedup();
    let mut files = Vec::new();
    for path in paths {
        let shown = path.strip_prefix(root).unwrap_or(&path).display().to_string();
        let read = File::read::<written::Included>(&path, &shown);
        let Some((file, said)) = faults.absorb(read) else { continue };
        if let Some(include) = &said.include {
            faults.push(nested(file.at(include.range.clone())));
        }
        files.push((file, said));
    }
    files
}

/// What is written, as it is meant.
struct Reading<'a> {
    faults: &'a mut Diagnostics,
    profiles: BTreeMap<String, Profile>,
}

impl Reading<'_> {
    fn profiles(
        &mut self,
        file: &File,
        written: &BTreeMap<String, toml::Spanned<written::Profile>>,
    ) {
        for (name, profile) in written {
            let place = || file.at(profile.span());
            let profile = self.profile(file, profile.get_ref());
            if self.profiles.insert(name.clone(), profile).is_some() {
                self.faults.push(
                    Diagnostic::error(
                        "project/manifest",
                        text!(
                            "`{name}` 这个配置写了两次",
                            "the profile `{name}` is given twice"
                        ),
                    )
                    .at(place()),
                );
            }
        }
    }

    fn profile(&mut self, file: &File, written: &written::Profile) -> Profile {
        let standards = written.pdf_standard.as_ref().map(|words| {
            let words = words.list.iter().filter(|word| word.text != "none");
            let standard = |word: &Word| {
                let found = output::standard(&word.text);
                if found.is_none() {
                    self.faults.push(no_standard(&word.text, file.place(word)));
                }
                found
            };
            words.filter_map(standard).collect()
        });
        if let Some(ppi) = &written.ppi
            && !(1.0..=2400.0).contains(ppi.get_ref())
        {
            self.faults.push(
                Diagnostic::error(
                    "project/manifest",
                    text!("`ppi` 应在 1 到 2400 之间", "`ppi` must be from 1 to 2400"),
                )
                .at(file.at(ppi.span())),
            );
        }
        Profile {
            pdf_standard: standards,
            ppi: written.ppi.as_ref().map(|ppi| *ppi.get_ref()),
            anchors: written.anchors,
            binding: written.binding,
            formats: written.formats.clone(),
        }
    }

    fn rule(&mut self, file: &File, written: &written::Output) -> Rule {
        let from = written.from.as_ref().filter(|from| !from.list.is_empty());
        let in_parts = from.is_some_and(|from| {
            from.is_list || from.list.iter().any(|word| has_star(&word.text))
        });
        let profiles = written.profiles.as_ref().filter(|words| !words.list.is_empty());
        let in_profiles = profiles.is_some();
        let named = profiles.into_iter().flat_map(|words| &words.list);
        let profiles: Vec<_> = named
            .filter_map(|word| Some((word.text.clone(), self.named(file, word)?)))
            .collect();
        if let Some(word) = &written.file {
            let known = [("profile", in_profiles), ("part", in_parts)];
            self.faults.extend(file_faults(file, word, &known));
        }
        for word in from.into_iter().flat_map(|from| &from.list) {
            self.faults.extend(pointer_fault(file, word));
        }
        let output = Output {
            formats: written.formats.clone().unwrap_or_else(output::default_formats),
            file: match &written.file {
                Some(word) => word.text.clone(),
                None => default_file(in_profiles, in_parts).into(),
            },
            ..Output::of(&written.template)
        };
        let editions = written.editions.as_ref();
        let condition = written.when.as_ref().map(|word| Condition::read(word, file));
        let when = condition.and_then(|condition| {
            condition.map_err(|fault| self.faults.push(fault)).ok()
        });
        Rule {
            output,
            from: from.map_or(Vec::new(), |from| texts(&from.list)),
            in_parts,
            editions: editions
                .map(|words| self.globs(file, words, "project/manifest"))
                .unwrap_or_default(),
            when,
            profiles,
        }
    }

    fn named(&mut self, file: &File, word: &Word) -> Option<Profile> {
        let name = &word.text;
        if let Some(profile) = self.profiles.get(name) {
            return Some(profile.clone());
        }
        let known: Vec<&str> = self.profiles.keys().map(String::as_str).collect();
        let fault = Diagnostic::error(
            "project/no-profile",
            text!("没有 `{name}` 这个配置", "no profile `{name}`"),
        )
        .at(file.place(word));
        let (zh, en) = (known.join("、"), known.join(", "));
        self.faults.push(match nearest(name, known.iter().copied(), SLIP) {
            Some(near) => {
                fault.hint(text!("是不是 `{near}`？", "did you mean `{near}`?"))
            }
            None if known.is_empty() => fault.hint(text!(
                "在 huikan.toml 里写一节 `[profile.{name}]`",
                "add a section `[profile.{name}]` to huikan.toml"
            )),
            None => fault.hint(text!("现有：{zh}", "there are: {en}")),
        });
        None
    }

    fn globs(&mut self, file: &File, words: &Words, code: &'static str) -> Globs {
        let mut globs = Globs::default();
        for word in &words.list {
            if let Err(error) = globs.push(&word.text) {
                self.faults.push(no_glob(code, word, file, &error));
            }
        }
        globs
    }

    /// `[check]`.
    fn policy(&mut self, file: &File, written: &written::Check) -> Policy {
        let mut policy = Policy { on_build: written.build, ..Policy::default() };
        policy.terms = written.terms.as_ref().map(|word| PathBuf::from(&word.text));
        for (rule, level) in &written.rules {
            policy.named.push((rule.clone(), file.at(level.span())));
            policy.levels.insert(rule.clone(), *level.get_ref());
        }
        for exception in &written.exceptions {
            let rules = &exception.rules.list;
            policy
                .named
                .extend(rules.iter().map(|word| (word.text.clone(), file.place(word))));
            if let Some(at) = &exception.at {
                self.faults.extend(pointer_fault(file, at));
            }
            let editions = exception.editions.as_ref();
            policy.exceptions.push(Exception {
                rules: texts(rules),
                at: exception.at.as_ref().map(|word| word.text.clone()),
                editions: editions
                    .map(|words| self.globs(file, words, "project/manifest"))
                    .unwrap_or_default(),
                words: exception.words.clone(),
            });
        }
        policy
    }

    /// `[rows]`, which one of the files may have.
    fn rows(&mut self, files: &[(File, written::Included)]) -> Rows {
        let mut said =
            files.iter().filter_map(|(file, said)| Some((file, said.rows.as_ref()?)));
        let Some((file, rows)) = said.next() else { return Rows::default() };
        for (file, rows) in said {
            let message = text!("`[rows]` 写了两次", "`[rows]` is given twice");
            let fault = Diagnostic::error("project/manifest", message);
            self.faults.push(fault.at(file.at(rows.span())));
        }
        let rows = rows.get_ref();
        if let Some(word) = &rows.name
            && pattern::placeholders(&word.text).next().is_none()
        {
            let fault = Diagnostic::error(
                "project/manifest",
                text!("每一行都会叫这个名字", "every row would have this name"),
            );
            self.faults.push(fault.at(file.place(word)).hint(text!(
                "用上行里的字段，例如 `{{county}}`",
                "use a field of the rows, such as `{{county}}`"
            )));
        }
        let placed = |word: &Word| (word.text.clone(), file.place(word));
        let extends = rows.extends.as_ref().map(placed);
        Rows {
            extends: extends.map(|(path, place)| (PathBuf::from(path), place)),
            name: rows.name.as_ref().map(placed),
        }
    }
}

/// The file name of an output that does not say.
fn default_file(in_profiles: bool, in_parts: bool) -> &'static str {
    match (in_profiles, in_parts) {
        (false, false) => "{edition}-{template}",
        (true, false) => "{edition}-{template}-{profile}",
        (false, true) => "{edition}-{template}-{part}",
        (true, true) => "{edition}-{template}-{profile}-{part}",
    }
}

fn texts(words: &[Word]) -> Vec<String> {
    words.iter().map(|word| word.text.clone()).collect()
}
