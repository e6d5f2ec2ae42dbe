//! Compound files: what old `.doc` documents and encrypted ones are.

/// What a compound file holds.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub(crate) enum Compound {
    /// A document with a password.
    Encrypted,
    /// A document of Word 97 to 2003.
    OldWord,
    /// Something else.
    Other,
}

/// How a compound file begins.
const MAGIC: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
/// The bytes of a directory entry.
const ENTRY: usize = 128;
/// How many sectors of a directory are looked at.
const MOST_SECTORS: usize = 4096;

/// What a file holds, if it is a compound file.
pub(crate) fn recognise(bytes: &[u8]) -> Option<Compound> {
    if !bytes.starts_with(&MAGIC[..4]) {
        return None;
    }
    let names = names(bytes);
    let has = |wanted: &str| names.iter().any(|name| name == wanted);
    Some(match () {
        () if has("EncryptedPackage") => Compound::Encrypted,
        () if has("WordDocument") => Compound::OldWord,
        () => Compound::Other,
    })
}

fn number(bytes: &[u8], at: usize) -> Option<usize> {
    let bytes = bytes.get(at..)?.first_chunk()?;
    usize::try_from(u32::from_le_bytes(*bytes)).ok()
}

fn short(bytes: &[u8], at: usize) -> Option<usize> {
    let bytes = bytes.get(at..)?.first_chunk()?;
    Some(u16::from_le_bytes(*bytes).into())
}

/// The names in the directory, as far as it can be read.
fn names(bytes: &[u8]) -> Vec<String> {
    let size = match short(bytes, 30) {
        Some(12) => 4096,
        _ => 512,
    };
    let mut names = Vec::new();
    let mut sector = number(bytes, 48);
    for _ in 0..MOST_SECTORS {
        let Some(at) = sector.and_then(|sector| start(sector, size)) else { break };
        let Some(entries) = bytes.get(at..) else { break };
        let entries = &entries[..entries.len().min(size)];
        names.extend(entries.chunks_exact(ENTRY).filter_map(name));
        sector = sector.and_then(|sector| next(bytes, sector, size));
    }
    names
}

/// Where a sector begins; special numbers are of no sector.
fn start(sector: usize, size: usize) -> Option<usize> {
    (sector < 0xffff_fffa).then(|| sector.checked_add(1)?.checked_mul(size)).flatten()
}

/// The sector that follows another one.
fn next(bytes: &[u8], sector: usize, size: usize) -> Option<usize> {
    let per_table = size / 4;
    // The tables beyond the first 109 are of files too large to be looked at.
    let table = sector / per_table;
    let table = number(bytes, 76 + 4 * table).filter(|_| table < 109)?;
    number(bytes, start(table, size)? + 4 * (sector % per_table))
}

fn name(entry: &[u8]) -> Option<String> {
    let length = short(entry, 64)?.min(64).checked_sub(2)?;
    let units = entry.get(..length)?.chunks_exact(2);
    let units: Vec<u16> =
        units.map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    String::from_utf16(&units).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A compound file with one table, and a directory of two sectors.
    fn file(second: &str) -> Vec<u8> {
        let mut bytes = vec![0; 512 * 4];
        bytes[..8].copy_from_slice(&MAGIC);
        bytes[30] = 9;
        bytes[48] = 1;
        bytes[76] = 0;
        // The table: sector 1 goes on in 2.
        bytes[512 + 4] = 2;
        bytes[512 + 8..512 + 12].fill(0xff);
        for (at, name) in [(1024, "Root Entry"), (1536, second)] {
            for (index, unit) in name.encode_utf16().enumerate() {
                bytes[at + 2 * index..][..2].copy_from_slice(&unit.to_le_bytes());
            }
            bytes[at + 64] = 2 * name.len() as u8 + 2;
        }
        bytes
    }

    #[test]
    fn streams_are_found_by_name() {
        assert_eq!(recognise(&file("EncryptedPackage")), Some(Compound::Encrypted));
        assert_eq!(recognise(&file("WordDocument")), Some(Compound::OldWord));
        assert_eq!(recognise(&file("Workbook")), Some(Compound::Other));
        assert_eq!(recognise(b"PK"), None);
        for length in 0..600 {
            recognise(&file("WordDocument")[..length]);
        }
    }
}
