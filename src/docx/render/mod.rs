//! Values printed into markup, in the way that the place of the tag asks for.
//!
//! This module runs the programs and prints plain values. [`fragment`] writes rich text,
//! its lists counted by [`numbering`], its tables shared out by [`columns`]; [`anchors`]
//! hold the values of drafts; [`notes`] are footnotes and comments; [`drawings`] loads the
//! pictures ([`media`], with [`lettering`] for their words) and has the [`charts`] written ([`chart_space`], [`workbook`]). One
//! [`draft`] collects what becomes of the package. [`marks`] are what is left in a part
//! for the passes after it; [`diagnosis`] finds all faults of a run that has failed.

pub(super) mod anchors;
pub(super) mod chart_space;
pub(super) mod charts;
mod columns;
pub(super) mod diagnosis;
pub(super) mod draft;
pub(super) mod drawings;
pub(super) mod fragment;
pub(super) mod lettering;
pub(super) mod marks;
pub(super) mod media;
pub(super) mod notes;
pub(super) mod numbering;
pub(super) mod workbook;

use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use minijinja::value::{Object, ObjectRepr, ValueKind};
use minijinja::{Environment, Error, ErrorKind, Output, State, Value};

use self::anchors::{Anchors, Hold};
use self::drawings::Graphic;
use self::fragment::{Fragment, LINK_START};
use self::marks::{GRAFT, HINT, NOTE, PICTURE};
use self::notes::Note;
use self::numbering::{Definitions, Numbering};
use crate::docx::graft::subdocument::SubdocumentPath;
use crate::docx::graft::{self, HOST};
use crate::docx::language::charts::Chart;
use crate::docx::language::dotted::{self, Dotted};
use crate::docx::language::faults::{self, Explained};
use crate::docx::language::picture::Picture;
use crate::docx::language::print;
use crate::docx::language::rich::RichText;
use crate::docx::language::spread::Spread;
use crate::docx::language::typed::{Misshapen, StyledParagraphs, StyledRun, StyledText};
use crate::docx::language::vocabulary::{Contents, PageBreak};
use crate::docx::opc::escape;
use crate::docx::opc::order::Properties;
use crate::docx::opc::relations::{Mode, Relations};
use crate::docx::opc::styles::Styles;
use crate::docx::opc::xml::Outline;
use crate::docx::output::toc;
use crate::docx::template::part::Container;
use crate::docx::template::program::Program;
use crate::docx::template::site::Site;
use crate::docx::template::tags::Scope;
use crate::text;

/// The filter that tells which tag a value is printed by.
pub(crate) const AT: &str = "__huikan_at";
/// The function that puts the session into the state of a program's run.
pub(crate) const OPEN: &str = "__huikan_open";
/// The variable that carries the session there.
pub(crate) const SESSION: &str = "__huikan_session";

/// What is known and collected while the parts of a document are rendered.
#[derive(Debug)]
pub(crate) struct Session {
    sites: Arc<[Site]>,
    styles: Arc<Styles>,
    /// The relationships of the current part, with those to links added.
    pub(crate) relations: Relations,
    /// The document's numbering, with that of lists added.
    pub(crate) numbering: Numbering,
    /// Whether the current part is the document's body, where alone notes and
    /// tables of contents can be.
    pub(crate) body: bool,
    /// The pictures and charts printed in it, each with the number of its tag.
    graphics: Vec<(usize, Graphic)>,
    /// The notes printed, each with the number of its tag.
    notes: Vec<(usize, Note)>,
    /// The paths of the documents printed in it, each with the number of its tag.
    documents: Vec<(usize, String)>,
    /// The tag whose value comes next.
    tag: Option<usize>,
    /// How many spread texts there are.
    spreads: usize,
    /// What is wrong with the value that is being printed.
    fault: Option<Explained>,
    /// The anchors of the draft, if it has some.
    pub(crate) anchors: Option<Anchors>,
}

/// The session on its way into the state, from where it is taken once.
#[derive(Debug)]
struct Envelope(Mutex<Option<Session>>);

impl Object for Envelope {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }
}

