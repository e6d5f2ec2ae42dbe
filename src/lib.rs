//! huikan compiles one JSON dataset of a congress report into print-ready PDF
//! (Typst templates) and editable Word drafts (.docx templates).
//!
//! # Steps
//! - **Read:** a [project] has editions; each is a
//!   [dataset](data::Dataset) whose every value knows the bytes it stands on.
//! - **Check:** the [schema](data::schema) of a template package says what is
//!   wrong with a dataset, with line, column and pointer, all faults at once.
//! - **Resolve:** [`project::resolve`] decides the content once: rich text
//!   becomes a [tree](data::markdown), images are found, figures print as
//!   written and where texts [refer](data::figures) to them, [rosters](data::roster)
//!   are put in order, [agendas](data::agenda) and [seats](data::seating) worked
//!   out. Both templates see the same.
//! - **Lay out:** [`pdf`] compiles the package's Typst template over the resolved
//!   dataset and the [fonts](pdf::fonts), and [exports](pdf::export) it.
//! - **Merge:** [`docx`] merges the package's Word template with the same data.
//! - **Check:** [`check::parity`] reads finished outputs back ([`pdf::reading`],
//!   [`docx::reading`]) and proves that both sides say the same.
//! - **Build:** [`build`] runs jobs, writes outputs at once or not at all, and
//!   watches; [`cli`] is its command line.
//!
//! # As a library
//! [`build::run::build`] does what `huikan build` does, with a callback. One job alone
//! is made in memory, as a pure function of its inputs:
//! ```
//! use huikan::build::{Settings, Workshop, output, scaffold};
//! use huikan::project::{Format, Project};
//!
//! # let folder = tempfile::tempdir().expect("a folder");
//! # let root = folder.path();
//! output::write_all(root, &scaffold::project("handout")?)?;
//! let settings = Settings { formats: Some(vec![Format::Docx]), ..Settings::default() };
//! let workshop = Workshop::new(Project::find(root)?, settings);
//! for job in workshop.jobs(&[], root)?.whole()? {
//!     let made = job.make(&workshop)?;
//!     for artefact in &made.value.artefacts {
//!         assert_eq!(artefact.name, "sample-handout.docx");
//!         assert!(artefact.bytes.starts_with(b"PK"));
//!     }
//!     assert!(made.warnings.is_empty());
//! }
//! # Ok::<(), huikan::diag::Errors>(())
//! ```
//!
//! A module uses only those before it: [`diag`], [`data`], [`project`],
//! [`pdf`] and [`docx`] (which never see each other), [`check`], [`build`],
//! [`cli`].

pub mod build;
pub mod check;
pub mod cli;
pub mod data;
pub mod diag;
pub mod docx;
pub mod pdf;
pub mod press;
pub mod project;
