//! Word drafts: a dataset merged into a `.docx` template.
//!
//! # Steps
//! 1. [`opc`] opens the template's package and reads its parts as elements with byte
//!    spans.
//! 2. [`template`] finds the tags, checks them, and writes bytes and tags as one MiniJinja
//!    program per part. All of this happens once, in [`Template::compile`].
//! 3. [`language`] makes the dataset into values, with filters and functions for them.
//! 4. [`render`] runs the programs and prints each value as its place asks for: as text,
//!    as a fragment of rich text, as a picture or a note, in drafts held by an anchor.
//! 5. [`graft`] makes the content of included documents, and of those that tags print,
//!    fit for its new place.
//! 6. [`output`] puts everything in place, fills fields and tables of contents, and looks
//!    for what Word would reject.
//! 7. [`opc`] writes the result: every part that did not change is copied byte for byte.
//!
//! Finished documents, whoever wrote them, are read by [`reading`], for checks.
//!
//! What is wrong with a template can be written into a copy of it ([`mod@annotate`]).

#![allow(rustdoc::private_intra_doc_links, reason = "the map is for maintainers")]

mod annotate;
mod graft;
mod language;
mod opc;
mod output;
pub mod reading;
mod render;
mod template;

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use minijinja::{Environment, Error, Value};
use serde_json::Value as Json;
use siphasher::sip128::SipHasher13;

pub use self::annotate::annotate;
use self::graft::subdocument;
use self::graft::subdocument::Subdocument;
use self::graft::{Grafting, HOST, Loading};
use self::language::context;
use self::language::origin::Origins;
use self::opc::package;
use self::opc::package::Package;
use self::opc::relations;
use self::opc::styles::Styles;
use self::opc::xml;
use self::opc::xml::Outline;
use self::output::facts::{Census, Facts};
use self::output::fields;
use self::output::finish;
use self::output::finish::Ids;
use self::output::toc;
use self::render::anchors::Anchors;
pub use self::render::anchors::Base;
use self::render::diagnosis::Diagnosis;
use self::render::draft::Draft;
use self::render::drawings;
pub use self::render::lettering::PictureFonts;
use self::render::notes::Placing;
use self::render::numbering::Definitions;
use self::render::{Rendered, Session};
use self::template::compile;
use self::template::compile::Delimiters;
pub use self::template::compile::Purpose;
use self::template::copies;
use self::template::include::Loader;
pub use self::template::include::{Documents, NoDocuments};
use self::template::part;
use self::template::part::Part;
use self::template::program::{Extent, Origin, Program};
use self::template::site::Site;
use crate::diag::{self, Diagnostic, Diagnostics, Place, Text, Warned};
use crate::text;

/// Where the pictures that a template asks for come from.
pub trait Images {
    /// The bytes of a picture file, by virtual path such as
    /// `/project/data/photos/x.svg`; or why there are none.
    fn load(&self, path: &str) -> Result<Arc<[u8]>, Text>;

    /// The fonts for words in vector pictures: programs that cannot draw these show
    /// the bitmaps that are made of them. Asked for only if there are such words.
    fn fonts(&self) -> PictureFonts {
        PictureFonts::default()
    }
}

/// What is merged into a template.
struct Merge<'m> {
    data: &'m Json,
    /// The data as values.
    root: Value,
    images: &'m dyn Images,
}

/// A compiled template. Cheap to clone, and rendered any number of times from
/// any thread; two templates are equal if their files are.
#[derive(Clone)]
pub struct Template(Arc<Inner>);

struct Inner {
    package: Package,
    environment: Environment<'static>,
    delimiters: Delimiters,
    /// The programs of the template's own parts, then those of included documents.
    programs: Vec<Arc<Program>>,
    /// How many programs are of the template's own parts.
    own: usize,
    /// The surroundings of the tags of all programs, by number.
    sites: Arc<[Site]>,
    styles: Arc<Styles>,
    facts: Facts,
    numbering: Arc<Definitions>,
    /// The included documents.
    library: Vec<Subdocument>,
    /// The namespace of WordprocessingML in the body.
    namespace: String,
    hash: u128,
}

/// The programs of a template and what they are compiled into.
struct Compiled {
    environment: Environment<'static>,
    delimiters: Delimiters,
    programs: Vec<Arc<Program>>,
    own: usize,
    sites: Vec<Site>,
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Template").field(&self.0.package.file).finish()
    }
}

impl Hash for Template {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash.hash(state);
    }
}

impl PartialEq for Template {
    fn eq(&self, other: &Self) -> bool {
        self.0.hash == other.0.hash
    }
}

impl Eq for Template {}