/// A rendered part, its pictures, charts and notes still as numbers.
#[derive(Debug)]
pub(crate) struct Rendered {
    /// The part.
    pub(crate) xml: String,
    /// The program that rendered it.
    pub(crate) program: Arc<Program>,
    /// The pictures and charts printed, each with the number of its tag.
    pub(crate) graphics: Vec<(usize, Graphic)>,
    /// The notes printed, each with the number of its tag.
    pub(crate) notes: Vec<(usize, Note)>,
    /// The paths of the documents printed, each with the number of its tag.
    pub(crate) documents: Vec<(usize, String)>,
}

/// Runs the program of a part.
pub(crate) fn render(
    environment: &Environment<'static>,
    program: &Arc<Program>,
    session: Session,
    root: &Value,
) -> Result<(Rendered, Session), Error> {
    let envelope = Value::from_object(Envelope(Mutex::new(Some(session))));
    let context = minijinja::value::merge_maps([
        Value::from_pairs([(SESSION, envelope)]),
        root.clone(),
    ]);
    let template = environment.get_template(&program.name)?;
    let mut captured = template.render_captured(context)?;
    let session = captured.with_state_mut(|state| {
        let session = state.get_extension_mut::<Option<Session>>();
        session.and_then(Option::take)
    });
    // The program's first statement has put the session into the state.
    let mut session = session.ok_or_else(|| Error::from(ErrorKind::InvalidOperation))?;
    let graphics = std::mem::take(&mut session.graphics);
    let notes = std::mem::take(&mut session.notes);
    let documents = std::mem::take(&mut session.documents);
    let xml = captured.into_output();
    Ok((Rendered { xml, program: program.clone(), graphics, notes, documents }, session))
}

/// The function [`OPEN`].
pub(crate) fn open(state: &mut State<'_, '_>, envelope: &Value) {
    let session = envelope.downcast_object_ref::<Envelope>().and_then(|envelope| {
        envelope.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    });
    state.get_or_insert_extension::<Option<Session>>(session);
}

/// The filter [`AT`]: the value as it is. In drafts, the value that it is taken
/// from and its key there follow, if the tag says so.
pub(crate) fn at(
    state: &mut State<'_, '_>,
    value: Value,
    tag: usize,
    parent: Option<&Value>,
    key: Option<&Value>,
) -> Value {
    if let Some(Some(session)) = state.get_extension_mut::<Option<Session>>() {
        session.tag = Some(tag);
        if let (Some(anchors), Some(key)) = (&mut session.anchors, key) {
            anchors.note(parent.unwrap_or(&Value::UNDEFINED), key);
        }
    }
    value
}

