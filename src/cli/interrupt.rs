//! ^C: the first ends a run in good order, the second at once.

use std::sync::{Arc, OnceLock};

use crate::build::interrupt::Interrupt;
use crate::build::output;

/// The exit code of a run that was to stop: 128 and the number of `SIGINT`.
pub(super) const EXIT_CODE: u8 = 130;

/// Hears ^C, and the signals by which systems end programs, from now on.
pub(super) fn listen() -> Arc<Interrupt> {
    // A program hears a signal in one place only, for all its runs.
    static HEARD: OnceLock<Arc<Interrupt>> = OnceLock::new();
    Arc::clone(HEARD.get_or_init(|| {
        let interrupt = Arc::new(Interrupt::default());
        let asked = Arc::clone(&interrupt);
        // Where signals cannot be heard, the first ends the program.
        let _ = ctrlc::set_handler(move || {
            if !asked.ask() {
                output::abandon();
                #[expect(clippy::disallowed_methods, reason = "the user will not wait")]
                std::process::exit(EXIT_CODE.into());
            }
        });
        interrupt
    }))
}
