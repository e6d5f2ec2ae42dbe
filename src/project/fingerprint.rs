//! What files contained when they were read, as SHA-256.
//!
//! A file is hashed again only if the system says that it may have changed: another
//! size, inode, time of writing or of change. Times that are too young to tell two
//! changes apart are not trusted, whichever way the clock runs.

use std::collections::{BTreeMap, HashMap};
use std::fmt::{Display, Formatter};
use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// How old a change has to be before the times of a file tell it from a later one:
/// file systems count in steps of up to two seconds (FAT).
const SETTLED: Duration = Duration::from_millis(2_100);

/// How much of a file is hashed at a time.
const PIECE: usize = 1 << 16;

/// SHA-256 of some bytes (FIPS 180-4), written as 64 hexadecimal digits.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The digest of several texts, which cannot run into each other.
    pub fn of_all<'a>(parts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        Self(hasher.finalize().into())
    }
}

impl Display for Digest {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl std::fmt::Debug for Digest {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        Display::fmt(self, f)
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.to_string()
    }
}

impl TryFrom<String> for Digest {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl FromStr for Digest {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WRONG: &str = "a SHA-256 digest has 64 hexadecimal digits";
        if text.len() != 64 || !text.is_ascii() {
            return Err(WRONG);
        }
        let mut bytes = [0; 32];
        for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            let digits = std::str::from_utf8(digits).map_err(|_| WRONG)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| WRONG)?;
        }
        Ok(Self(bytes))
    }
}

/// What the system says of a file without reading it. Times are nanoseconds since
/// 1970.
#[derive(Debug, Copy, Clone, Eq, PartialEq, Serialize, Deserialize)]
struct Stat {
    size: u64,
    modified: i64,
    changed: i64,
    inode: u64,
}

impl Stat {
    fn of(metadata: &Metadata) -> Self {
        let modified = metadata.modified().map_or(0, nanoseconds);
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            let changed = metadata.ctime() * 1_000_000_000 + metadata.ctime_nsec();
            Self { size: metadata.len(), modified, changed, inode: metadata.ino() }
        }
        #[cfg(not(unix))]
        Self { size: metadata.len(), modified, changed: modified, inode: 0 }
    }

    /// Whether a later change would show in the times.
    fn is_settled(&self) -> bool {
        #[expect(clippy::disallowed_methods, reason = "how young a file is, no output")]
        let now = nanoseconds(SystemTime::now());
        let settled = i64::try_from(SETTLED.as_nanos()).unwrap_or(i64::MAX);
        let old = |time: i64| now.abs_diff(time) > settled.unsigned_abs();
        old(self.modified) && old(self.changed)
    }
}

fn nanoseconds(time: SystemTime) -> i64 {
    let since = match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_nanos()),
        Err(before) => i64::try_from(before.duration().as_nanos()).map(|time| -time),
    };
    since.unwrap_or_default()
}

/// A file that was hashed, and how it was then.
#[derive(Debug, Copy, Clone, Serialize, Deserialize)]
struct Known {
    #[serde(flatten)]
    stat: Stat,
    sha256: Digest,
}

/// The digests of files, by path. Shared by the jobs of a run.
#[derive(Debug, Default)]
pub struct Fingerprints {
    known: Mutex<HashMap<PathBuf, Known>>,
    /// Whether there is something new to save.
    grown: std::sync::atomic::AtomicBool,
}

impl Fingerprints {
    /// Takes up the digests that an earlier run has saved, if there are any to read.
    pub fn recall(&self, path: &Path) {
        let saved = std::fs::read(path).ok();
        let known = saved.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let known: HashMap<PathBuf, Known> = known.unwrap_or_default();
        self.known().extend(known);
    }

    /// What [`recall`](Self::recall) reads; nothing if there is nothing new. Files that
    /// are gone are left out.
    pub fn saved(&self) -> Option<Vec<u8>> {
        if !self.grown.swap(false, std::sync::atomic::Ordering::Relaxed) {
            return None;
        }
        let known = self.known();
        let there: BTreeMap<_, _> =
            known.iter().filter(|(path, _)| path.is_file()).collect();
        serde_json::to_vec(&there).ok()
    }

    /// The content of a file, and its digest.
    ///
    /// # Errors
    /// As reading it.
    pub fn read(&self, path: &Path) -> io::Result<(Vec<u8>, Digest)> {
        let mut file = File::open(path)?;
        let before = Stat::of(&file.metadata()?);
        let mut bytes = Vec::with_capacity(usize::try_from(before.size).unwrap_or(0));
        file.read_to_end(&mut bytes)?;
        let after = Stat::of(&file.metadata()?);
        let digest = match self.trusted(path, &before).filter(|_| before == after) {
            Some(digest) => digest,
            None => {
                let digest = Digest::of(&bytes);
                if before == after {
                    self.note(path, before, digest);
                }
                digest
            }
        };
        Ok((bytes, digest))
    }

