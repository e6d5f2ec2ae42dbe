//! One edition with one template: from the dataset to the bytes of its outputs.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use comemo::{Track, Tracked};
use serde::{Deserialize, Serialize};
use typst_layout::PagedDocument;

use super::Workshop;
use super::aside::Aside;
use super::documents::{PackageDocuments, TrackedDocuments};
use crate::check::catalogue;
use crate::check::glyph::{self, word_face};
use crate::check::laid_out::{self, Extent};
use crate::check::parity::{self, Parity};
use crate::check::template::unused_field::{Fields, Printed};
use crate::check::{self, template};
use crate::diag::{Diagnostic, Diagnostics, Errors, Result, Warned};
use crate::docx::{self, reading};
use crate::pdf::export::PdfSettings;
use crate::pdf::{self, World};
use crate::project::fingerprint::Reads;
use crate::project::lineage;
use crate::project::package::LIBRARY_FILES;
use crate::project::resolve::Schemas;
use crate::project::{
    Assets, Digest, Edition, Format, Output, Package, Resolved, resolve,
};
use crate::text;

/// One edition with one template.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Job {
    /// The edition.
    pub edition: Edition,
    /// The template and the formats.
    pub output: Output,
}

/// One file that a job has made, not yet written.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Artefact {
    /// The file name with extension, relative to the output folder.
    pub name: String,
    /// Its content; between processes it goes beside the rest.
    #[serde(skip)]
    pub bytes: Vec<u8>,
    /// How many pages it has, if it has pages.
    pub pages: Option<usize>,
}

/// What the PDF side and the Word side both start from.
struct Prepared {
    package: Package,
    template: Option<docx::Template>,
    resolved: Resolved,
    notes: Diagnostics,
    timings: Timings,
}

/// What a job has made.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Made {
    /// The files.
    pub artefacts: Vec<Artefact>,
    /// The real files that went into them, to watch them.
    pub inputs: Vec<PathBuf>,
    /// The files of the project that it is made of, with the digests of what was
    /// read; nothing if one of them changed meanwhile.
    pub reads: Option<BTreeMap<PathBuf, Digest>>,
    /// How long each stage took.
    pub timings: Timings,
    /// How the PDF and the Word draft compare, if that was asked for and the
    /// template has both sides.
    pub parity: Option<Parity>,
    /// Which fields of the dataset it prints, if all rules were asked and all sides of
    /// the template were made.
    pub fields: Option<Fields>,
}

/// How long the stages of a job took.
#[derive(Debug, Copy, Clone, Default, Serialize, Deserialize)]
pub struct Timings {
    /// Reading the template package and its schema.
    pub load: Duration,
    /// Reading, checking and resolving the dataset.
    pub resolve: Duration,
    /// Reading the fonts and setting up Typst.
    pub fonts: Duration,
    /// Typst's layout.
    pub compile: Duration,
    /// Writing PDF, PNG, SVG.
    pub export: Duration,
    /// Merging the Word template.
    pub merge: Duration,
    /// Comparing both sides.
    pub compare: Duration,
}

impl Timings {
    /// All stages together: more than the clock if some ran at the same time.
    pub fn total(&self) -> Duration {
        let Self { load, resolve, fonts, compile, export, merge, compare } = self;
        [load, resolve, fonts, compile, export, merge, compare].into_iter().sum()
    }
}

impl Job {
    /// The job's name, one of its kind in a plan: `2025-booklet[pdf,docx]`.
    pub fn name(&self) -> String {
        let formats: Vec<&str> =
            self.output.formats.iter().map(|format| format.extension()).collect();
        let stem = self.output.file_name(&self.edition.id);
        format!("{stem}[{}]", formats.join(","))
    }

    /// About how much there is to do, from the dataset's size: comparable between jobs,
    /// and the same on every machine.
    pub fn cost(&self) -> u64 {
        let size = self.edition.size();
        let weight = |format: &Format| if format.is_paged() { 8 } else { 1 };
        (size + 10_000) * self.output.formats.iter().map(weight).sum::<u64>()
    }

