//! The `huikan` program.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// Layout makes and drops millions of small things, on several threads.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    huikan::build::panics::install_hook();
    huikan::cli::run(std::env::args_os())
}
