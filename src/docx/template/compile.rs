//! A part with tags as one MiniJinja program.
//!
//! The program's literals are the part's own bytes; its delimiters are private
//! characters that the template does not contain, so nothing in the document is
//! taken for a tag but the tags. Faults are found tag by tag first, so that all
//! of a part are told at once and each with its place.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment};

use super::assemble::{self, Assembly, Segment};
use super::blocks::{self, Fault, Nesting, Statement};
use super::cells;
use super::crossing;
use super::include;
use super::part::{Container, Part};
use super::program::{self, Extent, Origin, Program, Writer};
use super::scopes::Scopes;
use super::site::Site;
use super::tags::{self, Action, CellTag, Scope};
use crate::diag::{Diagnostic, Diagnostics, Text};
use crate::docx::graft::subdocument::{self, Subdocument};
use crate::docx::language::changing;
use crate::docx::language::faults;
use crate::docx::language::filters;
use crate::docx::language::methods;
use crate::docx::language::vocabulary;
use crate::docx::render;
use crate::docx::render::anchors::Hold;
use crate::docx::render::notes::Kind;
use crate::text;

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
#[derive(Debug, Copy, Clone, Eq, PartialEq, Hash)]
pub enum Purpose {
    /// Documents that are what they are.
    Document,
    /// Drafts with anchors, whose tags tell where their values are taken from.
    Draft,
}

/// How deeply macros and blocks may call each other.
const DEEPEST_CALL: usize = 200;

/// How long a tag may be, in bytes: it bounds how deeply an expression nests.
const LONGEST_BODY: usize = 4096;

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
    let mut compiler = Compiler { file, part, found: Vec::new() };
    let assembly = assemble::assemble(part);
    compiler.check_places(&assembly);
    compiler.check_blocks(&assembly);
    compiler.check_bodies(environment);
    let failed = compiler.found.iter().any(|(_, found)| found.is_error());
    let mut found = compiler.found;
    found.sort_by_key(|(position, _)| *position);
    diagnostics.extend(found.into_iter().map(|(_, diagnostic)| diagnostic));
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

/// Finds what is wrong with the tags of a part.
struct Compiler<'c, 'a> {
    file: &'c str,
    part: &'c Part<'a>,
    /// The diagnostics with the byte that each is about.
    found: Vec<(usize, Diagnostic)>,
}

impl Compiler<'_, '_> {
    /// Adds a diagnostic at a tag.
    fn report(&mut self, tag: usize, diagnostic: Diagnostic) {
        let placed = &self.part.tags[tag];
        let place = self.part.place(self.file, placed.unit, placed.tag.range.clone());
        self.found.push((placed.stretches[0].raw.start, diagnostic.at(place)));
    }

    fn written(&self, tag: usize) -> String {
        let placed = &self.part.tags[tag];
        faults::shown(&self.part.units[placed.unit].text[placed.tag.range.clone()])
    }

    /// Where a block is opened, as a note.
    fn opened_in(&self, tag: usize, written: &str) -> Text {
        let number = self.part.paragraph(self.part.tags[tag].unit);
        text!("`{written}` 在第 {number} 段", "`{written}` is in paragraph {number}")
    }

    /// Tags that are not closed, or stand where they can do nothing.
    fn check_places(&mut self, assembly: &Assembly) {
        for (unit, unclosed) in &self.part.unclosed {
            let place = self.part.place(self.file, *unit, unclosed.range.clone());
            let start =
                self.part.outline.elements[self.part.units[*unit].element].span.start;
            self.found.push((start, never_closed_tag(unclosed.closing).at(place)));
        }
        for tag in &assembly.misplaced {
            let placed = &self.part.tags[*tag].tag;
            let about_cell = matches!(placed.action, Action::Cell(_));
            let scope = if about_cell { Scope::Cell } else { placed.scope };
            self.report(*tag, misplaced(&self.written(*tag), scope));
        }
        for tag in &assembly.lost {
            self.report(*tag, lost(&self.written(*tag)));
        }
        for tag in &assembly.spilling {
            self.report(*tag, spilling(&self.written(*tag)));
        }
        if !self.part.outline.is_word() {
            let named = self.part.tags.iter().position(|placed| {
                self.part.units[placed.unit].container == Container::Paragraph
            });
            if let Some(tag) = named {
                self.report(tag, unusual_prefix());
            }
        }
    }

