//! How far a run has come, on a terminal: a bar below everything else that is said.

use std::fmt::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use crate::build::batch::Progress;
use crate::build::interrupt::Interrupt;
use crate::diag::Lang;

/// How often the bar is drawn when nothing happens, so that the time is right.
const TICK: Duration = Duration::from_millis(500);
/// How wide the bar is, in columns.
const LOOK: &str = "{bar:20} {words}";

/// The bar, or nothing where there is no terminal.
#[derive(Clone)]
pub(super) struct Bar {
    bar: ProgressBar,
    progress: Arc<Mutex<Progress>>,
}

impl Bar {
    /// No bar.
    pub(super) fn hidden() -> Self {
        Self { bar: ProgressBar::hidden(), progress: Arc::default() }
    }

    /// A bar on standard error, if that is a terminal.
    pub(super) fn shown(lang: Lang, total: usize, interrupt: Arc<Interrupt>) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        let progress = Arc::new(Mutex::new(Progress::of(total)));
        let current = Arc::clone(&progress);
        let words = move |state: &ProgressState, line: &mut dyn Write| {
            let progress = *current.lock().unwrap_or_else(PoisonError::into_inner);
            let stopping = interrupt.is_asked();
            let _ = line.write_str(&words(lang, &progress, state.elapsed(), stopping));
        };
        if let Ok(style) = ProgressStyle::with_template(LOOK) {
            bar.set_style(style.with_key("words", words).progress_chars("=> "));
        }
        if !bar.is_hidden() {
            bar.enable_steady_tick(TICK);
        }
        Self { bar, progress }
    }

    /// Shows how far the run has come. The bar grows with what the jobs cost.
    pub(super) fn show(&self, progress: &Progress) {
        *self.progress.lock().unwrap_or_else(PoisonError::into_inner) = *progress;
        self.bar.set_length(progress.cost_total);
        self.bar.set_position(progress.cost_done);
    }

    /// Writes something above the bar.
    pub(super) fn aside(&self, write: impl FnOnce()) {
        self.bar.suspend(write);
    }

    /// Takes the bar away.
    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
    }
}

/// How much is done, how fast, how long the rest takes, and what has failed.
fn words(lang: Lang, progress: &Progress, elapsed: Duration, stopping: bool) -> String {
    let Progress { done, failed, total, .. } = *progress;
    let mut words = match lang {
        Lang::Zh => format!("{done}/{total} 份"),
        Lang::En => format!("{done}/{total} done"),
    };
    if let Some(pace) = pace(progress, elapsed) {
        let Pace { rate, left } = pace;
        words += &match lang {
            Lang::Zh => format!("，每秒 {rate:.1} 份，还要 {}", time(lang, left)),
            Lang::En => format!(", {rate:.1}/s, {} left", time(lang, left)),
        };
    }
    if failed > 0 {
        words += &match lang {
            Lang::Zh => format!("，{failed} 份出错"),
            Lang::En => format!(", {failed} failed"),
        };
    }
    if stopping {
        words += match lang {
            Lang::Zh => "，正在停下，再按 Ctrl-C 立即结束",
            Lang::En => ", stopping, Ctrl-C again ends at once",
        };
    }
    words
}

/// How fast a run is.
struct Pace {
    /// Jobs a second.
    rate: f64,
    /// How long the rest takes.
    left: Duration,
}

/// The pace once something is done: the rest takes as long for what it costs as what is
/// done has taken.
fn pace(progress: &Progress, elapsed: Duration) -> Option<Pace> {
    let Progress { done, cost_done, cost_total, .. } = *progress;
    let seconds = elapsed.as_secs_f64();
    if cost_done == 0 || seconds <= 0.0 {
        return None;
    }
    let rest = cost_total.saturating_sub(cost_done) as f64 / cost_done as f64;
    let left = Duration::try_from_secs_f64(seconds * rest).ok()?;
    Some(Pace { rate: done as f64 / seconds, left })
}

fn time(lang: Lang, time: Duration) -> String {
    let seconds = time.as_secs() + u64::from(time.subsec_millis() >= 500);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match (lang, hours, minutes) {
        (Lang::Zh, 0, 0) => format!("{seconds} 秒"),
        (Lang::Zh, 0, _) => format!("{minutes} 分 {seconds} 秒"),
        (Lang::Zh, ..) => format!("{hours} 小时 {minutes} 分"),
        (Lang::En, 0, 0) => format!("{seconds}s"),
        (Lang::En, 0, _) => format!("{minutes}m{seconds:02}s"),
        (Lang::En, ..) => format!("{hours}h{minutes:02}m"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_is_told_by_what_it_costs() {
        let progress =
            Progress { done: 30, failed: 2, total: 40, cost_done: 100, cost_total: 400 };
        let shown = |lang, seconds, stopping| {
            words(lang, &progress, Duration::from_secs(seconds), stopping)
        };
        assert_eq!(shown(Lang::En, 60, false), "30/40 done, 0.5/s, 3m00s left, 2 failed");
        assert_eq!(
            shown(Lang::Zh, 15, true),
            "30/40 份，每秒 2.0 份，还要 45 秒，2 份出错，正在停下，再按 Ctrl-C 立即结束"
        );
        let begun = Progress { total: 40, ..Progress::default() };
        assert_eq!(words(Lang::En, &begun, Duration::from_secs(9), false), "0/40 done");
        assert_eq!(time(Lang::En, Duration::from_secs(7260)), "2h01m");
    }
}
