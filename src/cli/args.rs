//! The command line as clap reads it; [`super::zh`] holds the Chinese help.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::project::Format;

/// Compile a congress dataset into print-ready PDF and Word drafts.
#[derive(Debug, Parser)]
#[command(name = "huikan", version, arg_required_else_help = true)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) global: Global,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// Options of every command.
#[derive(Debug, Args)]
pub(super) struct Global {
    /// The project's folder [default: the nearest one upwards with a huikan.toml]
    #[arg(long, global = true, value_name = "DIR")]
    pub(super) project: Option<PathBuf>,
    /// The language of messages [default: from LANG]
    #[arg(long, global = true, value_name = "LANG")]
    pub(super) lang: Option<Language>,
    /// How messages are written
    #[arg(long, global = true, value_name = "FORMAT", default_value = "human")]
    pub(super) message_format: MessageFormat,
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(super) color: ColorChoice,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a project with a sample in a new folder
    Init(InitArguments),
    /// Build PDF and Word outputs of one, several or all editions
    Build(BatchArguments),
    /// Tell what build would do, and why
    Plan(BatchArguments),
    /// Prove that outputs are what their record says
    Verify(VerifyArguments),
    /// Put the records of a plan's parts together
    Manifest(ManifestArguments),
    /// Clear what is kept of earlier builds
    Cache(CacheArguments),
    /// Check editions and templates without writing anything
    Check(CheckArguments),
    /// Explain the rules of check
    Rules(RulesArguments),
    /// Build again whenever something changes
    Watch(BuildArguments),
    /// Merge any Word template with any JSON, without a project
    Merge(MergeArguments),
    /// Make a dataset of a text, or JSON of a roster or an agenda in CSV or XLSX
    Import(ImportArguments),
    /// Place the pages of any PDF on sheets, to be folded, cut and bound
    Impose(ImposeArguments),
    /// Make next time's dataset from this time's
    New(NewArguments),
    /// Tell what is different between two editions
    Diff(DiffArguments),
    /// List the fonts that templates can use
    Fonts(FontsArguments),
    /// List the templates, or copy one to make your own from
    Templates(TemplatesArguments),
    /// Print the JSON Schema of a template's dataset
    Schema(SchemaArguments),
    /// Make what another huikan orders
    #[command(hide = true)]
    Worker,
}

