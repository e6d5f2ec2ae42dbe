//! A part with tags as one MiniJinja program.
//!
//! The program's literals are the part's own bytes; its delimiters are private
//! characters that the template does not contain, so nothing in the document is
//! taken for a tag but the tags. Faults are found by [`checks`] first.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment};
use serde::{Deserialize, Serialize};

use super::assemble::{self, Assembly, Segment};
use super::cells;
use super::checks;
use super::include;
use super::part::Part;
use super::program::{self, Extent, Origin, Program, Writer};
use super::scopes::Scopes;
use super::site::Site;
use super::tags::Action;
use crate::diag::{Diagnostic, Diagnostics};
use crate::docx::graft::subdocument::{self, Subdocument};
use crate::docx::language::changing;
use crate::docx::language::faults;
use crate::docx::language::filters;
use crate::docx::language::methods;
use crate::docx::language::vocabulary;
use crate::docx::render;
use crate::docx::render::anchors::Hold;
use crate::docx::render::notes::Kind;

/// The private characters that begin and end tags in the programs' sources.
#[derive(Debug, Clone)]
pub(crate) struct Delimiters([char; 6]);

impl Delimiters {
    /// Characters that occur in none of the texts.
    pub(crate) fn absent_from<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut used = BTreeSet::new();
        for text in texts {
            used.extend(text.chars().filter(|c| *c >= '\u{100000}'));
        }
        let mut free = ('\u{100000}'..='\u{10fffd}').filter(|c| !used.contains(c));
        Self(std::array::from_fn(|_| free.next().unwrap_or('\u{10fffd}')))
    }

    /// A statement of a program.
    pub(crate) fn statement(&self, body: &str) -> String {
        let [_, _, open, close, ..] = self.0;
        format!("{open} {body} {close}")
    }

    /// A printed value of a program.
    pub(crate) fn value(&self, body: &str) -> String {
        let [open, close, ..] = self.0;
        format!("{open} {body} {close}")
    }

    /// Whether the tag that a text begins with prints a value.
    pub(crate) fn is_value(&self, text: &str) -> bool {
        text.starts_with(self.0[0])
    }

    /// Where the tag that a text begins with ends.
    pub(crate) fn end_of(&self, text: &str) -> Option<usize> {
        let close = if self.is_value(text) { self.0[1] } else { self.0[3] };
        text.find(close).map(|at| at + close.len_utf8())
    }

    /// What a tag says.
    pub(crate) fn inside<'t>(&self, tag: &'t str) -> &'t str {
        tag.trim_matches(self.0).trim()
    }

    fn syntax(&self) -> Option<SyntaxConfig> {
        let [v, w, b, c, x, y] = self.0.map(String::from);
        SyntaxConfig::builder()
            .variable_delimiters(v, w)
            .block_delimiters(b, c)
            .comment_delimiters(x, y)
            .keep_trailing_newline(true)
            .build()
            .ok()
    }
}

/// What a template is compiled for.
#[derive(Debug, Copy, Clone, Eq, PartialEq, Hash, Serialize, Deserialize)]
pub enum Purpose {
    /// Documents that are what they are.
    Document,
    /// Drafts with anchors, whose tags tell where their values are taken from.
    Draft,
}

/// How deeply macros and blocks may call each other.
const DEEPEST_CALL: usize = 200;

/// The environment that programs are compiled into and run in.
pub(crate) fn environment(delimiters: &Delimiters) -> Environment<'static> {
    let mut environment = Environment::new();
    if let Some(syntax) = delimiters.syntax() {
        environment.set_syntax(syntax);
    }
    environment.set_debug(true);
    environment.set_recursion_limit(DEEPEST_CALL);
    // What `{% set %}`, `{% macro %}` and `{% call %}` capture is markup.
    environment.set_auto_escape_callback(|_| AutoEscape::Custom("word".into()));
    environment.set_formatter(render::format);
    environment.set_unknown_method_callback(methods::call);
    environment.add_filter(render::AT, render::at);
    environment.add_function(render::OPEN, render::open);
    environment.add_filter(cells::SHADE, cells::shade);
    environment.add_filter(cells::SPAN, cells::span);
    environment.add_filter(cells::LOOP, cells::enclosing_loop);
    environment.add_function("subdoc", subdocument::subdoc);
    environment.set_path_join_callback(|written, program| {
        include::join(written, program).into()
    });
    vocabulary::add_to(&mut environment);
    filters::add_to(&mut environment);
    changing::add_to(&mut environment);
    environment
}

