//! The `huikan` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    huikan::cli::run(std::env::args_os())
}
