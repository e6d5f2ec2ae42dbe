//! Values printed into markup, in the way that the place of the tag asks for.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use minijinja::value::{Object, ObjectRepr, ValueKind};
use minijinja::{Environment, Error, Output, State, Value};
use serde_json::Value as Json;

use super::compile::Program;
use super::context;
use super::escape;
use super::faults;
use super::fragment::Fragment;
use super::part::Container;
use super::picture::Picture;
use super::print;
use super::relations::{Mode, Relations};
use super::rich::RichText;
use super::site::Site;
use super::styles::Styles;
use super::tags::Scope;
use crate::diag::{self, Diagnostic};

/// The filter that tells which tag a value is printed by.
pub(super) const AT: &str = "__huikan_at";
/// The function that puts the session into the state of a program's run.
pub(super) const OPEN: &str = "__huikan_open";
/// The variable that carries the session there.
pub(super) const SESSION: &str = "__huikan_session";

/// Marks a run whose text needs the East Asian font; see [`super::finish`].
pub(super) const HINT: char = '\u{1}';
/// Stands on both sides of the number of a picture; see [`super::finish`].
pub(super) const PICTURE: char = '\u{2}';

/// What is known and collected while one part is rendered.
#[derive(Debug)]
pub(super) struct Session {
    program: Arc<Program>,
    styles: Arc<Styles>,
    /// The part's relationships, with those to links added.
    pub(super) relations: Relations,
    /// The pictures printed, each with the number of its tag.
    pub(super) pictures: Vec<(usize, Picture)>,
    /// The tag whose value comes next.
    tag: Option<usize>,
}

/// The session on its way into the state, from where it is taken once.
#[derive(Debug)]
struct Envelope(Mutex<Option<Session>>);

impl Object for Envelope {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }
}

/// A rendered part, its pictures still as numbers.
#[derive(Debug)]
pub(super) struct Rendered {
    /// The part.
    pub(super) xml: String,
    /// The program that rendered it.
    pub(super) program: Arc<Program>,
    /// The part's relationships, with those to links added.
    pub(super) relations: Relations,
    /// The pictures printed, each with the number of its tag.
    pub(super) pictures: Vec<(usize, Picture)>,
}

/// Runs the program of a part.
pub(super) fn render(
    environment: &Environment<'static>,
    program: &Arc<Program>,
    styles: &Arc<Styles>,
    relations: Relations,
    root: &Value,
    data: &Json,
) -> diag::Result<Rendered> {
    let session = Session {
        program: program.clone(),
        styles: styles.clone(),
        relations,
        pictures: Vec::new(),
        tag: None,
    };
    let envelope = Value::from_object(Envelope(Mutex::new(Some(session))));
    let context = minijinja::value::merge_maps([
        Value::from_pairs([(SESSION, envelope)]),
        root.clone(),
    ]);
    let captured = environment
        .get_template(&program.name)
        .and_then(|template| template.render_captured(context));
    let mut captured = match captured {
        Ok(captured) => captured,
        Err(error) => return Err(diagnose(&error, program, data).into()),
    };
    let session = captured.with_state_mut(|state| {
        let session = state.get_extension_mut::<Option<Session>>();
        session.and_then(Option::take)
    });
    let (relations, pictures) = match session {
        Some(session) => (session.relations, session.pictures),
        None => (Relations::read(None), Vec::new()),
    };
    let xml = captured.into_output();
    Ok(Rendered { xml, program: program.clone(), relations, pictures })
}

/// The context of a dataset.
pub(super) fn root(data: &Json) -> Value {
    context::root(data)
}

fn diagnose(error: &Error, program: &Program, data: &Json) -> Diagnostic {
    let site = error.range().and_then(|range| program.site_at(range.start));
    let written = site.map_or("", |site| &site.written);
    faults::diagnose(error, written, site.map(|site| site.place.clone()), Some(data))
}

/// The function [`OPEN`].
pub(super) fn open(state: &mut State<'_, '_>, envelope: &Value) {
    let session = envelope.downcast_object_ref::<Envelope>().and_then(|envelope| {
        envelope.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    });
    state.get_or_insert_extension::<Option<Session>>(session);
}

