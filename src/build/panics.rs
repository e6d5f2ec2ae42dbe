//! Panics: faults of huikan's own, told like any other.
//!
//! A job that panics fails, and the others go on. The words of the panic are kept by the
//! [hook](install_hook) until whoever caught it tells them.

use std::any::Any;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, PanicHookInfo};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::Job;
use crate::diag::{Diagnostic, Place, Text};
use crate::text;

/// How many pieces of work are under way whose panics are caught.
static GUARDED: AtomicUsize = AtomicUsize::new(0);
/// The last panics: their words, and where they were raised.
static KEPT: Mutex<VecDeque<(String, String)>> = Mutex::new(VecDeque::new());
/// How many panics are kept: as many as may be raised before one is caught.
const MOST: usize = 64;

/// A panic that was caught.
#[derive(Debug, Clone)]
pub(super) struct Panic {
    /// What it says.
    pub(super) words: String,
    /// The file and line of the program, if the hook has seen it.
    location: Option<String>,
}

/// Keeps the panics of guarded work off standard error: they are told as diagnostics.
/// For the program only: a hook is the whole process's. The main thread's panics are
/// printed, since it does no guarded work in a batch.
pub fn install_hook() {
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let main = std::thread::current().name() == Some("main");
        match GUARDED.load(Ordering::Relaxed) > 0 && !main {
            true => keep(panic),
            false => print(panic),
        }
    }));
}

fn keep(panic: &PanicHookInfo<'_>) {
    let location = panic.location().map(ToString::to_string).unwrap_or_default();
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if kept.len() == MOST {
        kept.pop_front();
    }
    kept.push_back((words(panic.payload()), location));
}

/// Does guarded work.
///
/// # Errors
/// The panic that ended it.
pub(super) fn caught<T>(work: impl FnOnce() -> T) -> Result<T, Panic> {
    GUARDED.fetch_add(1, Ordering::Relaxed);
    // What the work has touched is not looked at again, but for caches, whose entries
    // are made before they are put in.
    let done = std::panic::catch_unwind(AssertUnwindSafe(work));
    GUARDED.fetch_sub(1, Ordering::Relaxed);
    done.map_err(|payload| {
        let words = words(payload.as_ref());
        // A panic may come from a thread that the work has started, so that it is known
        // by its words.
        let kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.iter().rev().find(|(said, _)| *said == words);
        Panic { location: found.map(|(_, location)| location.clone()), words }
    })
}

fn words(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("?").to_string()
}

impl Panic {
    /// The panic as the error of the job that it ended.
    pub(super) fn fault(&self, job: &Job) -> Diagnostic {
        let (edition, template) = (&job.edition.id, &job.output.template);
        let words = &self.words;
        let mut fault = Diagnostic::error(
            "build/internal",
            text!(
                "huikan 自己出了错，`{edition}`（模板 `{template}`）没有做成",
                "huikan itself has failed: `{edition}` with the template `{template}` is not made"
            ),
        )
        .at(Place::file(job.edition.shown.as_ref()))
        .note(Text::verbatim(words));
        let version = env!("CARGO_PKG_VERSION");
        fault = fault.note(match &self.location {
            Some(location) => Text::verbatim(format!("huikan {version}, {location}")),
            None => Text::verbatim(format!("huikan {version}")),
        });
        fault.hint(text!(
            "这不是数据或模板的错；请把这条消息连同数据和模板报告给 huikan 的维护者",
            "this is no fault of your dataset or template: report this message, with both of them, to the maintainers of huikan"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::{Output, Project};

    #[test]
    fn a_panic_becomes_an_error_of_its_job() {
        let folder = tempfile::tempdir().expect("a folder");
        let dataset = folder.path().join("2025.json");
        let file = tempfile::NamedTempFile::new_in(folder.path()).expect("a file");
        file.persist(&dataset).expect("a dataset");
        let project = Project::bare(folder.path());
        let edition = project.edition("2025.json", folder.path()).expect("an edition");
        let job = Job { edition, output: Output::of("handout") };
        let panic =
            caught(|| -> u8 { std::panic::resume_unwind(Box::new("no such leaf")) });
        let fault = panic.expect_err("a panic").fault(&job);
        assert_eq!(fault.code, "build/internal");
        assert_eq!(
            fault.message.en,
            "huikan itself has failed: `2025` with the template `handout` is not made"
        );
        assert_eq!(fault.notes[0].en, "no such leaf");
        assert_eq!(caught(|| 7).expect("no panic"), 7);
    }
}