    /// Makes all formats in memory. All faults are told: those of the Word side
    /// too if the PDF side has some.
    ///
    /// # Errors
    /// Whatever keeps one of the formats from being made.
    pub fn make(&self, workshop: &Workshop) -> Result<Warned<Made>> {
        let reads = Arc::new(Reads::new(workshop.prints.clone()));
        let mut job = self.clone();
        job.edition.assets = self.edition.assets.recorded(reads.clone());
        let mut made = match workshop.settings.parity {
            true => job.on_both_sides(workshop).run(workshop),
            false => job.run(workshop),
        }?;
        made.value.reads = reads.list();
        match workshop.settings.deny_warnings && !made.warnings.is_empty() {
            true => Err(denied(made.warnings)),
            false => Ok(made),
        }
    }

    /// The same job with PDF and Word draft, if its template has both sides.
    fn on_both_sides(&self, workshop: &Workshop) -> Self {
        let mut job = self.clone();
        // A package that cannot be opened is told by the job.
        let both = workshop.project.package(&self.output.template).is_ok_and(|package| {
            package.recipe.pdf.is_some() && package.recipe.docx.is_some()
        });
        for format in [Format::Pdf, Format::Docx] {
            if both && !job.output.formats.contains(&format) {
                job.output.formats.push(format);
            }
        }
        job
    }

    fn run(&self, workshop: &Workshop) -> Result<Warned<Made>> {
        if !workshop.settings.layout {
            return self.examine(workshop);
        }
        let paged = self.output.formats.iter().any(|format| format.is_paged());
        std::thread::scope(|scope| {
            // The fonts take as long to read as everything up to the layout.
            let room = workshop.has_room();
            let load = || timed(|| workshop.engine());
            let fonts = paged.then(|| Aside::begin(scope, room, load));
            let prepared = self.prepare(workshop);
            let engine = fonts.map(Aside::end);
            self.produce(workshop, prepared?, engine)
        })
    }

    /// Everything that both sides need. The Word template is compiled while the
    /// dataset is read, and its faults are told together with the dataset's.
    fn prepare(&self, workshop: &Workshop) -> Result<Prepared> {
        let (package, opening) =
            timed(|| workshop.project.package(&self.output.template));
        let package = package?;
        let mut notes = Diagnostics::new();
        let (word, resolved, timings) = std::thread::scope(|scope| {
            let wanted = self.output.formats.contains(&Format::Docx);
            let word = wanted.then(|| {
                let purpose = workshop.purpose(&self.output);
                let package = &package;
                let compile = move || timed(|| word_template(package, purpose));
                Aside::begin(scope, workshop.has_room(), compile)
            });
            let from = self.output.from.as_deref();
            let (schemas, reading) = timed(|| Schemas::of(&package, from));
            let (resolved, resolve) =
                timed(|| resolve::resolve(&self.edition, &package, &schemas?));
            let timings =
                Timings { load: opening + reading, resolve, ..Timings::default() };
            (word.map(Aside::end), notes.absorb(resolved), timings)
        });
        let word = word.map(|(template, time)| (notes.absorb(template), time));
        let (Some(resolved), false) = (resolved, notes.has_errors()) else {
            return Err(notes.fail());
        };
        let resolved = resolved.collect(&mut notes);
        let (template, merge) = match word {
            Some((template, time)) => {
                (template.map(|template| template.collect(&mut notes)), time)
            }
            None => (None, Duration::ZERO),
        };
        let timings = Timings { merge, ..timings };
        Ok(Prepared { package, template, resolved, notes, timings })
    }

    /// The dataset alone, checked and resolved for the template.
    ///
    /// # Errors
    /// A template that is none, and all faults of the dataset.
    pub fn resolve(&self, workshop: &Workshop) -> Result<Resolved> {
        let package = workshop.project.package(&self.output.template)?;
        let schemas = Schemas::of(&package, self.output.from.as_deref())?;
        let resolved = resolve::resolve(&self.edition, &package, &schemas)?;
        Ok(resolved.value)
    }

