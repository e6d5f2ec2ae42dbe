//! The cache: what jobs have made, found again by what they were made of.
//!
//! ```text
//! lock            held while the cache is used; gc has it for itself
//! files.json      digests of files that have not changed since
//! made/ab/cd…     what was made of one key (`Key`), for each state of its files
//! objects/ab/cd…  the bytes, by their digest
//! ```
//! Everything appears at once or not at all, and is checked against its digest when it
//! is used: what is damaged counts as missing, and is made again. Several runs, also on
//! several machines, may use one cache.

use std::collections::{BTreeMap, HashSet};
use std::fs::{File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::record::{Key, OutputRecord};
use crate::diag::{Diagnostic, Result};
use crate::project::Digest;
use crate::text;

/// How many states of a job's files are remembered.
const STATES: usize = 8;

/// The folder of a project's cache.
pub const FOLDER: &str = ".huikan/cache";

/// How large a cache may be if nobody says, in bytes.
pub const LARGEST: u64 = 4_000_000_000;

/// A cache that is in use.
#[derive(Debug)]
pub struct Cache {
    folder: PathBuf,
    /// Locked as long as the cache is open.
    lock: File,
    stored: std::sync::atomic::AtomicBool,
}

/// What a job has made of one state of its files.
#[derive(Debug, Clone, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// The files, by path from the project.
    pub files: BTreeMap<String, Digest>,
    /// What was written, in order.
    pub outputs: Vec<OutputRecord>,
    /// What is to be said about it.
    pub warnings: Vec<Diagnostic>,
    /// How long it took, in milliseconds.
    pub milliseconds: u64,
}

/// The file of a key: its states, the newest first, and their digest.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Made {
    sha256: Option<Digest>,
    states: Vec<State>,
}

/// What a clearing has done.
#[derive(Debug, Copy, Clone, Default, Eq, PartialEq)]
pub struct Cleared {
    /// How many bytes there were before.
    pub before: u64,
    /// How many there are now.
    pub after: u64,
}

impl Cache {
    /// Opens the cache in a folder, which is made if need be.
    ///
    /// # Errors
    /// A folder that cannot be made or written.
    pub fn open(folder: &Path) -> Result<Self> {
        let open = || {
            let lock = lock_file(folder)?;
            // A file system without locks is one without a second user.
            match lock.lock_shared() {
                Err(error) if error.kind() != io::ErrorKind::Unsupported => Err(error),
                _ => Ok(lock),
            }
        };
        let lock = open().map_err(|error| unusable(folder, &error))?;
        let stored = std::sync::atomic::AtomicBool::new(false);
        Ok(Self { folder: folder.to_path_buf(), lock, stored })
    }

    /// The file in which digests of files are kept between runs.
    pub fn prints(&self) -> PathBuf {
        self.folder.join("files.json")
    }

    /// What was made of a key and of files that are now as they were then; `digest`
    /// tells the digest of a file.
    pub fn find(
        &self,
        key: &Key,
        mut digest: impl FnMut(&str) -> Option<Digest>,
    ) -> Option<State> {
        let mut same = |state: &State| {
            state.files.iter().all(|(file, then)| digest(file) == Some(*then))
        };
        self.made(key).states.into_iter().find(|state| same(state))
    }

    /// Keeps what a job has made, with its bytes in the order of the outputs.
    ///
    /// # Errors
    /// A full or unwritable disk: nothing is kept then.
    pub fn store<'a>(
        &self,
        key: &Key,
        state: State,
        contents: impl IntoIterator<Item = &'a [u8]>,
    ) -> io::Result<()> {
        for (output, bytes) in state.outputs.iter().zip(contents) {
            let path = self.object(output.sha256);
            if std::fs::metadata(&path).is_ok_and(|there| there.len() == output.bytes) {
                continue;
            }
            self.write(&path, bytes)?;
        }
        let mut made = self.made(key);
        made.states.retain(|known| known.files != state.files);
        made.states.insert(0, state);
        made.states.truncate(STATES);
        made.sha256 = Some(digest_of(&made.states));
        self.stored.store(true, std::sync::atomic::Ordering::Relaxed);
        self.write(&self.made_path(key), &serde_json::to_vec(&made)?)
    }

    /// The bytes with a digest; nothing if they are not there or damaged, and then
    /// they are removed.
    pub fn bytes(&self, digest: Digest) -> Option<Vec<u8>> {
        let path = self.object(digest);
        let bytes = std::fs::read(&path).ok()?;
        if Digest::of(&bytes) == digest {
            return Some(bytes);
        }
        let _ = std::fs::remove_file(&path);
        None
    }

    /// Marks a key as used, so that it is cleared later than others.
    pub fn touch(&self, key: &Key) {
        #[expect(clippy::disallowed_methods, reason = "an order of clearing, no output")]
        let now = SystemTime::now();
        let file = File::options().append(true).open(self.made_path(key));
        let _ = file.and_then(|file| file.set_modified(now));
    }

    /// Whether something was stored since it was opened.
    pub fn has_grown(&self) -> bool {
        self.stored.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// Ends the use of the cache, and clears it if it is too large and nobody else
    /// uses it.
    pub fn close(self, largest: u64) {
        let (grown, folder) = (self.has_grown(), self.folder.clone());
        drop(self);
        if grown && size(&folder) > largest {
            // The next run tries again.
            let _ = clear(&folder, largest, Patience::None);
        }
    }

    fn made(&self, key: &Key) -> Made {
        let path = self.made_path(key);
        let Ok(bytes) = std::fs::read(&path) else { return Made::default() };
        match serde_json::from_slice::<Made>(&bytes) {
            Ok(made) if made.sha256 == Some(digest_of(&made.states)) => made,
            _ => {
                let _ = std::fs::remove_file(&path);
                Made::default()
            }
        }
    }

    fn made_path(&self, key: &Key) -> PathBuf {
        spread(&self.folder.join("made"), key.digest())
    }

    fn object(&self, digest: Digest) -> PathBuf {
        spread(&self.folder.join("objects"), digest)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let waiting = self.folder.join("tmp");
        std::fs::create_dir_all(&waiting)?;
        let mut file = tempfile::NamedTempFile::new_in(&waiting)?;
        file.write_all(bytes)?;
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        file.persist(path)?;
        Ok(())
    }
}

