//! What is wrong with the tags of a part, found tag by tag so that all is told at once.

use minijinja::Environment;

use super::assemble::{Assembly, Segment};
use super::blocks::{self, Fault, Nesting, Statement};
use super::crossing;
use super::part::{Container, Part};
use super::tags::{self, Action, CellTag, Scope};
use crate::diag::{Diagnostic, Text};
use crate::docx::language::faults;
use crate::text;

/// How long a tag may be, in bytes: it bounds how deeply an expression nests.
const LONGEST_BODY: usize = 4096;

/// The faults of the tags of a part, in document order.
pub(crate) fn check(
    file: &str,
    part: &Part<'_>,
    assembly: &Assembly,
    environment: &Environment<'static>,
) -> Vec<Diagnostic> {
    let mut checker = Checker { file, part, found: Vec::new() };
    checker.check_places(assembly);
    checker.check_blocks(assembly);
    checker.check_bodies(environment);
    let mut found = checker.found;
    found.sort_by_key(|(position, _)| *position);
    found.into_iter().map(|(_, diagnostic)| diagnostic).collect()
}

/// Finds what is wrong with the tags of a part.
struct Checker<'c, 'a> {
    file: &'c str,
    part: &'c Part<'a>,
    /// The diagnostics with the byte that each is about.
    found: Vec<(usize, Diagnostic)>,
}

impl Checker<'_, '_> {
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