#[derive(Debug, Args)]
pub(super) struct InitArguments {
    /// The new folder; without it, the one you are in
    #[arg(value_name = "DIR", default_value = ".", hide_default_value = true)]
    pub(super) folder: PathBuf,
    /// The template to start with
    #[arg(short, long, value_name = "NAME", default_value = "handout")]
    pub(super) template: String,
    /// A sample with several outputs from one dataset instead: congress
    #[arg(long, value_name = "NAME", conflicts_with = "template")]
    pub(super) sample: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct NewArguments {
    /// The name of the new edition, such as 2025
    #[arg(value_name = "EDITION")]
    pub(super) edition: String,
    /// The edition to start from [default: the last one]
    #[arg(long, value_name = "EDITION")]
    pub(super) from: Option<String>,
    /// How many years later it is [default: told from the names, else 1]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i32).range(1..=100))]
    pub(super) years: Option<i32>,
    /// Write everything, and inherit nothing
    #[arg(long)]
    pub(super) standalone: bool,
    /// Overwrite a file that is there
    #[arg(long)]
    pub(super) force: bool,
}

#[derive(Debug, Args)]
pub(super) struct DiffArguments {
    /// The older edition, by name or dataset file
    #[arg(value_name = "OLD")]
    pub(super) old: String,
    /// The newer edition
    #[arg(value_name = "NEW")]
    pub(super) new: String,
}

/// What is built: shared by build, check and watch.
#[derive(Debug, Args)]
pub(super) struct SelectArguments {
    /// Editions, by name or dataset file [default: all of the project]
    #[arg(value_name = "EDITION")]
    pub(super) editions: Vec<String>,
    /// The template, by name or folder [default: those of huikan.toml]
    #[arg(short, long, value_name = "NAME")]
    pub(super) template: Option<String>,
    /// The formats, separated by commas [default: those of huikan.toml]
    #[arg(short, long, value_name = "FORMATS", value_delimiter = ',')]
    pub(super) formats: Vec<FormatName>,
    /// A folder of fonts; may be given more than once
    #[arg(long = "fonts", value_name = "DIR", env = "HUIKAN_FONTS", value_delimiter = PATH_SEPARATOR)]
    pub(super) fonts: Vec<PathBuf>,
    /// Use the system's fonts too
    #[arg(long)]
    pub(super) system_fonts: bool,
    /// PDF standards that must be met [default: a-2a,ua-1 where the document allows]
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub(super) pdf_standard: Vec<String>,
    /// Treat warnings as errors
    #[arg(long)]
    pub(super) deny_warnings: bool,
}

#[derive(Debug, Args)]
pub(super) struct CheckArguments {
    #[command(flatten)]
    pub(super) select: SelectArguments,
    #[command(flatten)]
    pub(super) run: RunArguments,
    /// Prove that the PDF and the Word draft of each edition say the same
    #[arg(long)]
    pub(super) parity: bool,
    /// Do not lay pages out: only datasets and templates, much faster
    #[arg(long, conflicts_with = "parity")]
    pub(super) no_layout: bool,
    /// Mend in the datasets what can be mended safely, and check what is left
    #[arg(long)]
    pub(super) fix: bool,
    /// Show what --fix would change (or has changed), line by line
    #[arg(long)]
    pub(super) diff: bool,
}

#[derive(Debug, Args)]
pub(super) struct RulesArguments {
    /// Explain these rules only
    #[arg(value_name = "RULE")]
    pub(super) ids: Vec<String>,
}

#[derive(Debug, Args)]
pub(super) struct BatchArguments {
    #[command(flatten)]
    pub(super) build: BuildArguments,
    #[command(flatten)]
    pub(super) run: RunArguments,
    /// Build all editions, which is what happens if none is named
    #[arg(long, conflicts_with = "editions")]
    pub(super) all: bool,
    /// Make everything, whatever is there or in the cache
    #[arg(long)]
    pub(super) fresh: bool,
    /// Make only what failed last time
    #[arg(long, value_name = "WHICH")]
    pub(super) only: Option<Only>,
    /// Make one part of the plan, such as 2/5, for several machines
    #[arg(long, value_name = "K/N")]
    pub(super) shard: Option<String>,
    /// Delete outputs of earlier runs that are not planned any more
    #[arg(long)]
    pub(super) prune: bool,
    #[command(flatten)]
    pub(super) cache: CacheArgument,
}

/// How a run of many outputs goes: shared by build and check.
#[derive(Debug, Default, Args)]
pub(super) struct RunArguments {
    /// How many outputs to make at a time [default: as the machine can]
    #[arg(short, long, value_name = "N")]
    pub(super) jobs: Option<NonZeroUsize>,
    /// Begin no other output after one has failed
    #[arg(long)]
    pub(super) fail_fast: bool,
    /// Make all the others after one has failed; this is the default
    #[arg(long, conflicts_with = "fail_fast")]
    pub(super) keep_going: bool,
    /// How long one output may take, such as 30s, 2m or 1500ms
    #[arg(long, value_name = "TIME")]
    pub(super) limit_time: Option<String>,
    /// How much memory one output may take, such as 512M or 1G (Linux)
    #[arg(long, value_name = "SIZE")]
    pub(super) limit_memory: Option<String>,
    /// How much memory the whole run should take at most (Linux)
    #[arg(long, value_name = "SIZE")]
    pub(super) max_memory: Option<String>,
}

/// Where the cache is.
#[derive(Debug, Args)]
pub(super) struct CacheArgument {
    /// The folder of the cache [default: .huikan/cache of the project]
    #[arg(long, value_name = "DIR", env = "HUIKAN_CACHE")]
    pub(super) cache: Option<PathBuf>,
    /// Use no cache
    #[arg(long, conflicts_with = "cache")]
    pub(super) no_cache: bool,
}

#[derive(Debug, Copy, Clone, Eq, PartialEq, ValueEnum)]
pub(super) enum Only {
    Failed,
}

#[derive(Debug, Args)]
pub(super) struct VerifyArguments {
    /// Records, or folders with one [default: that of the project's outputs]
    #[arg(value_name = "RECORD")]
    pub(super) records: Vec<PathBuf>,
    /// Make all outputs again, and compare
    #[arg(long)]
    pub(super) rebuild: bool,
}

#[derive(Debug, Args)]
pub(super) struct ManifestArguments {
    #[command(subcommand)]
    pub(super) action: ManifestAction,
}

#[derive(Debug, Subcommand)]
pub(super) enum ManifestAction {
    /// Make one record of those of a plan's parts
    Merge {
        /// The records
        #[arg(value_name = "RECORD", required = true)]
        parts: Vec<PathBuf>,
        /// The whole record
        #[arg(short = 'o', long = "output", value_name = "FILE")]
        merged: PathBuf,
    },
}

#[derive(Debug, Args)]
pub(super) struct CacheArguments {
    #[command(subcommand)]
    pub(super) action: CacheAction,
}

#[derive(Debug, Subcommand)]
pub(super) enum CacheAction {
    /// Clear what was not used for the longest time, down to a size
    Gc {
        /// The size to keep, such as 500M or 0 [default: 4G]
        #[arg(long, value_name = "SIZE")]
        size: Option<String>,
        #[command(flatten)]
        cache: CacheArgument,
    },
}

#[derive(Debug, Args)]
pub(super) struct BuildArguments {
    #[command(flatten)]
    pub(super) select: SelectArguments,
    /// The folder for outputs [default: `out` of huikan.toml]
    #[arg(short, long, value_name = "DIR")]
    pub(super) output: Option<PathBuf>,
    /// Resolution of PNG pages in pixels an inch [default: 144]
    #[arg(long, value_name = "PPI")]
    pub(super) ppi: Option<f64>,
    /// Write what Typst sees to a new folder instead of building
    #[arg(long, value_name = "DIR")]
    pub(super) eject: Option<PathBuf>,
    /// Leave the marks out by which changes to a Word draft are read back
    #[arg(long)]
    pub(super) no_anchors: bool,
    /// Tell how long each stage took
    #[arg(long)]
    pub(super) timings: bool,
}

#[derive(Debug, Args)]
pub(super) struct MergeArguments {
    /// The Word template (.docx)
    #[arg(value_name = "TEMPLATE")]
    pub(super) word_template: PathBuf,
    /// JSON files; the template is compiled once for all of them
    #[arg(value_name = "CONTEXT", required_unless_present_any = ["inspect", "annotate"])]
    pub(super) contexts: Vec<PathBuf>,
    /// The draft; {name}, {number} and fields of the context are filled in
    #[arg(
        short = 'o',
        long = "output",
        value_name = "FILE",
        required_unless_present_any = ["inspect", "annotate"]
    )]
    pub(super) draft: Option<PathBuf>,
    /// List the template's tags with their places, and the names it asks for
    #[arg(long)]
    pub(super) inspect: bool,
    /// Write what is wrong with the template into a copy of it, as Word comments
    #[arg(long, value_name = "FILE")]
    pub(super) annotate: Option<PathBuf>,
    /// A context file is an array with one context an item
    #[arg(long)]
    pub(super) each: bool,
    /// Mark each printed value, so that changes to the draft can be read back
    #[arg(long)]
    pub(super) anchors: bool,
}