impl Drop for Cache {
    fn drop(&mut self) {
        let _ = self.lock.unlock();
    }
}

/// How long a clearing waits for others to end their use of the cache.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub enum Patience {
    /// It does nothing if there are others.
    None,
    /// As long as it takes.
    Endless,
}

/// Clears a cache down to a size: what was not used for the longest time goes first.
/// Nothing is said of a cache that is not there.
///
/// # Errors
/// A folder that cannot be written.
pub fn clear(folder: &Path, largest: u64, patience: Patience) -> Result<Cleared> {
    if !folder.is_dir() {
        return Ok(Cleared::default());
    }
    let before = size(folder);
    let lock = lock_file(folder).map_err(|error| unusable(folder, &error))?;
    let locked = match patience {
        Patience::Endless => lock.lock(),
        Patience::None => match lock.try_lock() {
            Err(TryLockError::WouldBlock) => {
                return Ok(Cleared { before, after: before });
            }
            Err(TryLockError::Error(error)) => Err(error),
            Ok(()) => Ok(()),
        },
    };
    if let Err(error) = locked
        && error.kind() != io::ErrorKind::Unsupported
    {
        return Err(unusable(folder, &error).into());
    }
    // Left behind by runs that were killed.
    for (path, _) in files_in(&folder.join("tmp"), 0) {
        let _ = std::fs::remove_file(path);
    }
    keep_newest(folder, largest);
    let _ = lock.unlock();
    Ok(Cleared { before, after: size(folder) })
}

/// Removes what is beyond the size, and bytes that nothing refers to.
fn keep_newest(folder: &Path, largest: u64) {
    let mut keys: Vec<(SystemTime, PathBuf, u64)> = files_in(&folder.join("made"), 1)
        .into_iter()
        .map(|(path, file)| {
            (file.modified().unwrap_or(SystemTime::UNIX_EPOCH), path, file.len())
        })
        .collect();
    keys.sort();
    let mut used: HashSet<PathBuf> = HashSet::new();
    let mut total = 0;
    for (_, path, length) in keys.into_iter().rev() {
        let made: Option<Made> = std::fs::read(&path)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let Some(made) = made.filter(|_| total < largest) else {
            let _ = std::fs::remove_file(&path);
            continue;
        };
        let outputs = made.states.iter().flat_map(|state| &state.outputs);
        let mut objects: Vec<(PathBuf, u64)> = outputs
            .map(|output| (spread(&folder.join("objects"), output.sha256), output.bytes))
            .filter(|(object, _)| !used.contains(object))
            .collect();
        objects.sort();
        objects.dedup();
        let size = length + objects.iter().map(|(_, bytes)| bytes).sum::<u64>();
        if total + size > largest {
            let _ = std::fs::remove_file(&path);
            continue;
        }
        total += size;
        used.extend(objects.into_iter().map(|(object, _)| object));
    }
    for (path, _) in files_in(&folder.join("objects"), 1) {
        if !used.contains(&path) {
            let _ = std::fs::remove_file(path);
        }
    }
}

/// The size of a cache in bytes.
pub fn size(folder: &Path) -> u64 {
    let parts = [files_in(&folder.join("made"), 1), files_in(&folder.join("objects"), 1)];
    parts.iter().flatten().map(|(_, file)| file.len()).sum()
}

