//! The pictures of an edition: found, looked at, and told of where they are named.

use std::collections::HashSet;
use std::path::Path;

use super::Edition;
use super::lineage::Whole;
use super::picture::{self, Remark, Seen};
use crate::diag::{Diagnostic, Diagnostics, Severity, Text, nearest};
use crate::text;

/// File names share endings, so those of different pictures are rather alike.
const LIKE_A_FILE: f64 = 0.85;

/// The largest file that is read, in bytes.
const LARGEST: u64 = 400_000_000;

/// The pictures that a dataset may name.
pub(super) struct Gallery<'a> {
    edition: &'a Edition,
    whole: &'a Whole,
    /// The pictures whose remarks have been told.
    told: HashSet<String>,
}

impl<'a> Gallery<'a> {
    /// The gallery of an edition, for one of its datasets.
    pub(super) fn new(edition: &'a Edition, whole: &'a Whole) -> Self {
        Self { edition, whole, told: HashSet::new() }
    }

    /// Looks at pictures on as many threads as there are, so that asking for them
    /// one by one takes no time. Large ones wait for their turn.
    /// What is asked for is each one's pointer and what is written there.
    pub(super) fn look_ahead<'w>(
        &self,
        wanted: impl Iterator<Item = (&'w str, &'w str)>,
    ) {
        let path = |(pointer, written)| self.virtual_path(written, pointer).ok();
        let mut paths: Vec<String> = wanted.filter_map(path).collect();
        paths.sort();
        paths.dedup();
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = threads.min(paths.len());
        let look = |start: usize| {
            for path in paths.iter().skip(start).step_by(threads) {
                let bytes = self.read(path).unwrap_or_default();
                if !picture::is_heavy(&bytes) {
                    let _ = picture::look(&bytes);
                }
            }
        };
        std::thread::scope(|scope| {
            for start in 1..threads {
                let look = &look;
                scope.spawn(move || look(start));
            }
            if threads > 0 {
                look(0);
            }
        });
    }

    /// The virtual path of a picture that can be printed; otherwise a fault.
    pub(super) fn path(
        &mut self,
        written: &str,
        pointer: &str,
        faults: &mut Diagnostics,
    ) -> Option<String> {
        let found = self.virtual_path(written, pointer).and_then(|path| {
            let bytes = self.read(&path)?;
            Ok((path, bytes))
        });
        let (path, bytes) = match found {
            Ok(found) => found,
            Err(reason) => {
                faults.push(self.no_file(written, pointer, &reason));
                return None;
            }
        };
        match picture::look(&bytes) {
            Ok(seen) => {
                if self.told.insert(path.clone()) {
                    let warn = |remark: &Remark| {
                        self.said(Severity::Warning, remark, written, pointer)
                    };
                    faults.extend(seen.remarks.iter().map(warn));
                }
                Some(called(path, &seen))
            }
            Err(fault) => {
                faults.push(self.said(Severity::Error, &fault, written, pointer));
                None
            }
        }
    }

    fn virtual_path(&self, written: &str, pointer: &str) -> Result<String, Text> {
        let folder = self.folder(pointer).unwrap_or(Path::new(""));
        self.edition.assets.virtual_path(folder, written)
    }

    /// The folder of the file that a value stands in.
    fn folder(&self, pointer: &str) -> Option<&Path> {
        self.whole.files.get(self.whole.dataset.file(pointer))?.parent()
    }

    /// The file as it is.
    fn read(&self, path: &str) -> Result<Vec<u8>, Text> {
        let none = |_| text!("没有这个文件", "no such file");
        let file = self.edition.assets.locate(path).map_err(none)?;
        if file.is_dir() {
            return Err(text!("是一个文件夹", "it is a folder"));
        }
        let size = file.metadata().map_or(0, |known| known.len());
        if !file.is_file() || size > LARGEST {
            let most = LARGEST / 1_000_000;
            return Err(text!(
                "不是普通的文件，或者超过 {most} MB",
                "it is no ordinary file, or larger than {most} MB"
            ));
        }
        let bytes = self.edition.assets.read(&file);
        bytes.map_err(|error| text!("读不了：{error}", "it cannot be read: {error}"))
    }

    fn said(
        &self,
        severity: Severity,
        remark: &Remark,
        written: &str,
        pointer: &str,
    ) -> Diagnostic {
        let (zh, en) = (&remark.what.zh, &remark.what.en);
        let message = match severity {
            Severity::Error => text!(
                "图片 `{written}` 不能印（{zh}）",
                "the picture `{written}` cannot be printed ({en})"
            ),
            Severity::Warning => {
                text!("图片 `{written}` {zh}", "the picture `{written}`: {en}")
            }
        };
        Diagnostic { severity, ..Diagnostic::error(remark.code, message) }
            .at(self.whole.dataset.place(pointer))
            .hint(remark.todo.clone())
    }

    fn no_file(&self, written: &str, pointer: &str, reason: &Text) -> Diagnostic {
        let (zh, en) = (&reason.zh, &reason.en);
        let fault = Diagnostic::error(
            "data/missing-image",
            text!(
                "图片 `{written}` 用不了（{zh}）",
                "the image `{written}` cannot be used ({en})"
            ),
        )
        .at(self.whole.dataset.place(pointer));
        match self.near_file(written, pointer) {
            Some(near) => {
                fault.hint(text!("是不是 `{near}`？", "did you mean `{near}`?"))
            }
            None => fault.hint(text!(
                "路径从数据文件所在的文件夹算起",
                "the path starts at the dataset's folder"
            )),
        }
    }

    /// A file of nearly the same name in the folder that the image should be in.
    fn near_file(&self, written: &str, pointer: &str) -> Option<String> {
        let path = self.folder(pointer)?.join(written);
        // What has this very name is no better.
        let path = Some(path).filter(|path| !path.exists())?;
        let wanted = path.file_name()?.to_str()?;
        let mut names: Vec<String> = std::fs::read_dir(path.parent()?)
            .ok()?
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        let near = nearest(wanted, names.iter().map(String::as_str), LIKE_A_FILE)?;
        Some(match written.rsplit_once('/') {
            Some((folder, _)) => format!("{folder}/{near}"),
            None => near.to_string(),
        })
    }
}

/// The path under which templates know a picture. Typst goes by the extension: a
/// picture that is not what its own says, or is printed in another format, is
/// known by a name below its file (see [`Assets::locate`](super::Assets::locate)).
fn called(path: String, seen: &Seen) -> String {
    let name = path.rsplit('/').next().unwrap_or_default();
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    match seen.format.is_called(extension) {
        true => path,
        false => format!("{path}/{stem}.{}", seen.format.extension()),
    }
}
