//! The command line: parse, resolve, run, exit code.
//!
//! - [`args`] is what clap reads; nothing below this module ever sees it.
//! - [`config`] turns it into settings.
//! - [`report`] writes results and diagnostics for people or programs, [`progress`] how far
//!   a run has come; [`interrupt`] hears ^C.
//! - [`sarif`] and [`annotations`] are forms of diagnostics for other programs.
//! - [`place`] is where the user stands.
//! - [`commands`] runs one command each; [`build`], [`check`], [`merge`] and [`import`] are
//!   larger ones. [`changes`] shows what an import has changed, [`questions`] asks about it.

mod annotations;
mod args;
mod build;
mod changes;
mod check;
mod commands;
mod config;
mod diff;
mod import;
mod impose;
mod interrupt;
mod merge;
mod place;
mod plan;
mod progress;
mod questions;
mod renew;
mod report;
mod sarif;
mod verify;
mod zh;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches};

use self::args::Arguments;
use self::report::Reporter;
use crate::diag::Lang;

/// How a run ended, as the shell sees it.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub enum Exit {
    /// Everything was made.
    Success,
    /// The user's material has errors.
    Faults,
    /// The command line is wrong.
    Usage,
    /// The user wanted it to stop.
    Interrupted,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Success => Self::from(0),
            Exit::Faults => Self::from(1),
            Exit::Usage => Self::from(2),
            Exit::Interrupted => Self::from(interrupt::EXIT_CODE),
        }
    }
}

/// Runs the program with its arguments, the first being its own name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let lang = config::language_hint(&arguments);
    match parse(&arguments, lang) {
        Ok(parsed) => {
            let mut reporter = Reporter::new(config::report_style(&parsed.global, lang));
            commands::run(parsed, &mut reporter).into()
        }
        Err(exit) => exit.into(),
    }
}

fn parse(arguments: &[OsString], lang: Lang) -> Result<Arguments, Exit> {
    let mut command = Arguments::command();
    if lang == Lang::Zh {
        command = zh::localise(command);
    }
    let parsed = command
        .try_get_matches_from(arguments)
        .and_then(|matches| Arguments::from_arg_matches(&matches));
    parsed.map_err(|error| {
        let asked =
            matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
        let usage = error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
        if asked || usage || lang == Lang::En {
            // A closed pipe is the reader's wish, not a fault.
            let _ = error.print();
        } else {
            report::to_stderr(&zh::usage_error(&error));
        }
        if asked { Exit::Success } else { Exit::Usage }
    })
}
