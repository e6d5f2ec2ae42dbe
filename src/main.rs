//! The `huikan` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    huikan::build::panics::install_hook();
    huikan::cli::run(std::env::args_os())
}
