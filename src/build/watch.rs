//! Watching: build, wait for a change, build again.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use typst_kit::watcher::Watcher;

use super::{Job, Made, Workshop};
use crate::diag::{Diagnostic, Result, Warned};
use crate::text;

/// How many builds a memoised result may stay unused before it is dropped.
const CACHE_AGE: usize = 10;

/// Builds the jobs again and again, whenever a file that went into them changes.
/// `report` is told each result and how long it took, and says whether to go on.
///
/// # Errors
/// A system that does not let files be watched.
pub fn watch(
    workshop: &Workshop,
    jobs: &[Job],
    mut report: impl FnMut(&Job, Result<Warned<Made>>, Duration) -> bool,
) -> Result<()> {
    let mut watcher = Watcher::new(None).map_err(|reason| no_watching(&reason))?;
    let mut watched: Vec<Vec<PathBuf>> = vec![Vec::new(); jobs.len()];
    loop {
        workshop.begin_anew();
        for (job, inputs) in jobs.iter().zip(&mut watched) {
            let start = Instant::now();
            let result = job.make(workshop);
            match &result {
                Ok(made) => inputs.clone_from(&made.value.inputs),
                // What failed is tried again when something that it starts from
                // changes, or whatever it read when it last worked.
                Err(_) => inputs.extend(job.sources(workshop)),
            }
            if !report(job, result, start.elapsed()) {
                return Ok(());
            }
        }
        comemo::evict(CACHE_AGE);
        let mut paths: Vec<PathBuf> = watched.concat();
        paths.sort();
        paths.dedup();
        watcher.update(paths).map_err(|reason| no_watching(&reason))?;
        watcher.wait().map_err(|reason| no_watching(&reason))?;
    }
}

fn no_watching(reason: &str) -> Diagnostic {
    Diagnostic::error(
        "watch/unavailable",
        text!(
            "系统不让监视文件（{reason}）",
            "the system does not let files be watched ({reason})"
        ),
    )
}
