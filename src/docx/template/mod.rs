//! A template: its tags found, checked, and written as programs.
//!
//! - [`part`] joins the text of every paragraph over its runs and has [`tags`] find the
//!   tags in it.
//! - [`assemble`] turns the part into untouched bytes and tags; [`blocks`] checks that
//!   statements open and close in matching places, and [`crossing`] says how to write
//!   those that do not; [`cells`] turns the tags about a table cell into its
//!   properties; [`copies`] has references follow the bookmarks that loops repeat.
//! - [`checks`] finds what is wrong with the tags, all at once.
//! - [`compile`] has bytes and tags written as one MiniJinja [`program`] per part, and per
//!   document that a template includes ([`mod@include`]), and keeps, for each tag, its
//!   [`site`]: what a value looks like there. For drafts, [`paths`] and [`scopes`] say
//!   where the data of a tag comes from.
//! - [`inspect`] lists what a template asks for.

pub(super) mod assemble;
pub(super) mod blocks;
pub(super) mod cells;
pub(super) mod checks;
pub(super) mod compile;
pub(super) mod copies;
pub(super) mod crossing;
pub(super) mod include;
pub(super) mod inspect;
pub(super) mod part;
pub(super) mod paths;
pub(super) mod program;
pub(super) mod scopes;
pub(super) mod site;
pub(super) mod tags;
