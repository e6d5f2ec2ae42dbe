//! The jobs of a run in line: who begins the next, and whether anybody may.

use std::cmp::Reverse;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::interrupt::Interrupt;

/// How often somebody who waits looks whether the user wants to stop.
const LOOK: Duration = Duration::from_millis(50);
/// How many times the cost of the median a job costs that is begun early.
const SLOW: u64 = 4;

/// In which order to begin jobs that cost so much: the slow ones first, so that none of
/// them is begun when all others are done; the rest as they are.
pub(super) fn order(costs: &[u64]) -> Vec<usize> {
    let mut sorted = costs.to_vec();
    sorted.sort_unstable();
    let median = sorted.get(sorted.len() / 2).copied().unwrap_or_default();
    let is_slow = |cost: u64| cost >= median.saturating_mul(SLOW);
    let all = || costs.iter().copied().enumerate();
    let mut slow: Vec<(usize, u64)> = all().filter(|(_, cost)| is_slow(*cost)).collect();
    slow.sort_by_key(|(_, cost)| Reverse(*cost));
    let rest = all().filter(|(_, cost)| !is_slow(*cost));
    slow.into_iter().chain(rest).map(|(index, _)| index).collect()
}

/// Jobs in the order in which they are begun.
pub(super) struct Line<'a> {
    order: Vec<usize>,
    interrupt: &'a Interrupt,
    state: Mutex<State>,
    moved: Condvar,
}

/// How far the line has come.
#[derive(Default)]
struct State {
    /// How many were begun.
    begun: usize,
    /// How many of these are being made.
    running: usize,
    /// Nobody begins another.
    closed: bool,
    /// Nobody begins another before all that are being made are done.
    held: bool,
}

/// A job that somebody has begun.
pub(super) struct Turn {
    /// Which job.
    pub(super) index: usize,
    /// How many were begun with it and before it.
    pub(super) number: usize,
    /// Whether no other was being made.
    pub(super) alone: bool,
}

impl<'a> Line<'a> {
    pub(super) fn new(order: Vec<usize>, interrupt: &'a Interrupt) -> Self {
        Self { order, interrupt, state: Mutex::default(), moved: Condvar::new() }
    }

    /// Begins the next job; nothing at the end of the line.
    pub(super) fn begin(&self) -> Option<Turn> {
        let mut state = self.state();
        loop {
            if state.closed || self.interrupt.is_asked() {
                return None;
            }
            let index = *self.order.get(state.begun)?;
            if !state.held || state.running == 0 {
                state.begun += 1;
                state.running += 1;
                let alone = state.running == 1;
                return Some(Turn { index, number: state.begun, alone });
            }
            let waited = self.moved.wait_timeout(state, LOOK);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// A job is done.
    pub(super) fn end(&self) {
        self.state().running -= 1;
        self.moved.notify_all();
    }

    /// No further job is begun.
    pub(super) fn close(&self) {
        self.state().closed = true;
        self.moved.notify_all();
    }

    /// Whether jobs are made one at a time, until further notice.
    pub(super) fn hold(&self, held: bool) {
        self.state().held = held;
        self.moved.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Closes a line when it goes: a panic must not leave anybody at work.
pub(super) struct Closing<'a>(pub(super) &'a Line<'a>);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.0.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slow_jobs_come_first_and_the_rest_as_it_is() {
        assert_eq!(order(&[5, 40, 6, 4, 90, 5, 5]), [4, 1, 0, 2, 3, 5, 6]);
        assert_eq!(order(&[3, 2, 1]), [0, 1, 2]);
        assert_eq!(order(&[]), [0; 0]);
    }

    #[test]
    fn jobs_are_begun_in_order_until_the_line_is_closed() {
        let interrupt = Interrupt::default();
        let line = Line::new(vec![2, 0, 1], &interrupt);
        let begun = || line.begin().map(|turn| (turn.index, turn.number, turn.alone));
        assert_eq!((begun(), begun()), (Some((2, 1, true)), Some((0, 2, false))));
        line.end();
        line.close();
        assert_eq!(begun(), None);
    }

    #[test]
    fn a_held_line_goes_one_by_one() {
        let interrupt = Interrupt::default();
        let line = Line::new(vec![0, 1, 2], &interrupt);
        line.hold(true);
        assert_eq!(line.begin().map(|turn| turn.index), Some(0));
        std::thread::scope(|scope| {
            let next = scope.spawn(|| line.begin().map(|turn| turn.alone));
            line.end();
            assert_eq!(next.join().expect("no panic"), Some(true));
            let last = scope.spawn(|| line.begin().map(|turn| turn.index));
            interrupt.ask();
            assert_eq!(last.join().expect("no panic"), None);
        });
    }
}
