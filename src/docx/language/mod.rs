//! What the template language knows: the values of the data, and what can be done with
//! them.
//!
//! - [`context`] makes the dataset into values, some of them [`typed`] or [`rich`] text;
//!   those of drafts know their [`origin`].
//! - [`filters`] are Jinja's that MiniJinja lacks, [`wrapping`] among them; [`methods`]
//!   are Python's, also those of lists that are [`changing`].
//! - [`vocabulary`] is ours, its calls read by [`arguments`]: numerals and dates,
//!   [`tables`], [`charts`] of [`quantities`], [`spread`] names, [`dotted`] words, a [`picture`] with its
//!   [`lengths`].
//! - [`print`](mod@print) writes values as Python does; [`faults`] are the language's
//!   errors as diagnostics.

pub(super) mod arguments;
pub(super) mod changing;
pub(super) mod charts;
pub(super) mod context;
pub(super) mod dotted;
pub(super) mod faults;
pub(super) mod filters;
pub(super) mod lengths;
pub(super) mod methods;
pub(super) mod origin;
pub(super) mod picture;
pub(super) mod print;
pub(super) mod quantities;
pub(super) mod rich;
pub(super) mod spread;
pub(super) mod tables;
pub(super) mod typed;
pub(super) mod vocabulary;
pub(super) mod wrapping;
