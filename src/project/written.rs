//! `huikan.toml` and the files that it includes, as they are written.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::path::Path;

use serde::de::{DeserializeOwned, Deserializer, SeqAccess, Visitor};
use serde::{Deserialize, de};
use toml::Spanned;

use super::output::{Binding, Format};
use super::toml_fault;
use crate::data::encoding;
use crate::diag::{Diagnostic, Level, Place, Result, Source};
use crate::text;

/// The manifest.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Manifest {
    pub(super) name: String,
    pub(super) editions: Option<Words>,
    pub(super) out: Option<String>,
    #[serde(rename = "output")]
    pub(super) outputs: Vec<Output>,
    pub(super) include: Option<Words>,
    #[serde(rename = "profile")]
    pub(super) profiles: BTreeMap<String, Spanned<Profile>>,
    pub(super) rows: Option<Spanned<Rows>>,
    pub(super) check: Check,
}

/// A file that the manifest includes.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Included {
    #[serde(rename = "output")]
    pub(super) outputs: Vec<Output>,
    #[serde(rename = "profile")]
    pub(super) profiles: BTreeMap<String, Spanned<Profile>>,
    pub(super) rows: Option<Spanned<Rows>>,
    /// Refused: told, and not unknown.
    pub(super) include: Option<Words>,
}

/// `[[output]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Output {
    pub(super) template: String,
    pub(super) formats: Option<Vec<Format>>,
    pub(super) from: Option<Words>,
    pub(super) file: Option<Word>,
    pub(super) editions: Option<Words>,
    pub(super) when: Option<Word>,
    pub(super) profiles: Option<Words>,
}

/// `[profile.NAME]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Profile {
    pub(super) pdf_standard: Option<Words>,
    pub(super) ppi: Option<Spanned<f64>>,
    pub(super) anchors: Option<bool>,
    pub(super) formats: Option<Vec<Format>>,
    pub(super) binding: Option<Binding>,
}

/// `[check]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Check {
    pub(super) rules: BTreeMap<String, Spanned<Level>>,
    #[serde(rename = "allow")]
    pub(super) exceptions: Vec<Exception>,
    pub(super) terms: Option<Word>,
    pub(super) build: bool,
}

/// `[[check.allow]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Exception {
    pub(super) rules: Words,
    pub(super) at: Option<Word>,
    pub(super) editions: Option<Words>,
    pub(super) words: Option<String>,
    /// For people.
    #[serde(rename = "reason")]
    pub(super) _reason: Option<String>,
}

/// `[rows]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rows {
    pub(super) extends: Option<Word>,
    pub(super) name: Option<Word>,
}

/// A string with the bytes that it stands on.
#[derive(Debug, Clone)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) range: Range<usize>,
}

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(
        deserializer: D,
    ) -> std::result::Result<Self, D::Error> {
        let word = Spanned::<String>::deserialize(deserializer)?;
        Ok(Self { range: word.span(), text: word.into_inner() })
    }
}

/// One string or a list of some.
#[derive(Debug, Clone)]
pub(super) struct Words {
    pub(super) list: Vec<Word>,
    /// Whether it is written as a list.
    pub(super) is_list: bool,
    pub(super) range: Range<usize>,
}

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(
        deserializer: D,
    ) -> std::result::Result<Self, D::Error> {
        let words = Spanned::<OneOrMany>::deserialize(deserializer)?;
        let range = words.span();
        Ok(match words.into_inner() {
            OneOrMany::One(text) => {
                let word = Word { text, range: range.clone() };
                Self { list: vec![word], is_list: false, range }
            }
            OneOrMany::Many(list) => Self { list, is_list: true, range },
        })
    }
}

enum OneOrMany {
    One(String),
    Many(Vec<Word>),
}

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(
        deserializer: D,
    ) -> std::result::Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = OneOrMany;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or a list of strings")
            }

            fn visit_str<E: de::Error>(
                self,
                text: &str,
            ) -> std::result::Result<OneOrMany, E> {
                Ok(OneOrMany::One(text.into()))
            }

            fn visit_seq<A: SeqAccess<'de>>(
                self,
                mut items: A,
            ) -> std::result::Result<OneOrMany, A::Error> {
                let mut list = Vec::new();
                while let Some(word) = items.next_element()? {
                    list.push(word);
                }
                Ok(OneOrMany::Many(list))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

/// The text of a file, to point into it.
#[derive(Debug)]
pub(super) struct File {
    source: Source,
}

impl File {
    /// Reads a file that the user knows as `shown`.
    ///
    /// # Errors
    /// A file that cannot be read, and the first fault of its TOML.
    pub(super) fn read<T: DeserializeOwned>(
        path: &Path,
        shown: &str,
    ) -> Result<(Self, T)> {
        let bytes = std::fs::read(path).map_err(|error| {
            Diagnostic::error(
                "project/manifest",
                text!("读不了 `{shown}`（{error}）", "cannot read `{shown}` ({error})"),
            )
        })?;
        let value = toml_fault::read("project/manifest", shown, &bytes)?;
        let source = Source::new(shown, encoding::decode(shown, &bytes)?);
        Ok((Self { source }, value))
    }

    /// How the user knows it.
    pub(super) fn name(&self) -> &str {
        self.source.name()
    }

    pub(super) fn place(&self, word: &Word) -> Place {
        self.source.place(word.range.clone())
    }

    pub(super) fn at(&self, range: Range<usize>) -> Place {
        self.source.place(range)
    }

    /// The place of a part of a string: bytes of its text. Of a string with escapes
    /// it is the whole.
    pub(super) fn inside(&self, word: &Word, part: Range<usize>) -> Place {
        let written = self.source.text().get(word.range.clone());
        let start = written.and_then(|written| written.find(&word.text));
        match start {
            Some(start) => {
                let start = word.range.start + start;
                self.source.place(start + part.start..start + part.end)
            }
            None => self.place(word),
        }
    }
}