    /// The texts of a resolved dataset, to be checked.
    ///
    /// # Errors
    /// A list of words that cannot be read.
    pub fn subject<'a>(
        &self,
        workshop: &'a Workshop,
        resolved: &'a Resolved,
    ) -> Result<check::text::Subject<'a>> {
        Ok(check::text::Subject {
            dataset: &resolved.dataset,
            reading: &resolved.reading,
            previous: resolved.previous.as_ref(),
            policy: &workshop.project.manifest().policy,
            terms: workshop.terms()?,
        })
    }

    /// Finds what is wrong without laying anything out.
    fn examine(&self, workshop: &Workshop) -> Result<Warned<Made>> {
        let Prepared { package, template, resolved, mut notes, timings } =
            self.prepare(workshop)?;
        let found = notes.absorb(self.looked_into(workshop, &resolved));
        notes.extend(found.unwrap_or_default());
        self.ask_of_template(&package, template.as_ref(), &resolved, &mut notes);
        if package.recipe.pdf.is_some()
            && let Some(engine) = notes.absorb(workshop.engine())
        {
            notes.extend(glyph::of_dataset(&resolved, &package, engine.fonts()));
        }
        // A template that cannot be read has been told.
        let word = package.recipe.docx.as_ref();
        if let Some((name, bytes)) =
            word.and_then(|word| package.read(word).ok().map(|b| (word, b)))
        {
            notes.extend(word_face::of_dataset(name, &bytes, &resolved));
        }
        let made = Made { timings, ..Made::default() };
        self.weighed(workshop, &resolved, notes).finish(made)
    }

    /// What is found in the texts, if they are to be looked into.
    fn looked_into(
        &self,
        workshop: &Workshop,
        resolved: &Resolved,
    ) -> Result<Vec<Diagnostic>> {
        match workshop.looks_into(&self.edition) {
            true => Ok(check::text::findings(&self.subject(workshop, resolved)?)),
            false => Ok(Vec::new()),
        }
    }

    /// Findings as they weigh in this project.
    fn weighed(
        &self,
        workshop: &Workshop,
        resolved: &Resolved,
        findings: Diagnostics,
    ) -> Diagnostics {
        let policy = &workshop.project.manifest().policy;
        let (edition, dataset) = (&self.edition.id, Some(&resolved.dataset));
        let weigh = |finding| catalogue::weighed(policy, finding, edition, dataset);
        let mut weighed = Diagnostics::new();
        weighed.extend(findings.into_vec().into_iter().filter_map(weigh));
        weighed
    }

    /// Both sides at the same time: they share nothing but the resolved data.
    fn produce(
        &self,
        workshop: &Workshop,
        prepared: Prepared,
        engine: Option<(Result<Arc<pdf::Engine>>, Duration)>,
    ) -> Result<Warned<Made>> {
        let Prepared { package, template, resolved, mut notes, timings } = prepared;
        let found = notes.absorb(self.looked_into(workshop, &resolved));
        notes.extend(found.unwrap_or_default());
        let mut inputs = resolved.files.clone();
        inputs.extend(package_files(&package));
        let mut made = Made { inputs, timings, ..Made::default() };
        let mut printed = Vec::new();
        std::thread::scope(|scope| {
            let word = template.as_ref().map(|template| {
                let merge = || timed(|| self.merge(workshop, template, &resolved));
                Aside::begin(scope, workshop.has_room(), merge)
            });
            if let Some((engine, time)) = engine {
                made.timings.fonts = time;
                let result = engine.and_then(|engine| {
                    self.lay_out(workshop, engine, &package, &resolved, &mut made)
                });
                if let Some(done) = notes.absorb(result) {
                    printed.extend(done.collect(&mut notes));
                }
            }
            if let Some((draft, time)) = word.map(Aside::end) {
                made.timings.merge += time;
                if let Some(draft) = notes.absorb(draft) {
                    let bytes = draft.collect(&mut notes);
                    if workshop.settings.rules {
                        let name = self.output.stem(&self.edition.id, Format::Docx);
                        notes.extend(word_face::find(&name, &bytes, &resolved));
                        // What cannot be read is told where it has to be.
                        let read = reading::read(&name, bytes.clone());
                        printed.extend(read.iter().map(Printed::of_document));
                    }
                    made.artefacts.push(self.artefact(Format::Docx, bytes, None));
                }
            }
        });
        if workshop.settings.parity && !notes.has_errors() {
            let (parity, time) = timed(|| compared(&made.artefacts, &resolved));
            made.timings.compare = time;
            let parity = notes.absorb(parity).flatten();
            made.parity = parity.map(|parity| parity.collect(&mut notes));
        }
        if workshop.settings.rules && !notes.has_errors() {
            self.ask_of_template(&package, template.as_ref(), &resolved, &mut notes);
            let recipe = &package.recipe;
            let sides = [&recipe.pdf, &recipe.docx].into_iter().flatten().count();
            if printed.len() == sides {
                let fields = Fields::of(&resolved, &printed);
                let shared = package.has_shared_schema();
                made.fields = Some(if shared { fields.of_shared() } else { fields });
            }
            if made.parity.is_none() && sides == 2 && printed.len() == sides {
                let parity = notes.absorb(compared(&made.artefacts, &resolved)).flatten();
                let parity = parity.map(|parity| parity.value);
                notes.extend(parity.iter().filter_map(template::parity::told));
            }
        }
        self.weighed(workshop, &resolved, notes).finish(made)
    }

    /// What the rules say of a template package.
    fn ask_of_template(
        &self,
        package: &Package,
        word: Option<&docx::Template>,
        resolved: &Resolved,
        notes: &mut Diagnostics,
    ) {
        // A schema that is none has been told.
        if let Ok(schema) = resolve::schema(package) {
            let seen = &resolved.value;
            let found = template::unknown_name::find(package, word, schema.value(), seen);
            notes.extend(found);
        }
    }

    /// Typst's world for this job, for `--eject`.
    ///
    /// # Errors
    /// As [`make`](Self::make), up to the layout.
    pub fn world(&self, workshop: &Workshop) -> Result<Warned<(World, Resolved)>> {
        let Prepared { package, resolved, notes, .. } = self.prepare(workshop)?;
        let date = workshop.settings.date;
        let engine = workshop.engine()?;
        let world = World::new(engine, &package, &resolved, &self.edition.assets, date)?;
        notes.finish((world, resolved))
    }

    fn lay_out(
        &self,
        workshop: &Workshop,
        engine: Arc<pdf::Engine>,
        package: &Package,
        resolved: &Resolved,
        made: &mut Made,
    ) -> Result<Warned<Option<Printed>>> {
        let mut notes = Diagnostics::new();
        let settings = &workshop.settings;
        let mut world = World::new(
            engine.clone(),
            package,
            resolved,
            &self.edition.assets,
            settings.date,
        )?;
        let (document, time) = timed(|| pdf::compile(&world, &resolved.metadata));
        made.timings.compile = time;
        made.inputs.extend(world.dependencies());
        let document = document?.collect(&mut notes);
        let extent = if settings.rules { Extent::Thorough } else { Extent::Quick };
        let fonts = engine.fonts();
        let (told, printed) = laid_out::told(
            &document,
            resolved,
            package,
            fonts,
            &self.output.settings,
            extent,
        );
        notes.extend(told);
        let mut notes = self.weighed(workshop, resolved, notes);
        if notes.has_errors() {
            return Err(notes.fail());
        }
        let (artefacts, time) = timed(|| self.export(workshop, &world, &document));
        made.timings.export = time;
        made.artefacts.extend(artefacts?.collect(&mut notes));
        notes.finish(printed)
    }

    fn export(
        &self,
        workshop: &Workshop,
        world: &World,
        document: &PagedDocument,
    ) -> Result<Warned<Vec<Artefact>>> {
        let mut notes = Diagnostics::new();
        let mut artefacts = Vec::new();
        let pages = document.pages().len();
        for format in &self.output.formats {
            match format {
                Format::Docx => {}
                Format::Pdf => {
                    let pdf_settings = PdfSettings {
                        standards: workshop.standards(&self.output),
                        pretty: false,
                    };
                    let bytes =
                        pdf::pdf(world, document, &pdf_settings)?.collect(&mut notes);
                    artefacts.push(self.artefact(*format, bytes, Some(pages)));
                }
                Format::Png => {
                    let pngs = pdf::pages_as_png(document, workshop.ppi(&self.output))?;
                    artefacts.extend(self.page_artefacts(*format, pngs));
                }
                Format::Svg => {
                    let svgs = pdf::pages_as_svg(document);
                    artefacts.extend(self.page_artefacts(*format, svgs));
                }
            }
        }
        notes.finish(artefacts)
    }

    fn merge(
        &self,
        workshop: &Workshop,
        template: &docx::Template,
        resolved: &Resolved,
    ) -> Result<Warned<Vec<u8>>> {
        let images = ProjectImages { assets: &self.edition.assets, workshop };
        match workshop.purpose(&self.output) {
            docx::Purpose::Document => template.render(&resolved.value, &images),
            docx::Purpose::Draft => {
                let dataset = resolved.dataset.value();
                let base = docx::Base {
                    template: &self.output.template,
                    dataset,
                    at: &resolved.at,
                };
                template.render_draft(&resolved.value, &images, base)
            }
        }
    }

    /// The files that a job starts from, whether or not it gets anywhere: its
    /// dataset, and the template package if that is in a folder.
    pub fn sources(&self, workshop: &Workshop) -> Vec<PathBuf> {
        let mut sources = lineage::files(&self.edition);
        match workshop.project.package(&self.output.template) {
            Ok(package) => sources.extend(package_files(&package)),
            Err(_) => {
                let templates = workshop.project.root().join("templates");
                sources.push(templates.join(&self.output.template).join("template.toml"));
            }
        }
        sources
    }

    fn artefact(&self, format: Format, bytes: Vec<u8>, pages: Option<usize>) -> Artefact {
        let stem = self.output.stem(&self.edition.id, format);
        Artefact { name: format!("{stem}.{}", format.extension()), bytes, pages }
    }

    fn page_artefacts(&self, format: Format, pages: Vec<Vec<u8>>) -> Vec<Artefact> {
        let stem = self.output.stem(&self.edition.id, format);
        let named = |(index, bytes)| Artefact {
            name: format!("{stem}-{}.{}", index + 1, format.extension()),
            bytes,
            pages: None,
        };
        pages.into_iter().enumerate().map(named).collect()
    }
}