/// Compiles a part into an environment; the surroundings of its tags go to the
/// end of `sites`. A part of the template without tags gives no program; faults go
/// to `diagnostics`.
pub(crate) fn compile(
    origin: &Origin<'_>,
    part: &Part<'_>,
    delimiters: &Delimiters,
    environment: &mut Environment<'static>,
    sites: &mut Vec<Site>,
    purpose: Purpose,
    diagnostics: &mut Diagnostics,
) -> Option<Program> {
    let file = origin.file;
    let assembly = assemble::assemble(part);
    let found = checks::check(file, part, &assembly, environment);
    let failed = found.iter().any(Diagnostic::is_error);
    diagnostics.extend(found);
    let whole = matches!(origin.extent, Extent::Whole);
    if failed || (whole && part.tags.is_empty()) {
        return None;
    }
    let first = sites.len();
    let site = |placed| Site::new(file, part, placed).of_document(origin.document);
    sites.extend(part.tags.iter().map(site));
    let origins = match purpose {
        Purpose::Document => Vec::new(),
        Purpose::Draft => provenance(part, &assembly, &mut sites[first..]),
    };
    let writer = Writer::new(origin, part, delimiters, first, &origins);
    let (program, source) = writer.write(&assembly);
    if let Err(error) = environment.add_template_owned(program.name.clone(), source) {
        let mark =
            error.range().and_then(|range| program::mark_at(&program.marks, range.start));
        let tag = mark.and_then(|mark| program.tag_of(mark));
        let site = tag.and_then(|tag| sites.get(tag));
        let written = site.map_or("", |site| &site.written);
        let place = site.map(|site| site.place.clone());
        diagnostics.push(faults::diagnose(&error, written, place, None));
        return None;
    }
    Some(program)
}

/// For each tag of a part the two arguments that tell where its value is taken
/// from, if it is taken from the data. Text that is captured to be computed on
/// must stay text: anchors are not to be held there.
fn provenance(
    part: &Part<'_>,
    assembly: &Assembly,
    sites: &mut [Site],
) -> Vec<Option<String>> {
    let mut scopes = Scopes::default();
    let mut origins = vec![None; part.tags.len()];
    let tags = assembly.segments.iter().filter_map(|segment| match segment {
        Segment::Tag(number) => Some((*number, &part.tags[*number].tag)),
        _ => None,
    });
    for (_, tag) in tags.clone().filter(|(_, tag)| tag.action == Action::Statement) {
        scopes.assign(&tag.body);
    }
    for (number, tag) in tags {
        match tag.action {
            Action::Statement => scopes.pass(&tag.body, tag.scope),
            Action::Print if scopes.captured() => sites[number].hold = Hold::Nothing,
            Action::Print => origins[number] = scopes.origin(&tag.body),
            _ => {}
        }
    }
    origins
}

/// Compiles an included document: its body, and its footnotes and endnotes if they
/// have tags. The body's program comes last.
pub(crate) fn compile_included(
    document: &Subdocument,
    number: usize,
    delimiters: &Delimiters,
    environment: &mut Environment<'static>,
    sites: &mut Vec<Site>,
    purpose: Purpose,
    diagnostics: &mut Diagnostics,
) -> Vec<Program> {
    let mut programs = Vec::new();
    let mut add = |origin: &Origin<'_>, part: &Part<'_>| {
        programs.extend(compile(
            origin,
            part,
            delimiters,
            environment,
            sites,
            purpose,
            diagnostics,
        ));
    };
    let mut names = BTreeMap::new();
    let mut origin = Origin {
        file: &document.package.file,
        document: number,
        program: String::new(),
        grafts: true,
        extent: Extent::Whole,
    };
    for kind in [Kind::Footnote, Kind::Endnote] {
        let Some(notes) = document.notes.get(&kind) else { continue };
        let Ok(part) = Part::read(&notes.part, &notes.text) else { continue };
        if part.tags.is_empty() && part.unclosed.is_empty() {
            continue;
        }
        origin.program = include::notes_name(&document.path, kind.part());
        origin.extent = Extent::Notes(notes.notes.clone().into_iter().collect());
        names.insert(kind.reference(), origin.program.clone());
        add(&origin, &part);
    }
    if let Ok(part) = Part::read(&document.package.main, &document.text) {
        origin.program = include::program_name(&document.path);
        origin.extent = Extent::Body(document.body.clone(), names);
        add(&origin, &part);
    }
    programs
}
