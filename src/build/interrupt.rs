//! The user's wish to stop.

use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the user wants the run to stop; the program asks on ^C.
#[derive(Debug, Default)]
pub struct Interrupt(AtomicBool);

impl Interrupt {
    /// Asks the run to stop; whether this is the first time.
    pub fn ask(&self) -> bool {
        !self.0.swap(true, Ordering::Relaxed)
    }

    /// Whether the run is to stop.
    pub fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
