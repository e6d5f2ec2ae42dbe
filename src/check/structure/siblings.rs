//! Titles that stand beside each other: of the items of a list, or headings of one level
//! under one heading.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::check::text::written::Written;
use crate::data::markdown::headings;
use crate::data::prose::Role;

/// A title.
#[derive(Debug, Clone)]
pub(super) struct Title<'t, 'a> {
    /// The text that it is, or stands in.
    pub(super) text: &'t Written<'a>,
    /// Where it stands in the text.
    pub(super) range: Range<usize>,
}

impl<'a> Title<'_, 'a> {
    /// Its words.
    pub(super) fn words(&self) -> &'a str {
        &self.text.text[self.range.clone()]
    }
}

/// All groups of two and more.
pub(super) fn groups<'t, 'a>(texts: &'t [Written<'a>]) -> Vec<Vec<Title<'t, 'a>>> {
    let mut lists: BTreeMap<(&str, &str), Vec<Title<'t, 'a>>> = BTreeMap::new();
    let mut groups = Vec::new();
    for text in texts {
        if text.markdown {
            groups.extend(of_headings(text));
        } else if let Some(group) = list_of(&text.pointer)
            && matches!(text.role, Role::Heading | Role::Phrase)
        {
            let title = Title { text, range: 0..text.text.len() };
            lists.entry(group).or_default().push(title);
        }
    }
    groups.extend(lists.into_values());
    groups.retain(|group| group.len() >= 2);
    groups
}

/// The list and the field of a text in an item: `/highlights` and `title` of
/// `/highlights/3/title`.
fn list_of(pointer: &str) -> Option<(&str, &str)> {
    let (item, field) = pointer.rsplit_once('/')?;
    let (list, index) = item.rsplit_once('/')?;
    index.bytes().all(|byte| byte.is_ascii_digit()).then_some((list, field))
}

fn of_headings<'t, 'a>(text: &'t Written<'a>) -> Vec<Vec<Title<'t, 'a>>> {
    let mut groups = Vec::new();
    let mut open: Vec<(u8, Vec<Title<'t, 'a>>)> = Vec::new();
    for (level, range) in headings(text.text) {
        while open.last().is_some_and(|(last, _)| *last > level) {
            groups.extend(open.pop().map(|(_, group)| group));
        }
        let title = Title { text, range };
        match open.last_mut() {
            Some((last, group)) if *last == level => group.push(title),
            _ => open.push((level, vec![title])),
        }
    }
    groups.extend(open.into_iter().map(|(_, group)| group));
    groups
}