impl Template {
    /// Compiles the bytes of a `.docx` file that includes no others, which
    /// diagnostics call `name`.
    ///
    /// Fails with all faults of all parts: `docx/not-a-docx` and the like if it
    /// is no readable Word document, else those of its tags, each with its place.
    pub fn compile(name: &str, bytes: Vec<u8>) -> diag::Result<Warned<Self>> {
        Self::compile_for(Purpose::Document, name, bytes, &NoDocuments)
    }

    /// The same for [`render`](Self::render) or [`render_draft`](Self::render_draft);
    /// what the template includes is among `documents`.
    pub fn compile_for(
        purpose: Purpose,
        name: &str,
        bytes: Vec<u8>,
        documents: &dyn Documents,
    ) -> diag::Result<Warned<Self>> {
        let mut hasher = SipHasher13::new();
        (name, purpose == Purpose::Draft, &bytes).hash(&mut hasher);
        let package = Package::open(name, bytes)?;
        let mut diagnostics = Diagnostics::new();
        let texts = read_parts(&package, &mut diagnostics);
        let mut parts = Vec::with_capacity(texts.len());
        for (part, text) in &texts {
            match Part::read(part, text) {
                Ok(part) => parts.push(part),
                // What has no tags and is not read by anybody may be anything.
                Err(_) if *part != package.main && !part::looks_tagged(text) => {}
                Err(fault) => diagnostics.push(unreadable(name, part, &fault)),
            }
        }
        let namespace = namespace(&package, &texts);
        let mut loader = Loader::new(documents, name, &namespace, hasher);
        parts.iter().for_each(|part| loader.gather(part));
        let (library, hash) = loader.finish(&mut diagnostics);
        let compiled = compile_all(purpose, name, &parts, &library, &mut diagnostics);
        let styles = Arc::new(read_styles(&package));
        let Compiled { environment, delimiters, programs, own, mut sites } = compiled;
        sites.iter_mut().for_each(|site| site.spare_border(&styles));
        if diagnostics.has_errors() {
            return Err(diagnostics.fail());
        }
        let mut census = Census::default();
        for part in &parts {
            let rendered =
                programs[..own].iter().any(|program| program.name == part.name);
            census.look(part.name, &part.outline, rendered);
        }
        let facts = census.finish(&package, &mut diagnostics);
        let inner = Inner {
            environment,
            delimiters,
            programs,
            own,
            sites: sites.into(),
            styles,
            facts,
            numbering: Arc::new(Definitions::read(&package)),
            library,
            namespace,
            hash,
            package,
        };
        diagnostics.finish(Self(Arc::new(inner)))
    }

    /// Merges a dataset into the template; gives the bytes of a `.docx` file.
    ///
    /// Fails with the first failing expression of each part and with all
    /// pictures that cannot be used.
    pub fn render(
        &self,
        data: &Json,
        images: &dyn Images,
    ) -> diag::Result<Warned<Vec<u8>>> {
        let root = context::root(data);
        let merge = Merge { data, root, images };
        let (draft, _, diagnostics) = self.merge(&merge, self.session())?;
        self.write(draft, diagnostics)
    }

    /// The same with an anchor on every printed value of the data, and with what
    /// the draft is made of inside, so that an editor's changes can be brought
    /// back into the dataset. Text and layout are those of the clean document.
    pub fn render_draft(
        &self,
        data: &Json,
        images: &dyn Images,
        base: Base<'_>,
    ) -> diag::Result<Warned<Vec<u8>>> {
        let (root, origins) = Origins::trace(data, base.at);
        let merge = Merge { data, root, images };
        let mut session = self.session();
        session.anchors = Some(Anchors::new(origins));
        let (mut draft, session, diagnostics) = self.merge(&merge, session)?;
        if let Some(anchors) = session.anchors {
            anchors.stamp(&mut draft, base)?;
        }
        self.write(draft, diagnostics)
    }

    fn session(&self) -> Session {
        Session::new(&self.0.sites, &self.0.styles, &self.0.numbering)
    }

    /// Looks at a complete draft and writes it.
    fn write(
        &self,
        mut draft: Draft<'_>,
        mut diagnostics: Diagnostics,
    ) -> diag::Result<Warned<Vec<u8>>> {
        draft.settle()?;
        self.0.facts.check(&mut draft, &mut diagnostics);
        match diagnostics.has_errors() {
            true => Err(diagnostics.fail()),
            false => diagnostics.finish(draft.write()?),
        }
    }