#[derive(Debug, Args)]
pub(super) struct ImportArguments {
    /// The text (.docx, .md, .txt, .html) or the spreadsheet (.xlsx, .csv)
    #[arg(value_name = "FILE")]
    pub(super) material: PathBuf,
    /// The JSON file to write, or .md for the mended text [default: standard output]
    #[arg(short = 'o', long = "output", value_name = "FILE")]
    pub(super) dataset: Option<PathBuf>,
    /// The JSON pointer of the list's place in the dataset, such as /delegates
    #[arg(long, value_name = "POINTER")]
    pub(super) into: Option<String>,
    /// The template, by name or folder: fields are those of its schema
    #[arg(short, long, value_name = "NAME")]
    pub(super) template: Option<String>,
    /// Write every change and warning to a JSON file, too
    #[arg(long, value_name = "FILE")]
    pub(super) report: Option<PathBuf>,
    /// Ask about doubtful changes
    #[arg(long)]
    pub(super) interactive: bool,
    /// The sheet of a workbook [default: the first that is not empty]
    #[arg(long, value_name = "NAME")]
    pub(super) sheet: Option<String>,
    /// Change a file that is there; with --into, only that place in it
    #[arg(long, requires = "dataset")]
    pub(super) force: bool,
}

#[derive(Debug, Args)]
pub(super) struct ImposeArguments {
    /// The PDF file
    #[arg(value_name = "PDF")]
    pub(super) pages: PathBuf,
    /// The sheets, as a PDF file
    #[arg(short = 'o', long = "output", value_name = "FILE")]
    pub(super) sheets: PathBuf,
    /// How it is bound: saddle, perfect-16, 2x1, stack-2x4, tri-fold, z-fold or gate-fold
    #[arg(long, value_name = "NAME", default_value = "saddle")]
    pub(super) scheme: String,
    /// The sheet: A3, SRA3, 大度对开 … or 320x450mm
    #[arg(long = "sheet", value_name = "SIZE", default_value = "A3")]
    pub(super) stock: String,
    /// How thick the paper is: inner pages are moved by it (creep)
    #[arg(long, value_name = "LENGTH", default_value = "0.1mm")]
    pub(super) paper: String,
    /// How far pages are printed beyond their trim, at most
    #[arg(long, value_name = "LENGTH", default_value = "3mm")]
    pub(super) bleed: String,
    /// The gap between pages that are cut apart, or the room for creep [default: twice the bleed]
    #[arg(long, value_name = "LENGTH")]
    pub(super) gutter: Option<String>,
    /// How much is milled off the back of signatures
    #[arg(long, value_name = "LENGTH", default_value = "3mm")]
    pub(super) milling: String,
    /// The first two and the last two pages are a cover of its own
    #[arg(long)]
    pub(super) cover: bool,
    /// How the back is printed
    #[arg(long, value_name = "WAY", default_value = "sheetwise")]
    pub(super) turn: TurnName,
    /// Draw no marks
    #[arg(long)]
    pub(super) no_marks: bool,
    /// Draw the plan for people, as SVG
    #[arg(long, value_name = "FILE")]
    pub(super) diagram: Option<PathBuf>,
    /// Write the plan as JSON
    #[arg(long, value_name = "FILE")]
    pub(super) plan: Option<PathBuf>,
    /// The password of an encrypted file
    #[arg(long, value_name = "WORD")]
    pub(super) password: Option<String>,
}

