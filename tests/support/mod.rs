//! What the tests share: case files, and a driver for the real binary.

#![allow(dead_code, reason = "each test binary uses its own part")]
#![allow(unreachable_pub, reason = "the test binaries are its only users")]
#![allow(clippy::disallowed_methods, reason = "tests write the files they run on")]

pub mod case;
pub mod draft;
pub mod layout;
pub mod pages;
pub mod pdf;
pub mod project;
pub mod seed;
pub mod word;
pub mod workbook;
