//! Building: jobs, their outputs, watching, ejecting, new projects.
//!
//! - [`workshop`] holds what the jobs of a run share.
//! - [`job`] makes one edition with one template, in memory.
//! - [`batch`] makes many jobs on several threads.
//! - [`output`] writes files so that nothing half-written is ever seen.
//! - [`watch`] builds again when something changes.
//! - [`eject`] writes down what Typst saw.
//! - [`documents`] are what a Word template includes.
//! - [`merge`] is the Word engine alone, for any template and any JSON.
//! - [`import`] makes JSON of spreadsheets.
//! - [`input`] reads the files that a command is given.
//! - [`compare`] tells what is different between two editions.
//! - [`renew`] makes next time's edition of this time's.
//! - [`scaffold`] makes a new project or a copy of a template.

pub mod batch;
pub mod compare;
mod documents;
pub mod eject;
pub mod import;
mod input;
pub mod job;
pub mod merge;
pub mod output;
pub mod renew;
pub mod scaffold;
pub mod watch;
pub mod workshop;

pub use self::job::{Artefact, Job, Made, Timings};
pub use self::workshop::{Settings, Workshop};