/// The filter [`AT`]: the value as it is.
pub(super) fn at(state: &mut State<'_, '_>, value: Value, tag: usize) -> Value {
    if let Some(Some(session)) = state.get_extension_mut::<Option<Session>>() {
        session.tag = Some(tag);
    }
    value
}

/// The formatter of the environment.
pub(super) fn format(
    out: &mut Output<'_>,
    state: &mut State<'_, '_>,
    value: &Value,
) -> Result<(), Error> {
    let session = state.get_extension_mut::<Option<Session>>().and_then(Option::as_mut);
    let markup = match session {
        Some(session) => session.print(value),
        None => unplaced(value),
    };
    out.write_str(&markup)?;
    Ok(())
}

/// A value that no tag prints directly: what a call or an operator makes.
fn unplaced(value: &Value) -> String {
    match value.as_str() {
        Some(markup) if value.is_safe() => markup.to_owned(),
        _ => escape::escape(&print::text(value)),
    }
}

impl Session {
    fn print(&mut self, value: &Value) -> String {
        let program = self.program.clone();
        let Some(tag) = self.tag.take() else { return unplaced(value) };
        let Some(site) = program.sites.get(tag) else { return unplaced(value) };
        let mut printer = Printer { session: self, site, tag };
        match (site.container, site.scope) {
            (Container::Attribute, _) => escape::escape_attribute(&print::text(value)),
            (Container::Bare, _) => escape::escape(&print::text(value)),
            (Container::Paragraph, Scope::Inline) => printer.inline(value),
            (Container::Paragraph, Scope::Run) => printer.runs(value),
            (Container::Paragraph, Scope::Paragraph) => printer.paragraphs(value),
            (Container::Paragraph, Scope::Cell) => printer.cells(value),
            (Container::Paragraph, Scope::Row) => printer.rows(value),
        }
    }
}

/// Prints a value at a site.
struct Printer<'p> {
    session: &'p mut Session,
    site: &'p Site,
    tag: usize,
}