fn denied(warnings: Vec<Diagnostic>) -> Errors {
    let mut faults = Diagnostics::new();
    faults.extend(warnings);
    faults.push(Diagnostic::error(
        "build/warnings-denied",
        text!(
            "有警告，而 `--deny-warnings` 不允许",
            "there are warnings, and `--deny-warnings` does not allow them"
        ),
    ));
    faults.fail()
}

/// How the PDF and the Word draft among a job's outputs compare.
fn compared(
    artefacts: &[Artefact],
    resolved: &Resolved,
) -> Result<Option<Warned<Parity>>> {
    let of = |format: Format| {
        let ending = format!(".{}", format.extension());
        artefacts.iter().find(|artefact| artefact.name.ends_with(&ending))
    };
    let (Some(pdf), Some(word)) = (of(Format::Pdf), of(Format::Docx)) else {
        return Ok(None);
    };
    let outputs =
        parity::Outputs { pdf: &pdf.bytes, word: &word.bytes, name: &word.name };
    parity::compare(&outputs, &resolved.dataset).map(Some)
}

/// The real files of a package and of the library that it uses.
fn package_files(package: &Package) -> Vec<PathBuf> {
    let list = package.list();
    let own = list.iter().filter_map(|file| package.path(file));
    let library = LIBRARY_FILES.iter().filter_map(|file| package.library_path(file));
    own.chain(library).collect()
}

