//! How a batch and its workers talk: JSON with its length before it, and the bytes of
//! artefacts as they are.
//!
//! The batch sends a [`Brief`] and then jobs, one at a time; the worker replies that it is
//! ready, and then what it has made of each.

use std::io::{self, Read, Write};
use std::path::PathBuf;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::build::batch::Outcome;
use crate::build::{Made, Settings};
use crate::diag::{Diagnostic, Diagnostics, Warned};

/// What a worker has to know before its first job.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Brief {
    /// The project's folder.
    pub(super) root: PathBuf,
    /// What the user asked for.
    pub(super) settings: Settings,
    /// Whether any of the jobs has pages.
    pub(super) paged: bool,
    /// How much memory a job may take, in bytes.
    pub(super) memory: Option<u64>,
    /// How much memory the worker may keep between jobs, in bytes.
    pub(super) share: Option<u64>,
}

/// What a worker says.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Reply {
    /// Jobs may come.
    Ready,
    /// What has become of a job.
    Made(Box<Answer>),
}

/// What a job has made, or why it made nothing.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Answer {
    diagnostics: Vec<Diagnostic>,
    made: Option<Made>,
    /// How many bytes each artefact has: they follow.
    sizes: Vec<u64>,
}

impl Answer {
    pub(super) fn of(outcome: Outcome) -> Self {
        match outcome {
            Ok(Warned { value: made, warnings }) => {
                let size =
                    |bytes: &Vec<u8>| u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                let sizes = made.artefacts.iter().map(|file| size(&file.bytes)).collect();
                Self { diagnostics: warnings, made: Some(made), sizes }
            }
            Err(errors) => {
                Self { diagnostics: errors.into_vec(), made: None, sizes: Vec::new() }
            }
        }
    }

    pub(super) fn into_outcome(self) -> Outcome {
        let mut notes = Diagnostics::new();
        match self.made {
            Some(made) => Ok(Warned { value: made, warnings: self.diagnostics }),
            None => {
                notes.extend(self.diagnostics);
                Err(notes.fail())
            }
        }
    }
}

impl Reply {
    /// Writes the reply with the bytes that belong to it.
    ///
    /// # Errors
    /// A pipe that nobody reads any more.
    pub(super) fn write(&self, to: &mut impl Write) -> io::Result<()> {
        write(to, self)?;
        if let Self::Made(answer) = self
            && let Some(made) = &answer.made
        {
            for artefact in &made.artefacts {
                to.write_all(&artefact.bytes)?;
            }
        }
        to.flush()
    }

    /// Reads the next reply; nothing at the end.
    ///
    /// # Errors
    /// A reply that breaks off, or is none.
    pub(super) fn read(from: &mut impl Read) -> io::Result<Option<Self>> {
        let Some(mut reply) = read(from)? else { return Ok(None) };
        if let Self::Made(answer) = &mut reply
            && let Some(made) = &mut answer.made
        {
            for (artefact, size) in made.artefacts.iter_mut().zip(&answer.sizes) {
                artefact.bytes = exactly(from, *size)?;
            }
        }
        Ok(Some(reply))
    }
}

/// Writes a value, in one piece.
///
/// # Errors
/// A value that JSON cannot hold, or a pipe that nobody reads any more.
pub(super) fn write(to: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    let json = serde_json::to_vec(value)?;
    let length = u32::try_from(json.len()).map_err(io::Error::other)?;
    to.write_all(&length.to_le_bytes())?;
    to.write_all(&json)?;
    to.flush()
}

/// Reads the next value; nothing at the end.
///
/// # Errors
/// A value that breaks off, or is another.
pub(super) fn read<T: DeserializeOwned>(from: &mut impl Read) -> io::Result<Option<T>> {
    let mut length = [0; 4];
    match from.read_exact(&mut length) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    let json = exactly(from, u32::from_le_bytes(length).into())?;
    Ok(Some(serde_json::from_slice(&json)?))
}

fn exactly(from: &mut impl Read, size: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = from.take(size).read_to_end(&mut bytes)?;
    match u64::try_from(read) == Ok(size) {
        true => Ok(bytes),
        false => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::Artefact;
    use crate::diag::Place;
    use crate::text;

    #[test]
    fn what_was_made_survives_the_trip() {
        let warning =
            Diagnostic::warning("glyph/missing", text!("缺字", "missing glyph"))
                .at(Place::file("data/x.json").with_pointer("/a"))
                .note(text!("说明", "note"))
                .hint(text!("建议", "hint"));
        let file = |name: &str, bytes: &[u8]| Artefact {
            name: name.to_string(),
            bytes: bytes.to_vec(),
            pages: Some(2),
        };
        let artefacts = vec![file("x.pdf", b"%PDF\0\n"), file("x.docx", b"")];
        let made = Made { artefacts, inputs: vec!["/a".into()], ..Made::default() };
        let outcome = Ok(Warned { value: made, warnings: vec![warning.clone()] });
        let failed = Err(warning.clone().into());
        let mut pipe = Vec::new();
        for outcome in [outcome, failed] {
            Reply::Made(Box::new(Answer::of(outcome))).write(&mut pipe).expect("written");
        }
        let mut pipe = pipe.as_slice();
        let mut next = || match Reply::read(&mut pipe).expect("read") {
            Some(Reply::Made(answer)) => answer.into_outcome(),
            other => panic!("{other:?}"),
        };
        let made = next().expect("made");
        assert_eq!(made.warnings, std::slice::from_ref(&warning));
        assert_eq!(made.value.artefacts[0].bytes, b"%PDF\0\n");
        assert_eq!(made.value.artefacts[1].name, "x.docx");
        assert_eq!(made.value.inputs, [PathBuf::from("/a")]);
        assert_eq!(next().expect_err("failed").diagnostics(), [warning]);
        assert!(Reply::read(&mut pipe).expect("the end").is_none());
        assert!(Reply::read(&mut [9, 0, 0, 0, b'{'].as_slice()).is_err());
    }
}
