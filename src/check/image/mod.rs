//! Rules about pictures.

pub mod low_resolution;

use crate::diag::Rule;

/// The rules of this room.
pub static RULES: &[&Rule] = &[&low_resolution::RULE];
