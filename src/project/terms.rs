//! `terms.toml`: the words that a project uses, and those that it does not.

use std::ops::Range;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use super::{Project, toml_fault};
use crate::data::encoding;
use crate::diag::{Diagnostic, Diagnostics, Place, Result, Source};
use crate::text;

/// A word of a project.
#[derive(Debug, Clone, Eq, PartialEq)]
pub struct Term {
    /// How it is written.
    pub preferred: String,
    /// How it is not written.
    pub forbidden: Vec<String>,
    /// What it is called in full where it is first mentioned.
    pub full: Option<String>,
    /// Why, for people.
    pub note: Option<String>,
}

/// The words of a project.
#[derive(Debug, Clone, Default, Eq, PartialEq)]
pub struct Terms {
    /// The words, in the order of the file.
    pub terms: Vec<Term>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    #[serde(rename = "term")]
    terms: Vec<Written>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    preferred: Spanned<String>,
    #[serde(default)]
    forbidden: Vec<Spanned<String>>,
    full: Option<Spanned<String>>,
    note: Option<String>,
}

impl Project {
    /// The words that the project uses; none if it names no list.
    ///
    /// # Errors
    /// As [`Terms::load`].
    pub fn terms(&self) -> Result<Terms> {
        match &self.manifest().policy.terms {
            Some(file) => {
                Terms::load(&self.root().join(file), &file.display().to_string())
            }
            None => Ok(Terms::default()),
        }
    }
}

impl Terms {
    /// Reads a list of words that the user knows as `shown`.
    ///
    /// # Errors
    /// A file that cannot be read, the first fault of its TOML, and words that are empty
    /// or forbid themselves.
    pub fn load(path: &Path, shown: &str) -> Result<Self> {
        let bytes = std::fs::read(path).map_err(|error| {
            Diagnostic::error(
                "project/terms",
                text!("读不了 `{shown}`（{error}）", "cannot read `{shown}` ({error})"),
            )
            .hint(text!(
                "`[check]` 的 `terms` 从 huikan.toml 所在的文件夹算起",
                "`terms` of `[check]` starts at the folder of huikan.toml"
            ))
        })?;
        Self::read(&bytes, shown)
    }

    /// The same, of bytes.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub fn read(bytes: &[u8], shown: &str) -> Result<Self> {
        let file: File = toml_fault::read("project/terms", shown, bytes)?;
        let source = Source::new(shown, encoding::decode(shown, bytes)?);
        let mut faults = Diagnostics::new();
        let place = |range: Range<usize>| source.place(range);
        for term in &file.terms {
            let preferred = term.preferred.get_ref();
            if preferred.trim().is_empty() {
                faults.push(empty(place(term.preferred.span())));
            }
            for word in &term.forbidden {
                if word.get_ref().trim().is_empty() {
                    faults.push(empty(place(word.span())));
                } else if word.get_ref() == preferred {
                    faults.push(itself(preferred, place(word.span())));
                }
            }
        }
        if faults.has_errors() {
            return Err(faults.fail());
        }
        let term = |written: Written| Term {
            preferred: written.preferred.into_inner(),
            forbidden: written.forbidden.into_iter().map(Spanned::into_inner).collect(),
            full: written.full.map(Spanned::into_inner),
            note: written.note,
        };
        Ok(Self { terms: file.terms.into_iter().map(term).collect() })
    }
}

fn empty(place: Place) -> Diagnostic {
    Diagnostic::error("project/terms", text!("这里没有写词", "there is no word here"))
        .at(place)
}

fn itself(word: &str, place: Place) -> Diagnostic {
    Diagnostic::error(
        "project/terms",
        text!("`{word}` 不能禁用它自己", "`{word}` cannot forbid itself"),
    )
    .at(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_and_their_faults_told() {
        let text = "[[term]]\npreferred = \"科协\"\nforbidden = [\"科协会\"]\nfull = \"科学技术协会\"\n";
        let terms = Terms::read(text.as_bytes(), "terms.toml").expect("terms").terms;
        assert_eq!(terms[0].forbidden, ["科协会"]);
        assert_eq!(terms[0].full.as_deref(), Some("科学技术协会"));
        let text = "[[term]]\npreferred = \"甲\"\nforbidden = [\"甲\", \"\"]\n";
        let faults = Terms::read(text.as_bytes(), "terms.toml").expect_err("faults");
        assert_eq!(faults.diagnostics().len(), 2);
    }
}