/// The files in a folder, so many levels below.
fn files_in(folder: &Path, depth: usize) -> Vec<(PathBuf, std::fs::Metadata)> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        match (entry.metadata(), depth) {
            (Ok(found), 0) if found.is_file() => files.push((entry.path(), found)),
            (Ok(found), 1..) if found.is_dir() => {
                files.extend(files_in(&entry.path(), depth - 1));
            }
            _ => {}
        }
    }
    files
}

/// No folder gets too many files.
fn spread(folder: &Path, digest: Digest) -> PathBuf {
    let name = digest.to_string();
    let (first, rest) = name.split_at(2);
    folder.join(first).join(rest)
}

fn digest_of(states: &[State]) -> Digest {
    Digest::of(&serde_json::to_vec(states).unwrap_or_default())
}

fn lock_file(folder: &Path) -> io::Result<File> {
    std::fs::create_dir_all(folder)?;
    File::options().create(true).append(true).open(folder.join("lock"))
}

fn unusable(folder: &Path, error: &io::Error) -> Diagnostic {
    let shown = folder.display();
    Diagnostic::error(
        "cache/unusable",
        text!(
            "不能用缓存 `{shown}`（{error}）",
            "cannot use the cache `{shown}` ({error})"
        ),
    )
    .hint(text!(
        "用 `--cache 文件夹` 换一个地方，或用 `--no-cache` 不用缓存",
        "name another folder with `--cache`, or use none with `--no-cache`"
    ))
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests damage and age files")]
mod tests {
    use super::*;

    fn key(name: &str) -> Key {
        let digest = Digest::of(name.as_bytes());
        Key { tool: digest, package: digest, fonts: digest, options: digest, row: None }
    }

    fn state(content: &[u8]) -> State {
        let output = OutputRecord {
            file: "a.pdf".into(),
            sha256: Digest::of(content),
            bytes: content.len() as u64,
            pages: Some(1),
        };
        State {
            files: BTreeMap::from([("data/a.json".into(), Digest::of(content))]),
            outputs: vec![output],
            warnings: vec![Diagnostic::warning("x/y", text!("警告", "warning"))],
            milliseconds: 7,
        }
    }

    #[test]
    fn what_was_stored_is_found_for_the_same_files_only() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::open(folder.path()).expect("open");
        for content in [b"one".as_slice(), b"two"] {
            cache.store(&key("k"), state(content), [content]).expect("stored");
        }
        let found = cache.find(&key("k"), |_| Some(Digest::of(b"one")));
        assert_eq!(found, Some(state(b"one")));
        assert_eq!(cache.find(&key("k"), |_| Some(Digest::of(b"six"))), None);
        assert_eq!(cache.find(&key("other"), |_| Some(Digest::of(b"one"))), None);
        assert_eq!(cache.bytes(Digest::of(b"one")).as_deref(), Some(b"one".as_slice()));
    }

    #[test]
    fn damage_is_a_miss() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::open(folder.path()).expect("open");
        cache.store(&key("k"), state(b"one"), [b"one".as_slice()]).expect("stored");
        std::fs::write(cache.object(Digest::of(b"one")), "0ne").expect("damaged");
        assert_eq!(cache.bytes(Digest::of(b"one")), None);
        let made = cache.made_path(&key("k"));
        let text = std::fs::read_to_string(&made).expect("there");
        std::fs::write(&made, text.replace("\"pages\":1", "\"pages\":2"))
            .expect("damaged");
        assert_eq!(cache.find(&key("k"), |_| Some(Digest::of(b"one"))), None);
        assert!(!made.exists());
    }

    #[test]
    fn the_oldest_go_first_and_nothing_that_is_used() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::open(folder.path()).expect("open");
        let day = std::time::Duration::from_secs(86_400);
        for (age, name) in ["new", "mid", "old"].into_iter().enumerate() {
            let content = name.repeat(1000).into_bytes();
            cache.store(&key(name), state(&content), [content.as_slice()]).expect("kept");
            let file = File::options().append(true).open(cache.made_path(&key(name)));
            let time = SystemTime::now() - day * u32::try_from(age).expect("few");
            file.and_then(|file| file.set_modified(time)).expect("aged");
        }
        let used = clear(folder.path(), 8_000, Patience::None).expect("cleared");
        assert_eq!(used.before, used.after, "somebody uses it");
        cache.close(8_000);
        let cache = Cache::open(folder.path()).expect("open");
        let there = |name: &str| {
            let digest = Digest::of(name.repeat(1000).as_bytes());
            let found = cache.find(&key(name), |_| Some(digest)).is_some();
            assert_eq!(found, cache.bytes(digest).is_some(), "{name}");
            found
        };
        assert_eq!(["new", "mid", "old"].map(there), [true, true, false]);
    }
}
