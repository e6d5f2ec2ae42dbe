//! All faults of a run, not only the one that stopped it.
//!
//! A program stops at its first failing tag. It is then run again with a probe
//! before that tag, which tells what data it was given, and once more with the
//! tag switched off, to find the next one. None of this costs a run that does
//! not fail.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use minijinja::value::{Object, ObjectRepr};
use minijinja::{Environment, Error, State, Value};
use serde_json::Value as Json;

use crate::data::json::pointer_join;
use crate::diag::{Diagnostic, Text};
use crate::docx::language::context;
use crate::docx::language::faults;
use crate::docx::language::origin::{self, Origins};
use crate::docx::language::print;
use crate::docx::language::typed::{self, MISSHAPEN};
use crate::docx::render::{self, Session};
use crate::docx::template::blocks::{self, Nesting};
use crate::docx::template::compile::Delimiters;
use crate::docx::template::paths::{self, Step};
use crate::docx::template::program::{self, Program};
use crate::docx::template::site::Site;
use crate::docx::template::tags;
use crate::text;

/// How many faults of one part are told.
const MOST_FAULTS: usize = 20;

/// The variable that holds the probe.
const PROBE: &str = "__huikan_probe";

/// How many characters of a value a message shows.
const SHOWN: usize = 40;

/// A failed run, to be looked into.
pub(crate) struct Diagnosis<'d> {
    /// The environment that the program is compiled into.
    pub(crate) environment: &'d Environment<'static>,
    /// What begins and ends the tags of its source.
    pub(crate) delimiters: &'d Delimiters,
    /// The program.
    pub(crate) program: &'d Arc<Program>,
    /// All programs, of which it may run others on the way.
    pub(crate) programs: &'d [Arc<Program>],
    /// The surroundings of all tags.
    pub(crate) sites: &'d [Site],
    /// The data of the run.
    pub(crate) data: &'d Json,
}

