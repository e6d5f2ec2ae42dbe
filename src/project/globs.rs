//! Lists of globs; those that begin with `!` take out.

use glob::{MatchOptions, Pattern};

/// A list of globs.
#[derive(Debug, Clone, Default)]
pub struct Globs {
    /// As they were written.
    words: Vec<String>,
    chosen: Vec<Pattern>,
    without: Vec<Pattern>,
}

impl Globs {
    /// One glob.
    ///
    /// # Errors
    /// Why it is none.
    pub(super) fn push(&mut self, word: &str) -> Result<(), glob::PatternError> {
        let (list, glob) = match word.strip_prefix('!') {
            Some(glob) => (&mut self.without, glob),
            None => (&mut self.chosen, word),
        };
        list.push(Pattern::new(glob)?);
        self.words.push(word.to_string());
        Ok(())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The globs that choose.
    pub(super) fn chosen(&self) -> impl Iterator<Item = &str> {
        self.chosen.iter().map(Pattern::as_str)
    }

    /// Whether a path (with `/`) is taken out.
    pub(super) fn excludes(&self, path: &str) -> bool {
        let options =
            MatchOptions { require_literal_separator: true, ..MatchOptions::new() };
        self.without.iter().any(|glob| glob.matches_with(path, options))
    }

    /// Whether a name is meant; without a glob that chooses, all are.
    pub fn matches(&self, name: &str) -> bool {
        let chosen =
            self.chosen.is_empty() || self.chosen.iter().any(|glob| glob.matches(name));
        chosen && !self.without.iter().any(|glob| glob.matches(name))
    }

    /// As they were written.
    pub(super) fn words(&self) -> &[String] {
        &self.words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_chosen_and_taken_out() {
        let globs = |words: &[&str]| {
            let mut globs = Globs::default();
            words.iter().for_each(|word| globs.push(word).expect("a glob"));
            globs
        };
        let chosen = globs(&["20*", "!2020"]);
        let names = ["2019", "2020", "1999"].map(|name| chosen.matches(name));
        assert_eq!(names, [true, false, false]);
        assert!(globs(&["!x"]).matches("y") && globs(&[]).matches("y"));
        assert!(globs(&["a", "!old/*.json"]).excludes("old/x.json"));
        assert!(!globs(&["a", "!*.json"]).excludes("old/x.json"));
    }
}