    /// The digest of a file, which is read only if it may have changed.
    ///
    /// # Errors
    /// As reading it.
    pub fn of(&self, path: &Path) -> io::Result<Digest> {
        let stat = Stat::of(&std::fs::metadata(path)?);
        match self.trusted(path, &stat) {
            Some(digest) => Ok(digest),
            None => self.hashed(path),
        }
    }

    /// The digest of a file that is not held in memory: programs and fonts are large.
    fn hashed(&self, path: &Path) -> io::Result<Digest> {
        let mut file = File::open(path)?;
        let before = Stat::of(&file.metadata()?);
        let mut hasher = Sha256::new();
        let mut piece = vec![0; PIECE];
        loop {
            match file.read(&mut piece) {
                Ok(0) => break,
                Ok(length) => hasher.update(piece.get(..length).unwrap_or_default()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        let digest = Digest(hasher.finalize().into());
        if before == Stat::of(&file.metadata()?) {
            self.note(path, before, digest);
        }
        Ok(digest)
    }

    fn trusted(&self, path: &Path, stat: &Stat) -> Option<Digest> {
        self.known().get(path).filter(|known| known.stat == *stat).map(|k| k.sha256)
    }

    /// Young files are hashed again next time: nobody would see another change.
    fn note(&self, path: &Path, stat: Stat, sha256: Digest) {
        if stat.is_settled() {
            self.known().insert(path.to_path_buf(), Known { stat, sha256 });
            self.grown.store(true, std::sync::atomic::Ordering::Relaxed);
        }
    }

    fn known(&self) -> MutexGuard<'_, HashMap<PathBuf, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The files that one job has read, each with the digest of what was read.
#[derive(Debug)]
pub struct Reads {
    prints: Arc<Fingerprints>,
    files: Mutex<BTreeMap<PathBuf, Option<Digest>>>,
}

impl Reads {
    /// Nothing read yet.
    pub fn new(prints: Arc<Fingerprints>) -> Self {
        Self { prints, files: Mutex::default() }
    }

    /// Reads a file and remembers it.
    ///
    /// # Errors
    /// As reading it.
    pub fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let (bytes, digest) = self.prints.read(path)?;
        self.remember(path, digest);
        Ok(bytes)
    }

    /// Remembers a file that is read by another name.
    pub fn note(&self, path: &Path) {
        if let Ok(digest) = self.prints.of(path) {
            self.remember(path, digest);
        }
    }

    fn remember(&self, path: &Path, digest: Digest) {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        let known = files.entry(path.to_path_buf()).or_insert(Some(digest));
        if *known != Some(digest) {
            *known = None;
        }
    }

    /// The files so far; nothing if one of them was changed between two readings.
    pub fn list(&self) -> Option<BTreeMap<PathBuf, Digest>> {
        let files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.iter().map(|(path, digest)| Some((path.clone(), (*digest)?))).collect()
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests write the files they read")]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_of_the_standard() {
        // FIPS 180-4, the example "abc".
        let shown = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(Digest::of(b"abc").to_string(), shown);
        assert_eq!(shown.parse(), Ok(Digest::of(b"abc")));
        assert!("ba78".parse::<Digest>().is_err());
        assert!("汉".repeat(22).parse::<Digest>().is_err());
        assert_ne!(Digest::of_all(["ab", "c"]), Digest::of_all(["a", "bc"]));
    }

    #[test]
    fn a_young_file_is_read_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.json");
        let prints = Fingerprints::default();
        std::fs::write(&path, "one").expect("written");
        assert_eq!(prints.of(&path).expect("read"), Digest::of(b"one"));
        let times = std::fs::metadata(&path).expect("there").modified().expect("a time");
        std::fs::write(&path, "two").expect("written");
        File::options()
            .write(true)
            .open(&path)
            .and_then(|file| file.set_modified(times))
            .expect("the clock set back");
        assert_eq!(prints.of(&path).expect("read"), Digest::of(b"two"));
        assert!(prints.saved().is_none());
    }

    #[test]
    fn a_file_that_changes_while_it_is_used_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.json");
        let reads = Reads::new(Arc::default());
        std::fs::write(&path, "one").expect("written");
        reads.read(&path).expect("read");
        assert_eq!(reads.list().map(|files| files.len()), Some(1));
        std::fs::write(&path, "two!").expect("written");
        reads.read(&path).expect("read");
        assert_eq!(reads.list(), None);
    }
}
