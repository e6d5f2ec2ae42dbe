//! The zip package of a Word document: checked when read, raw-copied when written.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::{Cursor, Read, Write};
use std::sync::Arc;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::ole::{self, Compound};
use super::relations::{self, ContentTypes};
use super::xml;
use crate::diag::{self, Diagnostic, Errors, Place, Text};
use crate::text;

/// How many entries a package may have.
const MOST_ENTRIES: usize = 10_000;
/// How large one part that is read may be, in bytes.
const LARGEST_PART: u64 = 256 << 20;
/// How large all entries together may be, in bytes.
const LARGEST_TOTAL: u64 = 1 << 30;
/// How many times its compressed size a large entry may have.
const HIGHEST_RATIO: u64 = 400;
/// The size in bytes below which the ratio does not matter.
const RATIO_FROM: u64 = 8 << 20;

/// How hard parts are compressed. The default takes up to four times as long in
/// long tables, for outputs that are a fortieth smaller.
const LEVEL: i64 = 4;

/// The name of the content types part.
pub(crate) const CONTENT_TYPES: &str = "[Content_Types].xml";

/// What parts of a package can have tags, by the end of their content type.
const TAGGED: [&str; 12] = [
    "wordprocessingml.document.main+xml",
    "wordprocessingml.template.main+xml",
    "ms-word.document.macroEnabled.main+xml",
    "ms-word.template.macroEnabledTemplate.main+xml",
    "wordprocessingml.header+xml",
    "wordprocessingml.footer+xml",
    "wordprocessingml.footnotes+xml",
    "wordprocessingml.endnotes+xml",
    "wordprocessingml.comments+xml",
    "package.core-properties+xml",
    "officedocument.extended-properties+xml",
    "officedocument.custom-properties+xml",
];

/// Whether a part of a content type holds paragraphs.
pub(crate) fn is_story(kind: &str) -> bool {
    TAGGED[..9].iter().any(|story| kind.ends_with(story))
}

/// A Word document as zip entries.
#[derive(Clone)]
pub(crate) struct Package {
    /// The name that its user knows it by.
    pub(crate) file: String,
    /// The part that holds the body.
    pub(crate) main: String,
    /// The content types.
    pub(crate) types: ContentTypes,
    archive: ZipArchive<Cursor<Arc<[u8]>>>,
    names: Vec<String>,
    /// The numbers of the entries by name in lower case: names of parts are the
    /// same in either case.
    numbers: HashMap<String, usize>,
}

/// A part to write that the template does not have as it is.
#[derive(Debug, Clone)]
pub(crate) struct NewPart {
    /// The bytes.
    pub(crate) bytes: Vec<u8>,
    /// Whether they are compressed already, as pictures are.
    pub(crate) compressed: bool,
}

impl Package {
    /// Opens a package and checks that it is a Word document.
    ///
    /// Fails with `docx/not-a-docx`, `docx/encrypted`, `docx/too-large` or
    /// `docx/unsafe-entry`.
    pub(crate) fn open(file: &str, bytes: Vec<u8>) -> diag::Result<Self> {
        let at = |diagnostic: Diagnostic| Errors::from(diagnostic.at(Place::file(file)));
        if let Some(kind) = ole::recognise(&bytes) {
            return Err(at(compound(kind)));
        }
        let cause = no_zip(&bytes);
        let archive =
            ZipArchive::new(Cursor::new(Arc::from(bytes))).map_err(|error| {
                at(not_a_docx(cause.unwrap_or_else(|| {
                    text!("zip 压缩包不完整：{error}", "the zip file is damaged: {error}")
                })))
            })?;
        let names = check_entries(file, archive.clone())?;
        let numbers =
            names.iter().map(|name| name.to_ascii_lowercase()).zip(0..).collect();
        let mut package = Self {
            file: file.to_owned(),
            main: String::new(),
            types: ContentTypes::default(),
            archive,
            names,
            numbers,
        };
        let types = package.text(CONTENT_TYPES)?;
        let types = types.ok_or_else(|| at(not_a_docx(no_part(CONTENT_TYPES))))?;
        package.types = ContentTypes::read(types);
        package.main = package.find_main()?;
        Ok(package)
    }

    fn find_main(&self) -> diag::Result<String> {
        const ROOT: &str = "_rels/.rels";
        let fault = |cause: Text| {
            Errors::from(not_a_docx(cause).at(Place::file(self.file.as_str())))
        };
        let missing =
            || fault(text!("没有 Word 正文", "there is no body of a Word document"));
        let relations = self.text(ROOT)?.ok_or_else(|| fault(no_part(ROOT)))?;
        let target =
            relations::target(&relations, "/officeDocument").ok_or_else(missing)?;
        let main = relations::resolve("", &target);
        let known = self
            .types
            .of(&main)
            .is_some_and(|kind| TAGGED[..4].iter().any(|tagged| kind.ends_with(tagged)));
        if self.contains(&main) && known { Ok(main) } else { Err(missing()) }
    }

    /// Whether there is a part of a name.
    pub(crate) fn contains(&self, part: &str) -> bool {
        self.number(part).is_some()
    }