    /// Statements whose blocks are not balanced.
    fn check_blocks(&mut self, assembly: &Assembly) {
        let statements: Vec<Statement<'_>> = assembly
            .segments
            .iter()
            .filter_map(|segment| match segment {
                Segment::Tag(tag) => Some(*tag),
                _ => None,
            })
            .filter(|tag| self.part.tags[*tag].tag.action == Action::Statement)
            .map(|tag| Statement {
                tag,
                body: &self.part.tags[tag].tag.body,
                path: assembly.paths[tag],
                cell: crossing::cell(self.part, &self.part.tags[tag]),
            })
            .collect();
        for fault in blocks::check(&statements) {
            match fault {
                Fault::NeverClosed { tag } => {
                    let end =
                        format!("end{}", tags::keyword(&self.part.tags[tag].tag.body));
                    self.report(tag, never_closed(&self.written(tag), &end));
                }
                Fault::NeverOpened { tag, open } => {
                    let open = open.map(|open| self.written(open));
                    self.report(tag, never_opened(&self.written(tag), open.as_deref()));
                }
                Fault::Crossed { open, tag } => {
                    let [opening, closing] = [open, tag].map(|tag| &self.part.tags[tag]);
                    let fault = crossing::crossed(self.part, opening, closing);
                    let note = self.opened_in(open, &self.written(open));
                    self.report(tag, fault.note(note));
                }
                Fault::AcrossCells { open, tag } => {
                    let [opening, closing] = [open, tag].map(|tag| &self.part.tags[tag]);
                    let fault = crossing::across_cells(self.part, opening, closing);
                    self.report(open, fault);
                }
            }
        }
    }

    /// Expressions and statements that are wrong in themselves.
    fn check_bodies(&mut self, environment: &Environment<'static>) {
        for (tag, placed) in self.part.tags.iter().enumerate() {
            let body = &placed.tag.body;
            let fault = match placed.tag.action {
                Action::Comment | Action::Literal => None,
                Action::Cell(CellTag::MergeAcross | CellTag::MergeDown) => None,
                _ if body.len() > LONGEST_BODY => Some(BodyFault::TooLong),
                Action::Print | Action::Cell(_) => check_expression(environment, body),
                Action::Statement => match blocks::nesting(body) {
                    Nesting::Unknown => Some(BodyFault::Unknown),
                    Nesting::Closes => None,
                    _ => check_statement(body),
                },
            };
            match fault {
                Some(BodyFault::Syntax(error)) => {
                    let written = self.written(tag);
                    self.report(tag, faults::diagnose(&error, &written, None, None));
                }
                Some(BodyFault::TooLong) => self.report(tag, too_long()),
                Some(BodyFault::Unknown) => self.report(tag, unknown_statement(body)),
                None => self.check_names(environment, tag, body),
            }
        }
    }

    /// Filters and tests that do not exist.
    fn check_names(
        &mut self,
        environment: &Environment<'static>,
        tag: usize,
        body: &str,
    ) {
        if self.part.tags[tag].tag.action == Action::Comment {
            return;
        }
        let mut state = environment.empty_state();
        for (kind, name) in named(body) {
            let known = state.perform_test(kind, &[minijinja::Value::from(name)]);
            if matches!(known, Ok(false)) {
                let diagnostic = match kind {
                    "filter" => faults::unknown_filter(name),
                    _ => faults::unknown_test(name),
                };
                self.report(tag, diagnostic);
            }
        }
    }
}

/// Why a tag's body is wrong.
enum BodyFault {
    Syntax(minijinja::Error),
    TooLong,
    Unknown,
}

fn check_expression(environment: &Environment<'static>, body: &str) -> Option<BodyFault> {
    environment.compile_expression_owned(body.to_owned()).err().map(BodyFault::Syntax)
}

/// Parses a statement alone, inside or with the tags that it needs.
fn check_statement(body: &str) -> Option<BodyFault> {
    let keyword = tags::keyword(body);
    let source = match blocks::nesting(body) {
        Nesting::Opens => format!("{{% {body} %}}{{% end{keyword} %}}"),
        Nesting::Divides => format!("{{% if x %}}{{% {body} %}}{{% endif %}}"),
        _ => format!("{{% for x in y %}}{{% {body} %}}{{% endfor %}}"),
    };
    let environment = Environment::new();
    let error = environment.template_from_str(&source).err()?;
    Some(BodyFault::Syntax(error))
}

/// The filters and tests that a body names, each with its kind.
fn named(body: &str) -> Vec<(&'static str, &str)> {
    let mut found = Vec::new();
    let mut quote = None;
    let mut word_before = "";
    let mut at = 0;
    let mut after_pipe = false;
    while let Some(c) = body[at..].chars().next() {
        if let Some(open) = quote {
            quote = (c != open).then_some(open);
            at += if c == '\\' {
                body[at..].chars().take(2).map(char::len_utf8).sum()
            } else {
                c.len_utf8()
            };
            continue;
        }
        if c.is_alphabetic() || c == '_' {
            let word = tags::keyword(&body[at..]);
            if after_pipe {
                found.push(("filter", word));
            } else if word_before == "is" && word != "not" {
                found.push(("test", word));
            }
            let negated = word_before == "is" && word == "not";
            word_before = if negated { "is" } else { word };
            after_pipe = false;
            at += word.len();
            continue;
        }
        if matches!(c, '"' | '\'') {
            quote = Some(c);
        }
        if !c.is_whitespace() {
            after_pipe = c == '|';
            word_before = "";
        }
        at += c.len_utf8();
    }
    found
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
        programs.extend(compile(
            &origin,
            &part,
            delimiters,
            environment,
            sites,
            purpose,
            diagnostics,
        ));
    }
    if let Ok(part) = Part::read(&document.package.main, &document.text) {
        origin.program = include::program_name(&document.path);
        origin.extent = Extent::Body(document.body.clone(), names);
        programs.extend(compile(
            &origin,
            &part,
            delimiters,
            environment,
            sites,
            purpose,
            diagnostics,
        ));
    }
    programs
}

