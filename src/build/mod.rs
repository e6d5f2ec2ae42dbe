//! Building: jobs, their outputs, watching, ejecting, new projects.
//!
//! - [`workshop`] holds what the jobs of a run share; [`schedule`] tells which they are.
//! - [`job`] makes one edition with one template, in memory; [`aside`] is what it does at
//!   the same time.
//! - [`run`] is all of a run in one call; [`session`] is its steps in one folder: it keeps,
//!   restores, makes and records.
//! - [`plan`] tells what a run would do and why, [`shard`] splits a plan.
//! - [`cache`] has what was made before, [`record`] is `manifest.json`, and [`verify`]
//!   proves that outputs are what it says.
//! - [`batch`] makes many jobs on several threads, within the run's [`memory`];
//!   [`line`](mod@line) is who is next, [`interrupt`] the wish to stop.
//! - [`worker`] makes jobs in processes that can be killed.
//! - [`panics`] are faults of our own, told like any other.
//! - [`output`] writes files so that nothing half-written is ever seen.
//! - [`watch`] builds again when something changes.
//! - [`eject`] writes down what Typst saw.
//! - [`documents`] are what a Word template includes.
//! - [`merge`] is the Word engine alone, for any template and any JSON.
//! - [`import`] makes JSON of spreadsheets, [`manuscript`] of texts; [`material`] tells
//!   which a file is, [`doubts`] what somebody should look at.
//! - [`input`] reads the files that a command is given.
//! - [`compare`] tells what is different between two editions.
//! - [`renew`] makes next time's edition of this time's.
//! - [`scaffold`] makes a new project or a copy of a template.

mod aside;
pub mod batch;
pub mod cache;
pub mod compare;
mod documents;
mod doubts;
pub mod eject;
pub mod import;
pub mod input;
pub mod interrupt;
pub mod job;
mod line;
pub mod manuscript;
pub mod material;
pub mod memory;
pub mod mending;
pub mod merge;
pub mod output;
pub mod panics;
pub mod plan;
pub mod record;
pub mod renew;
pub mod run;
pub mod scaffold;
mod schedule;
pub mod session;
pub mod shard;
pub mod verify;
pub mod watch;
pub mod worker;
pub mod workshop;

pub use self::job::{Artefact, Job, Made, Timings};
pub use self::workshop::{Settings, Workshop};
