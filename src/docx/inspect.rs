//! What a template asks for: its tags and the names of the data that they use.

use std::collections::{BTreeSet, HashSet};

use super::Template;
use super::paths;
use super::site::Site;
use crate::diag::Place;

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
        let asked: BTreeSet<String> = found
            .filter(|name| {
                let root = name.split('.').next().unwrap_or(name);
                !own.contains(root) && root.starts_with(|c: char| c.is_alphabetic())
            })
            .collect();
        let placed = |name: String| {
            let places = self.places(&name);
            (name, places)
        };
        asked.into_iter().map(placed).collect()
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
