//! What a file that is to be imported is: told by what is in it, and by its name only
//! where that says nothing.

use std::borrow::Cow;
use std::path::Path;

use encoding_rs::{BIG5, GB18030};
use memchr::memmem;

use crate::data::encoding;
use crate::data::import::{self, manuscript};
use crate::diag::{Diagnostic, Place, Result, Source, Warned};
use crate::text;

/// What is imported.
#[derive(Debug)]
pub enum Material {
    /// A spreadsheet, which [`import::open`] reads.
    Table,
    /// Plain text or Markdown.
    Text(String),
    /// HTML.
    Html(String),
    /// A Word document.
    Word,
}

/// Files of other programs, by their first bytes.
const FOREIGN: [(&[u8], &str); 8] = [
    (b"%PDF-", "PDF"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
];

/// Tells what the bytes of a file are.
///
/// # Errors
/// A file that cannot be imported: of another program, binary, empty, or in an encoding
/// that nobody can tell.
pub fn recognise(path: &Path, name: &str, bytes: &[u8]) -> Result<Warned<Material>> {
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    let refuse = |fault: Diagnostic| Err(fault.at(Place::file(name)).into());
    let found = |value| Ok(Warned { value, warnings: Vec::new() });
    if bytes.starts_with(b"PK") {
        return match zipped(bytes) {
            Zipped::Word => found(Material::Word),
            Zipped::OpenText => refuse(foreign("ODT")),
            Zipped::Other if ["docx", "docm", "dotx"].contains(&ending.as_str()) => {
                found(Material::Word)
            }
            Zipped::Other => found(Material::Table),
        };
    }
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        let holds = |word: &str| {
            let wide: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
            memmem::find(bytes, &wide).is_some()
        };
        let words = ["doc", "dot", "wps", "wpt", "docx"].contains(&ending.as_str());
        return match () {
            () if holds("EncryptedPackage") && words => refuse(locked()),
            () if holds("WordDocument") || words => refuse(old_word(&ending)),
            () => found(Material::Table),
        };
    }
    if let Some((_, kind)) = FOREIGN.iter().find(|(start, _)| bytes.starts_with(start)) {
        return refuse(foreign(kind));
    }
    if matches!(ending.as_str(), "csv" | "tsv") && !is_html(bytes) {
        return found(Material::Table);
    }
    if bytes.len() > manuscript::LARGEST {
        return refuse(too_large(bytes.len()));
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return refuse(empty());
    }
    let Warned { value: words, warnings } = decode(name, bytes)?;
    let html =
        matches!(ending.as_str(), "html" | "htm" | "xhtml") || is_html(words.as_bytes());
    let value = if html {
        Material::Html(words)
    } else if import::is_table(&words) {
        Material::Table
    } else {
        Material::Text(words)
    };
    Ok(Warned { value, warnings })
}

enum Zipped {
    Word,
    OpenText,
    Other,
}

fn zipped(bytes: &[u8]) -> Zipped {
    let holds = |part: &[u8]| memmem::find(bytes, part).is_some();
    if holds(b"word/document") || holds(b"word/_rels/") {
        Zipped::Word
    } else if holds(b"application/vnd.oasis.opendocument.text") {
        Zipped::OpenText
    } else {
        Zipped::Other
    }
}

fn is_html(bytes: &[u8]) -> bool {
    let start = bytes.get(..1024).unwrap_or(bytes);
    let start = String::from_utf8_lossy(start).to_lowercase();
    let start = start.trim_start_matches(['\u{feff}', '\u{fffd}', ' ', '\n', '\r', '\t']);
    let first =
        ["<!doctype html", "<html", "<head", "<body", "<meta", "<section", "<div", "<p>"];
    first.iter().any(|tag| start.starts_with(tag))
        || start.starts_with("<?xml") && start.contains("<html")
}