impl Printer<'_> {
    /// Inside the text of a run.
    fn inline(&mut self, value: &Value) -> String {
        if let Some(picture) = value.downcast_object_ref::<Picture>() {
            let run = self.picture(picture);
            let properties = &self.site.run;
            return format!(
                "</w:t></w:r>{run}<w:r>{properties}<w:t xml:space=\"preserve\">"
            );
        }
        match value.as_str() {
            Some(markup) if value.is_safe() => markup.to_owned(),
            _ => self.text(&print::text(value)),
        }
    }

    /// In place of a run.
    fn runs(&mut self, value: &Value) -> String {
        if let Some(markup) = markup(value) {
            return markup;
        }
        if let Some(picture) = value.downcast_object_ref::<Picture>() {
            return self.picture(picture);
        }
        if let Some(rich) = value.downcast_object_ref::<RichText>() {
            return self.fragment().runs(rich);
        }
        self.run(&print::text(value))
    }

    /// In place of a paragraph.
    fn paragraphs(&mut self, value: &Value) -> String {
        if let Some(markup) = markup(value) {
            return markup;
        }
        if let Some(rich) = value.downcast_object_ref::<RichText>() {
            return self.fragment().paragraphs(rich);
        }
        if is_list(value) {
            return value
                .try_iter()
                .into_iter()
                .flatten()
                .map(|item| self.paragraphs(&item))
                .collect();
        }
        let runs = self.runs(value);
        let properties = &self.site.paragraph;
        format!("<w:p>{properties}{runs}</w:p>")
    }

    /// In place of a table cell: one for each item of a list.
    fn cells(&mut self, value: &Value) -> String {
        if let Some(markup) = markup(value) {
            return markup;
        }
        if is_list(value) {
            let items = value.try_iter().into_iter().flatten();
            return items.map(|item| self.cell(&item)).collect();
        }
        self.cell(value)
    }

    fn cell(&mut self, value: &Value) -> String {
        let properties = &self.site.cell;
        let mut inside = self.paragraphs(value);
        if !inside.ends_with("</w:p>") {
            inside.push_str("<w:p/>");
        }
        format!("<w:tc>{properties}{inside}</w:tc>")
    }

    /// In place of a table row: one for a list, many for a list of lists.
    fn rows(&mut self, value: &Value) -> String {
        if let Some(markup) = markup(value) {
            return markup;
        }
        let nested = is_list(value)
            && value
                .try_iter()
                .is_ok_and(|mut items| items.next().is_some_and(|item| is_list(&item)));
        if nested {
            let items = value.try_iter().into_iter().flatten();
            return items.map(|item| self.rows(&item)).collect();
        }
        let cells = self.cells(value);
        let properties = &self.site.row;
        match cells.is_empty() {
            true => cells,
            false => format!("<w:tr>{properties}{cells}</w:tr>"),
        }
    }

    fn run(&self, text: &str) -> String {
        let properties = &self.site.run;
        let text = self.text(text);
        format!("<w:r>{properties}<w:t xml:space=\"preserve\">{text}</w:t></w:r>")
    }

    /// A run with a picture, which is drawn when all of them are known.
    fn picture(&mut self, picture: &Picture) -> String {
        let number = self.session.pictures.len();
        self.session.pictures.push((self.tag, picture.clone()));
        let properties = &self.site.run;
        format!("<w:r>{properties}{PICTURE}{number}{PICTURE}</w:r>")
    }

    fn fragment(&mut self) -> Fragment<'_> {
        let Session { styles, relations, pictures, .. } = &mut *self.session;
        let tag = self.tag;
        Fragment {
            styles,
            site: self.site,
            link: Box::new(|url| relations.add("hyperlink", url, Mode::External)),
            picture: Box::new(move |picture| {
                pictures.push((tag, picture));
                pictures.len() - 1
            }),
        }
    }

    /// Text inside a `w:t`: line breaks, tabs, paragraphs and pages where the
    /// value has them, and what XML forbids left out.
    fn text(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len() + 16);
        let mut shared = false;
        let mut wide = false;
        let mut characters = text.chars().peekable();
        while let Some(c) = characters.next() {
            match c {
                '\r' if characters.peek() == Some(&'\n') => {}
                '\n' | '\r' | '\u{b}' => out.push_str(LINE_BREAK),
                '\t' => out.push_str("</w:t><w:tab/><w:t xml:space=\"preserve\">"),
                '\u{7}' if self.site.splittable => self.next_paragraph(&mut out, ""),
                '\u{c}' if self.site.splittable => {
                    self.next_paragraph(&mut out, PAGE_BREAK);
                }
                '\u{7}' | '\u{c}' => out.push_str(LINE_BREAK),
                c => {
                    shared |= escape::is_shared(c);
                    wide |= escape::is_wide(c);
                    escape::push_char(&mut out, c);
                }
            }
        }
        if shared && wide {
            out.push(HINT);
        }
        out
    }

    /// Ends the paragraph and begins another like it.
    fn next_paragraph(&self, out: &mut String, between: &str) {
        let (paragraph, run) = (&self.site.paragraph, &self.site.run);
        // Writing to a string does not fail.
        let _ = write!(
            out,
            "</w:t></w:r></w:p>{between}<w:p>{paragraph}<w:r>{run}<w:t xml:space=\"preserve\">"
        );
    }
}

const LINE_BREAK: &str = "</w:t><w:br/><w:t xml:space=\"preserve\">";
const PAGE_BREAK: &str = "<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>";

/// What a block or run tag prints without looking at its site: captured markup,
/// or nothing for nothing.
fn markup(value: &Value) -> Option<String> {
    if matches!(value.kind(), ValueKind::Undefined | ValueKind::None) {
        return Some(String::new());
    }
    value.is_safe().then(|| value.as_str().unwrap_or_default().to_owned())
}

fn is_list(value: &Value) -> bool {
    matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable)
}
