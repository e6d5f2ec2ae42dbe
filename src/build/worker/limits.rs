//! What a job may take.

use std::time::Duration;

/// What a job may take.
#[derive(Debug, Copy, Clone, Default)]
pub struct Limits {
    /// How long it may take.
    pub time: Option<Duration>,
    /// How much more memory than before the job its process may ask for, in bytes.
    pub memory: Option<u64>,
}

impl Limits {
    /// Whether there is any.
    pub fn are_set(&self) -> bool {
        self.time.is_some() || self.memory.is_some()
    }
}

/// A time as people write it.
pub(super) fn span(time: Duration) -> String {
    let (seconds, rest) = (time.as_secs(), time.subsec_millis());
    match (seconds, rest) {
        (seconds, 0) if seconds > 0 && seconds.is_multiple_of(60) => {
            format!("{}m", seconds / 60)
        }
        (seconds, 0) => format!("{seconds}s"),
        _ => format!("{}ms", time.as_millis()),
    }
}

/// Lets this process have so many bytes and no more: an allocation beyond them fails,
/// which ends the process.
#[cfg(target_os = "linux")]
pub(super) fn confine(bytes: Option<u64>) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let maximum = getrlimit(Resource::Data).maximum;
    let current = match (bytes, maximum) {
        (Some(bytes), Some(most)) => Some(bytes.min(most)),
        (bytes, most) => bytes.or(most),
    };
    // Whoever started the worker looks at its memory, too.
    let _ = setrlimit(Resource::Data, Rlimit { current, maximum });
}

/// Keeps this process from writing its memory to the disk when it dies.
#[cfg(target_os = "linux")]
pub(super) fn leave_no_core() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    let _ = setrlimit(Resource::Core, none);
}

/// Other systems count what a process asks for in other ways: the program refuses a
/// limit there.
#[cfg(not(target_os = "linux"))]
pub(super) fn confine(_: Option<u64>) {}

/// As on Linux, where it matters.
#[cfg(not(target_os = "linux"))]
pub(super) fn leave_no_core() {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_short() {
        let written = [120_000, 30_000, 1_500, 90_000];
        let written = written.map(|time| span(Duration::from_millis(time)));
        assert_eq!(written, ["2m", "30s", "1500ms", "90s"]);
    }
}