/// The text of a file in whatever encoding it is.
fn decode(name: &str, bytes: &[u8]) -> Result<Warned<String>> {
    let said = |value: String, encoding: &str| {
        let mut warnings = Vec::new();
        if encoding != "UTF-8" {
            warnings.push(converted(encoding).at(Place::file(name)));
        }
        Ok(Warned { value, warnings })
    };
    if let Ok(text) = std::str::from_utf8(bytes) {
        let text = text.trim_start_matches('\u{feff}');
        return match text.contains('\0') {
            true => Err(binary().at(Place::file(name)).into()),
            false => said(text.to_string(), "UTF-8"),
        };
    }
    if let Some(at) = damaged_utf8(bytes) {
        let shown = String::from_utf8_lossy(bytes);
        let start = shown.find('\u{fffd}').unwrap_or(at);
        let place = Source::new(name, shown.as_ref()).place(start..start + 3);
        return Err(damaged().at(place).into());
    }
    let (text, encoding) = chinese(bytes, encoding::decode_any(bytes));
    let controls = text.chars().filter(|c| c.is_control() && !c.is_whitespace()).count();
    if controls > 0 && (text.contains('\0') || controls * 50 > text.chars().count()) {
        return Err(binary().at(Place::file(name)).into());
    }
    if let Some(start) = text.find('\u{fffd}') {
        let place = Source::new(name, text.as_ref()).place(start..start + 3);
        return Err(unknown_encoding(encoding).at(place).into());
    }
    said(text.trim_start_matches('\u{feff}').to_string(), encoding)
}