    fn number(&self, part: &str) -> Option<usize> {
        let exact = self.numbers.get(part);
        exact.or_else(|| self.numbers.get(&part.to_ascii_lowercase())).copied()
    }

    /// The names of all parts, in the order of the package.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str).filter(|name| !name.ends_with('/'))
    }

    /// The parts that can have tags, in the order of the package.
    pub(crate) fn tagged(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str).filter(|name| {
            self.types
                .of(name)
                .is_some_and(|kind| TAGGED.iter().any(|tagged| kind.ends_with(tagged)))
        })
    }

    /// How many bytes a part has.
    pub(crate) fn size(&self, part: &str) -> Option<u64> {
        let mut archive = self.archive.clone();
        let index = self.number(part)?;
        archive.by_index_raw(index).ok().map(|entry| entry.size())
    }

    /// A part as text, or nothing if there is none. A byte order mark is left out.
    /// The parts that hold the package together are well-formed.
    ///
    /// Fails with `docx/malformed-part` or `docx/too-large`.
    pub(crate) fn text(&self, part: &str) -> diag::Result<Option<String>> {
        let Some(bytes) = self.bytes(part)? else { return Ok(None) };
        let fault =
            |cause: &Text| malformed(part, cause).at(Place::file(self.file.as_str()));
        let encoding = text!("不是 UTF-8 或 UTF-16", "neither UTF-8 nor UTF-16");
        let text = decode(bytes).ok_or_else(|| fault(&encoding))?;
        if part == CONTENT_TYPES || part.ends_with(".rels") {
            xml::check(&text).map_err(|malformed| fault(&malformed.cause))?;
        }
        Ok(Some(text))
    }

    /// A part's bytes, or nothing if there is none.
    ///
    /// Fails as [`text`](Self::text).
    pub(crate) fn bytes(&self, part: &str) -> diag::Result<Option<Vec<u8>>> {
        let fault =
            |cause: Text| malformed(part, &cause).at(Place::file(self.file.as_str()));
        let mut archive = self.archive.clone();
        let Some(index) = self.number(part) else { return Ok(None) };
        let entry = archive
            .by_index(index)
            .map_err(|error| fault(Text::verbatim(error.to_string())))?;
        let size = entry.size();
        if size > LARGEST_PART {
            return Err(too_large().at(Place::file(self.file.as_str())).into());
        }
        let mut bytes = Vec::new();
        let read = entry.take(size + 1).read_to_end(&mut bytes);
        read.map_err(|error| fault(Text::verbatim(error.to_string())))?;
        if bytes.len() as u64 > size {
            return Err(fault(text!("比声明的大", "larger than it says")).into());
        }
        Ok(Some(bytes))
    }

    /// A package with some parts replaced and others added. Every other entry
    /// is copied as it is, compressed bytes too.
    pub(crate) fn write(
        &self,
        parts: BTreeMap<String, NewPart>,
    ) -> diag::Result<Vec<u8>> {
        let place = || Place::file(self.file.as_str());
        let fault =
            |error: &dyn std::fmt::Display| Errors::from(unwritten(error).at(place()));
        let mut archive = self.archive.clone();
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        let (replaced, added): (Vec<_>, Vec<_>) =
            parts.into_iter().partition(|(name, _)| self.contains(name));
        let mut replaced: HashMap<_, _> =
            replaced.into_iter().map(|(name, part)| (self.number(&name), part)).collect();
        for (index, name) in self.names.iter().enumerate() {
            if let Some(part) = replaced.remove(&Some(index)) {
                put(&mut writer, name, &part).map_err(|error| fault(&error))?;
            } else {
                let entry = archive.by_index_raw(index).map_err(|error| fault(&error))?;
                writer.raw_copy_file(entry).map_err(|error| fault(&error))?;
            }
        }
        for (name, part) in &added {
            put(&mut writer, name, part).map_err(|error| fault(&error))?;
        }
        let written = writer.finish().map_err(|error| fault(&error))?;
        Ok(written.into_inner())
    }
}

/// The zip file of some parts of text.
pub(crate) fn pack(parts: &[(&str, String)]) -> Result<Vec<u8>, zip::result::ZipError> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        let part = NewPart { bytes: text.clone().into_bytes(), compressed: false };
        put(&mut writer, name, &part)?;
    }
    Ok(writer.finish()?.into_inner())
}

/// That a package could not be written.
pub(crate) fn unwritten(error: &dyn std::fmt::Display) -> Diagnostic {
    let cause = error.to_string();
    Diagnostic::error(
        "docx/write",
        text!("写不出 Word 文件（{cause}）", "failed to write the Word file ({cause})"),
    )
}

fn put(
    writer: &mut ZipWriter<Cursor<Vec<u8>>>,
    name: &str,
    part: &NewPart,
) -> Result<(), zip::result::ZipError> {
    let method = match part.compressed {
        true => CompressionMethod::Stored,
        false => CompressionMethod::Deflated,
    };
    let options = SimpleFileOptions::default()
        .compression_method(method)
        .compression_level((!part.compressed).then_some(LEVEL))
        .last_modified_time(DateTime::default());
    writer.start_file(name, options)?;
    writer.write_all(&part.bytes)?;
    Ok(())
}

