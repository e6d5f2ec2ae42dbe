//! What a template asks for: its tags and the names of the data that they use.

use std::collections::{BTreeSet, HashSet};

use super::paths;
use super::site::Site;
use super::tags::{self, Tag};
use crate::diag::Place;
use crate::docx::Template;

impl Template {
    /// The tags as their author wrote them, each with its place.
    pub fn tags(&self) -> impl Iterator<Item = (&str, &Place)> {
        self.0.sites.iter().map(|site| (site.written.as_str(), &site.place))
    }

    /// The names that the template asks its context for, sorted, with the fields
    /// it takes from them, such as `edition.event`, and the tags that do.
    pub fn names(&self) -> Vec<(String, Vec<&Place>)> {
        let environment = &self.0.environment;
        let own: HashSet<&str> = environment.globals().map(|(name, _)| name).collect();
        let programs = self.0.programs.iter();
        let found = programs
            .filter_map(|program| environment.get_template(&program.name).ok())
            .flat_map(|program| program.undeclared_variables(true));
        // What an included document asks for may be set where it is included.
        let bound = match self.0.library.is_empty() {
            true => HashSet::new(),
            false => self.bound(),
        };
        let asked: BTreeSet<String> = found
            .filter(|name| {
                let root = name.split('.').next().unwrap_or(name);
                let given = own.contains(root) || bound.contains(root);
                !given && root.starts_with(|c: char| c.is_alphabetic())
            })
            .collect();
        let placed = |name: String| {
            let places = self.places(&name);
            (name, places)
        };
        asked.into_iter().map(placed).collect()
    }

    /// The names that loops and assignments give values to.
    fn bound(&self) -> HashSet<String> {
        let written = self.0.sites.iter().map(|site| site.written.as_str());
        written.flat_map(|written| tags::scan(written).0).flat_map(bound_by).collect()
    }

    /// The places of the tags that use a name of the data.
    fn places(&self, name: &str) -> Vec<&Place> {
        let below = format!("{name}.");
        let uses = |site: &&Site| {
            let paths = paths::all(&site.written);
            paths.iter().any(|path| *path == name || path.starts_with(&below))
        };
        self.0.sites.iter().filter(uses).map(|site| &site.place).collect()
    }
}

/// The names that a tag gives values to.
fn bound_by(tag: Tag) -> Vec<String> {
    let keyword = tags::keyword(&tag.body);
    let rest = tag.body[keyword.len()..].trim();
    let names = match keyword {
        "for" => rest.split(" in ").next(),
        "set" | "with" => rest.split('=').next(),
        _ => None,
    };
    let names = names.unwrap_or_default().split(',');
    names.map(|name| name.trim().to_owned()).collect()
}