impl Diagnosis<'_> {
    /// The diagnostics of all failing tags, in the order in which they fail.
    /// `session` makes a new session for a run.
    pub(crate) fn faults(
        &self,
        error: Error,
        session: impl Fn() -> Session,
    ) -> Vec<Diagnostic> {
        let (root, origins) = Origins::trace(self.data, "");
        let origins = Arc::new(origins);
        let mut off = BTreeSet::new();
        let mut found = Vec::new();
        let mut error = Some(error);
        let mut ran = BTreeMap::new();
        while let Some(failed) = error.take() {
            let spots = self.spots(&failed, &ran);
            let mut diagnostic = self.diagnose(&failed, &spots);
            let Some(spot) = spots.last().filter(|spot| !off.contains(*spot)) else {
                found.push(diagnostic);
                break;
            };
            for note in self.probe(*spot, &off, &root, &origins, &session) {
                diagnostic = diagnostic.note(note);
            }
            // Some tags stand in a program more than once.
            if !found.contains(&diagnostic) {
                found.push(diagnostic);
            }
            off.insert(*spot);
            let Some(variants) = self.variants(&off) else { break };
            if found.len() == MOST_FAULTS {
                break;
            }
            error = self.run(&variants, root.clone(), session()).err();
            ran = variants;
        }
        found
    }

    /// Where an error happened: in the program that was run, and in those that it
    /// included, from the outside in.
    fn spots(&self, error: &Error, ran: &BTreeMap<usize, Variant>) -> Vec<Spot> {
        let spot = |error: &Error| {
            let name = error.name()?;
            let named = |program: &Arc<Program>| program.name == name;
            let program = self.programs.iter().position(named)?;
            let marks = match ran.get(&program) {
                Some(variant) => &variant.marks,
                None => &self.programs[program].marks,
            };
            let mark = program::mark_at(marks, error.range()?.start)?;
            Some(Spot { program, mark })
        };
        faults::chain(error).into_iter().filter_map(spot).collect()
    }

    fn site(&self, spot: Spot) -> Option<&Site> {
        self.sites.get(self.programs[spot.program].tag_of(spot.mark)?)
    }

    /// The diagnostic of an error that happened at these spots.
    fn diagnose(&self, error: &Error, spots: &[Spot]) -> Diagnostic {
        let site = spots.last().and_then(|spot| self.site(*spot));
        let written = site.map_or("", |site| &site.written);
        let place = site.map(|site| site.place.clone());
        let innermost = faults::chain(error).pop().unwrap_or(error);
        let mut diagnostic = faults::diagnose(innermost, written, place, Some(self.data));
        for pair in spots.windows(2).rev() {
            if let [outer, inner] = pair
                && outer.program != inner.program
                && let Some(site) = self.site(*outer)
            {
                diagnostic = diagnostic.note(included_by(site));
            }
        }
        if diagnostic.code != MISSHAPEN {
            return diagnostic;
        }
        match typed::pointer_to(self.data, &diagnostic.message) {
            Some(pointer) => diagnostic
                .note(text!("这个值在 `{pointer}`", "the value is at `{pointer}`")),
            None => diagnostic,
        }
    }

    /// Runs the program with variants of some programs.
    fn run(
        &self,
        variants: &BTreeMap<usize, Variant>,
        root: Value,
        session: Session,
    ) -> Result<(), Error> {
        let mut environment = self.environment.clone();
        for (program, variant) in variants {
            let name = self.programs[*program].name.clone();
            environment.add_template_owned(name, variant.source.clone())?;
        }
        render::render(&environment, self.program, session, &root).map(|_| ())
    }

    fn source(&self, program: usize) -> Option<String> {
        let template = self.environment.get_template(&self.programs[program].name);
        template.ok().map(|template| template.source().to_owned())
    }

    /// The programs with tags switched off; nothing if one of these cannot be.
    fn variants(&self, off: &BTreeSet<Spot>) -> Option<BTreeMap<usize, Variant>> {
        let programs: BTreeSet<usize> = off.iter().map(|spot| spot.program).collect();
        let variant = |program| Some((program, self.without(program, off)?));
        programs.into_iter().map(variant).collect()
    }

    /// What the data of a failing tag were when it failed.
    fn probe(
        &self,
        spot: Spot,
        off: &BTreeSet<Spot>,
        root: &Value,
        origins: &Arc<Origins>,
        session: &impl Fn() -> Session,
    ) -> Vec<Text> {
        let Some(source) = self.source(spot.program) else { return Vec::new() };
        let program = &self.programs[spot.program];
        let body = self.body(&source, program, spot.mark);
        let paths: Vec<String> =
            paths::all(body).into_iter().map(str::to_owned).collect();
        let Some(mut variants) = self.variants(off) else { return Vec::new() };
        let Some(variant) = self.without(spot.program, off) else { return Vec::new() };
        let before = self.opening(&source, program, spot.mark);
        let start = variant.marks.get(before).map(|(start, _)| *start);
        let Some(start) = start.filter(|_| !paths.is_empty()) else { return Vec::new() };
        let roots: BTreeSet<&str> =
            paths.iter().map(|path| tags::keyword(path)).collect();
        let roots: Vec<String> =
            roots.into_iter().map(|name| format!("\"{name}\": {name}")).collect();
        let call =
            self.delimiters.statement(&format!("do {PROBE}({{{}}})", roots.join(", ")));
        let (before, after) = variant.source.split_at(start);
        let source = format!("{before}{call}{after}");
        variants.insert(spot.program, Variant { source, ..variant });
        let probe = Arc::new(Probe {
            paths,
            data: self.data.clone(),
            origins: origins.clone(),
            found: Mutex::default(),
        });
        let root = minijinja::value::merge_maps([
            Value::from_pairs([(PROBE, Value::from_dyn_object(probe.clone()))]),
            root.clone(),
        ]);
        // That it fails again is why it is run.
        let _failed_again = self.run(&variants, root, session());
        let mut found = probe.found.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *found)
    }

    /// The mark before which a statement can be put that runs just before a tag:
    /// the tag's own, or that of the block which it divides.
    fn opening(&self, source: &str, program: &Program, mark: usize) -> usize {
        let mut depth = 0_usize;
        for at in (0..=mark).rev() {
            if self.delimiters.is_value(&source[program.marks[at].0..]) {
                if at == mark {
                    return mark;
                }
                continue;
            }
            match blocks::nesting(self.body(source, program, at)) {
                Nesting::Closes => depth += 1,
                Nesting::Opens if depth == 0 => return at,
                Nesting::Opens => depth -= 1,
                Nesting::Divides if at == mark => continue,
                _ if at == mark => return mark,
                _ => {}
            }
        }
        mark
    }

    /// What the tag at a mark says.
    fn body<'s>(&self, source: &'s str, program: &Program, mark: usize) -> &'s str {
        let start = program.marks[mark].0;
        let end = self
            .delimiters
            .end_of(&source[start..])
            .map_or(source.len(), |end| start + end);
        self.delimiters.inside(&source[start..end])
    }

    /// A program with some of its tags switched off; nothing if one of them cannot
    /// be.
    fn without(&self, program: usize, off: &BTreeSet<Spot>) -> Option<Variant> {
        let source = self.source(program)?;
        let own = &self.programs[program].marks;
        let mut text = String::with_capacity(source.len());
        let mut marks = Vec::with_capacity(own.len());
        let mut at = 0;
        for (mark, (start, tag)) in own.iter().enumerate() {
            text.push_str(&source[at..*start]);
            marks.push((text.len(), *tag));
            at = *start;
            if off.contains(&Spot { program, mark }) {
                let end = start + self.delimiters.end_of(&source[*start..])?;
                let body = self.delimiters.inside(&source[*start..end]);
                text.push_str(&match self.delimiters.is_value(&source[*start..]) {
                    true => self.delimiters.value("\"\""),
                    false => self.delimiters.statement(&switched_off(body)?),
                });
                at = end;
            }
        }
        text.push_str(&source[at..]);
        Some(Variant { source: text, marks })
    }
}