/// The text of bytes that are in GBK or in Big5, which look alike: the one of the two
/// whose characters are used most.
fn chinese<'b>(
    bytes: &'b [u8],
    guess: (Cow<'b, str>, &'static str),
) -> (Cow<'b, str>, &'static str) {
    const USUAL: &str = "的一是不了在人有我他這这個个們们中來来上大為为和國国地到以說说時时要就出會会可也你對对生能而子那得于著下自之年過过發发後后作里用道行所然家種种事成方多經经麼么去法學学如都同現现當当沒没動动面起看定天分還还進进好小部其些主樣样理心本前開开但因只從从想實实日軍军者意無无力它與与長长把機机十民第公此已工使情明性知全三又關关點点正業业外將将兩两高間间由問问很最重並并物手應应戰战向頭头文體体政美相見见被利什二等產产或新己制身果加西斯月話话合回特代內内信表化老給给世位次度門门任常先海通教兒儿原東东聲声提立及比員员解水名真論论處处走義义各入幾几口認认條条平系氣气題题活爾尔更別别打女變变四神總总何電电數数安少報报才結结反受目太量再感建務务做接必場场件計计管期市直德資资命山金指克許许統统區区保至隊队形社便空決决治展馬马科司五基眼書书非則则聽听白卻却界達达光放強强即像難难且權权思王象完設设式色路記记南品住告類类求據据程北邊边死張张該该交規规萬万取拉格望覺觉術术領领共確确傳传師师觀观清今切院讓让識识候帶带導导爭争運运協协會会縣县";
    let score = |text: &str| {
        let usual = text.chars().filter(|c| USUAL.contains(*c)).count();
        let strange =
            text.chars().filter(|c| matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{fffd}'));
        usual.saturating_sub(4 * strange.count())
    };
    if !matches!(guess.1, "GBK" | "gb18030" | "Big5") {
        return guess;
    }
    let start = &bytes[..bytes.len().min(20_000)];
    let (simple, _, _) = GB18030.decode(start);
    let (traditional, _, _) = BIG5.decode(start);
    let encoding = if score(&traditional) > score(&simple) { BIG5 } else { GB18030 };
    let (text, encoding, _) = encoding.decode(bytes);
    (text, encoding.name())
}

/// Where UTF-8 is damaged in a file that otherwise is in it.
fn damaged_utf8(bytes: &[u8]) -> Option<usize> {
    let at = std::str::from_utf8(bytes).err()?.valid_up_to();
    let before = bytes[..at].iter().filter(|byte| **byte >= 0x80).count();
    (before >= 60).then_some(at)
}

fn empty() -> Diagnostic {
    Diagnostic::error("import/empty", text!("文件是空的", "the file is empty"))
        .hint(text!("看看是不是拿错了文件", "look whether it is the right file"))
}

fn binary() -> Diagnostic {
    Diagnostic::error("import/binary", text!("这不是文本文件", "this is no text file"))
        .hint(text!(
            "能导入的有 .docx、.md、.txt、.html，以及表格 .xlsx、.csv",
            ".docx, .md, .txt and .html can be imported, and the tables .xlsx and .csv"
        ))
}

fn damaged() -> Diagnostic {
    Diagnostic::error(
        "import/encoding",
        text!(
            "文件是 UTF-8 编码，但这里有坏字节",
            "the file is in UTF-8, but bytes are damaged here"
        ),
    )
    .hint(text!("改好这一处，另存为 UTF-8", "mend this place and save it as UTF-8"))
}

fn unknown_encoding(guess: &str) -> Diagnostic {
    Diagnostic::error(
        "import/encoding",
        text!(
            "认不出文件的编码（像是 {guess}，但有的字节不是）",
            "the encoding cannot be told (it looks like {guess}, but some bytes are not)"
        ),
    )
    .hint(text!("在编辑器里“另存为”，编码选 UTF-8", "save it as UTF-8 in your editor"))
}

fn converted(encoding: &str) -> Diagnostic {
    Diagnostic::warning(
        "import/converted",
        text!(
            "文件的编码是 {encoding}，已经转成 UTF-8",
            "the file was in {encoding} and has been converted to UTF-8"
        ),
    )
    .hint(text!(
        "看看人名和生僻字对不对",
        "look whether names and rare characters are right"
    ))
}

fn too_large(size: usize) -> Diagnostic {
    let (size, most) = (size >> 20, manuscript::LARGEST >> 20);
    Diagnostic::error(
        "import/too-large",
        text!(
            "文件有 {size} MB，文稿最多 {most} MB",
            "the file has {size} MB, and a manuscript at most {most} MB"
        ),
    )
    .hint(text!(
        "一本厚书也不过 2 MB：看看是不是拿错了文件，或分成几份导入",
        "a thick book has 2 MB: look whether it is the right file, or import it in parts"
    ))
}

fn locked() -> Diagnostic {
    Diagnostic::error(
        "import/foreign",
        text!("文档设了密码", "the document is protected by a password"),
    )
    .hint(text!("去掉密码后再导入", "remove the password"))
}

fn old_word(ending: &str) -> Diagnostic {
    let kind = if ending.starts_with("wp") { "WPS" } else { "Word" };
    Diagnostic::error(
        "import/foreign",
        text!("是旧格式的 {kind} 文档", "an old {kind} document"),
    )
    .hint(text!(
        "用 Word、WPS 或 LibreOffice 打开，另存为 .docx",
        "open it in Word, WPS or LibreOffice and save it as .docx"
    ))
}

fn foreign(kind: &str) -> Diagnostic {
    let fault = Diagnostic::error(
        "import/foreign",
        text!("是 {kind} 文件，不能导入", "{kind} files cannot be imported"),
    );
    match kind {
        "PDF" => fault
            .hint(text!(
                "最好向作者要 Word 原稿",
                "best ask its author for the Word document"
            ))
            .hint(text!(
                "或者在阅读器里全选、复制，存成 .txt 再导入：断行、页码和页眉 huikan 会修",
                "or select and copy everything in a reader and save it as .txt: huikan mends line ends, page numbers and running heads"
            )),
        "RTF" | "ODT" => fault.hint(text!(
            "用 Word、WPS 或 LibreOffice 打开，另存为 .docx",
            "open it in Word, WPS or LibreOffice and save it as .docx"
        )),
        _ => fault.hint(text!(
            "能导入的有 .docx、.md、.txt、.html，以及表格 .xlsx、.csv",
            ".docx, .md, .txt and .html can be imported, and the tables .xlsx and .csv"
        )),
    }
}
