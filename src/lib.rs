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
pub mod project;