/// The formatter of the environment.
pub(crate) fn format(
    out: &mut Output<'_>,
    state: &mut State<'_, '_>,
    value: &Value,
) -> Result<(), Error> {
    let session = state.get_extension_mut::<Option<Session>>().and_then(Option::as_mut);
    let markup = match session {
        Some(session) => {
            let markup = session.print(value);
            if let Some(fault) = session.fault.take() {
                return Err(fault.into());
            }
            markup
        }
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
    /// A session for the tags of these sites.
    pub(crate) fn new(
        sites: &Arc<[Site]>,
        styles: &Arc<Styles>,
        numbering: &Arc<Definitions>,
    ) -> Self {
        Self {
            sites: sites.clone(),
            styles: styles.clone(),
            relations: Relations::default(),
            numbering: Numbering::new(numbering),
            body: false,
            graphics: Vec::new(),
            notes: Vec::new(),
            documents: Vec::new(),
            tag: None,
            spreads: 0,
            fault: None,
            anchors: None,
        }
    }

    /// A value as the paragraphs of a note that stands at a site of its own.
    ///
    /// Fails with what is wrong with the value.
    pub(crate) fn paragraphs(
        &mut self,
        site: &Site,
        value: &Value,
    ) -> Result<String, Explained> {
        let mut printer = Printer { session: self, site, tag: 0 };
        let paragraphs = printer.paragraphs(value);
        let pictured = !self.graphics.is_empty();
        match self.fault.take().or_else(|| pictured.then(no_picture)) {
            Some(fault) => Err(fault),
            None => Ok(paragraphs),
        }
    }

    fn print(&mut self, value: &Value) -> String {
        let sites = self.sites.clone();
        if let Some(misshapen) = value.downcast_object_ref::<Misshapen>() {
            self.fault = Some(misshapen.0.clone());
        }
        let Some(tag) = self.tag.take() else { return unplaced(value) };
        let Some(site) = sites.get(tag) else { return unplaced(value) };
        if site.container != Container::Paragraph
            && let Some(note) = value.downcast_object_ref::<Note>()
        {
            self.fault = Some(misplaced(note.kind.function()));
        }
        let mut printer = Printer { session: self, site, tag };
        let printed = match (site.container, site.scope) {
            (Container::Attribute, _) => {
                escape::escape_attribute(&graft::without_marks(&print::text(value)))
            }
            (Container::Bare, _) => {
                escape::escape(&graft::without_marks(&print::text(value)))
            }
            (Container::Paragraph, Scope::Inline) => printer.inline(value),
            (Container::Paragraph, Scope::Run) => printer.runs(value),
            (Container::Paragraph, Scope::Paragraph) => printer.paragraphs(value),
            (Container::Paragraph, Scope::Cell) => printer.cells(value),
            (Container::Paragraph, Scope::Row) => printer.rows(value),
        };
        // What is made here is made of the host's styles and relationships.
        match site.document != HOST && !value.is_safe() && printed.contains('<') {
            true => graft::begins(HOST) + &printed + &graft::ends(),
            false => printed,
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
        if value.downcast_object_ref::<SubdocumentPath>().is_some() {
            self.session.fault = Some(misplaced_document(&self.site.written));
        }
        if let Some(picture) = value.downcast_object_ref::<Picture>() {
            let run = self.graphic(Graphic::Picture(picture.clone()));
            return self.between_runs(&run);
        }
        if let Some(chart) = value.downcast_object::<Chart>() {
            let run = self.chart(chart);
            return self.between_runs(&run);
        }
        if let Some(runs) = self.object(value) {
            let runs = self.held(value, runs);
            return self.between_runs(&runs);
        }
        match value.as_str() {
            Some(markup) if value.is_safe() => markup.to_owned(),
            _ => self.inline_text(value),
        }
    }

    /// Text inside the text of a run. An anchor needs runs of its own, one for
    /// each paragraph that the text has.
    fn inline_text(&mut self, value: &Value) -> String {
        let text = print::text(value);
        let pointer = self.origin(value).filter(|_| !text.is_empty());
        let Some(pointer) = pointer else { return self.text(&text) };
        let splits = |c: char| self.site.splittable && matches!(c, '\u{7}' | '\u{c}');
        let several = text.contains(splits);
        let mut runs = String::new();
        for (index, piece) in text.split_inclusive(splits).enumerate() {
            let end = piece.chars().next_back().filter(|c| splits(*c));
            let run = self.run(piece.strip_suffix(splits).unwrap_or(piece));
            let piece = several.then_some(index + 1);
            runs.push_str(&self.hold(&run, &pointer, piece));
            if let Some(end) = end {
                let between = if end == '\u{c}' { PAGE_BREAK } else { "" };
                runs.push_str(&format!("</w:p>{between}<w:p>{}", self.site.paragraph));
            }
        }
        anchors::between_runs(&runs, &self.site.run)
    }

    /// Runs inside the text of a run: it ends before them and goes on after.
    fn between_runs(&self, runs: &str) -> String {
        let properties = &self.site.run;
        format!("</w:t></w:r>{runs}<w:r>{properties}<w:t xml:space=\"preserve\">")
    }

    /// Where a value comes from, if the draft has anchors and the place takes one.
    fn origin(&mut self, value: &Value) -> Option<Arc<str>> {
        let anchors = self.session.anchors.as_mut()?;
        let origin = anchors.origin(value);
        origin.filter(|_| self.site.hold != Hold::Nothing)
    }

    /// The runs of a value, held by an anchor.
    fn held(&mut self, value: &Value, runs: String) -> String {
        match self.origin(value) {
            // An anchor does not reach over the end of a paragraph.
            Some(pointer) if !runs.contains("</w:p>") => self.hold(&runs, &pointer, None),
            _ => runs,
        }
    }

    fn hold(&mut self, runs: &str, pointer: &Arc<str>, piece: Option<usize>) -> String {
        let hold = self.site.hold;
        match &mut self.session.anchors {
            Some(anchors) => anchors.hold(runs, hold, pointer, piece),
            None => runs.to_owned(),
        }
    }

    /// In place of a run.
    fn runs(&mut self, value: &Value) -> String {
        if let Some(markup) = markup(value) {
            return markup;
        }
        if let Some(picture) = value.downcast_object_ref::<Picture>() {
            return self.graphic(Graphic::Picture(picture.clone()));
        }
        if let Some(chart) = value.downcast_object::<Chart>() {
            return self.chart(chart);
        }
        if let Some(rich) = value.downcast_object_ref::<RichText>() {
            let runs = self.fragment(None).runs(rich);
            return self.held(value, runs);
        }
        if value.downcast_object_ref::<SubdocumentPath>().is_some() {
            self.session.fault = Some(misplaced_document(&self.site.written));
        }
        if let Some(runs) = self.object(value) {
            return self.held(value, runs);
        }
        if let Some(misshapen) = value.downcast_object_ref::<Misshapen>() {
            self.session.fault = Some(misshapen.0.clone());
        }
        let run = self.run(&print::text(value));
        self.held(value, run)
    }

    /// In place of a paragraph.
    fn paragraphs(&mut self, value: &Value) -> String {
        if let Some(markup) = markup(value) {
            return markup;
        }
        if let Some(rich) = value.downcast_object_ref::<RichText>() {
            let pointer = self.origin(value);
            return self.fragment(pointer).paragraphs(rich);
        }
        if let Some(contents) = value.downcast_object_ref::<Contents>() {
            if !self.session.body || self.site.boxed {
                self.session.fault = Some(misplaced("toc"));
            }
            return toc::empty(&contents.levels);
        }
        if let Some(styled) = value.downcast_object_ref::<StyledParagraphs>() {
            let pointer = self.origin(value);
            return self.styled_paragraphs(styled, pointer.as_ref());
        }
        if let Some(SubdocumentPath(path)) = value.downcast_object_ref() {
            let number = self.session.documents.len();
            self.session.documents.push((self.tag, path.clone()));
            return graft::printed(number);
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
        // A document that is printed whole stands for itself until it is there.
        if !inside.ends_with("</w:p>") && !inside.ends_with(GRAFT) {
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

    /// A run with a chart; Word has none in notes.
    fn chart(&mut self, chart: Arc<Chart>) -> String {
        if self.site.noted {
            self.session.fault = Some(no_chart());
            return String::new();
        }
        self.graphic(Graphic::Chart(chart))
    }

    /// A run with a picture or chart, which is drawn when all of them are known.
    fn graphic(&mut self, graphic: Graphic) -> String {
        let number = self.session.graphics.len();
        self.session.graphics.push((self.tag, graphic));
        let properties = &self.site.run;
        format!("<w:r>{properties}{PICTURE}{number}{PICTURE}</w:r>")
    }

    /// What writes rich text, each paragraph held by an anchor to its pointer.
    fn fragment(&mut self, pointer: Option<Arc<str>>) -> Fragment<'_> {
        let notable = self.session.body && !self.site.boxed;
        let Session { styles, relations, numbering, graphics, notes, anchors, .. } =
            &mut *self.session;
        let (tag, hold) = (self.tag, self.site.hold);
        let note: Box<dyn FnMut(RichText) -> usize> = Box::new(move |rich| {
            notes.push((tag, Note::footnote(Value::from_object(rich))));
            notes.len() - 1
        });
        let mut piece = 0;
        Fragment {
            styles,
            site: self.site,
            numbering,
            hold: Box::new(move |content| match (&mut *anchors, &pointer) {
                (Some(anchors), Some(pointer)) => {
                    piece += 1;
                    anchors.hold(content, hold, pointer, Some(piece))
                }
                _ => content.to_owned(),
            }),
            link: Box::new(|url| relations.add("hyperlink", url, Mode::External)),
            picture: Box::new(move |picture| {
                graphics.push((tag, Graphic::Picture(picture)));
                graphics.len() - 1
            }),
            note: notable.then_some(note),
        }
    }

    /// The runs of a value that is no text; paragraphs become lines.
    fn object(&mut self, value: &Value) -> Option<String> {
        if value.downcast_object_ref::<PageBreak>().is_some() {
            return Some(PAGE_BREAK_RUN.to_owned());
        }
        if let Some(spread) = value.downcast_object_ref::<Spread>() {
            return Some(self.spread(spread));
        }
        if let Some(dotted) = value.downcast_object_ref::<Dotted>() {
            let properties = dotted::properties(&self.site.run);
            let text = self.text(&dotted.text);
            return Some(format!(
                "<w:r>{properties}<w:t xml:space=\"preserve\">{text}</w:t></w:r>"
            ));
        }
        if let Some(note) = value.downcast_object_ref::<Note>() {
            return Some(self.note(note));
        }
        if value.downcast_object_ref::<Contents>().is_some() {
            self.session.fault = Some(toc_alone());
            return Some(String::new());
        }
        self.styled(value)
    }

    /// A run with a note, which is written when the whole body is there.
    fn note(&mut self, note: &Note) -> String {
        if !self.session.body || self.site.boxed {
            self.session.fault = Some(misplaced(note.kind.function()));
            return String::new();
        }
        let number = self.session.notes.len();
        self.session.notes.push((self.tag, note.clone()));
        let mut properties = Properties::read(&self.site.run);
        if let Some((name, mark)) = note.kind.mark(&self.session.styles) {
            properties.set(name, mark);
        }
        let properties = properties.write("w:rPr");
        format!("<w:r>{properties}{NOTE}{number}{NOTE}</w:r>")
    }

    /// The runs of a value that has runs of its own.
    fn styled(&mut self, value: &Value) -> Option<String> {
        let site = self.site;
        let flow = Flow { paragraph: &site.paragraph, splittable: site.splittable };
        if let Some(text) = value.downcast_object_ref::<StyledText>() {
            return Some(self.styled_runs(text, flow));
        }
        let paragraphs = value.downcast_object_ref::<StyledParagraphs>()?;
        let lines: Vec<String> =
            paragraphs.0.iter().map(|(_, text)| self.styled_runs(text, flow)).collect();
        Some(lines.join("<w:r><w:br/></w:r>"))
    }

    /// Runs that Word stretches to a width; what cannot be stretched stays as it is.
    fn spread(&mut self, spread: &Spread) -> String {
        let (id, width) = (self.session.spreads + 1, self.character_width());
        let Some(runs) = spread.runs(&self.site.run, width, id) else {
            return self.run(&spread.text);
        };
        self.session.spreads = id;
        runs
    }

    /// The width of a full-width character of the tag's run, in twips.
    fn character_width(&self) -> f64 {
        let attribute = |raw: &str, child: &str| {
            let outline = Outline::read(raw).ok().filter(|o| !o.elements.is_empty())?;
            outline.child_attribute(0, child, "w:val").map(|value| value.to_string())
        };
        let own = attribute(&self.site.run, "w:sz").and_then(|size| size.parse().ok());
        let style = attribute(&self.site.paragraph, "w:pStyle");
        let size: Option<f64> =
            own.or_else(|| self.session.styles.format(style.as_deref()).size);
        // Half points are ten twips each.
        size.unwrap_or(DEFAULT_SIZE).clamp(1.0, 3276.0) * 10.0
    }

    fn styled_paragraphs(
        &mut self,
        styled: &StyledParagraphs,
        pointer: Option<&Arc<str>>,
    ) -> String {
        let mut out = String::new();
        for (index, (style, text)) in styled.0.iter().enumerate() {
            let properties = style.as_deref().map_or(String::new(), |style| {
                let id = self.style("paragraph", style);
                format!("<w:pPr><w:pStyle w:val=\"{id}\"/></w:pPr>")
            });
            let flow = Flow { paragraph: &properties, splittable: true };
            let mut runs = self.styled_runs(text, flow);
            if let Some(pointer) = pointer.filter(|_| !runs.contains("</w:p>")) {
                runs = self.hold(&runs, pointer, Some(index + 1));
            }
            out.push_str(&format!("<w:p>{properties}{runs}</w:p>"));
        }
        out
    }

    fn styled_runs(&mut self, text: &StyledText, flow: Flow<'_>) -> String {
        text.runs.iter().map(|run| self.styled_run(run, flow)).collect()
    }

    fn styled_run(&mut self, run: &StyledRun, flow: Flow<'_>) -> String {
        let mut properties = run.properties.clone();
        if let Some(style) = &run.style {
            let id = self.style("character", style);
            properties.set("w:rStyle", format!("<w:rStyle w:val=\"{id}\"/>"));
        }
        let properties = properties.write("w:rPr");
        let url = run.url.as_deref().and_then(fragment::address);
        let splittable = flow.splittable && url.is_none();
        let text = text(&run.text, &properties, Flow { splittable, ..flow });
        let run =
            format!("<w:r>{properties}<w:t xml:space=\"preserve\">{text}</w:t></w:r>");
        let Some(url) = url else { return run };
        let id = self.session.relations.add("hyperlink", &url, Mode::External);
        format!("{LINK_START}=\"{id}\" w:tgtFrame=\"_blank\">{run}</w:hyperlink>")
    }

    /// The id of the style that a value names by id or by name, for an attribute.
    fn style(&self, kind: &str, written: &str) -> String {
        let known = self.session.styles.find(kind, written);
        escape::escape_attribute(known.unwrap_or(written))
    }

    /// Text inside the tag's own run.
    fn text(&self, written: &str) -> String {
        let Site { paragraph, run, splittable, .. } = self.site;
        text(written, run, Flow { paragraph, splittable: *splittable })
    }
}

/// A document is paragraphs, wherever a tag prints it.
fn misplaced_document(written: &str) -> Explained {
    let written = faults::shown(written);
    Explained::new(
        "docx/include-place",
        text!(
            "`{written}` 印出整段内容，应当写作 `{{{{p … }}}}`，独占一段",
            "`{written}` prints paragraphs, so it must be `{{{{p … }}}}`, alone in a paragraph"
        ),
    )
}

/// The paragraph that a text is printed in.
#[derive(Debug, Clone, Copy)]
struct Flow<'f> {
    /// Its properties, or nothing.
    paragraph: &'f str,
    /// Whether it can be ended and begun again.
    splittable: bool,
}

/// Text inside a `w:t`: line breaks, tabs, paragraphs and pages where the value
/// has them, and what XML forbids left out. `run` are the run's properties.
fn text(text: &str, run: &str, flow: Flow<'_>) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut shared = false;
    let mut wide = false;
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\r' if characters.peek() == Some(&'\n') => {}
            '\n' | '\r' | '\u{b}' => out.push_str(LINE_BREAK),
            '\t' => out.push_str("</w:t><w:tab/><w:t xml:space=\"preserve\">"),
            '\u{7}' if flow.splittable => next_paragraph(&mut out, "", run, flow),
            '\u{c}' if flow.splittable => {
                next_paragraph(&mut out, PAGE_BREAK, run, flow);
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
fn next_paragraph(out: &mut String, between: &str, run: &str, flow: Flow<'_>) {
    let paragraph = flow.paragraph;
    // Writing to a string does not fail.
    let _ = write!(
        out,
        "</w:t></w:r></w:p>{between}<w:p>{paragraph}<w:r>{run}<w:t xml:space=\"preserve\">"
    );
}

const LINE_BREAK: &str = "</w:t><w:br/><w:t xml:space=\"preserve\">";
/// The size of text that nothing sets, in half points.
const DEFAULT_SIZE: f64 = 20.0;
const PAGE_BREAK_RUN: &str = "<w:r><w:br w:type=\"page\"/></w:r>";
const PAGE_BREAK: &str = "<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>";

/// That a value cannot be printed outside of running text.
fn misplaced(function: &str) -> Explained {
    Explained::new(
        "docx/misplaced-value",
        text!(
            "`{function}` 只能用在正文里，不能用在页眉、页脚、注或文本框里",
            "`{function}` works in the body only, not in headers, footers, notes or text boxes"
        ),
    )
}

/// That a table of contents needs a paragraph of its own.
fn toc_alone() -> Explained {
    Explained::new(
        "docx/misplaced-value",
        text!(
            "目录要独占一段：写作 `{{{{p toc() }}}}`",
            "a table of contents takes a whole paragraph: write `{{{{p toc() }}}}`"
        ),
    )
}

/// That there are no pictures in notes.
fn no_picture() -> Explained {
    Explained::new(
        "docx/argument",
        text!("脚注和批注里不能有图片", "notes cannot hold pictures"),
    )
}

/// That there are no charts in notes.
fn no_chart() -> Explained {
    Explained::new(
        "docx/misplaced-value",
        text!(
            "`chart` 不能用在脚注、尾注或批注里",
            "`chart` does not work in footnotes, endnotes or comments"
        ),
    )
}

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