    /// Everything but writing the package.
    fn merge(
        &self,
        merge: &Merge<'_>,
        session: Session,
    ) -> diag::Result<(Draft<'_>, Session, Diagnostics)> {
        let inner = &*self.0;
        let mut diagnostics = Diagnostics::new();
        let mut draft = Draft::new(&inner.package, &inner.numbering);
        let (mut rendered, mut session) =
            self.run(merge, session, &mut draft, &mut diagnostics);
        draft.numbering = std::mem::take(&mut session.numbering);
        let (sites, images) = (&inner.sites, merge.images);
        let drawings =
            drawings::draw(&mut draft, sites, &rendered, images, &mut diagnostics);
        let mut ids = Ids::new(&inner.facts);
        let anchors = &mut session.anchors;
        self.place_notes(&mut rendered, anchors, &mut ids, &mut draft, &mut diagnostics);
        let loading = Loading { images, sites, namespace: &inner.namespace };
        let mut grafting = Grafting {
            library: &inner.library,
            known: &inner.facts.known.bookmarks,
            loading,
            ids: &mut ids,
            diagnostics: &mut diagnostics,
        };
        let styles = grafting.graft(&mut draft, &mut rendered);
        let styles = styles.as_ref().unwrap_or(&inner.styles);
        for part in &mut rendered {
            part.xml = copies::resolve(std::mem::take(&mut part.xml), &inner.facts);
        }
        for (part, drawings) in rendered.iter().zip(&drawings) {
            self.finish(part, (drawings, styles), &mut ids, &mut draft, &mut diagnostics);
        }
        draft.bookmarks = ids.bookmarks;
        match diagnostics.has_errors() {
            true => Err(diagnostics.fail()),
            false => Ok((draft, session, diagnostics)),
        }
    }

    /// Runs all programs, one after the other, with what the session collects.
    fn run(
        &self,
        merge: &Merge<'_>,
        mut session: Session,
        draft: &mut Draft<'_>,
        diagnostics: &mut Diagnostics,
    ) -> (Vec<Rendered>, Session) {
        let own = &self.0.programs[..self.0.own];
        let mut rendered = Vec::with_capacity(own.len());
        for program in own {
            let run = self.run_program(program, merge, session, draft);
            session = match diagnostics.absorb(run) {
                Some((part, session)) => {
                    rendered.push(part);
                    session
                }
                None => self.session(),
            };
        }
        (rendered, session)
    }

    fn run_program(
        &self,
        program: &Arc<Program>,
        merge: &Merge<'_>,
        mut session: Session,
        draft: &mut Draft<'_>,
    ) -> diag::Result<(Rendered, Session)> {
        session.relations = std::mem::take(draft.relations(&program.name)?);
        session.body = program.name == self.0.package.main;
        let environment = &self.0.environment;
        let run = render::render(environment, program, session, &merge.root);
        let (rendered, mut session) = match run {
            Ok(done) => done,
            Err(error) => return Err(self.diagnose(program, merge.data, error)),
        };
        *draft.relations(&program.name)? = std::mem::take(&mut session.relations);
        Ok((rendered, session))
    }

    /// All faults of a run that has failed.
    fn diagnose(
        &self,
        program: &Arc<Program>,
        data: &Json,
        error: Error,
    ) -> diag::Errors {
        let Inner { environment, delimiters, programs, sites, .. } = &*self.0;
        let diagnosis =
            Diagnosis { environment, delimiters, program, programs, sites, data };
        let session = || {
            let mut session = self.session();
            session.body = program.name == self.0.package.main;
            session
        };
        let mut faults = Diagnostics::new();
        faults.extend(diagnosis.faults(error, session));
        faults.fail()
    }

    /// Writes the notes that were printed.
    fn place_notes(
        &self,
        rendered: &mut [Rendered],
        anchors: &mut Option<Anchors>,
        ids: &mut Ids,
        draft: &mut Draft<'_>,
        diagnostics: &mut Diagnostics,
    ) {
        let mut placing = Placing {
            sites: &self.0.sites,
            styles: &self.0.styles,
            anchors: anchors.take(),
            session: &|| self.session(),
            draft,
            ids,
        };
        for part in rendered {
            diagnostics.absorb(placing.place(part));
        }
        *anchors = placing.anchors;
    }

    /// Finishes a rendered part and puts it into the draft.
    fn finish(
        &self,
        part: &Rendered,
        (drawings, styles): (&[Option<String>], &Styles),
        ids: &mut Ids<'_>,
        draft: &mut Draft<'_>,
        diagnostics: &mut Diagnostics,
    ) {
        let package = &self.0.package;
        let name = &part.program.name;
        let (mut xml, mut survey) = match finish::finish(&part.xml, drawings, ids) {
            Ok(finished) => finished,
            Err(fault) => return diagnostics.push(broken(&package.file, name, &fault)),
        };
        if *name == package.main {
            // Results of fields are text: what was surveyed stays.
            xml = fields::fill(xml, styles);
            let names = &mut ids.bookmarks;
            xml = toc::fill(&xml, styles, names, &mut survey).unwrap_or(xml);
            xml = fields::fill_pages(xml, styles);
        }
        draft.put(name, xml);
        draft.surveys.insert(name.clone(), survey);
    }
}