fn never_closed_tag(closing: &str) -> Diagnostic {
    Diagnostic::error(
        "docx/unclosed-tag",
        text!("标签没有写完，缺少 `{closing}`", "the tag is not finished: `{closing}` is missing"),
    )
    .hint(text!(
        "在同一段内补上 `{closing}`；要原样印出花括号，写 `{{_{{` 和 `}}_}}`",
        "add `{closing}` in the same paragraph; to print braces, write `{{_{{` and `}}_}}`"
    ))
}

fn never_closed(written: &str, end: &str) -> Diagnostic {
    Diagnostic::error(
        "docx/unclosed-block",
        text!("`{written}` 没有对应的 `{end}`", "`{written}` has no `{end}`"),
    )
    .hint(text!("在其后补上 `{end}` 标签", "add an `{end}` tag after it"))
}

fn never_opened(written: &str, open: Option<&str>) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        "docx/unopened-block",
        text!("`{written}` 前面没有对应的开始标签", "`{written}` closes nothing"),
    );
    match open {
        Some(open) => diagnostic.hint(text!("先结束 `{open}`", "close `{open}` first")),
        None => diagnostic.hint(text!(
            "删去它，或补上开始标签",
            "remove it, or add the tag that opens it"
        )),
    }
}

fn misplaced(written: &str, scope: tags::Scope) -> Diagnostic {
    let needed: Text = match scope {
        tags::Scope::Row => text!("表格的行", "a table row"),
        tags::Scope::Cell => text!("表格的单元格", "a table cell"),
        tags::Scope::Run | tags::Scope::Inline => text!("一段文字", "a run of text"),
        tags::Scope::Paragraph => text!("一个段落", "a paragraph"),
    };
    let (zh, en) = (&needed.zh, &needed.en);
    Diagnostic::error(
        "docx/misplaced-tag",
        text!("`{written}` 应当放在{zh}里", "`{written}` must stand in {en}"),
    )
}

fn lost(written: &str) -> Diagnostic {
    Diagnostic::warning(
        "docx/lost-tag",
        text!(
            "`{written}` 所在的段落、单元格或行被另一个标签整个取代，它不起作用",
            "`{written}` has no effect: another tag replaces the paragraph, cell or row around it"
        ),
    )
    .hint(text!("把它移到别的段落或行", "move it to another paragraph or row"))
}

fn spilling(written: &str) -> Diagnostic {
    Diagnostic::warning(
        "docx/replaced-text",
        text!(
            "`{written}` 取代整个段落、单元格或行，旁边的文字不会印出",
            "`{written}` replaces the whole paragraph, cell or row: the text beside it is not printed"
        ),
    )
    .hint(text!("让它独占一段或一行", "give it a paragraph or row of its own"))
}

/// A part that calls the elements of Word by another prefix.
pub(crate) fn unusual_prefix() -> Diagnostic {
    Diagnostic::error(
        "docx/unknown-namespace",
        text!(
            "部件没有把 `w` 用作 WordprocessingML 的前缀",
            "the part does not use the prefix `w` for WordprocessingML"
        ),
    )
    .hint(text!("用 Word 重新保存模板", "save the template again with Word"))
}

fn too_long() -> Diagnostic {
    Diagnostic::error("docx/long-tag", text!("标签过长", "the tag is too long")).hint(
        text!(
            "用 `{{% set %}}` 分成几步来写",
            "write it in several steps, with `{{% set %}}`"
        ),
    )
}

fn unknown_statement(body: &str) -> Diagnostic {
    let keyword = tags::keyword(body);
    let diagnostic = Diagnostic::error(
        "docx/unknown-statement",
        text!("没有语句 `{keyword}`", "unknown statement `{keyword}`"),
    );
    let known = blocks::OPENING.into_iter().chain(blocks::STANDING);
    let ends: Vec<String> =
        blocks::OPENING.iter().map(|name| format!("end{name}")).collect();
    if tags::CELL_TAGS.iter().any(|(name, ..)| *name == keyword) {
        return diagnostic.hint(text!(
            "写作 `{{% {keyword} %}}`，后面不带内容",
            "write `{{% {keyword} %}}` with nothing after it"
        ));
    }
    let cells = tags::CELL_TAGS.map(|(name, ..)| name);
    let known = known.chain(["else", "elif"]).chain(cells);
    let all = known.chain(ends.iter().map(String::as_str));
    match faults::nearest(keyword, all) {
        Some(near) => diagnostic
            .hint(text!("是否想写 `{near}`", "write `{near}` if that was meant")),
        None => diagnostic,
    }
}