#[derive(Debug, Copy, Clone, ValueEnum)]
pub(super) enum TurnName {
    /// With plates of its own
    Sheetwise,
    /// With the same plates, turned over the short side
    WorkAndTurn,
    /// With the same plates, tumbled over the long side
    WorkAndTumble,
}

#[derive(Debug, Args)]
pub(super) struct FontsArguments {
    /// A folder of fonts; may be given more than once
    #[arg(long = "fonts", value_name = "DIR", env = "HUIKAN_FONTS", value_delimiter = PATH_SEPARATOR)]
    pub(super) fonts: Vec<PathBuf>,
    /// List the system's fonts too
    #[arg(long)]
    pub(super) system_fonts: bool,
    /// Write the fonts inside the binary to a folder
    #[arg(long, value_name = "DIR")]
    pub(super) export: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct TemplatesArguments {
    /// Copy a shipped template into the project's templates folder
    #[arg(long, value_name = "NAME")]
    pub(super) copy: Option<String>,
    /// The copy's name [default: the same]
    #[arg(long, value_name = "NAME", requires = "copy")]
    pub(super) to: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct SchemaArguments {
    /// The template, by name or folder
    #[arg(value_name = "TEMPLATE")]
    pub(super) template: String,
}

/// What separates the folders of `HUIKAN_FONTS`.
const PATH_SEPARATOR: char = if cfg!(windows) { ';' } else { ':' };

#[derive(Debug, Copy, Clone, ValueEnum)]
pub(super) enum Language {
    Zh,
    En,
}

#[derive(Debug, Copy, Clone, Eq, PartialEq, ValueEnum)]
pub(super) enum MessageFormat {
    /// For people
    Human,
    /// For programs: an object a line
    Json,
    /// For code scanning: one SARIF 2.1.0 document
    Sarif,
    /// For GitHub Actions: annotations
    Github,
}

#[derive(Debug, Copy, Clone, Eq, PartialEq, ValueEnum)]
pub(super) enum ColorChoice {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Copy, Clone, ValueEnum)]
pub(super) enum FormatName {
    Pdf,
    Docx,
    Png,
    Svg,
}

impl From<FormatName> for Format {
    fn from(name: FormatName) -> Self {
        match name {
            FormatName::Pdf => Self::Pdf,
            FormatName::Docx => Self::Docx,
            FormatName::Png => Self::Png,
            FormatName::Svg => Self::Svg,
        }
    }
}