/// What Word would reject, repair or leave out of a document, whoever wrote it.
///
/// Fails with `docx/not-a-docx` and the like if it is no readable Word document.
pub fn check(name: &str, bytes: Vec<u8>) -> diag::Result<Vec<Diagnostic>> {
    let package = Package::open(name, bytes)?;
    let mut diagnostics = Diagnostics::new();
    let mut census = Census::default();
    for (part, text) in read_parts(&package, &mut diagnostics) {
        match Outline::read(&text) {
            Ok(outline) => census.look(part, &outline, false),
            Err(fault) => diagnostics.push(unreadable(name, part, &fault)),
        }
    }
    census.faults(&package, &mut diagnostics);
    Ok(diagnostics.into_vec())
}

/// Compiles the parts of a template and the documents that it includes.
fn compile_all(
    purpose: Purpose,
    file: &str,
    parts: &[Part<'_>],
    library: &[Subdocument],
    diagnostics: &mut Diagnostics,
) -> Compiled {
    let texts = parts.iter().map(|part| part.outline.xml);
    let delimiters =
        Delimiters::absent_from(texts.chain(library.iter().flat_map(Subdocument::texts)));
    let mut environment = compile::environment(&delimiters);
    let (mut programs, mut sites) = (Vec::new(), Vec::new());
    for part in parts {
        let origin = Origin {
            file,
            document: HOST,
            program: part.name.to_owned(),
            grafts: !library.is_empty(),
            extent: Extent::Whole,
        };
        let program = compile::compile(
            &origin,
            part,
            &delimiters,
            &mut environment,
            &mut sites,
            purpose,
            diagnostics,
        );
        programs.extend(program.map(Arc::new));
    }
    let own = programs.len();
    for (index, document) in library.iter().enumerate() {
        let included = compile::compile_included(
            document,
            index + 1,
            &delimiters,
            &mut environment,
            &mut sites,
            purpose,
            diagnostics,
        );
        programs.extend(included.into_iter().map(Arc::new));
    }
    Compiled { environment, delimiters, programs, own, sites }
}

/// The namespace that the body calls `w`.
fn namespace(package: &Package, texts: &[(&str, String)]) -> String {
    let body = texts.iter().find(|(part, _)| *part == package.main);
    let root = body.map_or("", |(_, text)| subdocument::root_tag(text));
    xml::attribute(root, "xmlns:w").unwrap_or_default().into_owned()
}

/// The texts of the parts that may have tags, or that must be seen to be read.
fn read_parts<'p>(
    package: &'p Package,
    diagnostics: &mut Diagnostics,
) -> Vec<(&'p str, String)> {
    let mut texts = Vec::new();
    for part in package.tagged() {
        match package.text(part) {
            Ok(text) => texts.extend(text.map(|text| (part, text))),
            Err(errors) => diagnostics.extend(errors.into_vec()),
        }
    }
    texts
}

fn read_styles(package: &Package) -> Styles {
    let relations = package.text(&relations::part_of(&package.main)).ok().flatten();
    let target = relations.and_then(|relations| relations::target(&relations, "/styles"));
    let folder = package.main.rsplit_once('/').map_or("", |(folder, _)| folder);
    let path = match target {
        Some(target) => match target.strip_prefix('/') {
            Some(absolute) => absolute.to_owned(),
            None => format!("{folder}/{target}"),
        },
        None => format!("{folder}/styles.xml"),
    };
    let xml = package.text(path.trim_start_matches('/')).ok().flatten();
    xml.map_or_else(Styles::default, |xml| Styles::read(&xml))
}

fn unreadable(file: &str, part: &str, fault: &xml::Malformed) -> Diagnostic {
    if fault.doctype {
        return Diagnostic::error(
            "docx/doctype",
            text!(
                "部件 `{part}` 带有文档类型声明",
                "part `{part}` has a document type declaration"
            ),
        )
        .at(Place::file(file))
        .hint(text!("用 Word 重新保存模板", "save the template again with Word"));
    }
    package::malformed(part, &fault.cause).at(Place::file(file))
}

fn broken(file: &str, part: &str, fault: &xml::Malformed) -> Diagnostic {
    let Text { zh, en } = &fault.cause;
    Diagnostic::error(
        "docx/broken-output",
        text!(
            "部件 `{part}` 合并后结构不完整（{zh}）",
            "part `{part}` is not well-formed after merging ({en})"
        ),
    )
    .at(Place::file(file))
    .hint(text!(
        "不要对宏、`{{% set %}}` 或 `{{% filter %}}` 所含的段落再作文字处理",
        "do not use text filters on paragraphs captured by macros, `{{% set %}}` or `{{% filter %}}`"
    ))
}