/// The names of all entries, if each may be there.
fn check_entries(
    file: &str,
    mut archive: ZipArchive<Cursor<Arc<[u8]>>>,
) -> diag::Result<Vec<String>> {
    let at = |diagnostic: Diagnostic| Errors::from(diagnostic.at(Place::file(file)));
    if archive.len() > MOST_ENTRIES {
        return Err(at(too_large()));
    }
    let mut names = Vec::with_capacity(archive.len());
    let mut seen = HashSet::new();
    let mut total = 0_u64;
    for index in 0..archive.len() {
        let entry = archive
            .by_index_raw(index)
            .map_err(|error| at(not_a_docx(Text::verbatim(error.to_string()))))?;
        let name = entry.name().to_owned();
        if entry.encrypted() {
            return Err(at(encrypted()));
        }
        if is_unsafe(&name) || !seen.insert(name.to_ascii_lowercase()) {
            return Err(at(unsafe_entry(&name)));
        }
        total = total.saturating_add(entry.size());
        let ratio = entry.size() / entry.compressed_size().max(1);
        if total > LARGEST_TOTAL || (entry.size() > RATIO_FROM && ratio > HIGHEST_RATIO) {
            return Err(at(too_large()));
        }
        names.push(name);
    }
    Ok(names)
}

/// Whether an entry's name leaves the package.
fn is_unsafe(name: &str) -> bool {
    name.is_empty()
        || name.starts_with('/')
        || name.contains(['\\', ':', '\0'])
        || name.split('/').any(|segment| segment == "..")
}

/// The text of bytes in UTF-8 or UTF-16.
fn decode(bytes: Vec<u8>) -> Option<String> {
    match bytes.as_slice() {
        [0xef, 0xbb, 0xbf, rest @ ..] => {
            std::str::from_utf8(rest).ok().map(str::to_owned)
        }
        [0xff, 0xfe, rest @ ..] => decode_wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => decode_wide(rest, u16::from_be_bytes),
        _ => String::from_utf8(bytes).ok(),
    }
}

/// UTF-16 as text; its declaration is left out, as it would no longer be true.
fn decode_wide(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let units: Vec<u16> =
        bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
    let text = String::from_utf16(&units).ok()?;
    match text.strip_prefix("<?xml") {
        Some(rest) => rest.find("?>").map(|end| rest[end + 2..].trim_start().to_owned()),
        None => Some(text),
    }
}

fn not_a_docx(cause: Text) -> Diagnostic {
    let Text { zh, en } = cause;
    Diagnostic::error(
        "docx/not-a-docx",
        text!("不是 Word 文档（{zh}）", "not a Word document ({en})"),
    )
    .hint(text!(
        "用 Word 或 WPS 打开，另存为 `.docx`",
        "open it in Word and save it as `.docx`"
    ))
}

/// Why bytes are no zip file, if that is plain.
fn no_zip(bytes: &[u8]) -> Option<Text> {
    if bytes.is_empty() {
        return Some(text!("文件是空的", "the file is empty"));
    }
    (!bytes.starts_with(b"PK")).then(|| text!("不是 zip 压缩包", "it is no zip file"))
}

fn no_part(part: &str) -> Text {
    text!("缺少 `{part}`", "there is no `{part}`")
}

fn compound(kind: Compound) -> Diagnostic {
    match kind {
        Compound::Encrypted => encrypted(),
        Compound::OldWord => not_a_docx(text!(
            "是旧式 `.doc`，扩展名改了也不是 `.docx`",
            "it is an old `.doc`, whatever its name says"
        )),
        Compound::Other => {
            not_a_docx(text!("是别的 Office 文件", "it is another Office file"))
        }
    }
}

fn encrypted() -> Diagnostic {
    Diagnostic::error("docx/encrypted", text!("文档已加密", "the document is encrypted"))
        .hint(text!("去掉密码后再用", "remove the password"))
}

fn too_large() -> Diagnostic {
    Diagnostic::error(
        "docx/too-large",
        text!("文档解压后过大", "the document is too large when unpacked"),
    )
    .hint(text!("删去用不着的内容", "remove what is not needed from it"))
}

fn unsafe_entry(name: &str) -> Diagnostic {
    Diagnostic::error(
        "docx/unsafe-entry",
        text!("压缩包内的文件名 `{name}` 不可用", "unsafe entry name `{name}`"),
    )
    .hint(text!("用 Word 重新保存模板", "save the template again with Word"))
}

/// A part that cannot be read.
pub(crate) fn malformed(part: &str, cause: &Text) -> Diagnostic {
    let Text { zh, en } = cause;
    Diagnostic::error(
        "docx/malformed-part",
        text!("部件 `{part}` 已损坏（{zh}）", "part `{part}` is damaged ({en})"),
    )
    .hint(text!(
        "用 Word 打开模板并修复，再重新保存",
        "open the template in Word, let it repair, and save it again"
    ))
}