/// The compiled Word template of a package; the same file is compiled once a run.
fn word_template(
    package: &Package,
    purpose: docx::Purpose,
) -> Result<Warned<docx::Template>> {
    let Some(file) = &package.recipe.docx else {
        let name = &package.recipe.name;
        return Err(Diagnostic::error(
            "template/no-docx",
            text!(
                "模板 `{name}` 没有 Word 的一面",
                "the template `{name}` has no Word side"
            ),
        )
        .into());
    };
    let bytes = package.require(file)?;
    let documents = PackageDocuments { package: package.clone(), template: file.clone() };
    compiled(purpose, &package.shown(file), &bytes, documents.track())
}

/// The result depends on what the template includes, too.
#[comemo::memoize]
fn compiled(
    purpose: docx::Purpose,
    name: &str,
    bytes: &[u8],
    documents: Tracked<'_, PackageDocuments>,
) -> Result<Warned<docx::Template>> {
    let documents = TrackedDocuments(documents);
    docx::Template::compile_for(purpose, name, bytes.to_vec(), &documents)
}

/// The project's images for the Word engine.
struct ProjectImages<'a> {
    assets: &'a Assets,
    workshop: &'a Workshop,
}

impl docx::Images for ProjectImages<'_> {
    fn load(&self, path: &str) -> std::result::Result<Arc<[u8]>, crate::diag::Text> {
        self.assets.load(path).map(Arc::from)
    }

    fn fonts(&self) -> docx::PictureFonts {
        self.workshop.picture_fonts()
    }
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let value = work();
    (value, start.elapsed())
}