/// A tag in one of the programs, by number and mark.
#[derive(Debug, Copy, Clone, Eq, PartialEq, Ord, PartialOrd)]
struct Spot {
    program: usize,
    mark: usize,
}

/// A program changed to find out more.
#[derive(Debug, Default)]
struct Variant {
    source: String,
    marks: Vec<(usize, usize)>,
}

/// Which tag of another document has the failing one run.
fn included_by(site: &Site) -> Text {
    let (file, written) = (&site.place.file, faults::shown(&site.written));
    let paragraph = site.place.word.as_ref().map_or(0, |word| word.paragraph);
    text!(
        "由 {file} 第 {paragraph} 段的 `{written}` 引入",
        "included by `{written}` in {file}, paragraph {paragraph}"
    )
}

/// A statement of the same kind that does nothing and cannot fail.
fn switched_off(body: &str) -> Option<String> {
    Some(match tags::keyword(body) {
        keyword @ ("if" | "elif") => format!("{keyword} false"),
        "for" => format!("{} in []", body.split(" in ").next()?),
        "set" => format!("{} = none", body.split('=').next()?.trim_end()),
        "with" => format!("with {PROBE} = 0"),
        "do" | "include" => format!("set {PROBE} = 0"),
        _ => return None,
    })
}

/// Called by a program before a failing tag: tells what data the tag is given.
/// What it was told last is what the failing run was given.
#[derive(Debug)]
struct Probe {
    paths: Vec<String>,
    data: Json,
    origins: Arc<Origins>,
    found: Mutex<Vec<Text>>,
}

impl Object for Probe {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn call(
        self: &Arc<Self>,
        _: &mut State<'_, '_>,
        args: &[Value],
    ) -> Result<Value, Error> {
        let roots = args.first().cloned().unwrap_or_default();
        let told = self.paths.iter().filter_map(|path| self.tell(path, &roots)).collect();
        *self.found.lock().unwrap_or_else(PoisonError::into_inner) = told;
        Ok(Value::UNDEFINED)
    }

    fn render(self: &Arc<Self>, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl Probe {
    /// Where the value of a path is in the data, and what it is.
    fn tell(&self, path: &str, roots: &Value) -> Option<Text> {
        let (mut parent, mut value) = (Value::UNDEFINED, roots.clone());
        let mut last = None;
        for step in paths::steps(path) {
            let key = match &step {
                Step::Name(name) => Value::from(*name),
                Step::Index(index) => Value::from(*index),
            };
            let next = value.get_item(&key).unwrap_or_default();
            parent = std::mem::replace(&mut value, next);
            if value.is_undefined() {
                let pointer = origin::pointer(&parent)?;
                return Some(text!(
                    "`{pointer}` 里没有 `{step}`",
                    "there is no `{step}` in `{pointer}`"
                ));
            }
            last = Some(key);
        }
        let pointer = self.pointer(&parent, &last?, &value)?;
        let shown = shown(&value);
        Some(text!(
            "`{path}` 在 `{pointer}`，值为 {shown}",
            "`{path}` is {shown}, at `{pointer}`"
        ))
    }

    fn pointer(&self, parent: &Value, key: &Value, value: &Value) -> Option<String> {
        if let Some(pointer) = self.origins.of(value) {
            return Some(pointer.to_string());
        }
        if let Some(pointer) =
            origin::pointer(value).or_else(|| origin::member(parent, key))
        {
            return Some(pointer);
        }
        // A number of the root, unless a variable of the template hides it.
        let pointer = pointer_join("", key.as_str()?);
        let there = self.data.pointer(&pointer)?;
        let same = there.is_number() && context::value(there) == *value;
        same.then_some(pointer)
    }
}

/// A value as a message shows it.
fn shown(value: &Value) -> String {
    let whole = print::representation(value);
    let mut shown: String = whole.chars().take(SHOWN).collect();
    if shown.len() < whole.len() {
        shown.push('…');
    }
    shown
}
