//! Parts of a job that need not wait for each other.

use std::thread::{Scope, ScopedJoinHandle};

/// Work beside other work: on a thread of its own, or done at once where all cores
/// have other jobs, and a thread would only cost.
pub(super) enum Aside<'scope, T> {
    Done(T),
    Running(ScopedJoinHandle<'scope, T>),
}

impl<'scope, T: Send + 'scope> Aside<'scope, T> {
    /// Begins the work, beside that of the caller if there is `room`.
    pub(super) fn begin(
        scope: &'scope Scope<'scope, '_>,
        room: bool,
        work: impl FnOnce() -> T + Send + 'scope,
    ) -> Self {
        match room {
            true => Self::Running(scope.spawn(work)),
            false => Self::Done(work()),
        }
    }

    /// What has come of it. A panic on its thread goes on in the one that waits for it.
    pub(super) fn end(self) -> T {
        match self {
            Self::Done(value) => value,
            Self::Running(handle) => {
                handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            }
        }
    }
}
